"""Questions about conversations and the feed."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from cartera.accounts.models import Account, AccountQuerySet
from cartera.kit import verbs, wording
from cartera.kit.models import Change
from cartera.kit.pagination import Page, keyset_page
from cartera.team.models import Member
from cartera.timeline.events import kinds
from cartera.timeline.models import Event, Interaction
from cartera.timeline.offers import FeedKind

SIZE = 30


@dataclass(frozen=True)
class Reading:
    """An event as the feed shows it."""

    event: Event
    icon: str
    sentence: Any
    url: str | None

    @property
    def interaction(self) -> Interaction | None:
        return self.event.interaction

    @property
    def undone(self) -> bool:
        return bool(self.event.data.get("undone"))


def feed_page(account: Account, *, group: str = "", text: str = "", after: str | None = None) -> Page[Event]:
    """A page of what happened to *account*, the latest first, of one group and with *text* in it if they are given."""
    events = Event.objects.standing().filter(account=account).select_related("by", "interaction")
    if group:
        events = events.filter(group=group)
    if text:
        words = Q(subject__icontains=text)
        events = events.filter(words | Q(interaction__subject__icontains=text) | Q(interaction__text__icontains=text))
    people = ("interaction__members", "interaction__contacts")
    return keyset_page(events.prefetch_related(*people), "-at", size=SIZE, after=after)


def readings(page: Page[Event]) -> list[Reading]:
    """The events of *page* in words."""
    return [_reading(event, kinds().get(event.kind)) for event in page.rows]


def _reading(event: Event, kind: FeedKind | None) -> Reading:
    if kind is None:
        return Reading(event, "circle-dot", verbs.label(event.kind), None)
    return Reading(event, kind.icon, kind.sentence(event), kind.url(event))


def recently_talked_to(member: Member, accounts: AccountQuerySet, most: int = 8) -> list[Account]:
    """Those of *accounts* with which *member* logged something last, the latest first."""
    logged = Event.objects.filter(by=member, group=Event.Group.CONVERSATION).order_by("-pk")[:60]
    order = list(dict.fromkeys(logged.values_list("account", flat=True)))
    found = accounts.in_bulk(order)
    return [found[pk] for pk in order if pk in found][:most]


@dataclass(frozen=True)
class Edit:
    """A correction of an interaction: what each field was, and what it became."""

    change: Change
    fields: list[wording.Difference]


def edits(interaction: Interaction) -> list[Edit]:
    """The corrections of *interaction*, the latest first, in a constant number of queries."""
    changes = list(
        Change.objects.filter(
            subject_type=Interaction._meta.label_lower, subject_id=interaction.pk, verb="timeline.edit"
        ).select_related("by")
    )
    told = zip(changes, wording.differences(changes), strict=True)
    return [Edit(change, fields) for change, fields in told]
