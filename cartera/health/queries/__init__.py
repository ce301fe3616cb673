"""What scores are made of, who gets which scorecard, and how accounts stand."""

from cartera.health.queries.measuring import Columns, end_of, everybody, measured, offered
from cartera.health.queries.scorecards import accounts_of, all_ids, cards_in_force, condition, shares
from cartera.health.queries.standings import (
    Changed,
    history,
    is_stale,
    last_change,
    last_event,
    last_scoring,
    parts_before,
    standing,
    with_news,
)

__all__ = [
    "Changed",
    "Columns",
    "accounts_of",
    "all_ids",
    "cards_in_force",
    "condition",
    "end_of",
    "everybody",
    "history",
    "is_stale",
    "last_change",
    "last_event",
    "last_scoring",
    "measured",
    "offered",
    "parts_before",
    "shares",
    "standing",
    "with_news",
]
