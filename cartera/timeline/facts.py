"""What the lake holds of interactions: when, of which kind, who began them, and who took part."""

from typing import Any

from django.db.models import F, QuerySet

from cartera.lake.offers import Column, Fact, Kind
from cartera.timeline.models import Interaction


def _interactions() -> QuerySet[Interaction]:
    return Interaction.objects.filter(withdrawn_at=None)


def _conversations() -> QuerySet[Any]:
    return Interaction.contacts.through.objects.filter(interaction__withdrawn_at=None)


FACTS = [
    Fact(
        name="interactions",
        rows=_interactions,
        columns={
            "account_id": Column("account_id", Kind.WHOLE),
            "happened_at": Column("happened_at", Kind.MOMENT),
            "known_at": Column("recorded_at", Kind.MOMENT),
            "kind": Column("kind", Kind.CODE),
            "direction": Column("direction", Kind.CODE),
            "minutes": Column("minutes", Kind.WHOLE),
        },
    ),
    # One row for each person of theirs who took part in an interaction.
    Fact(
        name="conversations",
        rows=_conversations,
        columns={
            "account_id": Column(F("interaction__account_id"), Kind.WHOLE),
            "happened_at": Column(F("interaction__happened_at"), Kind.MOMENT),
            "known_at": Column(F("interaction__recorded_at"), Kind.MOMENT),
            "contact_id": Column("contact_id", Kind.WHOLE),
            "direction": Column(F("interaction__direction"), Kind.CODE),
            "kind": Column(F("interaction__kind"), Kind.CODE),
        },
    ),
]
