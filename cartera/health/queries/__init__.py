"""What scores are made of, who gets which scorecard, and how accounts stand."""

from cartera.health.queries.measuring import Columns, end_of, everybody, measured, measures_by_app, offered, proposal
from cartera.health.queries.opinions import in_force_on, latest_pulse, override_in_force, overrides, pulses
from cartera.health.queries.past import scored_by, stood_on, weighty_events
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
    history,
    is_stale,
    last_event,
    last_scoring,
    parts_before,
    standing,
    with_news,
)

__all__ = [
    "Catch",
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
    "scored_by",
    "shares",
    "standing",
    "stood_on",
    "weighty_events",
    "with_news",
]
