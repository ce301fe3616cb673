"""Two days of an account side by side, and what made the difference: exact to the last decimal shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import nan
from typing import Any

from django.utils.functional import Promise

from cartera.engine import changes, scoring
from cartera.health.explaining import label_of, shown_value
from cartera.health.models import Override, Scorecard, Scoring, Snapshot
from cartera.health.queries import offered


@dataclass(frozen=True)
class Side:
    """A factor on one of the two days; everything is None where it was not on the scorecard, or did not count."""

    value: str | None
    points: float | None
    part: float | None


@dataclass(frozen=True)
class Row:
    """What one factor did: its two sides, and the parts of the difference that are its own."""

    key: str
    label: str | Promise
    unit: str | Promise
    before: Side
    after: Side
    values: float
    missing: float
    card: float
    url: str

    @property
    def total(self) -> float:
        return _tenth(self.values + self.missing + self.card)


@dataclass(frozen=True)
class End:
    """One of the two days: how the account stood (the last snapshot until then), and what was set by hand."""

    day: date
    stood: Snapshot
    by_hand: Override | None

    @property
    def lifted(self) -> float:
        """What setting by hand added to the computed score; 0 where nothing was, or there was nothing to add to."""
        if self.by_hand is None or self.stood.score is None:
            return 0.0
        return float(self.by_hand.score - self.stood.score)

    @property
    def counted(self) -> Any:
        """The score that counted on the day: what was set by hand, or else the computed one."""
        return self.by_hand.score if self.by_hand else self.stood.score


@dataclass(frozen=True)
class Difference:
    """From one day to another. Without a computed score on both there is nothing to subtract: `is_known` is false.

    `rows` add up to `computed`; `computed` and `override` to `total`.
    """

    before: End
    after: End
    rows: list[Row]
    is_known: bool

    @property
    def computed(self) -> float:
        return _tenth(sum(row.total for row in self.rows))

    @property
    def override(self) -> float:
        return _tenth(self.after.lifted - self.before.lifted)

    @property
    def total(self) -> float:
        return _tenth(self.computed + self.override)

    @property
    def values(self) -> float:
        return _tenth(sum(row.values for row in self.rows))

    @property
    def missing(self) -> float:
        return _tenth(sum(row.missing for row in self.rows))

    @property
    def card(self) -> float:
        return _tenth(sum(row.card for row in self.rows))


def difference(before: End, after: End, account_id: int) -> Difference:
    """What happened between the two ends, factor by factor, those that did most first."""
    is_known = before.stood.score is not None and after.stood.score is not None
    parts = changes.split(moment(before.stood), moment(after.stood)).parts if is_known else []
    split = {part.key: part for part in parts}
    rows = [_row(key, before.stood, after.stood, split.get(key), account_id) for key in _keys(before, after)]
    return Difference(before, after, sorted(rows, key=lambda row: -abs(row.total)), is_known)


def engine_factors(card: Scorecard) -> list[scoring.Factor]:
    """The scorecard as the engine takes it."""
    return [
        scoring.Factor(factor.measure, factor.curve, factor.weight, factor.unknown, factor.fresh_days)  # type: ignore[arg-type]
        for factor in card.factors.all()
    ]


def moment(stood: Scoring) -> changes.Moment:
    """A kept scoring as the engine takes it."""
    readings = {
        row["measure"]: changes.Reading(_or_nan(row["value"]), _or_nan(row["age"]), row["points"])
        for row in stood.factors
    }
    return changes.Moment(engine_factors(stood.scorecard), readings)


def _keys(before: End, after: End) -> list[str]:
    return list(dict.fromkeys(row["measure"] for end in (before, after) for row in end.stood.factors))


def _row(key: str, before: Scoring, after: Scoring, part: changes.Part | None, account_id: int) -> Row:
    measure = offered().get(key)
    factors = [*after.scorecard.factors.all(), *before.scorecard.factors.all()]
    named = next((factor for factor in factors if factor.measure == key), None)
    return Row(
        key=key,
        label=label_of(named, measure, key),
        unit=measure.unit if measure else "",
        before=_side(before.factors, key),
        after=_side(after.factors, key),
        values=part.values if part else 0.0,
        missing=part.missing if part else 0.0,
        card=part.card if part else 0.0,
        url=measure.rows_url(account_id) if measure else "",
    )


def _side(factors: Sequence[dict[str, Any]], key: str) -> Side:
    row = next((row for row in factors if row["measure"] == key), None)
    if row is None:
        return Side(None, None, None)
    return Side(None if row["value"] is None else shown_value(row["value"]), row["points"], row["part"])


def _or_nan(figure: float | None) -> float:
    return nan if figure is None else figure


def _tenth(figure: float) -> float:
    """Sums of tenths are tenths; binary fractions forget it."""
    return round(figure, 1)
