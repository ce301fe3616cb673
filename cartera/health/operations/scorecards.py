"""What health is made of: making scorecards and switching them on."""

from datetime import datetime

from django.db import transaction

from cartera.health.default import NAME
from cartera.health.models import Assignment, Factor, Family, Scorecard, Segment
from cartera.health.queries.measuring import proposal
from cartera.kit import history


def make_first_scorecard(*, at: datetime) -> None:
    """Switch the first scorecard on, for everyone, if there is none."""
    if not Assignment.objects.exists():
        _make(at)


@transaction.atomic
def _make(at: datetime) -> None:
    family = Family.objects.create(name=NAME)
    card = Scorecard.objects.create(family=family, version=1, made_at=at, changed_at=at, switched_on_at=at)
    Factor.objects.bulk_create(Factor(scorecard=card, order=order, **fields) for order, fields in enumerate(proposal()))
    Segment.objects.create(assignment=Assignment.objects.create(since=at), place=0, family=family)
    history.record("health.switch_on", subject=card, by=None, at=at)
