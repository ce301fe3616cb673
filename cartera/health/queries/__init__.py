"""What scores are made of, who gets which scorecard, and how accounts stand."""

from cartera.health.queries.measuring import Columns, measured, offered
from cartera.health.queries.scorecards import cards_in_force, shares
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
    "cards_in_force",
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
