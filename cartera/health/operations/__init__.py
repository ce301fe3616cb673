"""Every verb of health; one file for each kind."""

from cartera.health.operations.scorecards import make_first_scorecard
from cartera.health.operations.scoring import score, score_news

__all__ = ["make_first_scorecard", "score", "score_news"]
