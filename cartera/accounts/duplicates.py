"""Which accounts may be the same client: by web domain, tax number, or a similar name.

Names are compared only within blocks that share a rare word, so that a hundred thousand accounts take seconds.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz

from cartera.accounts.models import Account, AccountQuerySet, NotDuplicate
from cartera.kit.folding import folded

SIMILAR = 88
# A word that more accounts than this share says nothing about who they are.
COMMON = 40
FORMS = frozenset(
    [
        "sa",
        "sl",
        "slu",
        "ltd",
        "limited",
        "inc",
        "gmbh",
        "plc",
        "llc",
        "srl",
        "sas",
        "bv",
        "co",
        "company",
        "group",
        "grupo",
        "the",
        "and",
        "of",
        "y",
        "e",
        "de",
        "del",
        "la",
        "las",
        "el",
        "los",
        "do",
        "da",
    ]
)


@dataclass(frozen=True)
class Pair:
    """Two accounts and why they may be one."""

    first: int
    second: int
    reason: str | Promise
    score: int

    @property
    def likeness(self) -> float:
        """The score as a share of 1, as pages write percentages."""
        return self.score / 100


def pairs(accounts: AccountQuerySet, *, limit: int) -> list[Pair]:
    """The likeliest pairs among *accounts*, without those that someone has told apart."""
    apart = set(NotDuplicate.objects.values_list("first", "second"))
    found: dict[tuple[int, int], Pair] = {}
    for pair in _candidates(accounts):
        key = (pair.first, pair.second)
        if key not in apart and (key not in found or found[key].score < pair.score):
            found[key] = pair
    return sorted(found.values(), key=lambda pair: (-pair.score, pair.first, pair.second))[:limit]


def _candidates(accounts: AccountQuerySet) -> Iterator[Pair]:
    yield from _same(accounts, "tax_number", _("same tax number"), 100)
    yield from _same(accounts, "domain", _("same web domain"), 97)
    yield from similar(accounts.order_by().values_list("pk", "name").iterator())


def _same(accounts: AccountQuerySet, column: str, reason: str | Promise, score: int) -> Iterator[Pair]:
    filled = accounts.exclude(**{column: ""}).order_by()
    shared = filled.values(column).annotate(count=Count("pk")).filter(count__gt=1, count__lte=COMMON).values(column)
    blocks: dict[str, list[int]] = defaultdict(list)
    for value, pk in filled.filter(**{f"{column}__in": shared}).order_by("pk").values_list(column, "pk"):
        blocks[value].append(pk)
    for ids in blocks.values():
        yield from (Pair(first, second, reason, score) for first, second in combinations(ids, 2))


def similar(names: Iterable[tuple[int, str]]) -> Iterator[Pair]:
    """Pairs of ids whose names are the same but for legal forms, order of words, or a few letters."""
    plain = {pk: words(name) for pk, name in names}
    blocks: dict[str, list[int]] = defaultdict(list)
    for pk, parts in plain.items():
        for word in set(parts):
            blocks[word[:5]].append(pk)
    seen: set[tuple[int, int]] = set()
    for ids in blocks.values():
        if len(ids) > COMMON:
            continue
        for first, second in combinations(sorted(ids), 2):
            if (first, second) not in seen:
                seen.add((first, second))
                score = round(fuzz.token_sort_ratio(" ".join(plain[first]), " ".join(plain[second])))
                if score >= SIMILAR:
                    yield Pair(first, second, _("similar name"), min(score, 96))


def words(name: str) -> list[str]:
    """The words of a company's name that say who it is."""
    parts = re.findall(r"\w+", folded(name).replace(".", ""))
    return [part for part in parts if part not in FORMS] or parts


def in_bulk(found: list[Pair]) -> list[tuple[Account, Account, Pair]]:
    """The pairs with their accounts."""
    ids = {pk for pair in found for pk in (pair.first, pair.second)}
    accounts = Account.objects.select_related("lead", "parent").in_bulk(list(ids))
    return [(accounts[pair.first], accounts[pair.second], pair) for pair in found]
