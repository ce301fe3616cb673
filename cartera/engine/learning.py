"""Learning the risk from an account book's own history, moving from the hand-set scorecard only as far as it carries.

With fewer than LEAST_LOSSES lost (or kept) accounts only the level is learned and the model is the scorecard. With few
accounts or losses its curves are held strongly and have few corners; with many they follow the data (`engine.shapes`).
Nothing is learned from a window that was not over at the moment asked about, so between the last cut that was learned
from and the accounts that are then read lies one period at least: the embargo.

The windows of the last year set intercept and slope, and nothing else, which keeps the parts additive. Each of their
accounts is foretold by curves that were fitted without that account. So the level follows the year and, once a window
of the same time of year is known, the season, and the slope takes back what is too bold.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from cartera.engine import hazard, judging, leaks, shapes
from cartera.engine.columns import Flags, Floats, Integers
from cartera.engine.hazard import Model, Origin, RiskFactor, Shape
from cartera.engine.leaks import Leak
from cartera.engine.shapes import Freedom

LEAST_LOSSES = 10  # lost accounts, and kept ones: a rule of thumb asks for ten for each thing that is estimated
FEW_ACCOUNTS = 200
FEW_LOSSES = 50
_CORNERS: dict[Origin, int] = {"few": 3, "many": 12}
# Log-odds that a curve is expected to leave the scorecard's by, with many losses and (half of it) with FEW_LOSSES.
_TYPICAL = 0.3
_TRUST = 8.0  # curves' worth of evidence behind that expectation
_ROWS = 40_000  # learned from; of more, only some of the accounts are
_LEVEL_TRUST = 20.0  # how many accounts' worth of experience stand behind the stated base
_SLOPE_SPREAD = 0.25  # how far from 1 the slope is expected to be
_LEVEL_SPREAD = 1.0  # how far from 0, in log-odds, the intercept is
_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Snapshots:
    """Accounts as they were known at past cuts and at the present one, and what became of them.

    values: (rows, factors), NaN for unknown; account: (rows,), its number; cut: (rows,), the day of the cut, days from
    any common origin; outcome: (rows,), 1 lost within one period of the cut, 0 kept, NaN where it is not known yet;
    known_at: (rows, factors), day, with fraction, on which the newest row behind a value became known, NaN where there
    is none; None if it cannot be said. Raises ValueError for columns that do not fit each other.
    """

    values: Floats
    account: Integers
    cut: Floats
    outcome: Floats
    known_at: Floats | None = None

    def __post_init__(self) -> None:
        rows = self.values.shape[:1]
        if self.values.ndim != 2 or not rows == self.account.shape == self.cut.shape == self.outcome.shape:
            raise ValueError("values, account, cut and outcome must have the same rows")
        if self.known_at is not None and self.known_at.shape != self.values.shape:
            raise ValueError("known_at must have the shape of values")
        if not np.isin(self.outcome[~np.isnan(self.outcome)], (0.0, 1.0)).all():
            raise ValueError("an outcome is 1, 0 or NaN")

    def only(self, rows: Flags) -> "Snapshots":
        """These rows alone; rows: (rows,) flags."""
        known_at = None if self.known_at is None else self.known_at[rows]
        return Snapshots(self.values[rows], self.account[rows], self.cut[rows], self.outcome[rows], known_at)

    def columns(self, kept: Flags) -> "Snapshots":
        """These factors alone; kept: (factors,) flags."""
        known_at = None if self.known_at is None else self.known_at[:, kept]
        return replace(self, values=self.values[:, kept], known_at=known_at)


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the last known window said: on the day *cut*, *expected* losses were foretold and *observed* happened.

    Both are counts of accounts, each foretold without itself, before intercept and slope were set.
    intercept, slope: of the year's windows; calibrated log-odds = intercept + slope · log-odds, already in the model.
    """

    cut: float
    expected: float
    observed: float
    intercept: float
    slope: float


@dataclass(frozen=True, slots=True)
class Learned:
    """The model, the hand-set start it came from, and what it was learned from.

    accounts, losses: different accounts that were learned from, and those of them that were lost; cuts: days
    refused: columns that know the future; nothing is learned or read from them
    calibration: None when nothing was learned but the level
    """

    model: Model
    start: Model
    accounts: int
    losses: int
    cuts: tuple[float, ...]
    refused: tuple[Leak, ...]
    calibration: Calibration | None


def fit(
    snapshots: Snapshots,
    factors: Sequence[RiskFactor],
    *,
    base: float,
    period: float,
    as_of: float,
    admitted: Collection[str] = (),
) -> Learned:
    """Learn from all windows that were over on the day *as_of*.

    factors: one for each column of values; base: the share 0..1 of accounts that a person expects to be lost in a
    period of *period* days; admitted: keys of columns that a person vouches for although they look like the future.
    The start is made on the accounts of the newest cut not after *as_of*. Raises ValueError as `hazard.start` does.
    """
    past = snapshots.only(snapshots.cut <= as_of)
    newest = past.cut == past.cut.max(initial=-np.inf)
    over = past.only(~np.isnan(past.outcome) & (past.cut + period <= as_of))
    refused = tuple(leak for leak in _leaks(over, factors) if leak.key not in admitted)
    shut = {leak.key for leak in refused}
    kept = np.array([factor.key not in shut for factor in factors], np.bool_)
    honest = [factor for factor in factors if factor.key not in shut]
    began = hazard.start(honest, past.values[newest][:, kept], base=_share(over, base, period), period=period)
    usable = over.columns(kept)
    usable = usable.only(~_blocked(began.shapes, usable.values))
    model, calibration = began, None
    if (origin := _origin(usable)) != "scorecard":
        model, calibration = _learned(usable, honest, began, origin, as_of)
    model, began = (_with_shut(version, factors) for version in (model, began))
    lost = len(np.unique(usable.account[usable.outcome > 0]))
    cuts = tuple(np.unique(usable.cut).tolist())
    return Learned(model, began, len(np.unique(usable.account)), lost, cuts, refused, calibration)


def _leaks(over: Snapshots, factors: Sequence[RiskFactor]) -> list[Leak]:
    late = np.zeros(len(factors))
    if over.known_at is not None:
        late = (over.known_at >= over.cut[:, None]).sum(axis=0) / np.maximum((~np.isnan(over.values)).sum(axis=0), 1)
    rows = _thinned(over)
    return leaks.find(factors, rows.values, rows.outcome, rows.account, late)


def _with_shut(model: Model, factors: Sequence[RiskFactor]) -> Model:
    """The model with a flat curve for each refused column: it has no influence, not even the scorecard's."""
    found = {shape.key: shape for shape in model.shapes}
    every = tuple(found.get(factor.key, Shape(factor.key, (), 0.0, 0.0)) for factor in factors)
    return replace(model, shapes=every)


def _share(over: Snapshots, base: float, period: float) -> float:
    """The stated base, brought up to date by how many accounts were lost."""
    weights = _weights(over.cut, period)
    return float((base * _LEVEL_TRUST + weights @ over.outcome) / (_LEVEL_TRUST + weights.sum()))


def _blocked(given: Sequence[Shape], values: Floats) -> Flags:
    return np.isnan(shapes.added(given, values))


def _origin(over: Snapshots) -> Origin:
    accounts = len(np.unique(over.account))
    fewer = min(len(np.unique(over.account[over.outcome == outcome])) for outcome in (0.0, 1.0))
    if fewer < LEAST_LOSSES:
        return "scorecard"
    return "few" if accounts < FEW_ACCOUNTS or fewer < FEW_LOSSES else "many"


def _weights(cuts: Floats, period: float) -> Floats:
    """What a row counts for: windows that overlap tell the same losses again and count for what they add."""
    between = np.diff(np.unique(cuts))
    return np.full(len(cuts), min(1.0, float(np.median(between)) / period) if len(between) else 1.0)


def _thinned(over: Snapshots) -> Snapshots:
    names, number = np.unique(over.account, return_inverse=True)
    if len(number) <= _ROWS:
        return over
    keep = np.linspace(0, len(names) - 1, max(int(len(names) * _ROWS / len(number)), 1)).astype(np.intp)
    return over.only(np.isin(number, keep))


def _learned(
    over: Snapshots, factors: Sequence[RiskFactor], began: Model, origin: Origin, as_of: float
) -> tuple[Model, Calibration]:
    rows = _thinned(over)
    freedom, weights = _freedom(rows, origin), _weights(rows.cut, began.period)
    base, found = shapes.fit(factors, began.shapes, rows.values, rows.outcome, weights, freedom)
    seasons = _seasons(rows.cut, as_of, began.period)
    foretold, judged = np.full(len(rows.cut), np.nan), seasons > 0
    foretold[judged] = shapes.left_out(
        factors, began.shapes, rows.values, rows.outcome, weights, freedom, rows.account, judged
    )
    intercept, slope = judging.calibration_line(
        foretold[judged],
        rows.outcome[judged],
        seasons[judged] * weights[judged],
        level_spread=_LEVEL_SPREAD,
        slope_spread=_SLOPE_SPREAD,
    )
    last = rows.cut == rows.cut.max()
    expected, observed = float(special.expit(foretold[last]).sum()), float(rows.outcome[last].sum())
    curves = tuple(_scaled(shape, slope) for shape in found)
    calibration = Calibration(float(rows.cut.max()), expected, observed, intercept, slope)
    return Model(intercept + slope * base, curves, began.period, origin), calibration


def _freedom(rows: Snapshots, origin: Origin) -> Freedom:
    """The fewer were lost (or kept), the closer the curves stay to the scorecard's."""
    fewer = min(len(np.unique(rows.account[rows.outcome == outcome])) for outcome in (0.0, 1.0))
    return Freedom(_CORNERS[origin], _TYPICAL * fewer / (fewer + FEW_LOSSES), _TRUST)


def _seasons(cuts: Floats, as_of: float, period: float) -> Floats:
    """What each row counts for in setting level and slope: the windows of the last year, half of it those in season.

    A year of windows holds every season once. The last window alone would carry its season into the next: on the
    ledger it foretells the level of the window to come worse than the mean of all before it does. Once a window of the
    same time of year is known, half of the weight goes to it.
    """
    recent = cuts >= as_of - _YEAR - period / 2
    if not recent.any():
        return (cuts == cuts.max()).astype(np.float64)
    in_season = recent & (np.abs(cuts - (as_of - _YEAR)) <= period / 2)
    rest = recent & ~in_season
    if not (in_season.any() and rest.any()):
        return recent.astype(np.float64)
    return np.where(in_season, 0.5 / in_season.sum(), rest * 0.5 / rest.sum()) * recent.sum()


def _scaled(shape: Shape, slope: float) -> Shape:
    corners = tuple((value, slope * height) for value, height in shape.corners)
    return replace(shape, corners=corners, unknown=slope * shape.unknown, spread=slope * shape.spread)
