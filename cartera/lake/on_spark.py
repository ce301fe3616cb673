"""A Spark cluster: the engine for a lake that outgrew one machine. Its workers read the files under the same path."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

import ibis
import pyarrow as pa
from django.conf import settings
from pyspark.sql import SparkSession


@cache
def _driver() -> SparkSession:
    """The process's connection to the cluster; everything else that can be set comes from Spark's own files."""
    return (
        SparkSession.builder.master(settings.SPARK_MASTER)
        .appName("Cartera")
        .config("spark.driver.host", settings.SPARK_DRIVER_HOST)
        .config("spark.driver.bindAddress", settings.SPARK_DRIVER_HOST)
        .config("spark.ui.enabled", "false")
        .getOrCreate()
    )


class OnSpark:
    """A session of its own on the process's connection: views and the moment asked about are the session's."""

    def __init__(self) -> None:
        self._session = _driver().newSession()
        self._session.conf.set("spark.sql.session.timeZone", "UTC")
        self.backend = ibis.pyspark.connect(self._session)
        self.shown: dict[str, Any] = {}

    def show_files(self, name: str, files: Sequence[str]) -> None:
        self._session.read.parquet(*(f"file://{file}" for file in files)).createOrReplaceTempView(name)

    def show_rows(self, name: str, rows: pa.Table) -> None:
        self._session.createDataFrame(rows).createOrReplaceTempView(name)

    def answer(self, statement: str, moment: datetime) -> pa.Table:
        self._session.sql(
            "CREATE OR REPLACE TEMPORARY FUNCTION asked_moment() RETURNS TIMESTAMP "
            f"RETURN TIMESTAMP '{moment.isoformat()}'"
        )
        return self._session.sql(statement).toArrow()
