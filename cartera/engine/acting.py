"""What it is worth to act on an account now: probability × chance that acting saves it × margin - cost.

The chance that acting saves an account that would else be lost is a stated belief until outcomes say otherwise. It
may come out below zero: a call can remind a client of the contract that they meant to cancel. So the belief is about
what is left of the risk after acting, 1 - chance, which is Gamma distributed (a Beta could not go beyond 1). It is
stated as a chance and the number of expected losses that stand behind it; losses among accounts that were acted on,
counted against those that were expected without acting, are Poisson and update it exactly.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from cartera.engine.columns import Floats

_TAIL = 0.025


@dataclass(frozen=True, slots=True)
class Belief:
    """What is believed of the chance that acting saves an account, at most 1, below 0 where it does harm.

    lost, expected: losses with acting, and losses expected without, that the belief is worth; expected above 0
    """

    lost: float
    expected: float

    @property
    def chance(self) -> float:
        """Its mean."""
        return 1 - self.lost / self.expected

    @property
    def interval(self) -> tuple[float, float]:
        """Between which it lies with 95 %."""
        low, high = stats.gamma.ppf([1 - _TAIL, _TAIL], self.lost, scale=1 / self.expected)
        return float(1 - low), float(1 - high)

    def above(self, chance: ArrayLike) -> Floats:
        """Probability that the chance is above *chance*, any shape, NaN where that is unknown."""
        left = np.maximum(1 - np.asarray(chance, np.float64), 0.0)  # nobody saves more than all
        return np.where(np.isnan(left), np.nan, stats.gamma.cdf(left, self.lost, scale=1 / self.expected))


@dataclass(frozen=True, slots=True)
class Worth:
    """Each of shape (accounts,), NaN where risk, margin or cost is unknown.

    value: money expected from acting, below zero where it does not pay
    threshold: risk from which on acting pays, infinite where it never does
    break_even: chance to save from which on acting pays, above 1 where none would do
    likely: probability that acting pays, as far as the chance is uncertain
    """

    value: Floats
    threshold: Floats
    break_even: Floats
    likely: Floats


def stated(chance: float, *, losses: float) -> Belief:
    """The belief that acting saves *chance* of the accounts, held as if *losses* expected losses had taught it.

    Raises ValueError unless chance is below 1 and losses above 0.
    """
    if not (chance < 1 and losses > 0):
        raise ValueError("a chance is below 1, and some losses stand behind it")
    return Belief((1 - chance) * losses, losses)


def updated(belief: Belief, *, lost: float, expected: float) -> Belief:
    """The belief after *lost* of the accounts acted on were lost where *expected* would have been without acting.

    expected: sum of their risks as foretold before acting; best set right by expected over observed losses among
    accounts that were not acted on. Raises ValueError for figures below 0.
    """
    if lost < 0 or expected < 0:
        raise ValueError("losses cannot be below 0")
    return Belief(belief.lost + lost, belief.expected + expected)


def worth(risk: ArrayLike, margin: ArrayLike, cost: ArrayLike, belief: Belief) -> Worth:
    """What acting is worth. risk: 0..1 over the horizon; margin: money expected over it; cost: money of acting.

    All of shape (accounts,) or single figures, money in one currency; a margin below zero counts as nothing to save.
    Raises ValueError for a risk outside 0..1 or a cost below 0.
    """
    chance, stake, price = np.broadcast_arrays(*(np.asarray(column, np.float64) for column in (risk, margin, cost)))
    if np.any((chance < 0) | (chance > 1)) or np.any(price < 0):
        raise ValueError("a risk lies between 0 and 1, a cost is not below 0")
    unknown = np.isnan(chance) | np.isnan(stake) | np.isnan(price)
    saved = np.maximum(stake, 0.0)
    break_even = _ratio(price, chance * saved)
    return Worth(
        value=chance * belief.chance * saved - price,
        threshold=np.where(unknown, np.nan, _ratio(price, max(belief.chance, 0.0) * saved)),
        break_even=np.where(unknown, np.nan, break_even),
        likely=np.where(unknown, np.nan, belief.above(break_even)),
    )


def _ratio(price: Floats, gain: Floats) -> Floats:
    """price / gain; infinite where there is nothing, or next to nothing, to gain."""
    with np.errstate(over="ignore"):
        return np.divide(price, gain, out=np.full(np.shape(gain), np.inf), where=np.asarray(gain) > 0)
