"""How good were our probabilities? Plain measures of a forecast against what happened.

Everywhere *chances* (or *scores*: any order, larger = more likely) and *outcomes* (1 or True where it happened) have
shape (cases,). An account whose score is NaN cannot be judged: leave it out, and say how many were left out.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special, stats

from cartera.engine.columns import Floats, Integers

_ROUNDS = 50
_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Calibration:
    """Groups of about equal size in order of their chance: mean chance, share that happened, and cases in each."""

    expected: Floats
    happened: Floats
    cases: Integers


def auc(scores: ArrayLike, outcomes: ArrayLike) -> float:
    """Probability that a case that happened was scored above one that did not, ties counting half (Mann-Whitney U).

    0.5 is a coin; NaN when only one outcome occurred. Raises ValueError on NaN or on different lengths.
    """
    judged, happened = _pair(scores, outcomes)
    hits = happened.sum()
    misses = len(happened) - hits
    if not hits or not misses:
        return float("nan")
    ranks = stats.rankdata(judged)
    return float((ranks[happened > 0].sum() - hits * (hits + 1) / 2) / (hits * misses))


def auc_error(scores: ArrayLike, outcomes: ArrayLike) -> float:
    """Standard error of the AUC (DeLong, DeLong and Clarke-Pearson 1988, by ranks as Sun and Xu 2014).

    NaN with fewer than two cases of either outcome. Cases count as independent.
    """
    judged, happened = _pair(scores, outcomes)
    hits, misses = judged[happened > 0], judged[happened == 0]
    if min(len(hits), len(misses)) < 2:
        return float("nan")
    ranks = stats.rankdata(np.concatenate([hits, misses]))
    of_hits = (ranks[: len(hits)] - stats.rankdata(hits)) / len(misses)
    of_misses = 1 - (ranks[len(hits) :] - stats.rankdata(misses)) / len(hits)
    return float(np.sqrt(of_hits.var(ddof=1) / len(hits) + of_misses.var(ddof=1) / len(misses)))


def brier(chances: ArrayLike, outcomes: ArrayLike) -> float:
    """Mean squared distance between chance and outcome (Brier 1950): 0 is perfect, 0.25 is "always one half"."""
    judged, happened = _pair(chances, outcomes)
    return float(np.mean((judged - happened) ** 2)) if len(judged) else float("nan")


def calibration(chances: ArrayLike, outcomes: ArrayLike, *, groups: int = 10) -> Calibration:
    """What was expected beside what happened, in *groups* of about equal size (fewer if there are fewer cases)."""
    judged, happened = _pair(chances, outcomes)
    order = np.argsort(judged, kind="stable")
    parts = [part for part in np.array_split(order, groups) if len(part)]
    return Calibration(
        expected=np.array([judged[part].mean() for part in parts]),
        happened=np.array([happened[part].mean() for part in parts]),
        cases=np.array([len(part) for part in parts], dtype=np.int64),
    )


def calibration_error(chances: ArrayLike, outcomes: ArrayLike, *, groups: int = 10) -> float:
    """Mean distance between expected and happened over the groups, weighted by cases ("expected calibration error")."""
    table = calibration(chances, outcomes, groups=groups)
    if not len(table.cases):
        return float("nan")
    return float(np.average(np.abs(table.expected - table.happened), weights=table.cases))


def calibration_line(
    log_odds: ArrayLike,
    outcomes: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    level_spread: float = np.inf,
    slope_spread: float = np.inf,
) -> tuple[float, float]:
    """Intercept and slope that make intercept + slope · *log_odds* explain *outcomes* best; 0 and 1 if already right.

    Cox, "Two further applications of a model for binary regression", 1958. All (cases,); weights: how often each case
    counts. Finite spreads hold the two to 0 and 1 by a normal prior. NaN when only one outcome occurred and nothing
    holds them.
    """
    line, happened = _pair(log_odds, outcomes)
    times = np.ones(len(line)) if weights is None else np.asarray(weights, np.float64)
    held = np.array([level_spread, slope_spread], np.float64) ** -2
    if np.isinf(level_spread) and not 0 < times @ happened < times.sum():
        return float("nan"), float("nan")
    design, point = np.column_stack([np.ones(len(line)), line]), np.array([0.0, 1.0])
    for _round in range(_ROUNDS):
        chances = special.expit(design @ point)
        pull = design.T @ (times * (happened - chances)) - held * (point - [0.0, 1.0])
        bend = (design * (times * chances * (1 - chances))[:, None]).T @ design + np.diag(held + _TINY)
        step = np.linalg.solve(bend, pull)
        point = point + np.clip(step, -1.0, 1.0)
        if np.abs(step).max() < _TINY:
            break
    return float(point[0]), float(point[1])


def _pair(scores: ArrayLike, outcomes: ArrayLike) -> tuple[Floats, Floats]:
    judged, happened = np.asarray(scores, np.float64), np.asarray(outcomes, np.float64)
    if judged.shape != happened.shape or judged.ndim != 1:
        raise ValueError("scores and outcomes must be two columns of the same length")
    if np.isnan(judged).any() or not np.isin(happened, (0.0, 1.0)).all():
        raise ValueError("scores must be known and outcomes must be 0 or 1")
    return judged, happened
