"""Keeping the index: apps call this when a thing that can be found is made, changed or taken away."""

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import batched, chain
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Model, QuerySet

from cartera.kit import bulk
from cartera.kit.features import offers
from cartera.kit.folding import folded
from cartera.search.models import Entry
from cartera.search.offers import Searchable

CHUNK = 5_000


class Row(NamedTuple):
    """An entry as it is written."""

    kind: str
    object_id: int
    account_id: int | None
    title: str
    detail: str
    head: str
    folded: str


@cache
def searchables() -> tuple[Searchable, ...]:
    """All kinds of things that can be found, lowest floor first."""
    return tuple(offers("search"))


def index(things: Model | Iterable[Model]) -> None:
    """Let *things* (also of several kinds) be found as they are now."""
    listed = [things] if isinstance(things, Model) else things
    write(_row(_of(type(thing)), thing) for thing in listed)


def index_many(model: type[Model], which: QuerySet[Any] | Iterable[int]) -> int:
    """Index many things of *model*, by queryset or ids, in constant memory; return how many."""
    searchable = _of(model)
    if isinstance(which, QuerySet):
        things: Iterator[Any] = which.order_by().iterator(CHUNK)
    else:
        chunks = batched(which, CHUNK)
        things = chain.from_iterable(model._default_manager.filter(pk__in=chunk) for chunk in chunks)
    return write(_row(searchable, thing) for thing in things)


def forget(model: type[Model], ids: Iterable[int]) -> None:
    """Let these be found no more."""
    for chunk in batched(ids, CHUNK):
        Entry.objects.filter(kind=_of(model).key, object_id__in=chunk).delete()


def reindex() -> int:
    """Build the whole index anew from what is in the database; return how many things can be found."""
    with transaction.atomic():
        Entry.objects.all()._raw_delete(connection.alias)
        return sum(index_many(kind.model, kind.model._default_manager.all()) for kind in searchables())


def entry_of(
    kind: str, object_id: int, title: str, *, text: str = "", detail: str = "", account_id: int | None = None
) -> Row:
    """A row of the index for something whose texts are at hand, as bulk imports have them."""
    head = folded(title)[:200]
    return Row(kind, object_id, account_id, title[:200], detail[:200], head, f" {head} {folded(text)}".rstrip())


@transaction.atomic
def write(rows: Iterable[Row]) -> int:
    """Add or change entries, leaving alone what is the same; return how many were given."""
    count = 0
    with connection.cursor() as cursor:
        for chunk in batched(rows, CHUNK):
            cursor.execute(f"{_GIVEN[connection.vendor]} {_CHANGING[connection.vendor]}", [json.dumps(_unique(chunk))])
            count += len(chunk)
    return count


@transaction.atomic
def add(rows: Iterable[Row]) -> None:
    """Add the entries of things that were just made, so that none of them can have one yet."""
    bulk.add(Entry, Row._fields, rows)


_COLUMNS = ", ".join(Row._fields)
_TYPES = ("text", "bigint", "bigint", "text", "text", "text", "text")
# One statement for many rows: FTS5 writes down what it holds in memory after each statement.
_GIVEN = {
    "sqlite": f"INSERT INTO search_entry ({_COLUMNS})"  # noqa: S608 - only names
    f" SELECT {', '.join(f"json_extract(value, '$[{n}]')" for n in range(len(Row._fields)))}"
    " FROM json_each(%s) WHERE true",
    "postgresql": f"INSERT INTO search_entry ({_COLUMNS})"  # noqa: S608 - only names
    f" SELECT {', '.join(f'(one->>{n})::{kind}' for n, kind in enumerate(_TYPES))}"
    " FROM jsonb_array_elements(%s::jsonb) AS one",
}
_KEPT = "account_id", "title", "detail", "folded"
_CHANGING = {
    vendor: "ON CONFLICT (kind, object_id) DO UPDATE SET "
    + ", ".join(f"{column} = excluded.{column}" for column in Row._fields[2:])
    + f" WHERE ({', '.join(f'search_entry.{column}' for column in _KEPT)}) {differs}"
    f" ({', '.join(f'excluded.{column}' for column in _KEPT)})"
    for vendor, differs in {"sqlite": "IS NOT", "postgresql": "IS DISTINCT FROM"}.items()
}


def _unique(rows: Sequence[Row]) -> list[Row]:
    """The last row for each object: PostgreSQL changes none twice in one statement."""
    return list({(row.kind, row.object_id): row for row in rows}.values())


def _of(model: type[Model]) -> Searchable:
    return next(searchable for searchable in searchables() if searchable.model is model)


def _row(searchable: Searchable, thing: Any) -> Row:
    return entry_of(
        searchable.key,
        thing.pk,
        searchable.title(thing),
        text=searchable.text(thing),
        detail=searchable.detail(thing),
        account_id=searchable.account_id(thing),
    )
