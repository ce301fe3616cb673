"""Questions to the lake: the facts as they were known at a moment, and the measures that can be taken of them.

A measure asks by a key and a function that says what it asks as an Ibis expression. The function is called, and its
expression compiled, once for each publication: the moment asked about is a variable of the engine's, so that the same
statement serves every moment. Compiling costs far more than running over a small lake.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from django.conf import settings

from cartera.kit.features import offers
from cartera.lake import appending, engines, extracting, manifest
from cartera.lake.columns import as_numpy
from cartera.lake.engines import Engine
from cartera.lake.manifest import Manifest
from cartera.lake.offers import AppendedFact, Fact, Measure

if TYPE_CHECKING:
    import pyarrow as pa
    from ibis import Table

KEPT = 256  # statements and fits that a process remembers
FEW = "few"
_statements: dict[Any, tuple[str, tuple[str, ...]]] = {}
_learned: dict[Any, Any] = {}

type Ask = Callable[["Asked"], "Table"]


def facts_as_of(as_of: datetime) -> "Facts":
    """What was known before *as_of* (aware), as it was last published."""
    engines.configured()
    return Facts(_Published(settings.LAKE, manifest.read(settings.LAKE)), as_of)


def facts_of(account_ids: Sequence[int], as_of: datetime) -> "Facts":
    """The same for a few accounts, from the database as it stands: for who cannot wait for the next publication.

    What is learned from all accounts still comes from the last publication.
    """
    return Facts(_Few(account_ids), as_of, learned_from=facts_as_of(as_of))


def was_published() -> bool:
    """Whether the lake holds anything yet."""
    return bool(manifest.read(settings.LAKE).parts)


def measures() -> dict[str, Measure]:
    """The measures that the apps offer, by key."""
    return {measure.key: measure for measure in offers("measures")}


class Asked:
    """What an expression is made of: the facts known before the moment, each an Ibis table by its name, and the moment.

    `asked.invoices`: a fact that was never published is an empty table. All come from the same publication.
    """

    def __init__(self, source: "_Published | _Few", moment: Any) -> None:
        self._source, self.moment = source, moment
        self._names: list[str] = []

    def __getattr__(self, name: str) -> "Table":
        if name.startswith("_") or name not in _offered():
            raise AttributeError(f"no app offers a fact called {name}")
        self._names.append(name)
        engine = self._source.engine()
        rows = engine.backend.table(self._source.view(name))
        return rows.filter(rows.known_at < self.moment)


class Facts:
    """The facts known before `as_of`."""

    def __init__(self, source: "_Published | _Few", as_of: datetime, *, learned_from: "Facts | None" = None) -> None:
        self.as_of = as_of.astimezone(UTC)
        self._source, self._everybody = source, learned_from or self
        self._known: dict[Any, Any] = {}

    def __getattr__(self, name: str) -> "Table":
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(Asked(self._source, self.as_of), name)

    def fetched(self, key: Any, ask: Ask) -> dict[str, np.ndarray]:
        """The rows of what *ask* asks, as columns; *key* tells it from every other question, whatever the moment."""
        engine = self._source.engine()
        place = (self._source.name, key)
        statement, names = _remembered(_statements, place, lambda: _compiled(engine, self._source, ask))
        for name in names:
            self._source.view(name)
        return as_numpy(engine.answer(statement, self.as_of))

    def once[Result](self, key: Any, calculate: Callable[[], Result]) -> Result:
        """What *calculate* gives, calculated once for these facts: measures that need the same figures share them."""
        if key not in self._known:
            self._known[key] = calculate()
        return self._known[key]

    def earlier(self, moment: datetime) -> "Facts":
        """What of the same publication was known before *moment* (aware): a look back that nothing new can disturb."""
        return Facts(self._source, moment)

    def learned[Result](self, key: Any, learn: Callable[["Facts"], Result]) -> Result:
        """What *learn* learns from all accounts, whoever these facts are of; remembered until the next publication."""
        everybody = self._everybody
        place = (everybody._source.name, self.as_of, key)
        return _remembered(_learned, place, lambda: learn(everybody))


class _Published:
    """The files of one publication, as views named after what is in them."""

    engine = staticmethod(engines.configured)

    def __init__(self, lake: Path, published: Manifest) -> None:
        self._lake, self._manifest = lake, published
        # What is appended every minute must not make anybody learn again what was learned from the publication.
        self.name = sha256(f"{settings.LAKE_ENGINE}{lake}{published.parts}".encode()).hexdigest()[:12]

    def view(self, fact: str) -> str:
        """The name of the fact's view, which this thread's engine then has."""
        engine, name = self.engine(), f"{fact}_{self.name}"
        files = self._manifest.files_of(fact)
        if engine.shown.get(name) != files:
            if files:
                engine.show_files(name, [str(self._lake / file) for file in files])
            else:
                engine.show_rows(name, extracting.schema(_offered()[fact]).empty_table())
            engine.shown[name] = files
        return name


class _Few:
    """The rows of a few accounts, read from where they stand when they are first asked for."""

    name = FEW
    engine = staticmethod(engines.for_few)

    def __init__(self, account_ids: Sequence[int]) -> None:
        self._ids = [int(pk) for pk in account_ids]
        self._tables: dict[str, pa.Table] = {}

    def view(self, fact: str) -> str:
        """The name of the fact's view, which in this thread's engine then shows these accounts."""
        engine, name = self.engine(), f"{fact}_{self.name}"
        if engine.shown.get(name) is not self:
            if fact not in self._tables:
                self._tables[fact] = _rows_of(_offered()[fact], self._ids)
            engine.show_rows(name, self._tables[fact])
            engine.shown[name] = self
        return name


@cache
def _offered() -> dict[str, Fact | AppendedFact]:
    return {fact.name: fact for fact in offers("facts")}


def _rows_of(fact: Fact | AppendedFact, account_ids: Sequence[int]) -> "pa.Table":
    """The rows of a few accounts: from the database, or from the lake if they live there only."""
    if isinstance(fact, Fact):
        return extracting.few(fact, account_ids)
    return appending.rows_of(fact.name, account_ids, engines.at_hand().backend.con)


def _compiled(engine: Engine, source: "_Published | _Few", ask: Ask) -> tuple[str, tuple[str, ...]]:
    """The statement, and the facts that it reads."""
    asked = Asked(source, engines.moment_asked())
    return engine.backend.compile(ask(asked)), tuple(asked._names)


def _remembered[Found](kept: dict[Any, Any], place: Any, make: Callable[[], Found]) -> Found:
    if place in kept:
        return kept[place]
    found = make()
    if len(kept) >= KEPT:
        kept.clear()
    kept[place] = found
    return found
