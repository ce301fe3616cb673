"""Many rows in a few statements: insert with ids known beforehand, update by id, and "one of these ids" as one value."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import batched
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import DateTimeField, DecimalField, Field, JSONField, Model
from django.db.models.expressions import RawSQL

TEMPORARY = "bulk_rows"
CHUNK = 5_000


def one_of(ids: Iterable[int]) -> RawSQL:
    """For `filter(pk__in=one_of(ids))`: any number of ids as a single parameter."""
    numbers = [int(number) for number in ids]
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", (numbers,))
    return RawSQL("SELECT value FROM json_each(%s)", (json.dumps(numbers),))


def insert(model: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[int]:
    """Insert *rows* of the fields *names* and return their ids, in order. Without a transaction of the caller it fails."""
    fields = [_field(model, name) for name in names]
    prepared = [tuple(_plain(f, v) for f, v in zip(fields, row, strict=True)) for row in rows]
    ids = _reserve(model, len(prepared))
    columns = [model._meta.pk.column, *(field.column for field in fields)]
    _write(model._meta.db_table, columns, [(pk, *row) for pk, row in zip(ids, prepared, strict=True)])
    return ids


def update(model: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Set the fields *names* of rows given as (id, value, …); only rows that change are written. Return how many."""
    fields = [_field(model, name) for name in names]
    quote = connection.ops.quote_name
    table, pk = quote(model._meta.db_table), quote(model._meta.pk.column)
    columns = [quote(field.column) for field in fields]
    kinds = ", ".join(f"{c} {f.db_type(connection)}" for c, f in zip(columns, fields, strict=True))
    differs = "IS DISTINCT FROM" if connection.vendor == "postgresql" else "IS NOT"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {TEMPORARY}")
        cursor.execute(f"CREATE TEMPORARY TABLE {TEMPORARY} ({pk} bigint PRIMARY KEY, {kinds})")
        given = ((row[0], *(_plain(f, v) for f, v in zip(fields, row[1:], strict=True))) for row in rows)
        for chunk in batched(given, CHUNK, strict=False):
            _write(TEMPORARY, [model._meta.pk.column, *(field.column for field in fields)], chunk)
        cursor.execute(
            f"UPDATE {table} SET {', '.join(f'{c} = {TEMPORARY}.{c}' for c in columns)} FROM {TEMPORARY} "  # noqa: S608 - our own names
            f"WHERE {table}.{pk} = {TEMPORARY}.{pk} AND "
            f"({' OR '.join(f'{table}.{c} {differs} {TEMPORARY}.{c}' for c in columns)})"
        )
        changed = cursor.rowcount
        cursor.execute(f"DROP TABLE {TEMPORARY}")
    return changed


def _reserve(model: type[Model], count: int) -> list[int]:
    """Ids that nobody else will get: from the sequence, or on SQLite (one writer) after the last one ever used."""
    table, pk = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [table, pk, count]
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
    first = (row[0] if row else 0) + 1
    return list(range(first, first + count))


def _write(table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    quoted = ", ".join(connection.ops.quote_name(column) for column in columns)
    name = connection.ops.quote_name(table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {name} ({quoted}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {name} ({quoted}) VALUES ({marks})", rows)  # noqa: S608 - our own names


def _field(model: type[Model], name: str) -> Field:
    field = model._meta.get_field(name)
    assert isinstance(field, Field)
    return field


def _plain(field: Field, value: Any) -> Any:
    """The value as both databases take it as text or number; NaN means unknown."""
    if isinstance(field, JSONField):
        return json.dumps(value, cls=DjangoJSONEncoder)
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(field, DecimalField):
        return None if value != value else f"{value:.{field.decimal_places}f}"
    if isinstance(value, datetime) and isinstance(field, DateTimeField):
        return str(value.astimezone(UTC).replace(tzinfo=None)) + ("+00" if connection.vendor == "postgresql" else "")
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, date | Decimal):
        return str(value)
    return value
