"""Which scorecard an account gets, and what each scorecard is made of."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.db.models import Q
from django.utils.translation import gettext as _

from cartera.accounts.filters import SPANISH, qualifiers
from cartera.accounts.models import Account
from cartera.engine.columns import Integers
from cartera.health.models import Assignment, Family, Scorecard, Segment
from cartera.kit import filters
from cartera.kit.clock import today
from cartera.kit.filter_language import FilterError, Given, Many, Node, Not, Term, Word, parse
from cartera.search.queries import matching

# What a scoring writes itself: an account would fall in and out of a segment by the score that the segment gives it.
_OWN = ("health", "change", "risk")
OWN = frozenset({*_OWN, *(SPANISH[name] for name in _OWN)})


def cards_in_force(at: datetime) -> list[tuple[Segment, Scorecard]]:
    """The order of segments in force at *at*, each with the version of its scorecard; one line a segment.

    Before the first list was made the first one holds, so that days before the installation can be scored too.
    """
    assignment = Assignment.objects.in_force(at)
    if assignment is None:
        return []
    begun = Scorecard.objects.in_force(max(at, assignment.since)).select_related("family").prefetch_related("factors")
    versions = {card.family_id: card for card in begun}
    lines = assignment.segments.select_related("family", "view")
    return [(line, versions[line.family_id]) for line in lines if line.family_id in versions]


def shares(ids: Integers, at: datetime) -> list[tuple[Scorecard, Integers]]:
    """Which of the accounts *ids* (rising) get which scorecard, each account in one share; empty shares are left out.

    The first segment in order that matches an account decides, whatever it matched before. Segments ask about accounts
    as they are now: filters know no past, so a past day that is scored anew goes by today's segments (and today's
    version); what was written on that day keeps the scorecard that it was scored by.
    """
    found: dict[int, tuple[Scorecard, list[Integers]]] = {}
    left = ids
    for segment, card in cards_in_force(at):
        caught = caught_by(segment, left)
        left = np.setdiff1d(left, caught, assume_unique=True)
        found.setdefault(card.pk, (card, []))[1].append(caught)
    together = [(card, np.sort(np.concatenate(parts))) for card, parts in found.values()]
    return [(card, part) for card, part in together if len(part)]


def all_ids() -> Integers:
    """Every account that is one, rising."""
    found = Account.objects.filter(merged_into=None).order_by("pk").values_list("pk", flat=True)
    return np.fromiter(found.iterator(), np.int64)


def accounts_of(family: Family, at: datetime) -> Integers:
    """The accounts that get the scorecard *family* by the order of segments in force at *at*, rising."""
    by_family = [ids for card, ids in shares(all_ids(), at) if card.family_id == family.pk]
    return by_family[0] if by_family else np.array([], np.int64)


def caught_by(segment: Segment, ids: Integers) -> Integers:
    """Those of *ids* (rising) that the segment's filter matches; none when the filter has lost its meaning since."""
    if not segment.filter:
        return ids
    try:
        matched = Account.objects.filter(condition(segment.filter), merged_into=None).order_by()
    except FilterError:
        return ids[:0]
    if len(ids) <= FEW:
        matched = matched.filter(pk__in=ids.tolist())
    numbers = np.fromiter(matched.values_list("pk", flat=True).distinct().iterator(), np.int64)
    return np.intersect1d(ids, numbers)


# Of so few accounts only these are asked about, rather than all that a filter matches.
FEW = 500


def condition(text: str) -> Q:
    """What a segment's filter asks of accounts. Raises FilterError, also for what makes no sense in a segment:
    `owner:me`, because a scoring has no me, and the figures that a scoring writes itself."""
    known = qualifiers()
    people = {qualifier.name for qualifier in known if qualifier.kind == "member"}
    for name, values in _terms(parse(text)):
        if name.text.casefold() in OWN:
            raise FilterError(
                _("A segment cannot ask for “%s”: scoring decides it, so accounts would move in and out by themselves.")
                % name.text,
                name.column,
                name.length,
            )
        me = next((given.word for given in values if given.word.text == "me" and not given.quoted), None)
        if me and name.text.casefold() in people:
            raise FilterError(_("Name the person: “me” is someone else for everyone."), me.column, me.length)
    context = filters.FilterContext(None, today())
    return filters.compile(text, known, context=context, free_text=lambda text: matching(text, "account"))


def _terms(node: Node | None) -> Iterator[tuple[Word, tuple[Given, ...]]]:
    match node:
        case Term(name, values):
            yield name, values
        case Not(inner):
            yield from _terms(inner)
        case Many(_either, parts):
            for part in parts:
                yield from _terms(part)


@dataclass(frozen=True)
class Catch:
    """A line of the order of segments as it stands: how many accounts it catches, what its filter has come to.

    broken: why the filter makes no sense any more; view_differs: the saved view it came from says something else by now
    """

    segment: Segment
    card: Scorecard
    count: int
    broken: str = ""
    view_differs: bool = False


def catches(at: datetime) -> list[Catch]:
    """Every line of the order in force, with the accounts that it catches and no line above it does."""
    left, found = all_ids(), []
    for segment, card in cards_in_force(at):
        caught = caught_by(segment, left)
        left = np.setdiff1d(left, caught, assume_unique=True)
        differs = segment.view is not None and segment.view.filter != segment.filter
        found.append(Catch(segment, card, len(caught), _broken(segment), differs))
    return found


def _broken(segment: Segment) -> str:
    try:
        condition(segment.filter)
    except FilterError as wrong:
        return wrong.message
    return ""


def families(at: datetime) -> list[Family]:
    """All scorecards, each with `current` (the version in force), `draft` and `to_come`, None where there is none."""
    found = list(Family.objects.order_by("name"))
    current = {card.family_id: card for card in Scorecard.objects.in_force(at)}
    waiting = Scorecard.objects.filter(Q(switched_on_at=None) | Q(switched_on_at__gt=at)).order_by("-switched_on_at")
    drafts = {card.family_id: card for card in waiting if card.is_draft}
    to_come = {card.family_id: card for card in waiting if not card.is_draft}
    for family in found:
        family.current, family.draft = current.get(family.pk), drafts.get(family.pk)  # type: ignore[attr-defined]
        family.to_come = to_come.get(family.pk)  # type: ignore[attr-defined]
    return found
