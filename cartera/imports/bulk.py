"""Putting many rows into a table at once, with ids known beforehand: COPY on PostgreSQL, executemany on SQLite."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import Field, Model


def reserve(model: type[Model], count: int) -> list[int]:
    """Take the next *count* ids of *model*. Inside a transaction, so that nobody else takes them."""
    if not count:
        return []
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [connection.ops.quote_name(table), model._meta.pk.column, count],
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = (cursor.fetchone() or (0,))[0]
    return list(range(last + 1, last + 1 + count))


def insert(model: type[Model], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert *rows*, whose values stand in the order of the fields *names*; other fields get their default."""
    if not rows:
        return
    fields: dict[str, Any] = {field.attname: field for field in model._meta.concrete_fields}
    given = [fields[name] for name in names]
    rest = [field for field in fields.values() if field.attname not in names and not field.primary_key]
    columns = [_prepared(field, values) for field, values in zip(given, zip(*rows, strict=True), strict=True)]
    columns += [[_prepared(field, [field.get_default()])[0]] * len(rows) for field in rest]
    _write(model, [str(field.column) for field in (*given, *rest)], zip(*columns, strict=True))


def _write(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    quote = connection.ops.quote_name
    table, names = quote(model._meta.db_table), ", ".join(map(quote, columns))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(columns))
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(rows))  # noqa: S608 (our own names)


def _prepared(field: Field[Any, Any], values: Sequence[Any]) -> Sequence[Any]:
    """*values* as the database driver takes them."""
    kind = field.get_internal_type()
    if kind == "JSONField":
        return [json.dumps(value, cls=DjangoJSONEncoder) for value in values]
    if connection.vendor == "postgresql":
        return values
    change = _FOR_SQLITE.get(kind)
    if change is None:
        return values
    done = {value: change(value) for value in set(values) if value is not None}
    return [done.get(value) for value in values]


def _moment(value: datetime) -> str:
    return str(value.astimezone(UTC).replace(tzinfo=None))


_FOR_SQLITE: dict[str, Callable[[Any], Any]] = {
    "DecimalField": str,
    "DateTimeField": _moment,
    "DateField": str,
    "TimeField": str,
}
