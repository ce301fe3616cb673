"""DuckDB inside the process: the engine that every installation has."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import ibis
import pyarrow as pa
from django.conf import settings

MEMORY, THREADS = "160MB", 2
KEPT = 256  # statements that an engine has looked through; over few rows that takes longer than the answer


class OnDuckDB:
    """One connection. The moment asked about is a variable of it, which a macro reads.

    few: for statements over a handful of rows. Sharing those among threads, and thinking about how to read them best,
    takes longer than reading them.
    """

    def __init__(self, *, few: bool = False) -> None:
        place = settings.HOME / "tmp"
        threads = 1 if few else THREADS
        self.backend = ibis.duckdb.connect(memory_limit=MEMORY, threads=threads, temp_directory=str(place))
        if few:
            self.backend.raw_sql("PRAGMA disable_optimizer")
        self.backend.raw_sql("CREATE TEMP MACRO asked_moment() AS getvariable('asked_moment')")
        self.backend.raw_sql("SET parquet_metadata_cache = true")
        self.shown: dict[str, Any] = {}
        self._understood = lru_cache(KEPT)(self.backend.con.sql)
        self._moment: datetime | None = None

    def show_files(self, name: str, files: Sequence[str]) -> None:
        self.backend.read_parquet(list(files), table_name=name, hive_partitioning=False)

    def show_rows(self, name: str, rows: pa.Table) -> None:
        self.backend.con.register(name, rows)

    def answer(self, statement: str, moment: datetime) -> pa.Table:
        if moment != self._moment:
            self.backend.con.execute(f"SET VARIABLE asked_moment = TIMESTAMPTZ '{moment.isoformat()}'")
            self._moment = moment
        return self._understood(statement).to_arrow_table()
