"""Which version of the risk model is in force, and how accounts stand by it."""

from datetime import datetime

from cartera.health.models import Risk, RiskModel, RiskSwitch, Scorecard, Terms
from cartera.health.queries.scorecards import cards_in_force


def everyones_card(at: datetime) -> Scorecard | None:
    """The scorecard of the last line of segments: of all accounts that no other line catches."""
    lines = cards_in_force(at)
    return lines[-1][1] if lines else None


def model_in_force(at: datetime) -> RiskModel | None:
    """The version that says each account's risk; None while the rhythm of orders alone does."""
    switch = RiskSwitch.objects.in_force(at)
    return switch.model if switch else None


def risk_of(account_id: int) -> Risk | None:
    """How likely the account is to be lost, as of the last scoring."""
    return Risk.objects.select_related("model").filter(account=account_id).first()


def terms() -> Terms:
    """What is assumed of acting: as last stated, or as the product comes."""
    return Terms.objects.first() or Terms()
