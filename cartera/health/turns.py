"""What would turn an account's health: the cheapest changes that cross the next line, in words and targets."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from cartera.design.templatetags.cartera import minutes as worded
from cartera.engine import turning
from cartera.health import rules, story
from cartera.health.differences import engine_factors
from cartera.health.explaining import label_of, shown_value
from cartera.health.models import Scoring
from cartera.health.queries import offered


@dataclass(frozen=True)
class Step:
    """One factor to work on, and the rows to work from."""

    label: str | Promise
    told: str
    points: float
    minutes: str
    url: str


@dataclass(frozen=True)
class Turned:
    """The line to cross (good or watch), what it takes in one sentence, and the steps; none where it is out of reach.

    `is_possible`: whether something on the scorecard is marked as ours to move at all.
    """

    band: str
    told: str
    steps: list[Step]
    is_possible: bool


def turn(stood: Scoring, account_id: int) -> Turned | None:
    """The cheapest way over the next line; None without a score, or when it is green already."""
    if stood.score is None or stood.score >= rules.GOOD:
        return None
    line = rules.GOOD if stood.score >= rules.WATCH else rules.WATCH
    factors, rows = list(stood.scorecard.factors.all()), {row["measure"]: row for row in stood.factors}
    minutes = [factor.effort if factor.actionable and factor.measure in offered() else None for factor in factors]
    found = turning.cheapest(
        engine_factors(stood.scorecard),
        [rows[factor.measure]["points"] for factor in factors],
        [_present(rows[factor.measure], factor.fresh_days) for factor in factors],
        minutes,
        line=line,
    )
    own = {factor.measure: factor for factor in factors}
    steps = [_step(move, own[move.key], rows[move.key], account_id) for move in found.moves or []]
    return Turned(rules.band(line), story.turn(found, line), steps, any(cost is not None for cost in minutes))


def _present(row: dict[str, Any], fresh_days: int | None) -> float | None:
    """The value, unless it is unknown or too old to count."""
    too_old = fresh_days is not None and (row["age"] is None or row["age"] > fresh_days)
    return None if too_old else row["value"]


def _step(move: turning.Move, factor: Any, row: dict[str, Any], account_id: int) -> Step:
    measure = offered()[move.key]
    label = label_of(factor, measure, move.key)
    present = _present(row, factor.fresh_days)
    told = story.target(
        label, move.value, move.decimals, measure.unit, None if present is None else shown_value(present),
        at_least=move.at_least,
    )  # fmt: skip
    return Step(label, told, move.points, worded(move.minutes), measure.rows_url(account_id))
