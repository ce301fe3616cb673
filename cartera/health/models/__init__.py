"""Scores of accounts: what they are made of, how they stand now, and how they stood on every day that changed them."""

from cartera.health.models.assignments import Assignment, Segment
from cartera.health.models.evidence import Backtest
from cartera.health.models.opinions import Override, Pulse
from cartera.health.models.parts import Legend
from cartera.health.models.risk import Risk, RiskModel, RiskSwitch, Terms
from cartera.health.models.scorecards import Factor, Family, Preview, Scorecard
from cartera.health.models.standings import Run, Scoring, Snapshot, Standing

__all__ = [
    "Assignment",
    "Backtest",
    "Factor",
    "Family",
    "Legend",
    "Override",
    "Preview",
    "Pulse",
    "Risk",
    "RiskModel",
    "RiskSwitch",
    "Run",
    "Scorecard",
    "Scoring",
    "Segment",
    "Snapshot",
    "Standing",
    "Terms",
]
