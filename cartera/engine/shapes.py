"""Additive curves on the log-odds, fitted with shrinkage towards given ones: a penalised logistic regression.

A factor's curve is straight between corners c_0 < c_1 < …; what is fitted are its rises between neighbouring corners,
θ_k, and its level for "unknown". Given rises t_k (the scorecard's) are stretched by one factor s common to all curves;
θ_k - s·t_k is taken for a random walk over the ranks of the values: normal, with variance τ²·(share of values between
the corners). τ² is found for each curve by restricted maximum likelihood (fixed point of Wood and Fasiolo, "A
generalized Fellner-Schall method for smoothing parameter optimization", 2017), held to a stated size by a prior, so
that few losses cannot move a curve and many can. A curve that may only rise (or fall) has θ_k ≥ 0 (≤ 0) inside the fit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import linalg, optimize, special

from cartera.engine.columns import Flags, Floats, Integers
from cartera.engine.hazard import RiskFactor, Shape

_STRETCH_SPREAD = 0.5  # how far the given curves as a whole may be too flat or too steep: 1 ± 0.5
_BASE_SPREAD = 3.0
_ROUNDS = 50
_FOLDS = 5
_SETTLED = 1e-4  # log-odds; parts are shown in hundredths
_STRIDE = 5.0  # log-odds in one step: where all chances are near 0 or 1 a whole one would leap beyond return
_LEAST_SHARE = 1e-3  # of values between two corners: where there is nearly nothing, the curve keeps to the given one


@dataclass(frozen=True, slots=True)
class Freedom:
    """How far curves may leave the given ones.

    corners: quantiles a curve bends at, besides the given corners; typical: log-odds that a curve is expected to wander
    over all its values; trust: how many curves' worth of evidence stand behind that expectation
    """

    corners: int
    typical: float
    trust: float


@dataclass(frozen=True, slots=True)
class _Block:
    """The columns of one factor. design: (rows, terms); given, shares, least, most: (terms,); means: (terms,)."""

    key: str
    corners: Floats
    named: bool
    design: Floats
    means: Floats
    given: Floats
    shares: Floats
    least: Floats
    most: Floats
    blocks: bool


def fit(
    factors: Sequence[RiskFactor],
    given: Sequence[Shape],
    values: Floats,
    outcomes: Floats,
    weights: Floats,
    freedom: Freedom,
) -> tuple[float, list[Shape]]:
    """Base and curves that explain *outcomes* (rows,) of 0 and 1 by *values* (rows, factors), NaN for unknown.

    given: the curves to start from, one per factor; weights: (rows,), what each row counts for.
    Rows on which a factor that blocks is unknown must have been left out.
    """
    blocks = [
        _block(factor, shape, column, freedom.corners)
        for factor, shape, column in zip(factors, given, values.T, strict=True)
    ]
    design = np.column_stack([np.ones(len(values)), np.zeros(len(values)), *(block.design for block in blocks)])
    point = _search(blocks, design, outcomes, weights, freedom)
    places = _places(blocks)
    shapes = [_shape(block, point[place], design[:, place]) for block, place in zip(blocks, places, strict=True)]
    return float(point[0]), shapes


def left_out(
    factors: Sequence[RiskFactor],
    given: Sequence[Shape],
    values: Floats,
    outcomes: Floats,
    weights: Floats,
    freedom: Freedom,
    accounts: Integers,
    asked: Flags,
) -> Floats:
    """Log-odds of the rows *asked*, each from curves fitted to the rows of other accounts (five groups of accounts)."""
    group = np.unique(accounts, return_inverse=True)[1] % _FOLDS
    found = np.full(len(values), np.nan)
    for number in range(_FOLDS):
        learn, judge = group != number, asked & (group == number)
        if judge.any():
            base, shapes = fit(factors, given, values[learn], outcomes[learn], weights[learn], freedom)
            found[judge] = base + added(shapes, values[judge])
    return found[asked]


def added(shapes: Sequence[Shape], values: Floats) -> Floats:
    """The sum of the parts of each row of *values*, not rounded."""
    return sum((shape.parts(column) for shape, column in zip(shapes, values.T, strict=True)), np.zeros(len(values)))


def _block(factor: RiskFactor, given: Shape, values: Floats, corners: int) -> _Block:
    known = values[~np.isnan(values)]
    if factor.names:
        return _named_block(factor, given, values)
    bends = _corners(known, given, corners)
    spans = np.diff(bends)
    columns = np.clip((values[:, None] - bends[:-1]) / spans, 0, 1)
    shares = np.diff(np.searchsorted(np.sort(known), bends, side="right")) / max(len(known), 1)
    free = {"up": (-np.inf, 0.0), "down": (0.0, np.inf), "either": (-np.inf, np.inf)}[factor.direction]
    return _assembled(factor, bends, columns, np.diff(given.parts(bends)), shares, given, values, free)


def _named_block(factor: RiskFactor, given: Shape, values: Floats) -> _Block:
    codes = np.arange(len(factor.names), dtype=np.float64)
    columns = np.where(np.isnan(values)[:, None], np.nan, values[:, None] == codes).astype(np.float64)
    free = (-np.inf, np.inf)
    return _assembled(factor, codes, columns, given.parts(codes), np.ones(len(codes)), given, values, free)


def _assembled(
    factor: RiskFactor,
    corners: Floats,
    columns: Floats,
    rises: Floats,
    shares: Floats,
    given: Shape,
    values: Floats,
    free: tuple[float, float],
) -> _Block:
    """Columns centred over the known values, so that an unknown one adds nothing but its own level."""
    unknown = np.isnan(values)
    means = columns[~unknown].mean(axis=0) if not unknown.all() else np.zeros(columns.shape[1])
    design = np.where(unknown[:, None], 0.0, columns - means)
    usual = float(given.parts(values[~unknown]).mean()) if not unknown.all() else 0.0
    level = given.unknown - usual
    blocks = bool(np.isnan(level))
    return _Block(
        key=factor.key,
        corners=corners,
        named=bool(factor.names),
        design=np.column_stack([design, unknown]),
        means=means,
        given=np.append(rises, 0.0 if blocks else level),
        shares=np.append(np.maximum(shares, _LEAST_SHARE), 1.0),
        least=np.append(np.full(len(rises), free[0]), -np.inf),
        most=np.append(np.full(len(rises), free[1]), np.inf),
        blocks=blocks,
    )


def _corners(known: Floats, given: Shape, number: int) -> Floats:
    """Where the curve may bend: the given corners and quantiles of the known values."""
    quantiles = np.quantile(known, np.linspace(0, 1, number + 1)) if len(known) else np.zeros(0)
    values = np.unique([*quantiles, *(value for value, _height in given.corners)])
    return values if len(values) > 1 else np.array([0.0, 1.0]) + (values[0] if len(values) else 0.0)


def _places(blocks: Sequence[_Block]) -> list[slice]:
    ends = (2 + np.cumsum([0, *(len(block.given) for block in blocks)])).tolist()
    return [slice(first, last) for first, last in pairwise(ends)]


def _search(blocks: Sequence[_Block], design: Floats, outcomes: Floats, weights: Floats, freedom: Freedom) -> Floats:
    """Base, stretch and terms: Newton's method inside the limits, the variances brought up to date at each step."""
    least = np.concatenate([[-np.inf, 0.0], *(block.least for block in blocks)])
    most = np.concatenate([[np.inf, np.inf], *(block.most for block in blocks)])
    variances = np.full(len(blocks), freedom.typical**2)
    usual = special.logit((weights @ outcomes + 0.5) / (weights.sum() + 1))
    point = np.concatenate([[usual, 1.0], *(block.given for block in blocks)])
    for _round in range(_ROUNDS):
        chances = special.expit(design @ point)
        curvature = np.maximum(weights * chances * (1 - chances), 1e-8 * weights)
        penalty, pull = _penalty(blocks, variances, usual)
        bend = (design * curvature[:, None]).T @ design + penalty
        slope = design.T @ (weights * (outcomes - chances)) - penalty @ point + pull
        after = _bounded(bend, bend @ point + slope, least, most)
        moved = float(np.abs(design @ (after - point)).max())
        point = point + (after - point) * min(1.0, _STRIDE / max(moved, _SETTLED))
        variances = _variances(blocks, point, bend, variances, freedom)
        if moved < _SETTLED:
            break
    return point


def _penalty(blocks: Sequence[_Block], variances: Floats, usual: float) -> tuple[Floats, Floats]:
    """Σ (θ - s·t)² / (τ²·share) + (s - 1)² / spread² + … as point'·penalty·point - 2·pull'·point."""
    size = 2 + sum(len(block.given) for block in blocks)
    penalty, pull = np.zeros((size, size)), np.zeros(size)
    penalty[0, 0] = _BASE_SPREAD**-2  # only so that it stays finite when nobody, or everybody, was lost
    pull[0] = usual * _BASE_SPREAD**-2
    penalty[1, 1] = pull[1] = _STRETCH_SPREAD**-2
    for block, place, variance in zip(blocks, _places(blocks), variances, strict=True):
        precision = 1 / (variance * block.shares)
        penalty[place, place] += np.diag(precision)
        penalty[1, place] = penalty[place, 1] = -precision * block.given
        penalty[1, 1] += np.sum(precision * block.given**2)
    return penalty, pull


def _bounded(bend: Floats, target: Floats, least: Floats, most: Floats) -> Floats:
    """The minimum of x'·bend·x / 2 - target'·x with least ≤ x ≤ most."""
    free = linalg.solve(bend, target, assume_a="pos")
    if np.all((free >= least) & (free <= most)):
        return free
    root = linalg.cholesky(bend)
    found = optimize.lsq_linear(root, linalg.solve_triangular(root, target, trans=1), (least, most), method="bvls")
    return found.x


def _variances(blocks: Sequence[_Block], point: Floats, bend: Floats, variances: Floats, freedom: Freedom) -> Floats:
    """τ² of each curve: (squared wandering + prior) / (degrees of freedom used + prior)."""
    spread = linalg.inv(bend)
    found = np.empty(len(blocks))
    for number, (block, place) in enumerate(zip(blocks, _places(blocks), strict=True)):
        given, shares = block.given, block.shares
        wandered = np.sum((point[place] - point[1] * given) ** 2 / shares)
        own = np.diag(spread)[place] - 2 * given * spread[1, place] + given**2 * spread[1, 1]
        used = max(len(given) - float(np.sum(own / shares)) / variances[number], 0.0)
        found[number] = (wandered + freedom.trust * freedom.typical**2) / (used + freedom.trust)
    return found


def _shape(block: _Block, terms: Floats, design: Floats) -> Shape:
    rises, unknown = terms[:-1], float(terms[-1])
    heights = rises if block.named else np.concatenate([[0.0], np.cumsum(rises)])
    heights = heights - block.means @ rises
    corners = tuple((float(value), float(height)) for value, height in zip(block.corners, heights, strict=True))
    return Shape(block.key, corners, np.nan if block.blocks else unknown, float(np.std(design @ terms)))
