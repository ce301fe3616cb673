"""Who of a client's people we are in touch with, and whether each of them still is in their own rhythm."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np

from cartera.accounts.models import Account, Contact
from cartera.lake import rhythms
from cartera.lake.queries import Facts, facts_of
from cartera.timeline import contact_columns
from cartera.timeline.contact_columns import Partners
from cartera.timeline.measures import MEASURES
from cartera.timeline.models import Interaction


@dataclass(frozen=True)
class Person:
    """A contact and their part in the touches of 180 days; `rhythm` is None for who is no usual partner."""

    contact: Contact
    days: int
    share: float | None
    last: datetime | None
    rhythm: "Rhythm | None"


@dataclass(frozen=True)
class Rhythm:
    """Every how many days a usual partner talks with us, how long they have not, and how rare that is for them."""

    gap: float
    silence: float
    silent: bool
    one_in: int


def facts_now(account: Account, at: datetime) -> Facts:
    """What is known of *account*, from the database."""
    return facts_of([account.pk], at)


def said(account: Account, facts: Facts) -> list[tuple[str, str]]:
    """What each measure of the timeline says of *account*, with its name; those that are unknown left out."""
    ids, found = np.array([account.pk]), []
    for measure in MEASURES:
        columns = measure.compute(facts, facts.as_of, ids)
        told = {name: None if np.isnan(column[0]) else float(column[0]) for name, column in columns.items()}
        if told["value"] is not None:
            found.append((str(measure.label), measure.sentence(told)))
    return found


def people(account: Account, facts: Facts) -> list[Person]:
    """The people of *account*, those with whom we were in touch on most days first; who left comes last."""
    moments = _moments(account, facts.as_of)
    partners = contact_columns.partners(facts)
    place = {int(pk): row for row, pk in enumerate(partners.contacts)}
    since = facts.as_of - timedelta(days=contact_columns.WINDOW)
    recent = {pk: len({_day(at) for at in of if at >= since}) for pk, of in moments.items()}
    contacts = list(account.contacts.known())
    total = sum(recent.get(contact.pk, 0) for contact in contacts if contact.left_on is None)
    found = [
        Person(
            contact=contact,
            days=recent.get(contact.pk, 0),
            share=recent.get(contact.pk, 0) / total if total and contact.left_on is None else None,
            last=max(moments.get(contact.pk, ()), default=None),
            rhythm=_rhythm(partners, place[contact.pk]) if contact.pk in place else None,
        )
        for contact in contacts
    ]
    return sorted(found, key=lambda person: (person.contact.left_on is not None, -person.days, person.contact.name))


def _moments(account: Account, at: datetime) -> dict[int, list[datetime]]:
    """When each contact took part in a touch."""
    touches = Interaction.objects.touches().filter(account=account, happened_at__lt=at, recorded_at__lt=at)
    found: dict[int, list[datetime]] = {}
    for pk, moment in touches.filter(contacts__isnull=False).order_by().values_list("contacts", "happened_at"):
        found.setdefault(pk, []).append(moment)
    return found


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()


def _rhythm(partners: Partners, row: int) -> Rhythm:
    return Rhythm(
        gap=max(float(partners.usual_gap[row]), 1.0),
        silence=float(partners.silence[row]),
        silent=bool(partners.silent[row]),
        one_in=rhythms.one_in(float(partners.unlikely[row])),
    )
