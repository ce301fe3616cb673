"""Reads facts out of the database as Arrow columns: the database joins each column's values, Python sees none of them.

One statement gives the rows of a whole range of keys, each column as a single value: numbers and moments of PostgreSQL
as its binary arrays, all else as text with separators. Nothing empty but the unknown.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import psycopg
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection
from django.db.models import F, QuerySet

from cartera.kit.features import offers
from cartera.lake.offers import Column, Fact, History, Kind

TYPES = {
    Kind.WHOLE: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.MONEY: pa.decimal128(18, 4),
    Kind.MOMENT: pa.timestamp("us", "UTC"),
    Kind.DAY: pa.date32(),
    Kind.CODE: pa.string(),
}
# What can stand in no value of the kind; SQLite joins by the comma faster than by anything else.
_SEPARATORS = dict.fromkeys(Kind, ",") | {Kind.CODE: "\x1f"}
_UNKNOWN = np.iinfo(np.int64).max  # in PostgreSQL's arrays, where it is also what "infinity" is sent as
_EPOCH = 946_684_800_000_000  # PostgreSQL counts microseconds from 2000-01-01

type Fetch = Callable[[str, Sequence[Any]], Sequence[bytes | None]]


@dataclass(frozen=True)
class _Dialect:
    """How a database says the same, as formats of a column's name.

    joined: the values of many rows as one; arrays: of which kinds they are a binary array; month: what a month is told
    by, and how one is written; chunk: keys a statement, for each of which a joined table may be read whole; fetch:
    the values of a statement's single row.
    """

    joined: Mapping[Kind, str]
    arrays: frozenset[Kind]
    month: str
    month_value: str
    chunk: int
    fetch: Fetch


def _fetched_from_sqlite(statement: str, params: Sequence[Any]) -> Sequence[bytes | None]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchone()


def _fetched_from_postgresql(statement: str, params: Sequence[Any]) -> Sequence[bytes | None]:
    """The values as they are sent, in PostgreSQL's binary form."""
    with connection.cursor() as cursor:
        written = cursor.mogrify(statement, params)
        with psycopg.Cursor(cursor.connection) as raw:
            raw.execute(written, binary=True)
            assert raw.pgresult is not None
            return [raw.pgresult.get_value(0, place) for place in range(raw.pgresult.nfields)]


SQLITE = _Dialect(
    joined=dict.fromkeys(Kind, "CAST(group_concat(coalesce({0}, '')) AS BLOB)")
    | {Kind.CODE: f"CAST(group_concat(coalesce({{0}}, ''), '{_SEPARATORS[Kind.CODE]}') AS BLOB)"},
    arrays=frozenset(),
    month="substr({0}, 1, 7)",
    month_value="{0}",
    chunk=200_000,
    fetch=_fetched_from_sqlite,
)
POSTGRESQL = _Dialect(
    joined={kind: f"string_agg(coalesce({{0}}::text, ''), '{separator}')" for kind, separator in _SEPARATORS.items()}
    | {
        Kind.WHOLE: f"array_agg(coalesce({{0}}::bigint, {_UNKNOWN}))",
        Kind.MOMENT: "array_agg(coalesce({0}, 'infinity'))",
    },
    arrays=frozenset({Kind.WHOLE, Kind.MOMENT}),
    month="date_trunc('month', {0} AT TIME ZONE 'UTC')",
    month_value="{0}-01",
    chunk=500_000,
    fetch=_fetched_from_postgresql,
)


def _dialect() -> _Dialect:
    return POSTGRESQL if connection.vendor == "postgresql" else SQLITE


def schema(fact: History) -> pa.Schema:
    """The Arrow schema of *fact*, as it lies in the lake."""
    return _schema(fact.columns)


def _schema(given: Mapping[str, Column]) -> pa.Schema:
    return pa.schema([(name, TYPES[column.kind]) for name, column in given.items()])


def between(fact: Fact, low: int, high: int, months: Collection[str] = ()) -> pa.Table:
    """The rows of *fact* whose keys are from *low* to below *high* and that happened in *months*, if some are given."""
    return taken(fact.rows(), fact.columns, low, high, months)


def taken(
    rows: QuerySet[Any], given: Mapping[str, Column], low: int, high: int, months: Collection[str] = ()
) -> pa.Table:
    """The same of any rows, by the *given* columns over them."""
    sql, params = _selected(rows, given)
    d = _dialect()
    statement, values = f"{_joined(given, d, sql)} WHERE fact_key >= %s AND fact_key < %s", [*params, low, high]
    if months:
        statement += f" AND {d.month.format(_quoted('happened_at'))} IN ({', '.join(['%s'] * len(months))})"
        values += [d.month_value.format(name) for name in sorted(months)]
    return _table(given, d, d.fetch(statement, values))


def few(fact: Fact, account_ids: Sequence[int]) -> pa.Table:
    """The rows of *fact* that are of a few accounts."""
    d = _dialect()
    if len(account_ids) == 1:
        statement, params = _of_one(fact.name, connection.vendor)
        params = tuple(account_ids[0] if value == _THE_ONE else value for value in params)
    else:
        sql, params = _selected(fact.rows(), fact.columns, account_ids)
        statement = _joined(fact.columns, d, sql)
    return _table(fact.columns, d, d.fetch(statement, params))


def columns(rows: QuerySet[Any], given: Mapping[str, Column]) -> pa.Table:
    """The *given* columns of any rows, all in one go and in no order: for who calculates with every account."""
    sql, params = _selected(rows, given)
    d = _dialect()
    return _table(given, d, d.fetch(_joined(given, d, sql), params))


_THE_ONE = -4_611_686_018_427_387_904  # in place of an account; no id is below zero


@cache
def _of_one(name: str, vendor: str) -> tuple[str, tuple[Any, ...]]:
    """The statement that gives the rows of _THE_ONE account: to make it takes longer than to run it."""
    fact = next(fact for fact in offers("facts") if fact.name == name)
    sql, params = _selected(fact.rows(), fact.columns, [_THE_ONE])
    return _joined(fact.columns, _dialect(), sql), params


def ranges(fact: Fact) -> Iterator[tuple[int, int]]:
    """Ranges of keys that together hold every row; gaps between keys are jumped over."""
    rows = fact.rows().model._default_manager.order_by("pk").values_list("pk", flat=True)
    chunk, low = _dialect().chunk, rows.first()
    while low is not None:
        yield low, low + chunk
        low = rows.filter(pk__gte=low + chunk).first()


def _joined(given: Mapping[str, Column], d: _Dialect, sql: str) -> str:
    joined = [d.joined[column.kind].format(_quoted(name)) for name, column in given.items()]
    return f"SELECT {', '.join(joined)} FROM ({sql}) AS fact"  # noqa: S608 - our own names


def _selected(
    rows: QuerySet[Any], columns: Mapping[str, Column], account_ids: Sequence[int] | None = None
) -> tuple[str, tuple[Any, ...]]:
    """The statement that gives the rows, of some accounts only if given, by their columns' names and the key."""
    given = {name: column.expression for name, column in columns.items()}
    rows = rows.order_by()
    rows = rows.annotate(fact_key=_expression("pk"), **{f"fact_{n}": _expression(e) for n, e in given.items()})
    if account_ids is not None:
        rows = rows.filter(fact_account_id__in=account_ids)
    rows = rows.values_list("fact_key", *(f"fact_{name}" for name in given))
    return rows.query.sql_with_params()


def _expression(given: Any) -> Any:
    return F(given) if isinstance(given, str) else given


def _quoted(name: str) -> str:
    return connection.ops.quote_name(f"fact_{name}")


def _table(given: Mapping[str, Column], d: _Dialect, values: Sequence[bytes | None]) -> pa.Table:
    """The rows of joined *values*. Raises ValueError where a code holds the separator, so that columns differ."""
    if values[0] is None:
        return _schema(given).empty_table()
    kinds = [column.kind for column in given.values()]
    arrays = [
        _from_array(value, kind) if kind in d.arrays else _from_text(value, kind)
        for value, kind in zip(values, kinds, strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=_schema(given))


def _from_text(joined: bytes | None, kind: Kind) -> pa.Array:
    values = pc.split_pattern(pa.array([joined], pa.large_string()), _SEPARATORS[kind]).values
    empty = pc.equal(pc.binary_length(values), 0)
    if pc.any(empty).as_py():
        values = pc.if_else(empty, None, values)
    if kind is Kind.MOMENT:  # travels without its zone, which is UTC
        values = values.cast(pa.timestamp("us"))
    return values.cast(TYPES[kind])


# An array of eight-byte values as PostgreSQL sends it: five numbers about it, then each value after its size.
_HEADER, _ITEM = 20, np.dtype([("size", ">i4"), ("value", ">i8")])


def _from_array(sent: bytes | None, kind: Kind) -> pa.Array:
    values = np.frombuffer(sent or b"", _ITEM, offset=_HEADER)["value"].astype(np.int64)
    unknown = values == _UNKNOWN
    if kind is Kind.MOMENT:
        values += np.where(unknown, 0, _EPOCH)
    return pa.array(values, mask=unknown if unknown.any() else None).cast(TYPES[kind])
