"""Many rows in a few statements: insert with ids known beforehand, update by id, and many ids as one value.

Values are prepared column by column, each different one once; then COPY on PostgreSQL, long INSERTs on SQLite.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from itertools import batched, chain
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import Field, Model
from django.db.models.expressions import RawSQL

TEMPORARY = "bulk_rows"
CHUNK = 10_000
# What SQLite takes in one statement. Few statements of many rows cost half of many statements of one.
VALUES = 32_000
Row = Sequence[Any]
_json = DjangoJSONEncoder().encode


def one_of(ids: Iterable[int]) -> RawSQL:
    """For `filter(pk__in=one_of(ids))`: any number of ids as a single parameter."""
    numbers = ",".join(str(int(number)) for number in ids)
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", (f"{{{numbers}}}",))
    return RawSQL("SELECT value FROM json_each(%s)", (f"[{numbers}]",))


def one_of_texts(texts: Iterable[str]) -> RawSQL:
    """The same for texts."""
    if connection.vendor == "postgresql":
        return RawSQL("SELECT json_array_elements_text(%s::json)", (json.dumps(list(texts)),))
    return RawSQL("SELECT value FROM json_each(%s)", (json.dumps(list(texts)),))


def learn_sizes() -> None:
    """Let the database look at how its tables have grown, so that it chooses the right index."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA analysis_limit=1000")  # rows looked at in each index
        cursor.execute("ANALYZE")


def reserve(model: type[Model], count: int) -> list[int]:
    """Take the next *count* ids of *model*: from the sequence, or on SQLite (one writer) after the last one ever used.

    Inside a transaction, so that nobody else takes them.
    """
    if not count:
        return []
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # OFFSET 0 keeps the sequence from being looked up once for each id.
            cursor.execute(
                "SELECT nextval(it.sequence) FROM generate_series(1, %s),"
                " (SELECT pg_get_serial_sequence(%s, %s)::regclass AS sequence OFFSET 0) AS it",
                [count, connection.ops.quote_name(table), model._meta.pk.column],
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = (cursor.fetchone() or (0,))[0]
    return list(range(last + 1, last + 1 + count))


def insert(model: type[Model], names: Sequence[str], rows: Iterable[Row]) -> list[int]:
    """Insert *rows*, whose values stand in the order of the fields *names*, and return their ids, in order.

    Ids are reserved here unless `id` is the first of *names*; fields that are not named get their default. Call it
    inside a transaction.
    """
    given = rows if isinstance(rows, list) else list(rows)
    if not given:
        return []
    if names[0] == "id":
        ids = [row[0] for row in given]
    else:
        ids = reserve(model, len(given))
        names, given = ["id", *names], [(pk, *row) for pk, row in zip(ids, given, strict=True)]
    add(model, names, given)
    return ids


def add(model: type[Model], names: Sequence[str], rows: Iterable[Row]) -> None:
    """The same where nobody asks for the ids: without `id` among *names*, the database gives them."""
    fields = [_field(model, name) for name in names]
    rest = [field for field in model._meta.concrete_fields if field not in fields and not field.primary_key]
    defaults = [_prepared(field, [field.get_default()])[0] for field in rest]
    columns = [str(field.column) for field in (*fields, *rest)]
    for chunk in batched(rows, CHUNK):
        _write(model._meta.db_table, columns, [*_columns(fields, chunk), *([value] * len(chunk) for value in defaults)])


def update(model: type[Model], names: Sequence[str], rows: Iterable[Row]) -> int:
    """Set the fields *names* of rows given as (id, value, …); only rows that change are written. Return how many."""
    fields = [_field(model, name) for name in ("id", *names)]
    quote = connection.ops.quote_name
    table, pk = quote(model._meta.db_table), quote(str(model._meta.pk.column))
    columns = [quote(str(field.column)) for field in fields[1:]]
    kinds = ", ".join(f"{c} {f.db_type(connection)}" for c, f in zip(columns, fields[1:], strict=True))
    differs = "IS DISTINCT FROM" if connection.vendor == "postgresql" else "IS NOT"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {TEMPORARY}")
        cursor.execute(f"CREATE TEMPORARY TABLE {TEMPORARY} ({pk} bigint, {kinds})")
        for chunk in batched(rows, CHUNK):
            _write(TEMPORARY, [str(field.column) for field in fields], _columns(fields, chunk))
        cursor.execute(
            f"UPDATE {table} SET {', '.join(f'{c} = {TEMPORARY}.{c}' for c in columns)} FROM {TEMPORARY} "  # noqa: S608 - our own names
            f"WHERE {table}.{pk} = {TEMPORARY}.{pk} AND "
            f"({' OR '.join(f'{table}.{c} {differs} {TEMPORARY}.{c}' for c in columns)})"
        )
        changed: int = cursor.rowcount
        cursor.execute(f"DROP TABLE {TEMPORARY}")
    return changed


def _write(table: str, names: Sequence[str], columns: Sequence[Sequence[Any]]) -> None:
    quoted = ", ".join(map(connection.ops.quote_name, names))
    into = f"{connection.ops.quote_name(table)} ({quoted})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            lines = map("\t".join, zip(*map(_copied, columns), strict=True))
            with cursor.copy(f"COPY {into} FROM STDIN") as copy:
                copy.write("".join(f"{line}\n" for line in lines))
            return
        # Past Django's cursor, which would look through each long statement for its marks.
        one = f"({', '.join('?' * len(names))})"
        for some in batched(zip(*columns, strict=True), VALUES // len(names)):
            statement = f"INSERT INTO {into} VALUES {', '.join([one] * len(some))}"  # noqa: S608 - our own names
            with connection.wrap_database_errors:
                connection.connection.execute(statement, list(chain.from_iterable(some)))


_ESCAPED = {ord("\\"): "\\\\", ord("\t"): "\\t", ord("\n"): "\\n", ord("\r"): "\\r"}


def _copied(values: Sequence[Any]) -> list[str]:
    """A column as COPY reads it; looked through as a whole first, because hardly any holds what must be escaped."""
    texts = [r"\N" if value is None else str(value) for value in values]
    whole = "".join(value for value in values if isinstance(value, str))
    if not any(chr(code) in whole for code in _ESCAPED):
        return texts
    pairs = zip(texts, values, strict=True)
    return [text.translate(_ESCAPED) if isinstance(value, str) else text for text, value in pairs]


def _field(model: type[Model], name: str) -> Field[Any, Any]:
    """The field called *name*, or whose column is."""
    by_name = {field.attname: field for field in model._meta.concrete_fields}
    field = by_name.get(name) or model._meta.get_field(name)
    assert isinstance(field, Field)
    return field


def _columns(fields: Sequence[Field[Any, Any]], rows: Sequence[Row]) -> list[Sequence[Any]]:
    return [_prepared(field, values) for field, values in zip(fields, zip(*rows, strict=True), strict=True)]


def _prepared(field: Field[Any, Any], values: Sequence[Any]) -> Sequence[Any]:
    """*values* as both databases take them, as text or number; NaN means unknown."""
    kind = field.get_internal_type()
    if kind == "JSONField":
        return [value if isinstance(value, Json) else _written(value) for value in values]
    if field.is_relation:
        return [value.pk if isinstance(value, Model) else value for value in values]
    if kind == "DecimalField":
        form = f".{getattr(field, 'decimal_places', 0)}f"
        return _each_once(lambda value: None if value != value else format(value, form), values)
    if kind == "DateTimeField":
        return _each_once(_moment, values)
    return _each_once(str, values) if kind in ("DateField", "TimeField") else values


class Json(str):
    """The value of a JSON field that its caller has already written as JSON."""

    __slots__ = ()


def _written(value: Any) -> str:
    return _json(value) if value or value is None else _EMPTY.get(type(value)) or _json(value)


_EMPTY: dict[type, str] = {list: "[]", dict: "{}"}


def _each_once(change: Callable[[Any], Any], values: Sequence[Any]) -> list[Any]:
    done = {value: change(value) for value in set(values) if value is not None}
    return [done.get(value) for value in values]


def _moment(value: datetime) -> str:
    plain = str(value.astimezone(UTC).replace(tzinfo=None))
    return f"{plain}+00" if connection.vendor == "postgresql" else plain
