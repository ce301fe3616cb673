"""Why a score changed: the difference between two moments, split by factor and by what about it changed.

The score is a weighted mean, Σ w·p / Σ w over the factors that count. With M the mean of both scores and D the mean of
both sums of weights (each scorecard's weights taken as shares of their total),

    after − before = Σ [ w₁·(p₁ − M) − w₀·(p₀ − M) ] / D

holds exactly, so that each factor's own change is its part of the whole: how much it weighs, times how far its points
lie from both scores. Within a factor, what the data did and what the scorecard did are told apart by the mean of the
two orders in which they may come. (Derivation: Σ w·(p − M) is D₀·(S₀ − M) before and D₁·(S₁ − M) after, which differ by
(S₁ − S₀)·(D₀ + D₁)/2. It is the Shapley value of these parts with M and D held still.)

A path (first what went missing, then values, then weights) would add up too, but its parts depend on the order chosen,
and factors that did not change would get a share. Here no order is chosen, a factor that did not change gets exactly
nothing, and exchanging the two moments only turns every sign.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from cartera.engine import scoring
from cartera.engine.scoring import Factor


@dataclass(frozen=True, slots=True)
class Reading:
    """A factor's data at a moment: its value (NaN for unknown), the value's age in days, and the points it got then.

    points: with one decimal, None where the factor did not count.
    """

    value: float
    age: float
    points: float | None


@dataclass(frozen=True, slots=True)
class Moment:
    """An account on a day: the scorecard's factors, and what each of them read, by key."""

    card: Sequence[Factor]
    readings: Mapping[str, Reading]


@dataclass(frozen=True, slots=True)
class Part:
    """What one factor did to the score, in points with one decimal.

    values: its value changed; missing: it was known at one moment only (or fresh at one only); card: its weight or
    curve changed, what is done when it is unknown, or it stands on one of the two scorecards only.
    """

    key: str
    values: float
    missing: float
    card: float

    @property
    def total(self) -> float:
        return round(self.values + self.missing + self.card, 1)


@dataclass(frozen=True, slots=True)
class Split:
    """Parts by factor, in the order of both scorecards, that add up to `total`, the difference of the scores shown."""

    parts: list[Part]
    total: float


def split(before: Moment, after: Moment) -> Split:
    """Split the change of score from *before* to *after*; both must have a score.

    Raises ValueError when no factor counts at one of them.
    """
    ends = [_Card(before), _Card(after)]
    middle = (ends[0].score + ends[1].score) / 2
    weight = (ends[0].counted + ends[1].counted) / 2
    keys = list(dict.fromkeys([*ends[0].factors, *ends[1].factors]))
    exact: list[Fraction] = []
    for key in keys:
        exact += [effect / weight for effect in _effects(key, ends, middle)]
    shown = apportion(exact, ends[1].shown - ends[0].shown)
    parts = [Part(key, *(tenths / 10 for tenths in shown[3 * at : 3 * at + 3])) for at, key in enumerate(keys)]
    return Split(parts, (ends[1].shown - ends[0].shown) / 10)


def apportion(exact: Sequence[Fraction], total: int) -> list[int]:
    """Whole numbers nearest to *exact* that add up to *total*.

    Each is rounded to the nearest; what then is missing or too much goes, one by one, to those it distorts least.
    *total* has to lie within 1 of the sum of *exact*: then what is whole stays as it is.
    """
    rounded = [int(abs(one) + Fraction(1, 2)) * (1 if one >= 0 else -1) for one in exact]
    missing = total - sum(rounded)
    step = 1 if missing > 0 else -1
    by_distortion = sorted(range(len(exact)), key=lambda at: (rounded[at] - exact[at]) * step)
    for at in by_distortion[: abs(missing)]:
        rounded[at] += step
    return rounded


class _Card:
    """One end: its factors with their shares of weight, and what points they give to its own data and to others'."""

    def __init__(self, moment: Moment) -> None:
        self.moment = moment
        self.factors = {factor.key: factor for factor in moment.card}
        whole = sum(Fraction(str(factor.weight)) for factor in moment.card) or Fraction(1)
        self.shares = {factor.key: Fraction(str(factor.weight)) / whole for factor in moment.card}
        self.points = {key: _tenths(moment.readings[key].points) for key in self.factors}
        counting = [(self.shares[key], points) for key, points in self.points.items() if points is not None]
        self.counted = sum((share for share, _points in counting), Fraction())
        if not self.counted:
            raise ValueError("a moment without a score has no difference to another")
        self.score = sum((share * points for share, points in counting), Fraction()) / self.counted
        self.shown = int(self.score + Fraction(1, 2))

    def gives(self, key: str, other: "_Card") -> int | None:
        """The tenths of points that this card's factor gives to what *other* read; None where it does not count."""
        theirs = other.factors.get(key)
        if other is self or theirs is None:
            return self.points[key]
        mine, reading = self.factors[key], other.moment.readings[key]
        if (mine.curve, mine.unknown, mine.fresh_days) == (theirs.curve, theirs.unknown, theirs.fresh_days):
            return other.points[key]
        scored = scoring.score([mine], [[reading.value]], [[reading.age]])
        return _tenths(None if np.isnan(scored.points[0, 0]) else float(scored.points[0, 0]))

    def knows(self, key: str, other: "_Card") -> bool:
        """Whether what *other* read is known and fresh by this card's factor; its own reading if the other has none."""
        reading = (other if key in other.factors else self).moment.readings[key]
        limit = self.factors[key].fresh_days
        return not np.isnan(reading.value) and (limit is None or reading.age <= limit)


def _effects(key: str, ends: Sequence[_Card], middle: Fraction) -> tuple[Fraction, Fraction, Fraction]:
    """What a factor's value, its going missing, and its scorecard did: in tenths, before division by the weight."""

    def worth(card: _Card, data: _Card) -> Fraction:
        points = card.gives(key, data) if key in card.factors else None
        return Fraction() if points is None else card.shares[key] * (points - middle)

    before, after = ends
    effects = {"values": Fraction(), "missing": Fraction()}
    for card in ends:
        if key in card.factors:
            kind = "values" if card.knows(key, before) == card.knows(key, after) else "missing"
            effects[kind] += (worth(card, after) - worth(card, before)) / 2
    whole = worth(after, after) - worth(before, before)
    return effects["values"], effects["missing"], whole - effects["values"] - effects["missing"]


def _tenths(points: float | None) -> int | None:
    return None if points is None else round(points * 10)
