"""Finding by any part of a text: the best first, at the same cost in a small index and in a large one.

Where a member may find few things, those are read through. Otherwise the index over beginnings and parts of words
proposes candidates, and what the member may not see is left out of them.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.cache import caches
from django.db import connection
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Collate, StrIndex

from cartera.kit.folding import folded
from cartera.search import by_part, rules
from cartera.search.models import Entry
from cartera.search.offers import Hit, Searchable
from cartera.search.operations import searchables

FEW_ACCOUNTS, FEW_ENTRIES = 2_000, 10_000
RARE = 10_000
Found = tuple[str, int, int | None, str, str, str, str]
FOUND = ("kind", "object_id", "account_id", "title", "detail", "head", "folded")


def find_for(member: Any, text: str, *, kinds: Iterable[str] | None = None, limit: int = 12) -> list[Hit]:
    """Up to *limit* things of each of *kinds* (all) that *member* may find by *text*, the best first."""
    wanted = [kind for kind in searchables() if kinds is None or kind.key in kinds]
    accounts = {ask: ask(member) for ask in {kind.visible for kind in wanted}}
    return _find(text, [(kind, accounts[kind.visible]) for kind in wanted], limit)


def find(
    text: str, *, visible_account_ids: QuerySet[Any] | None = None, kinds: Iterable[str] | None = None, limit: int = 12
) -> list[Hit]:
    """The same among the things of certain accounts (None: all)."""
    wanted = [kind for kind in searchables() if kinds is None or kind.key in kinds]
    return _find(text, [(kind, visible_account_ids) for kind in wanted], limit)


def matching(text: str, kind: str, *, outer: str = "pk") -> Q:
    """The condition that an object of *kind* has *text* in its entry, to be put into a query of its model.

    Rare texts are looked up once, common ones asked of each row, so that both are quick.
    """
    typed = _typed(text)
    if not typed:
        return Q()
    if _is_rare(typed, kind):
        return Q(**{f"{outer}__in": matching_ids(text, kind)})
    return Q(Exists(_having(Entry.objects.filter(kind=kind, object_id=OuterRef(outer)), typed)))


def matching_ids(text: str, kind: str) -> QuerySet[Entry, int]:
    """The ids of the objects of *kind* whose entry contains every word of *text* (one of two letters: begins with)."""
    typed = _typed(text)
    entries = Entry.objects.filter(kind=kind)
    if _long_enough(typed.split()):
        entries = by_part.among(entries, typed.split())
    return _having(entries, typed).values_list("object_id", flat=True)


def _typed(text: str) -> str:
    return folded(text.replace("\0", " "))[: rules.LONGEST].strip()


def _long_enough(pieces: Iterable[str]) -> bool:
    return any(len(piece) >= rules.SHORTEST for piece in pieces)


def _having(entries: QuerySet[Entry], typed: str) -> QuerySet[Entry]:
    """Those of *entries* that contain each word typed, or begin with the one or two letters typed."""
    return by_part.containing(entries, typed.split()) if _long_enough(typed.split()) else _beginning(entries, typed)


def _is_rare(typed: str, kind: str) -> bool:
    """Whether the index proposes few enough entries to look them all up."""
    if _long_enough(typed.split()):
        return not by_part.are_many(typed.split(), RARE)
    return not _beginning(Entry.objects.filter(kind=kind), typed)[RARE : RARE + 1].exists()


def _find(text: str, scopes: Sequence[tuple[Searchable, QuerySet[Any] | None]], limit: int) -> list[Hit]:
    typed = _typed(text)
    if not typed:
        return []
    found: list[Found] = []
    wide: list[tuple[str, Q]] = []
    few = {id(accounts): _few(accounts) for _searchable, accounts in scopes if accounts is not None}
    for searchable, accounts in scopes:
        condition, narrow = _scope(searchable.key, accounts, few.get(id(accounts)))
        if narrow:
            found += _read_through(Entry.objects.filter(condition), typed, limit)
        else:
            wide.append((searchable.key, condition))
    found += _proposed(wide, typed, limit)
    return _hits({searchable.key: searchable for searchable, _accounts in scopes}, found, typed, limit)


def _few(accounts: QuerySet[Any]) -> list[int] | None:
    """The ids of *accounts* if they are few."""
    ids = list(accounts.order_by().values_list("pk", flat=True)[: FEW_ACCOUNTS + 1])
    return ids if len(ids) <= FEW_ACCOUNTS else None


def _scope(kind: str, accounts: QuerySet[Any] | None, ids: list[int] | None) -> tuple[Q, bool]:
    """Which entries of *kind* belong to *accounts*, and whether they are so few that they can be read through."""
    if accounts is None:
        return Q(kind=kind), _is_small(kind)
    if ids is None:
        return Q(Exists(accounts.order_by().filter(pk=OuterRef("account_id"))), kind=kind), _is_small(kind)
    condition = Q(kind=kind, account_id__in=ids)
    return condition, not Entry.objects.filter(condition)[FEW_ENTRIES : FEW_ENTRIES + 1].exists()


def _is_small(kind: str) -> bool:
    """Whether there are few entries of *kind* at all; asked once a minute."""
    entries = Entry.objects.filter(kind=kind)
    return bool(
        caches["process"].get_or_set(
            f"search.small.{kind}", lambda: not entries[FEW_ENTRIES : FEW_ENTRIES + 1].exists(), 60
        )
    )


def _binary(column: str) -> Collate:
    """*column* in the order of its characters' numbers, which the index has on both databases."""
    return Collate(column, "C" if connection.vendor == "postgresql" else "BINARY")


def _beginning(entries: QuerySet[Entry], typed: str) -> QuerySet[Entry]:
    aliased: QuerySet[Any] = entries.alias(by_head=_binary("head"))
    return aliased.filter(by_head__gte=typed, by_head__lt=typed + "\U0010ffff")


def _read_through(entries: QuerySet[Entry], typed: str, limit: int) -> list[Found]:
    ranked = Case(
        When(head=typed, then=0),
        When(at__gt=0, then=1),
        When(word__gt=0, then=2),
        default=3,
        output_field=IntegerField(),
    )
    found = by_part.containing(entries, typed.split()).alias(
        at=StrIndex(F("head"), Value(typed)), word=StrIndex("folded", Value(f" {typed}")), ranked=ranked
    )
    return list(found.order_by("ranked", "head").values_list(*FOUND)[:limit])


def _proposed(scopes: list[tuple[str, Q]], typed: str, limit: int) -> list[Found]:
    """Beginnings of names first, then beginnings of words, then parts of words, until there are enough of each kind."""
    found: list[Found] = []
    for _kind, condition in scopes:
        beginning = _beginning(Entry.objects.filter(condition), typed).order_by("by_head")  # type: ignore[misc]
        found += beginning.values_list(*FOUND)[:limit]
    for pieces in ([f" {word}" for word in typed.split()], typed.split()):
        lacking = [(kind, condition) for kind, condition in scopes if sum(row[0] == kind for row in found) < limit]
        if lacking and _long_enough(pieces):
            known = {row[:2] for row in found}
            found += [row for row in _with_parts(lacking, pieces, limit) if row[:2] not in known]
    return found


def _with_parts(scopes: list[tuple[str, Q]], pieces: list[str], limit: int) -> list[Found]:
    """Entries that hold all of *pieces*: enough of each kind, or all there are."""
    condition = Q(*(condition for _kind, condition in scopes), _connector=Q.OR)
    found: list[Found] = []
    for rows in by_part.batches(Entry.objects.filter(condition), pieces, FOUND):
        found += rows
        if all(sum(row[0] == kind for row in found) >= limit for kind, _condition in scopes):
            break
    return found


def _hits(kinds: dict[str, Searchable], found: Iterable[Found], typed: str, limit: int) -> list[Hit]:
    ranked = sorted(set(found), key=lambda row: (rules.rank(typed, row[5], row[6]), row[5], row[1]))
    hits: list[Hit] = []
    taken = dict.fromkeys(kinds, 0)
    for kind, object_id, account_id, title, detail, _head, _folded in ranked:
        if taken[kind] < limit:
            taken[kind] += 1
            hits.append(Hit(kinds[kind], object_id, account_id, title, detail))
    return hits
