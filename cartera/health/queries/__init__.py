"""What scores are made of, who gets which scorecard, and how accounts stand."""

from cartera.health.queries.measuring import Columns, end_of, everybody, measured, measures_by_app, offered, proposal
from cartera.health.queries.opinions import in_force_on, latest_pulse, override_in_force, overrides, pulses
from cartera.health.queries.scorecards import (
    Catch,
    accounts_of,
    all_ids,
    cards_in_force,
    catches,
    condition,
    families,
    shares,
)
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
    "Catch",
    "Changed",
    "Columns",
    "accounts_of",
    "all_ids",
    "cards_in_force",
    "catches",
    "condition",
    "end_of",
    "everybody",
    "families",
    "history",
    "in_force_on",
    "is_stale",
    "last_change",
    "last_event",
    "last_scoring",
    "latest_pulse",
    "measured",
    "measures_by_app",
    "offered",
    "override_in_force",
    "overrides",
    "parts_before",
    "proposal",
    "pulses",
    "shares",
    "standing",
    "with_news",
]
