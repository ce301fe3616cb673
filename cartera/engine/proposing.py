"""Which columns of a table can the risk be read from, and as what? Proposed from the table alone.

A column of figures becomes a figure; one of two answers, or of yes, no and something else ("no phone"), becomes 0 and 1
with the rest unknown; one of a few words becomes names without order. What says nothing (the same everywhere) or too
much (another word in every row: a name, a number of the client) is left out, with the reason.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from scipy import optimize, stats

from cartera.engine.columns import Floats
from cartera.engine.hazard import Direction, RiskFactor

type Reason = Literal["empty", "constant", "text"]

_YES, _NO = {"yes", "y", "true", "1", "sí", "si"}, {"no", "n", "false", "0"}
_NAMES = 20  # different words from which on a column is text
_GROUPS = 10
_CERTAIN = 0.001  # a trend is believed when chance alone shows it this seldom
_DOUBT = 0.05  # and to go one way only when chance alone strays as far from that more often than this


@dataclass(frozen=True, slots=True)
class Proposal:
    """factors: one per column kept, without curve and weight; values: (rows, factors), NaN for unknown."""

    factors: tuple[RiskFactor, ...]
    values: Floats
    left_out: dict[str, Reason]


def columns(table: Mapping[str, Sequence[str]]) -> Proposal:
    """Propose from *table*, its columns by name, each of (rows,) words; an empty word is unknown.

    Raises ValueError for columns of different lengths.
    """
    if len({len(words) for words in table.values()}) > 1:
        raise ValueError("the columns of a table must have the same length")
    factors, values, left_out = [], [], {}
    for key, given in table.items():
        words = [word.strip() for word in given]
        different = sorted({word for word in words if word})
        if len(different) < 2:
            left_out[key] = _nothing(different)
        elif (column := _figures(words)) is not None or (column := _answers(words, different)) is not None:
            factors.append(RiskFactor(key))
            values.append(column)
        elif len(different) <= _NAMES:
            factors.append(RiskFactor(key, names=tuple(different)))
            values.append(np.array([different.index(word) if word else np.nan for word in words], np.float64))
        else:
            left_out[key] = "text"
    rows = len(next(iter(table.values()), ()))
    return Proposal(tuple(factors), np.column_stack([np.zeros((rows, 0)), *values]), left_out)


def directed(factors: Sequence[RiskFactor], values: Floats, outcomes: Floats) -> list[RiskFactor]:
    """The factors with a direction where the outcomes leave no doubt about it; to be asked of past rows only.

    values: (rows, factors); outcomes: (rows,), 1 lost, 0 kept. A figure gets one when its rank correlates with the
    outcome for certain and the share lost in ten groups of its values moves one way only, as far as chance allows.
    """
    return [
        factor if factor.names else replace(factor, direction=_direction(column, outcomes))
        for factor, column in zip(factors, values.T, strict=True)
    ]


def _nothing(different: Sequence[str]) -> Reason:
    return "constant" if different else "empty"


def _figures(words: Sequence[str]) -> Floats | None:
    try:
        found = np.array([float(word) if word else np.nan for word in words])
    except ValueError:
        return None
    return found if not np.isinf(found).any() else None


def _answers(words: Sequence[str], different: Sequence[str]) -> Floats | None:
    """0 and 1 for no and yes, or for the only two words there are in their order; None for anything else."""
    codes = {word: 1.0 for word in different if word.lower() in _YES}
    codes |= {word: 0.0 for word in different if word.lower() in _NO}
    if len(set(codes.values())) < 2:
        if len(different) > 2:
            return None
        codes = {different[0]: 0.0, different[1]: 1.0}
    elif len(different) > len(codes) + 1:
        return None
    return np.array([codes.get(word, np.nan) for word in words])


def _direction(column: Floats, outcomes: Floats) -> Direction:
    known = ~np.isnan(column)
    values, lost = column[known], outcomes[known]
    if len(np.unique(values)) < 2 or len(np.unique(lost)) < 2:
        return "either"
    trend = stats.spearmanr(values, lost)
    if not trend.pvalue < _CERTAIN:
        return "either"
    rising = bool(trend.statistic > 0)
    return ("down" if rising else "up") if _one_way(values, lost, rising) else "either"


def _one_way(values: Floats, lost: Floats, rising: bool) -> bool:
    """Whether the shares lost differ from the nearest ones that only rise (fall) by no more than chance (χ²)."""
    edges = np.unique(np.quantile(values, np.linspace(0, 1, _GROUPS + 1)[1:-1]))
    group = np.searchsorted(edges, values, side="right")
    cases = np.bincount(group, minlength=len(edges) + 1).astype(np.float64)
    kept = cases > 0
    shares = np.bincount(group, lost, len(edges) + 1)[kept] / cases[kept]
    smooth = optimize.isotonic_regression(shares, weights=cases[kept], increasing=rising).x
    noise = np.maximum(smooth * (1 - smooth), 1e-9) / cases[kept]
    away = float(np.sum((shares - smooth) ** 2 / noise))
    return bool(stats.chi2.sf(away, max(int(kept.sum()) - 1, 1)) > _DOUBT)
