"""What stands beside the plan: what changed since yesterday, what nobody looks after, whose days can be looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Abs

from cartera.accounts.models import Account, AccountQuerySet
from cartera.health.models import Run, Snapshot
from cartera.kit.clock import start_of
from cartera.team.models import Member, Post
from cartera.team.queries import circle, leads_others, may
from cartera.timeline.events import kinds
from cartera.timeline.models import Event

MOVED = 5  # points from one scoring to the next that are news
LISTED = 6


@dataclass(frozen=True)
class Told:
    """An event in words."""

    event: Event
    sentence: Any


@dataclass(frozen=True)
class News:
    """What happened in a book since yesterday began: the largest moves of health, and what was done and said."""

    moves: Sequence[Snapshot]
    events: list[Told]


@dataclass(frozen=True)
class Unowned:
    count: int
    largest: list[Account]


@dataclass(frozen=True)
class FirstSteps:
    """Why a plan is empty: there are no accounts, they were never scored, or there is nothing to do."""

    has_accounts: bool
    was_scored: bool
    may_import: bool
    may_score: bool


def since_yesterday(member: Member, accounts: AccountQuerySet, *, today: date) -> News:
    """The news of *member*'s accounts; single events only for those who look after a book of their own."""
    yesterday = today - timedelta(days=1)
    moves = Snapshot.objects.filter(on__gte=yesterday, on__lte=today, account__in=accounts.order_by().values("pk"))
    far = moves.filter(Q(change__lte=-MOVED) | Q(change__gte=MOVED)).annotate(size=Abs("change"))
    listed = list(far.order_by("-size", "pk").select_related("account")[:LISTED])
    return News(listed, _events(accounts, since=yesterday, member=member))


def unowned(member: Member, accounts: AccountQuerySet) -> Unowned | None:
    """Accounts that nobody leads, for those who see them: the top of account management and administrators."""
    if circle(member) != "everyone":
        return None
    rows = accounts.filter(lead=None)
    return Unowned(rows.count(), list(rows.order_by("-revenue", "pk")[:LISTED]))


def people_of(member: Member) -> QuerySet[Member]:
    """Those whose day *member* may look at."""
    people = Member.objects.filter(is_active=True).exclude(pk=member.pk)
    if not leads_others(member):
        return people.none()
    found = circle(member)
    if found == "everyone":
        return people.filter(pk__in=Post.objects.values("member"))
    return people.filter(pk__in=found)


def first_steps(member: Member, accounts: AccountQuerySet) -> FirstSteps:
    return FirstSteps(
        has_accounts=accounts.exists(),
        was_scored=Run.objects.filter(whole=True).exists(),
        may_import=may(member, "import"),
        may_score=may(member, "set_up"),
    )


def _events(accounts: AccountQuerySet, *, since: date, member: Member) -> list[Told]:
    """The latest events of a book. Who sees everything has no book; a company's every event is no news."""
    if circle(member) == "everyone":
        return []
    rows = Event.objects.standing().filter(account__in=accounts.order_by().values("pk"), at__gte=start_of(since))
    return [
        _told(event) for event in rows.select_related("account", "by", "interaction").order_by("-at", "-pk")[:LISTED]
    ]


def _told(event: Event) -> Told:
    kind = kinds().get(event.kind)
    return Told(event, kind.sentence(event) if kind else event.subject or event.kind)
