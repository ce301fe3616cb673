"""What the lake holds of accounts: the people in them and who of us looks after them."""

from django.db.models import DateTimeField, F, QuerySet
from django.db.models.functions import Cast

from cartera.accounts.models import Contact, Stewardship
from cartera.lake.offers import Column, Fact, Kind


def _contacts() -> QuerySet[Contact]:
    return Contact.objects.filter(merged_into=None)


def _stewardships() -> QuerySet[Stewardship]:
    return Stewardship.objects.all()


FACTS = [
    # A contact is known from the day its account was opened: nothing tells when the person was written down.
    Fact(
        name="contacts",
        rows=_contacts,
        columns={
            "account_id": Column("account_id", Kind.WHOLE),
            "happened_at": Column(F("account__opened_at"), Kind.MOMENT),
            "known_at": Column(F("account__opened_at"), Kind.MOMENT),
            "contact_id": Column("pk", Kind.WHOLE),
            "role": Column("role", Kind.CODE),
            "left_on": Column("left_on", Kind.DAY),
        },
    ),
    Fact(
        name="stewardships",
        rows=_stewardships,
        columns={
            "account_id": Column("account_id", Kind.WHOLE),
            "happened_at": Column(Cast("since", DateTimeField()), Kind.MOMENT),
            "known_at": Column(Cast("since", DateTimeField()), Kind.MOMENT),
            "member_id": Column("member_id", Kind.WHOLE),
            "role": Column("role", Kind.CODE),
            "until": Column("until", Kind.DAY),
        },
    ),
]
