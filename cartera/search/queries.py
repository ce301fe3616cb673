"""Finding by any part of a text: the best first, at the same cost in a small index and in a large one.

Where a member may find few things, those are read through. Otherwise the index over beginnings and parts of words
proposes candidates, and what the member may not see is left out of them.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.cache import caches
from django.db import connection
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When, Window
from django.db.models.functions import Collate, RowNumber, StrIndex

from cartera.kit import bulk
from cartera.kit.folding import folded
from cartera.search import by_part, rules
from cartera.search.models import Entry
from cartera.search.offers import Hit, Searchable
from cartera.search.operations import searchables

FEW_ACCOUNTS, FEW_ENTRIES = 2_000, 10_000
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
    if (ids := rare_ids(text, kind)) is not None:
        return Q(**{f"{outer}__in": bulk.one_of(ids)})
    return having(text, kind, outer=outer)


def having(text: str, kind: str, *, outer: str = "pk") -> Q:
    """The same condition, asked of each row: for texts that are not rare."""
    if typed := _typed(text):
        return Q(Exists(_having(Entry.objects.filter(kind=kind, object_id=OuterRef(outer)), typed)))
    return Q()


def rare_ids(text: str, kind: str) -> list[int] | None:
    """The ids of the objects of *kind* that have *text* in their entries, or None if it is common (or no text)."""
    typed = _typed(text)
    if _long_enough(typed.split()):
        return by_part.few(kind, typed.split())
    if not typed:
        return None
    most = by_part.RARE[connection.vendor]
    ids = list(_beginning(Entry.objects.filter(kind=kind), typed).values_list("object_id", flat=True)[: most + 1])
    return ids if len(ids) <= most else None


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


def _find(text: str, scopes: Sequence[tuple[Searchable, QuerySet[Any] | None]], limit: int) -> list[Hit]:
    typed = _typed(text)
    if not typed:
        return []
    found: list[Found] = []
    wide: dict[str, Q] = {}
    for accounts, kinds in _by_accounts(scopes):
        narrow, rest = _scoped(kinds, accounts)
        found += _read_through(narrow, typed, limit)
        wide |= rest
    found += _proposed(wide, typed, limit)
    return _hits({searchable.key: searchable for searchable, _accounts in scopes}, found, typed, limit)


def _by_accounts(
    scopes: Sequence[tuple[Searchable, QuerySet[Any] | None]],
) -> Iterable[tuple[QuerySet[Any] | None, list[str]]]:
    """The kinds that are found within the same accounts together."""
    together: dict[int, tuple[QuerySet[Any] | None, list[str]]] = {}
    for searchable, accounts in scopes:
        together.setdefault(id(accounts), (accounts, []))[1].append(searchable.key)
    return together.values()


def _scoped(kinds: list[str], accounts: QuerySet[Any] | None) -> tuple[QuerySet[Entry], dict[str, Q]]:
    """The entries of *kinds* within *accounts* if they can be read through; what each kind beside them must fulfil."""
    ids = None if accounts is None else _few(accounts)
    if ids is not None:
        condition = Q(kind__in=kinds, account_id__in=bulk.one_of(ids))
        within = Entry.objects.filter(condition)
        if not within[FEW_ENTRIES : FEW_ENTRIES + 1].exists():
            return within, {}
        return Entry.objects.none(), {kind: condition & Q(kind=kind) for kind in kinds}
    seen = Q() if accounts is None else Q(Exists(accounts.order_by().filter(pk=OuterRef("account_id"))))
    small = [kind for kind in kinds if _is_small(kind)]
    return Entry.objects.filter(seen, kind__in=small), {
        kind: seen & Q(kind=kind) for kind in kinds if kind not in small
    }


def _few(accounts: QuerySet[Any]) -> list[int] | None:
    """The ids of *accounts* if they are few."""
    ids = list(accounts.order_by().values_list("pk", flat=True)[: FEW_ACCOUNTS + 1])
    return ids if len(ids) <= FEW_ACCOUNTS else None


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
    """The best of each kind."""
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
    place = Window(RowNumber(), partition_by="kind", order_by=["ranked", "head"])
    return list(found.alias(place=place).filter(place__lte=limit).values_list(*FOUND))


def _proposed(scopes: dict[str, Q], typed: str, limit: int) -> list[Found]:
    """Beginnings of names first, then beginnings of words, then parts of words, until there are enough of each kind."""
    found: dict[tuple[str, int], Found] = {}
    for condition in scopes.values():
        entries = Entry.objects.filter(condition)
        of_kind = list(_beginning(entries, typed).order_by("by_head").values_list(*FOUND)[:limit])  # type: ignore[misc]
        for pieces in ([f" {word}" for word in typed.split()], typed.split()):
            if len(of_kind) < limit and _long_enough(pieces):
                proposed = by_part.containing(by_part.among(entries, pieces, by_part.CANDIDATES), pieces)
                of_kind += proposed.values_list(*FOUND)[: 2 * limit]
        found |= {row[:2]: row for row in of_kind}
    return list(found.values())


def _hits(kinds: dict[str, Searchable], found: Iterable[Found], typed: str, limit: int) -> list[Hit]:
    ranked = sorted(set(found), key=lambda row: (rules.rank(typed, row[5], row[6]), row[5], row[1]))
    hits: list[Hit] = []
    taken = dict.fromkeys(kinds, 0)
    for kind, object_id, account_id, title, detail, _head, _folded in ranked:
        if taken[kind] < limit:
            taken[kind] += 1
            hits.append(Hit(kinds[kind], object_id, account_id, title, detail))
    return hits
