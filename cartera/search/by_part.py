"""The index over parts of words: FTS5's trigrams on SQLite, pg_trgm on PostgreSQL (see the second migration)."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import StrIndex

from cartera.search import rules
from cartera.search.models import Entry

# How many candidates are looked at for a page of hits, in growing batches.
CANDIDATES = (200, 2_000, 20_000)


def among(entries: QuerySet[Entry], pieces: Sequence[str]) -> QuerySet[Entry]:
    """Those of *entries* that the index proposes for all of *pieces*."""
    if connection.vendor == "postgresql":
        return entries.filter(*_contains(pieces))
    proposed = "SELECT rowid FROM search_text WHERE search_text MATCH %s"
    return entries.filter(pk__in=RawSQL(proposed, [_phrase(pieces)], output_field=BigIntegerField()))  # noqa: S611


def are_many(pieces: Sequence[str], many: int) -> bool:
    """Whether the index proposes more than *many* entries for all of *pieces*."""
    if connection.vendor == "postgresql":
        return Entry.objects.filter(*_contains(pieces))[: many + 1].count() > many
    return len(_ids(pieces, 0, many + 1)) > many


def batches(entries: QuerySet[Entry], pieces: Sequence[str], columns: Sequence[str]) -> Iterator[list[Any]]:
    """*columns* of those of *entries* that hold all of *pieces*, some at a time until the reader has enough."""
    if connection.vendor == "postgresql":
        yield list(entries.filter(*_contains(pieces)).values_list(*columns)[: CANDIDATES[0]])
        return
    last = 0
    for size in CANDIDATES:
        ids = _ids(pieces, last, size)
        yield list(containing(entries.filter(pk__in=ids), pieces).values_list(*columns))
        if len(ids) < size:
            return
        last = ids[-1]


def containing(entries: QuerySet[Entry], pieces: Iterable[str]) -> QuerySet[Entry]:
    """Those of *entries* that hold all of *pieces*, found by reading them through."""
    for place, piece in enumerate(pieces):
        entries = entries.alias(**{f"at{place}": StrIndex("folded", Value(piece))}).filter(**{f"at{place}__gt": 0})
    return entries


def _contains(pieces: Sequence[str]) -> list[Q]:
    return [Q(folded__contains=piece) for piece in pieces]


def _phrase(pieces: Sequence[str]) -> str:
    return rules.fts_phrase(list(dict.fromkeys(part for piece in pieces for part in rules.trigrams(piece))))


def _ids(pieces: Sequence[str], last: int, size: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rowid FROM search_text WHERE search_text MATCH %s AND rowid > %s ORDER BY rowid LIMIT %s",
            [_phrase(pieces), last, size],
        )
        return [row[0] for row in cursor.fetchall()]
