"""The score of each account, and what it is made of, exact to the last decimal shown.

A factor turns a value into points from 0 to 100 by straight lines between given corners. The score is the mean of the
points of the factors that count, weighted: Σ weight·points / Σ weight. Points, contributions and score are shown with
one decimal; all arithmetic after the curve is done on whole tenths, so what is shown adds up, and a person with a
pencil gets the same result from the points shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from cartera.engine.columns import Flags, Floats, Integers

type NullPolicy = Literal["redistribute", "neutral", "bad", "block"]

_NEUTRAL, _BAD = 500, 0  # tenths of a point
_WEIGHT_SCALE = 100


@dataclass(frozen=True, slots=True)
class Factor:
    """One thing that the score is made of.

    curve: corners (value, points), values strictly increasing, points 0..100; flat before the first and after the last
    weight: 0 to 10,000, at most two decimals; only its proportion to the other weights matters
    unknown: what to do when the value is unknown: `redistribute` its weight over the others, count it as `neutral`
        (50 points) or as `bad` (0 points), or `block` the score
    fresh_days: a value older than this counts as unknown; None if it does not age

    Raises ValueError for a curve or a weight that breaks these rules.
    """

    key: str
    curve: Sequence[tuple[float, float]]
    weight: Decimal | float
    unknown: NullPolicy = "redistribute"
    fresh_days: float | None = None

    def __post_init__(self) -> None:
        values, points = np.asarray(self.curve, np.float64).reshape(-1, 2).T
        if not len(values) or not np.isfinite(values).all() or np.any(np.diff(values) <= 0):
            raise ValueError(f"{self.key}: a curve needs corners with increasing values")
        if not np.all((points >= 0) & (points <= 100)):
            raise ValueError(f"{self.key}: points lie between 0 and 100")
        scaled = Decimal(str(self.weight)) * _WEIGHT_SCALE
        if not (0 <= scaled <= 10_000 * _WEIGHT_SCALE and scaled == int(scaled)):
            raise ValueError(f"{self.key}: a weight lies between 0 and 10,000 with at most two decimals")
        if self.unknown not in ("redistribute", "neutral", "bad", "block"):
            raise ValueError(f"{self.key}: unknown policy {self.unknown}")


@dataclass(frozen=True, slots=True)
class Scores:
    """All figures are whole tenths written as floats (72.3), NaN where there is none.

    points, contributions: (accounts, factors). Points are NaN where the value is unknown or stale, unless the factor's
        policy gives points to the unknown; contributions are NaN where the factor does not count, and else add up to
        the score exactly: `tenths(contributions).sum(axis=1) == tenths(score)`.
    score: (accounts,), NaN when nothing is known, or when a factor that blocks is unknown
    coverage: (accounts,), share 0..1 of all weight whose value is known and fresh; 0 when there is no weight
    known: (accounts, factors), whether the value is known and fresh
    """

    points: Floats
    contributions: Floats
    score: Floats
    coverage: Floats
    known: Flags


@dataclass(frozen=True, slots=True)
class Difference:
    """The change of score between two moments, split by factor: `parts` (accounts, factors) add up to `total` exactly.

    A factor that counts at one moment only is part of the change with all it contributed. NaN for an account that has
    no score at one of the moments: from unknown to known is not a change.
    """

    parts: Floats
    total: Floats


def score(factors: Sequence[Factor], values: ArrayLike, ages: ArrayLike | None = None) -> Scores:
    """Score every account.

    values: (accounts, factors), NaN for unknown; ages: the same shape, in days, needed where a factor has `fresh_days`
    (a value of unknown age is not fresh). Raises ValueError when shapes differ.
    """
    given = np.asarray(values, np.float64)
    if given.ndim != 2 or given.shape[1] != len(factors):
        raise ValueError(f"expected one column of values for each of {len(factors)} factors, got {given.shape}")
    known = ~np.isnan(given) & _fresh(factors, given.shape, ages)
    points = _points(factors, given, known)
    weights = np.array([int(Decimal(str(factor.weight)) * _WEIGHT_SCALE) for factor in factors], np.int64)
    counts = points >= 0
    blocked = (~known & np.array([factor.unknown == "block" for factor in factors], np.bool_)).any(axis=1)
    weighed = np.where(counts, weights, 0).sum(axis=1)
    scored = (known & (weights > 0)).any(axis=1) & ~blocked
    total, parts = _shares(np.where(counts, points, 0) * weights, np.where(scored, weighed, 1))
    return Scores(
        points=np.where(counts, points / 10, np.nan),
        contributions=np.where(counts & scored[:, None], parts / 10, np.nan),
        score=np.where(scored, total / 10, np.nan),
        coverage=(known * weights).sum(axis=1) / max(int(weights.sum()), 1),
        known=known,
    )


def difference(before: Scores, after: Scores) -> Difference:
    """Split the change from *before* to *after* by factor; both with the same accounts and factors, in the same order.

    Raises ValueError when they are not of the same shape.
    """
    if before.contributions.shape != after.contributions.shape:
        raise ValueError("scores of different accounts or factors cannot be subtracted")
    both = ~np.isnan(before.score) & ~np.isnan(after.score)
    parts = tenths(after.contributions) - tenths(before.contributions)
    total = tenths(after.score) - tenths(before.score)
    return Difference(
        parts=np.where(both[:, None], parts / 10, np.nan),
        total=np.where(both, total / 10, np.nan),
    )


def tenths(figures: Floats) -> Integers:
    """Figures with one decimal as whole tenths, any shape; NaN becomes 0. For adding up without rounding."""
    return np.rint(np.nan_to_num(figures) * 10).astype(np.int64)


def _fresh(factors: Sequence[Factor], shape: tuple[int, ...], ages: ArrayLike | None) -> Flags:
    limits = np.array([np.inf if factor.fresh_days is None else factor.fresh_days for factor in factors])
    if ages is None:
        if np.isfinite(limits).any():
            raise ValueError("a factor asks for fresh values, so ages are needed")
        return np.ones(shape, np.bool_)
    given = np.asarray(ages, np.float64)
    if given.shape != shape:
        raise ValueError(f"values have shape {shape}, ages {given.shape}")
    return np.isinf(limits) | (given <= limits)


def _points(factors: Sequence[Factor], values: Floats, known: Flags) -> Integers:
    """Tenths of points; -1 where the factor does not count."""
    absent = {"redistribute": -1, "neutral": _NEUTRAL, "bad": _BAD, "block": -1}
    points = np.empty(values.shape, np.int64)
    for column, factor in enumerate(factors):
        corners, heights = np.asarray(factor.curve, np.float64).T
        drawn = np.interp(np.where(known[:, column], values[:, column], corners[0]), corners, heights)
        points[:, column] = np.where(known[:, column], _half_up(drawn * 10), absent[factor.unknown])
    return points


def _half_up(figures: Floats) -> Floats:
    """Whole numbers; what is a half but for binary fractions (0.49999999) goes up as a half does."""
    return np.floor(np.round(figures, 6) + 0.5)


def _shares(products: Integers, divisors: Integers) -> tuple[Integers, Integers]:
    """Each row's sum / divisor rounded half up, and whole parts of it that add up to it.

    Largest remainder (Hamilton): every part is rounded down, then what is missing goes, one by one, to those that lost
    most; of equals the earlier factor gets it.
    """
    totals = (2 * products.sum(axis=1) + divisors) // (2 * divisors)
    parts, lost = np.divmod(products, divisors[:, None])
    missing = totals - parts.sum(axis=1)
    place = np.argsort(np.argsort(-lost, axis=1, kind="stable"), axis=1, kind="stable")
    return totals, parts + (place < missing[:, None])
