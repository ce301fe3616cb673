"""Questions to the lake: the facts as they were known at a moment, and the measures that can be taken of them."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from cartera.kit.features import offers
from cartera.lake import manifest
from cartera.lake.manifest import Manifest
from cartera.lake.offers import Measure

if TYPE_CHECKING:
    from ibis import BaseBackend, Table

MEMORY, THREADS = "160MB", 2
_own = threading.local()


def facts_as_of(as_of: datetime) -> "Facts":
    """What was known before *as_of* (aware): the published facts as Ibis tables, already cut."""
    return Facts(_engine(), settings.LAKE, manifest.read(settings.LAKE), as_of.astimezone(UTC))


def measures() -> dict[str, Measure]:
    """The measures that the apps offer, by key."""
    return {measure.key: measure for measure in offers("measures")}


class Facts:
    """The facts known before `as_of`, each an Ibis table by its name: `facts.invoices`.

    One that was never published is an empty table. All come from the same publication.
    """

    def __init__(self, engine: "BaseBackend", lake: Path, published: Manifest, as_of: datetime) -> None:
        self.as_of = as_of
        self._engine, self._lake, self._published = engine, lake, published
        self._offered = {fact.name: fact for fact in offers("facts")}
        self._known: dict[Any, Any] = {}

    def __getattr__(self, name: str) -> "Table":
        if name.startswith("_") or name not in self._offered:
            raise AttributeError(f"no app offers a fact called {name}")
        return self.once(("table", name), lambda: self._table(name))

    def once[Result](self, key: Any, calculate: Callable[[], Result]) -> Result:
        """What *calculate* gives, calculated once for these facts: measures that need the same aggregate share it."""
        if key not in self._known:
            self._known[key] = calculate()
        return self._known[key]

    def _table(self, name: str) -> "Table":
        parts = self._published.parts.get(name, {})
        if parts:
            files = [str(self._lake / part.file) for part in parts.values()]
            rows = self._engine.read_parquet(
                files, table_name=f"{name}_{self._published.number}", hive_partitioning=False
            )
        else:
            rows = _empty(name, self._offered)
        return rows.filter(rows.known_at < self.as_of)


def _empty(name: str, offered: dict[str, Any]) -> "Table":
    import ibis

    from cartera.lake.extracting import schema

    return ibis.memtable(schema(offered[name]).empty_table())


def _engine() -> "BaseBackend":
    """The engine of this thread. It is started on first use: a page that asks the lake nothing does not pay for it."""
    if settings.LAKE_ENGINE != "duckdb":
        raise ImproperlyConfigured(f"CARTERA_LAKE_ENGINE={settings.LAKE_ENGINE} is not known; only duckdb is")
    if not hasattr(_own, "engine"):
        import ibis

        place = settings.HOME / "tmp"
        _own.engine = ibis.duckdb.connect(memory_limit=MEMORY, threads=THREADS, temp_directory=str(place))
    return _own.engine
