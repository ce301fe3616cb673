"""Columns that know the future, found before anything is learned from them.

Three signs, each enough:

* `late`: a value became known only on or after the day of the cut that it is used for;
* `filled`: nearly all accounts for which there is a value (or for which there is none) were lost, or were kept: a
  date of leaving is filled in for those who left;
* `perfect`: the column alone, whatever its curve, orders lost and kept accounts better than all ordinary columns
  together by half of their errors (1 - AUC). Columns from an honest past share what they know; one copied from the
  outcome stands apart.

Each sign must be certain (to 0.5 %) before it counts, so that few accounts raise no false alarm. An honest column can
still look like this (a notice already given): a person may then admit it by name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

from cartera.engine import shapes
from cartera.engine.columns import Flags, Floats, Integers
from cartera.engine.hazard import RiskFactor, Shape
from cartera.engine.judging import auc, auc_error
from cartera.engine.shapes import Freedom

type Sign = Literal["late", "filled", "perfect"]

_PURE = 0.95  # share of one outcome among those with (without) a value from which on it is no coincidence
_PERFECT = 0.85  # AUC of a column alone from which on it is looked at
_ORDINARY = 0.75  # AUC that ordinary columns are taken to reach together at least
_CERTAIN = 0.005
_GROUPS = 50
_ALONE = Freedom(corners=12, typical=1.0, trust=2.0)


@dataclass(frozen=True, slots=True)
class Leak:
    """A refused column: why, and the figure behind it.

    figure: of `late` the share of its values, of `filled` the share of one outcome, of `perfect` the AUC of the column
    alone; beside: of `perfect` the AUC of all ordinary columns together, of `filled` the share of that outcome among
    all, of `late` 0
    """

    key: str
    sign: Sign
    figure: float
    beside: float


def find(
    factors: Sequence[RiskFactor],
    values: Floats,
    outcomes: Floats,
    accounts: Integers,
    late: Floats,
) -> list[Leak]:
    """The columns of *values* (rows, factors) that know the *outcomes* (rows,) of 0 and 1 of *accounts* (rows,).

    late: (factors,), share of each column's values that became known too late.
    """
    found = [Leak(factors[place].key, "late", float(late[place]), 0.0) for place in np.flatnonzero(late > 0).tolist()]
    accused = late > 0
    if len(np.unique(outcomes)) < 2:
        return found
    repeated = len(outcomes) / max(len(np.unique(accounts)), 1)
    for place, factor in enumerate(factors):
        if not accused[place] and (leak := _filled(factor.key, values[:, place], outcomes, accounts)):
            found.append(leak)
            accused[place] = True
    return found + _perfect(factors, values, outcomes, accounts, accused, repeated)


def _filled(key: str, values: Floats, outcomes: Floats, accounts: Integers) -> Leak | None:
    known = ~np.isnan(values)
    for rows in (known, ~known):
        cases, different = int(rows.sum()), len(np.unique(accounts[rows]))
        for outcome in (1.0, 0.0):
            share = float((outcomes[rows] == outcome).mean()) if cases else 0.0
            usual = float((outcomes == outcome).mean())
            # Lower limit of Clopper and Pearson; rows of one account count as one.
            least = stats.beta.ppf(_CERTAIN, share * different, (1 - share) * different + 1) if share else 0.0
            # It must stand out: not simply be what nearly all accounts do.
            if least > _PURE and usual < 1 - 3 * (1 - _PURE):
                return Leak(key, "filled", share, usual)
    return None


def _perfect(
    factors: Sequence[RiskFactor],
    values: Floats,
    outcomes: Floats,
    accounts: Integers,
    accused: Flags,
    repeated: float,
) -> list[Leak]:
    looked_at = [
        not accused[place] and _with_hindsight(values[:, place], outcomes) > _PERFECT for place in range(len(factors))
    ]
    alone = [
        _least_auc(factors, [place], values, outcomes, accounts, repeated) if worth else np.nan
        for place, worth in enumerate(looked_at)
    ]
    suspects = [place for place, value in enumerate(alone) if value > _PERFECT]
    if not suspects:
        return []
    others = [place for place in range(len(factors)) if place not in suspects and not accused[place]]
    ordinary = _ORDINARY
    if others:
        ordinary = max(ordinary, auc(_known_by(factors, others, values, outcomes, accounts), outcomes))
    return [
        Leak(factors[place].key, "perfect", alone[place], ordinary)
        for place in suspects
        if 1 - alone[place] < (1 - ordinary) / 2
    ]


def _with_hindsight(values: Floats, outcomes: Floats) -> float:
    """AUC of a column whose values, in _GROUPS groups, are ordered by the very outcomes: no curve reaches more."""
    known = ~np.isnan(values)
    inner = np.linspace(0, 1, _GROUPS)[1:-1]
    bounds = np.unique(np.quantile(values[known], inner)) if known.any() else np.empty(0)
    group = np.where(known, np.searchsorted(bounds, values), len(bounds) + 1)
    lost = np.bincount(group, outcomes) / np.maximum(np.bincount(group), 1)
    return auc(lost[group], outcomes)


def _least_auc(
    factors: Sequence[RiskFactor],
    places: Sequence[int],
    values: Floats,
    outcomes: Floats,
    accounts: Integers,
    repeated: float,
) -> float:
    """Lower limit of the AUC that these columns reach on accounts they were not fitted to."""
    known = _known_by(factors, places, values, outcomes, accounts)
    error = auc_error(known, outcomes) * np.sqrt(repeated)
    return float(auc(known, outcomes) + stats.norm.ppf(_CERTAIN) * error)


def _known_by(
    factors: Sequence[RiskFactor], places: Sequence[int], values: Floats, outcomes: Floats, accounts: Integers
) -> Floats:
    """Log-odds by these columns alone, whatever their curve: no direction and no scorecard."""
    plain = [RiskFactor(factors[place].key, names=factors[place].names) for place in places]
    given = [Shape(factor.key, (), 0.0, 0.0) for factor in plain]
    columns, every = values[:, places], np.ones(len(outcomes))
    found = shapes.left_out(plain, given, columns, outcomes, every, _ALONE, accounts, every > 0)
    return np.nan_to_num(found)
