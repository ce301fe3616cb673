"""What the lake holds of accounts: when they were opened and lost, the people in them, who of us looks after them.

`known_at` dates rows, not edits: an edit overwrites its row, so that a question about the past sees the row if it was
there, and in it what it says today (a tier, a role, a day someone left). Ends (`until`, `left_on`, `reopened_at`) can
lie after the moment asked about; a measure takes such an end as not known.
"""

from django.db.models import DateTimeField, F, QuerySet
from django.db.models.functions import Cast, Coalesce

from cartera.accounts.models import Account, Closing, Contact, Stewardship
from cartera.lake.offers import Column, Fact, Kind


def _accounts() -> QuerySet[Account]:
    return Account.objects.filter(merged_into=None)


def _closings() -> QuerySet[Closing]:
    return Closing.objects.all()


def _contacts() -> QuerySet[Contact]:
    return Contact.objects.filter(merged_into=None)


def _stewardships() -> QuerySet[Stewardship]:
    return Stewardship.objects.all()


_SINCE = Cast("since", DateTimeField())

FACTS = [
    Fact(
        name="accounts",
        rows=_accounts,
        columns={
            "account_id": Column("pk", Kind.WHOLE),
            "happened_at": Column("opened_at", Kind.MOMENT),
            "known_at": Column("opened_at", Kind.MOMENT),
            "tier": Column("tier", Kind.CODE),
        },
    ),
    Fact(
        name="closings",
        rows=_closings,
        columns={
            "account_id": Column("account_id", Kind.WHOLE),
            "happened_at": Column("closed_at", Kind.MOMENT),
            "known_at": Column("closed_at", Kind.MOMENT),
            "reason": Column("reason", Kind.CODE),
            "reopened_at": Column("reopened_at", Kind.MOMENT),
        },
    ),
    Fact(
        name="contacts",
        rows=_contacts,
        columns={
            "account_id": Column("account_id", Kind.WHOLE),
            "happened_at": Column("recorded_at", Kind.MOMENT),
            "known_at": Column("recorded_at", Kind.MOMENT),
            "contact_id": Column("pk", Kind.WHOLE),
            "role": Column("role", Kind.CODE),
            "left_on": Column("left_on", Kind.DAY),
        },
    ),
    # One that was imported, or written before there was a history, is known from the day it began.
    Fact(
        name="stewardships",
        rows=_stewardships,
        columns={
            "account_id": Column("account_id", Kind.WHOLE),
            "happened_at": Column(_SINCE, Kind.MOMENT),
            "known_at": Column(Coalesce(F("begun_by__at"), _SINCE), Kind.MOMENT),
            "member_id": Column("member_id", Kind.WHOLE),
            "role": Column("role", Kind.CODE),
            "until": Column("until", Kind.DAY),
        },
    ),
]
