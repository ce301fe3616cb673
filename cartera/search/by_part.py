"""The index over parts of words: FTS5's trigrams on SQLite, pg_trgm on PostgreSQL (see the second migration)."""

import json
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
# Up to how many things a text is rare: looking that many up costs less than asking rows of an order one after another.
RARE = {"sqlite": 2_000, "postgresql": 4_000}


def among(entries: QuerySet[Entry], pieces: Sequence[str], most: int | None = None) -> QuerySet[Entry]:
    """Those of *entries* that the index proposes for all of *pieces*; looks at up to *most* proposals."""
    if connection.vendor == "postgresql":
        proposed = Entry.objects.filter(*_contains(pieces))
        return entries.filter(pk__in=proposed.values("pk")[:most]) if most else entries.filter(*_contains(pieces))
    sql = "SELECT rowid FROM search_text WHERE search_text MATCH %s LIMIT %s"
    rowids = RawSQL(sql, [_phrase(pieces), most or -1], output_field=BigIntegerField())  # noqa: S611
    return entries.filter(pk__in=rowids)


def few(kind: str, pieces: Sequence[str]) -> list[int] | None:
    """The ids of the objects of *kind* whose entry has all of *pieces*; None if they are not rare."""
    entries, most = Entry.objects.filter(kind=kind), RARE[connection.vendor]
    if connection.vendor == "postgresql":
        having = entries.filter(*_contains(pieces)).order_by().values_list("object_id", flat=True)
        # Its index gives all or nothing, and without it PostgreSQL would read the table for the first of many.
        return list(having) if _expected(having) <= most else None
    ids = _ids(pieces, most + 1)
    if len(ids) > most:
        return None
    return list(containing(entries.filter(pk__in=bulk.one_of(ids)), pieces).values_list("object_id", flat=True))


def _expected(entries: QuerySet[Entry, int]) -> int:
    """How many rows PostgreSQL's planner expects, from what it has counted of the table; asking takes no reading."""
    [plan] = json.loads(entries.explain(format="json"))
    return int(plan["Plan"]["Plan Rows"])


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
