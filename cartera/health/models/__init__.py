"""Scores of accounts: what they are made of, how they stand now, and how they stood on every day that changed them."""

from cartera.health.models.scorecards import Factor, Scorecard
from cartera.health.models.standings import Run, Scoring, Snapshot, Standing

__all__ = ["Factor", "Run", "Scorecard", "Scoring", "Snapshot", "Standing"]
