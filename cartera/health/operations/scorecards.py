"""What health is made of: making scorecards and switching them on."""

from datetime import datetime

from django.db import transaction

from cartera.health.default import FACTORS, NAME
from cartera.health.models import Factor, Scorecard
from cartera.kit import history


@transaction.atomic
def make_first_scorecard(*, at: datetime) -> Scorecard:
    """Switch the first scorecard on, if there is none."""
    if found := Scorecard.objects.in_force(at):
        return found
    card = Scorecard.objects.create(name=NAME, version=1, switched_on_at=at)
    Factor.objects.bulk_create(Factor(scorecard=card, order=order, **fields) for order, fields in enumerate(FACTORS))
    history.record("health.switch_on", subject=card, by=None, at=at)
    return card
