"""The risk that an account is lost in one period, from parts that add up, and from it the risk over several periods.

The model is a discrete-time hazard on snapshots of accounts (Singer and Willett, "It's about time", 1993), additive on
the log-odds (a generalised additive model: Hastie and Tibshirani, 1986):

    log-odds = base + Σ_j f_j(x_j),   hazard h = 1 / (1 + e^-log-odds),   risk over periods = 1 - Π(1 - h)

Each f_j is a curve of straight lines over one factor alone, with a level of its own for "unknown". Parts and log-odds
are shown with two decimals, and what is shown is what is calculated with: parts are rounded first and added up after.

Before there is history the curves are those of the hand-set scorecard (`start`). A part is then
-STEEPNESS · weight / Σ weight · (points - usual points) / 100, so for accounts whose factors are all known the log-odds
are a straight line over the score. `cartera.engine.learning` moves them as far as history carries.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize, special

from cartera.engine.columns import Floats, Integers
from cartera.engine.scoring import NullPolicy

type Direction = Literal["up", "down", "either"]
type Origin = Literal["scorecard", "few", "many"]

# By how much the log-odds differ between a score of 0 and one of 100 before history says so: 4.0 means that the odds
# of leaving are 55 times as high at 0 points as at 100, and 7 times at 25 points as at 75. A judgement, not a finding.
STEEPNESS = 4.0
_USUAL_POINTS = 50.0  # of an account of which nothing is known
_REACH = 20.0  # log-odds beyond which a base is not looked for: a chance of one in 500 million


@dataclass(frozen=True, slots=True)
class RiskFactor:
    """One column that the risk may depend on.

    curve: corners (value, points 0..100), values strictly increasing, as on the scorecard; empty for a column that
        stands on no scorecard, which then starts without influence
    weight: its weight on the scorecard, 0 or more; only its proportion to the others matters
    unknown: the scorecard's policy: `redistribute` starts with no influence where the value is unknown, `neutral` as 50
        points, `bad` as 0 points; `block` says no risk at all
    direction: whether more of it is good ("up": the risk never rises with it), bad ("down"), or may be "either"
    names: its values are codes 0, 1, 2 … of these names, which are in no order

    Raises ValueError for a curve, a weight or a direction that breaks these rules.
    """

    key: str
    curve: Sequence[tuple[float, float]] = ()
    weight: float = 0.0
    unknown: NullPolicy = "redistribute"
    direction: Direction = "either"
    names: Sequence[str] = ()

    def __post_init__(self) -> None:
        values, points = np.asarray(self.curve, np.float64).reshape(-1, 2).T
        if not np.isfinite(values).all() or np.any(np.diff(values) <= 0):
            raise ValueError(f"{self.key}: a curve needs corners with increasing values")
        if not np.all((points >= 0) & (points <= 100)):
            raise ValueError(f"{self.key}: points lie between 0 and 100")
        if not (0 <= self.weight < np.inf) or (self.weight > 0 and not len(values)):
            raise ValueError(f"{self.key}: a weight is 0 or more, and needs a curve")
        if self.direction not in ("up", "down", "either"):
            raise ValueError(f"{self.key}: unknown direction {self.direction}")
        if self.unknown not in ("redistribute", "neutral", "bad", "block"):
            raise ValueError(f"{self.key}: unknown policy {self.unknown}")

    def points(self, values: ArrayLike) -> Floats:
        """Points 0..100 of *values*, any shape; the usual 50 without a curve; NaN where unknown."""
        given = np.asarray(values, np.float64)
        if not len(self.curve):
            return np.where(np.isnan(given), np.nan, _USUAL_POINTS)
        corners, heights = np.asarray(self.curve, np.float64).T
        return np.where(np.isnan(given), np.nan, np.interp(given, corners, heights))


@dataclass(frozen=True, slots=True)
class Shape:
    """f_j: what a factor adds to the log-odds. Above zero: more likely to leave than usual.

    corners: (value, log-odds), values strictly increasing; straight between them, flat before the first and after the
        last; empty where the factor has no influence
    unknown: log-odds where the value is unknown, NaN where no risk is then said
    spread: how much the part differs between accounts (standard deviation, log-odds): the factor's real weight
    """

    key: str
    corners: tuple[tuple[float, float], ...]
    unknown: float
    spread: float

    def parts(self, values: ArrayLike) -> Floats:
        """The unrounded part of each of *values*, any shape."""
        given = np.asarray(values, np.float64)
        if not self.corners:
            return np.where(np.isnan(given), self.unknown, 0.0)
        corners, heights = np.array(self.corners).T
        return np.where(np.isnan(given), self.unknown, np.interp(given, corners, heights))


@dataclass(frozen=True, slots=True)
class Model:
    """A version of the risk model: base (log-odds of a usual account), one shape per factor, and the period in days.

    origin: `scorecard` (nothing learned), `few` (strongly held to the scorecard) or `many` (free where data carries)
    """

    base: float
    shapes: tuple[Shape, ...]
    period: float
    origin: Origin = "scorecard"

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON, from which `from_dict` makes an equal model."""
        shapes = [
            {
                "key": shape.key,
                "corners": [list(corner) for corner in shape.corners],
                "unknown": None if np.isnan(shape.unknown) else shape.unknown,
                "spread": shape.spread,
            }
            for shape in self.shapes
        ]
        return {"base": self.base, "period": self.period, "origin": self.origin, "shapes": shapes}

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Self:
        """The model that `as_dict` wrote. Raises KeyError when something is missing."""
        shapes = tuple(
            Shape(
                key=shape["key"],
                corners=tuple((float(value), float(height)) for value, height in shape["corners"]),
                unknown=np.nan if shape["unknown"] is None else float(shape["unknown"]),
                spread=float(shape["spread"]),
            )
            for shape in kept["shapes"]
        )
        return cls(float(kept["base"]), shapes, float(kept["period"]), kept["origin"])


@dataclass(frozen=True, slots=True)
class Reading:
    """What the model says of each account. NaN where nothing is known of it, or a factor that blocks is unknown.

    base, parts (accounts, factors), log_odds (accounts,): whole hundredths written as floats; they add up exactly:
        `hundredths(base) + hundredths(parts).sum(axis=1) == hundredths(log_odds)`
    hazard: (accounts,), probability 0..1 to be lost within one period
    known: (accounts,), share 0..1 of the factors' real weight (`Shape.spread`) whose value is known
    """

    base: float
    parts: Floats
    log_odds: Floats
    hazard: Floats
    known: Floats
    period: float

    def risk(self, days: float) -> Floats:
        """Probability 0..1 to be lost within *days*, the hazard staying what it is now."""
        return over(self.hazard, days / self.period)


@dataclass(frozen=True, slots=True)
class Change:
    """What a factor weighs in two versions, in per cent of all real weight, and where its curve differs most.

    at: the value where it does, NaN for "unknown" or when the curves are equal; before, after: log-odds there
    """

    key: str
    weight_before: float
    weight_after: float
    at: float
    before: float
    after: float


def start(factors: Sequence[RiskFactor], values: ArrayLike, *, base: float, period: float) -> Model:
    """The hand-set scorecard as a model, so that the mean hazard of the accounts of *values* is *base*.

    values: (accounts, factors) as they are now, NaN for unknown; it may have no rows. base: expected share 0..1 of
    accounts lost in one period of *period* days. Raises ValueError for a base outside 0..1 or a period not above 0.
    """
    if not (0 < base < 1 and period > 0):
        raise ValueError("a base lies between 0 and 1, a period is above 0")
    given = _table(values, len(factors))
    whole = sum(factor.weight for factor in factors) or 1.0
    shapes = [
        _hand_set(factor, STEEPNESS * factor.weight / whole / 100, column)
        for factor, column in zip(factors, given.T, strict=True)
    ]
    parts = np.column_stack([shape.parts(column) for shape, column in zip(shapes, given.T, strict=True)] or [given])
    return Model(_level(parts.sum(axis=1), base), tuple(shapes), period)


def read(model: Model, values: ArrayLike) -> Reading:
    """Read each account. values: (accounts, factors) in the order of the model's shapes, NaN for unknown.

    Raises ValueError when the number of columns is another.
    """
    given = _table(values, len(model.shapes))
    parts = np.empty(given.shape)
    for column, shape in enumerate(model.shapes):
        parts[:, column] = np.round(shape.parts(given[:, column]), 2)
    base = round(model.base, 2)
    said = ~np.isnan(given).all(axis=1) & ~np.isnan(parts).any(axis=1)
    whole = hundredths(np.array(base)) + hundredths(parts).sum(axis=1)
    log_odds = np.where(said, whole / 100, np.nan)
    weights = np.array([shape.spread for shape in model.shapes])
    known = (~np.isnan(given) * weights).sum(axis=1) / (weights.sum() or 1.0)
    return Reading(base, parts, log_odds, special.expit(log_odds), known, model.period)


def over(hazard: ArrayLike, periods: float) -> Floats:
    """Risk over a number of *periods* with the same hazard: 1 - (1 - h)^periods; any shape, NaN stays NaN."""
    return -np.expm1(periods * np.log1p(-np.asarray(hazard, np.float64)))


def together(hazards: ArrayLike) -> Floats:
    """Risk over periods with a hazard each: 1 - Π(1 - h). hazards: (accounts, periods); gives (accounts,)."""
    return 1 - np.prod(1 - np.asarray(hazards, np.float64), axis=1)


def changes(before: Model, after: Model) -> list[Change]:
    """What became of each factor from one version to the other, largest change of weight first.

    A factor that only one of them has weighs nothing in the other.
    """
    old, new = ({shape.key: shape for shape in model.shapes} for model in (before, after))
    sums = [sum(shape.spread for shape in model.shapes) or 1.0 for model in (before, after)]
    nothing = Shape("", (), 0.0, 0.0)
    found = []
    for key in dict.fromkeys([*old, *new]):
        was, became = old.get(key, nothing), new.get(key, nothing)
        at, low, high = _furthest(was, became)
        found.append(Change(key, 100 * was.spread / sums[0], 100 * became.spread / sums[1], at, low, high))
    return sorted(found, key=lambda change: -abs(change.weight_after - change.weight_before))


def hundredths(figures: ArrayLike) -> Integers:
    """Figures with two decimals as whole hundredths, any shape; NaN becomes 0. For adding up without rounding."""
    return np.rint(np.nan_to_num(np.asarray(figures, np.float64)) * 100).astype(np.int64)


def _table(values: ArrayLike, columns: int) -> Floats:
    given = np.asarray(values, np.float64)
    if given.ndim != 2 or given.shape[1] != columns:
        raise ValueError(f"expected one column of values for each of {columns} factors, got {given.shape}")
    return given


def _hand_set(factor: RiskFactor, per_point: float, values: Floats) -> Shape:
    """The scorecard's curve turned upside down, around the points that the known accounts have on average."""
    points = factor.points(values)
    known = points[~np.isnan(points)]
    usual = float(known.mean()) if len(known) else _USUAL_POINTS
    absent = {"redistribute": usual, "neutral": _USUAL_POINTS, "bad": 0.0, "block": np.nan}[factor.unknown]
    corners = tuple((float(value), -per_point * (height - usual)) for value, height in factor.curve)
    spread = float(known.std()) if len(known) > 1 else _USUAL_POINTS / 2
    return Shape(factor.key, corners, -per_point * (absent - usual) + 0.0, per_point * spread)


def _level(parts: Floats, share: float) -> float:
    """The base that makes the mean hazard *share*, given each account's sum of *parts*."""
    known = parts[~np.isnan(parts)]
    if not len(known):
        return float(special.logit(share))

    def missing(base: float) -> float:
        return float(special.expit(known + base).mean()) - share

    return float(optimize.brentq(missing, -_REACH - known.max(), _REACH - known.min()))


def _furthest(was: Shape, became: Shape) -> tuple[float, float, float]:
    """Where two curves differ most, and their heights there; both are straight between these values."""
    values = np.array([np.nan, *sorted({value for value, _height in (*was.corners, *became.corners)})])
    old, new = was.parts(values), became.parts(values)
    gaps = np.nan_to_num(np.abs(new - old))
    place = int(gaps.argmax())
    return float(values[place]), float(old[place]), float(new[place])
