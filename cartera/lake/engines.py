"""What runs the questions to the lake: DuckDB inside the process, or a Spark cluster; CARTERA_LAKE_ENGINE chooses.

A thread has an engine of its own. It is started on first use: a page that asks the lake nothing does not pay for it.
"""

import threading
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    import pyarrow as pa
    from ibis import BaseBackend
    from ibis.expr.types import TimestampScalar

_own = threading.local()


class Engine(Protocol):
    """`backend` is what Ibis compiles for; `shown` says, by its name, whose rows a view of this engine shows."""

    backend: "BaseBackend"
    shown: dict[str, Any]

    def show_files(self, name: str, files: Sequence[str]) -> None:
        """Make Parquet files, at least one and all with the same columns, a view called *name*."""

    def show_rows(self, name: str, rows: "pa.Table") -> None:
        """Make *rows* a view called *name*, in place of one that was called so before."""

    def answer(self, statement: str, moment: datetime) -> "pa.Table":
        """The rows of a compiled *statement* that asks about *moment* (in UTC)."""


def configured() -> Engine:
    """This thread's engine for the whole lake, as CARTERA_LAKE_ENGINE says."""
    if settings.LAKE_ENGINE not in ("duckdb", "spark"):
        raise ImproperlyConfigured(
            f"CARTERA_LAKE_ENGINE={settings.LAKE_ENGINE} is not known; it can be duckdb or spark"
        )
    return _spark() if settings.LAKE_ENGINE == "spark" else at_hand()


def at_hand() -> Engine:
    """This thread's DuckDB: also beside a cluster it reads what concerns a few accounts, without a trip there."""
    if not hasattr(_own, "duckdb"):
        from cartera.lake.on_duckdb import OnDuckDB

        _own.duckdb = OnDuckDB()
    return _own.duckdb


def for_few() -> Engine:
    """This thread's DuckDB for the rows of a few accounts."""
    if not hasattr(_own, "few"):
        from cartera.lake.on_duckdb import OnDuckDB

        _own.few = OnDuckDB(few=True)
    return _own.few


def _spark() -> Engine:
    if not hasattr(_own, "spark"):
        try:
            from cartera.lake.on_spark import OnSpark
        except ModuleNotFoundError as missing:
            if missing.name not in ("pyspark", "py4j"):
                raise
            raise ImproperlyConfigured(
                "CARTERA_LAKE_ENGINE=spark needs Cartera's extra `cluster` (pyspark)"
            ) from missing
        _own.spark = OnSpark()
    return _own.spark


@cache
def moment_asked() -> "TimestampScalar":
    """The moment asked about, as an expression: a function that every engine has, so that a statement serves all."""
    import ibis
    from ibis.expr import datatypes

    def asked_moment() -> Any: ...

    return ibis.udf.scalar.builtin(asked_moment, signature=((), datatypes.Timestamp("UTC")))()
