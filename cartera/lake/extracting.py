"""Reads facts out of the database as Arrow columns: the database writes the text, Arrow parses it, Python sees neither.

One statement gives the rows of a whole range of keys as one text; its columns are separated by U+001F, its rows by line
feeds. Whole numbers, days and moments travel as they are stored; nothing empty but the unknown.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import Any

import pyarrow as pa
from django.db import connection
from django.db.models import F
from pyarrow import csv

from cartera.lake.offers import Fact, History, Kind

CHUNK = 200_000  # keys a statement; for each one a joined table may be read whole
_SEPARATOR = "\x1f"

TYPES = {
    Kind.WHOLE: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.MONEY: pa.decimal128(18, 4),
    Kind.MOMENT: pa.timestamp("us", "UTC"),
    Kind.DAY: pa.date32(),
    Kind.CODE: pa.string(),
}
# A moment travels without its zone, which is UTC.
_TRAVELLING = {**TYPES, Kind.MOMENT: pa.timestamp("us")}


@dataclass(frozen=True)
class _Dialect:
    """How a database says the same, as formats of a column's name.

    text: what travels; mix: a number for the mark, but for codes, by which rows are grouped; month: what a month is
    grouped by, and how one is written; row and joined: from columns to a row, from rows to one text. Both forms of
    `row` write the unknown as nothing.
    """

    text: Mapping[Kind, str]
    mix: Mapping[Kind, str]
    month: str
    month_value: str
    row: Callable[[Sequence[str]], str]
    joined: str


_PLAIN = "{0}"


def _printed(columns: Sequence[str]) -> str:
    return f"printf('{_SEPARATOR.join(['%%s'] * len(columns))}', {', '.join(columns)})"


def _concatenated(columns: Sequence[str]) -> str:
    return f"concat({f", '{_SEPARATOR}', ".join(columns)})"


SQLITE = _Dialect(
    text=dict.fromkeys(Kind, _PLAIN) | {Kind.CODE: "replace({0}, char(10), ' ')"},
    mix={
        Kind.WHOLE: _PLAIN,
        Kind.NUMBER: "CAST({0} * 1000 AS INTEGER)",
        Kind.MONEY: "CAST(round({0} * 10000) AS INTEGER)",
        Kind.MOMENT: "unixepoch({0})",
        Kind.DAY: "CAST(julianday({0}) AS INTEGER)",
    },
    month="substr({0}, 1, 7)",
    month_value="{0}",
    row=_printed,
    joined="group_concat({0}, char(10))",
)
POSTGRESQL = _Dialect(
    text=dict.fromkeys(Kind, _PLAIN)
    | {Kind.MOMENT: "({0} AT TIME ZONE 'UTC')", Kind.CODE: "replace({0}, chr(10), ' ')"},
    mix={
        Kind.WHOLE: _PLAIN,
        Kind.NUMBER: "hash_numeric({0}::numeric)",
        Kind.MONEY: "hash_numeric({0})",
        Kind.MOMENT: "timestamp_hash({0} AT TIME ZONE 'UTC')",
        Kind.DAY: "({0} - DATE '2000-01-01')",
    },
    month="date_trunc('month', {0} AT TIME ZONE 'UTC')",
    month_value="{0}-01",
    row=_concatenated,
    joined="string_agg({0}, chr(10))",
)
# Products stay below 2^63 / rows: the mixed figures below 2^21, the key's below 2^13.
_MODULUS, _KEYS = 2_097_143, 8_191


def _dialect() -> _Dialect:
    return POSTGRESQL if connection.vendor == "postgresql" else SQLITE


def schema(fact: History) -> pa.Schema:
    """The Arrow schema of *fact*, as it lies in the lake."""
    return pa.schema([(name, TYPES[column.kind]) for name, column in fact.columns.items()])


def marks(fact: Fact) -> dict[str, str]:
    """For each month that has rows, what they look like: a text that changes when any row comes, goes or is edited.

    One statement over the table: for each month and combination of codes the number of rows, the sum of their keys,
    and a sum over all other columns, each multiplied by a number that depends on the key. A change that leaves all of
    them as they were happens by a chance of about one in a million, unless somebody looks for it.
    """
    sql, params = _selected(fact)
    d = _dialect()
    terms = [
        f"coalesce({d.mix[column.kind].format(_quoted(name))}, -{place}) %% {_MODULUS} * {place}"
        for place, (name, column) in enumerate(fact.columns.items(), 1)
        if column.kind is not Kind.CODE
    ]
    mixed = f"sum(({' + '.join(terms)}) %% {_MODULUS} * (fact_key %% {_KEYS} + 1))"
    month = d.month.format(_quoted("happened_at"))
    groups = [month, *(_quoted(name) for name, column in fact.columns.items() if column.kind is Kind.CODE)]
    statement = (
        f"SELECT count(*), sum(fact_key), {mixed}, {', '.join(groups)} FROM ({sql}) AS fact "  # noqa: S608
        f"GROUP BY {', '.join(map(str, range(4, 4 + len(groups))))}"
    )
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        for count, keys, mix, happened, *codes in cursor.fetchall():
            if happened:
                found.setdefault(str(happened)[:7], []).append(repr((int(count), int(keys), int(mix), codes)))
    return {month: sha256("".join(sorted(looks)).encode()).hexdigest()[:16] for month, looks in found.items()}


def texts(fact: Fact, months: set[str] | None = None) -> Iterator[str]:
    """The rows of *fact* that happened in *months* (all of them for None), in order of their keys, for `parsed`."""
    sql, params = _selected(fact)
    d = _dialect()
    row = _row(fact, d)
    month = d.month.format(_quoted("happened_at"))
    wanted = f" AND {month} IN ({', '.join(['%s'] * len(months))})" if months else ""
    values = [d.month_value.format(name) for name in sorted(months or ())]
    statement = (
        f"SELECT {d.joined.format(row)} FROM ({sql}) AS fact "  # noqa: S608
        f"WHERE fact_key >= %s AND fact_key < %s{wanted}"
    )
    with connection.cursor() as cursor:
        for low, high in _ranges(fact):
            cursor.execute(statement, [*params, low, high, *values])
            if text := cursor.fetchone()[0]:
                yield text


def few(fact: Fact, account_ids: Sequence[int]) -> pa.Table:
    """The rows of *fact* that are of a few accounts."""
    sql, params = _selected(fact, account_ids)
    d = _dialect()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {d.joined.format(_row(fact, d))} FROM ({sql}) AS fact", params)  # noqa: S608
        text = cursor.fetchone()[0]
    return parsed(fact, text) if text else schema(fact).empty_table()


def _row(fact: Fact, d: _Dialect) -> str:
    return d.row([d.text[column.kind].format(_quoted(name)) for name, column in fact.columns.items()])


def _selected(fact: Fact, account_ids: Sequence[int] | None = None) -> tuple[str, tuple[Any, ...]]:
    """The statement that gives the fact's rows, of some accounts only if given, by its columns' names and the key."""
    given = {name: column.expression for name, column in fact.columns.items()}
    rows = fact.rows().order_by()
    rows = rows.annotate(fact_key=_expression("pk"), **{f"fact_{n}": _expression(e) for n, e in given.items()})
    if account_ids is not None:
        rows = rows.filter(fact_account_id__in=account_ids)
    rows = rows.values_list("fact_key", *(f"fact_{name}" for name in given))
    return rows.query.sql_with_params()


def _expression(given: Any) -> Any:
    return F(given) if isinstance(given, str) else given


def _quoted(name: str) -> str:
    return connection.ops.quote_name(f"fact_{name}")


def _ranges(fact: Fact) -> Iterator[tuple[int, int]]:
    """Ranges of keys that together hold every row; gaps between keys are jumped over."""
    rows = fact.rows().model._default_manager.order_by("pk").values_list("pk", flat=True)
    low = rows.first()
    while low is not None:
        yield low, low + CHUNK
        low = rows.filter(pk__gte=low + CHUNK).first()


def parsed(fact: Fact, text: str) -> pa.Table:
    """The rows of *text* as columns."""
    names = list(fact.columns)
    table = csv.read_csv(
        BytesIO(text.encode()),
        read_options=csv.ReadOptions(column_names=names, block_size=1 << 24),
        parse_options=csv.ParseOptions(delimiter=_SEPARATOR, quote_char=False),
        convert_options=csv.ConvertOptions(
            column_types={name: _TRAVELLING[column.kind] for name, column in fact.columns.items()},
            null_values=[""],
            strings_can_be_null=True,
        ),
    )
    return table.cast(schema(fact))
