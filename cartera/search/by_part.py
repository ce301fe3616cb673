"""The index over parts of words: FTS5's trigrams on SQLite, pg_trgm on PostgreSQL (see the second migration)."""

from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.models import BigIntegerField, Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import StrIndex

from cartera.kit import bulk
from cartera.search import rules
from cartera.search.models import Entry

# How many of what the index proposes are looked at for a page of hits.
CANDIDATES = 10_000


def among(entries: QuerySet[Entry], pieces: Sequence[str], most: int | None = None) -> QuerySet[Entry]:
    """Those of *entries* that the index proposes for all of *pieces*; looks at up to *most* proposals."""
    if connection.vendor == "postgresql":
        proposed = Entry.objects.filter(*_contains(pieces))
        return entries.filter(pk__in=proposed.values("pk")[:most]) if most else entries.filter(*_contains(pieces))
    sql = "SELECT rowid FROM search_text WHERE search_text MATCH %s LIMIT %s"
    rowids = RawSQL(sql, [_phrase(pieces), most or -1], output_field=BigIntegerField())  # noqa: S611
    return entries.filter(pk__in=rowids)


def few(kind: str, pieces: Sequence[str], most: int) -> list[int] | None:
    """The ids of the objects of *kind* whose entry has all of *pieces*; None if the index proposes more than *most*."""
    entries = Entry.objects.filter(kind=kind)
    if connection.vendor == "postgresql":
        found = list(entries.filter(*_contains(pieces)).values_list("object_id", flat=True)[: most + 1])
        return found if len(found) <= most else None
    ids = _ids(pieces, most + 1)
    if len(ids) > most:
        return None
    return list(containing(entries.filter(pk__in=bulk.one_of(ids)), pieces).values_list("object_id", flat=True))


def containing(entries: QuerySet[Entry], pieces: Iterable[str]) -> QuerySet[Entry]:
    """Those of *entries* that hold all of *pieces*, found by reading them through."""
    for place, piece in enumerate(pieces):
        entries = entries.alias(**{f"at{place}": StrIndex("folded", Value(piece))}).filter(**{f"at{place}__gt": 0})
    return entries


def _contains(pieces: Sequence[str]) -> list[Q]:
    return [Q(folded__contains=piece) for piece in pieces]


def _phrase(pieces: Sequence[str]) -> str:
    return rules.fts_phrase(list(dict.fromkeys(part for piece in pieces for part in rules.trigrams(piece))))


def _ids(pieces: Sequence[str], size: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rowid FROM search_text WHERE search_text MATCH %s LIMIT %s", [_phrase(pieces), size])
        return [row[0] for row in cursor.fetchall()]
