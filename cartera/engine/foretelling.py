"""How many orders each account will place: two views of leaving, weighed by how well each foretold the past.

`rhythm` has accounts leave after one of their orders, `lifetimes` at any moment. Which of them is nearer to the truth
differs between populations, and between near and far horizons; so the weight of the second, w from 0 to 1, is taken
from the population's own past. On a day `looked_back` both are fitted to what was known then, and w is what makes the
mean absolute error of

    w · orders by lifetimes + (1 - w) · orders by rhythm

smallest over the time since (the weighted median of the w at which each account would be foretold exactly; a
combination of forecasts as in Bates and Granger, 1969, in absolute error). Nothing after the moment asked about is
seen.
"""

from dataclasses import dataclass

import numpy as np

from cartera.engine import lifetimes, rhythm
from cartera.engine.columns import Floats
from cartera.engine.gaps import Events

# Orders by which the two views must have differed in all before the past is listened to; until then each counts half.
_TRUST = 5.0


@dataclass(frozen=True, slots=True)
class Foresight:
    """What is learned of one population: both views, and how much the second counts, 0..1."""

    by_rhythm: rhythm.Population
    by_lifetimes: lifetimes.Population
    weight: float


@dataclass(frozen=True, slots=True)
class Foretold:
    """What to expect of each account, each (accounts,), NaN for one that never ordered: orders = active × if_active.

    orders: number of days with an order within the horizon
    active: probability that the account has not left
    if_active: the same number for an account that certainly has not left; 0 for one that certainly has
    """

    orders: Floats
    active: Floats
    if_active: Floats


def looked_back(first: float, as_of: float, *, horizon: float) -> float:
    """The day on which the same question was asked before: as many days ahead for each day known as from *as_of*.

    first: the first day of which anything is known. With K days known, K² / (K + horizon) days after it. Raises
    ValueError when nothing is known before *as_of*, or the horizon is not above 0.
    """
    known = as_of - first
    if known <= 0 or horizon <= 0:
        raise ValueError("looking back needs days that are known, and a horizon")
    return first + known**2 / (known + horizon)


def learn(then: Events, now: Events) -> Foresight:
    """The foresight at now.as_of, its weight judged on the orders that came after then.as_of.

    The same accounts in the same places; *then* is what *now* was on an earlier day. An account that had not ordered by
    then judges nothing. Raises ValueError when they do not fit each other, or contradict themselves.
    """
    if then.days.shape != now.days.shape or then.as_of >= now.as_of:
        raise ValueError("then and now are the same accounts, then on an earlier day")
    later = now.days - then.days
    if np.any(later < 0):
        raise ValueError("an account had more orders then than now")
    ahead = now.as_of - then.as_of
    one = rhythm.expected_orders(then, rhythm.fit(then), horizon=ahead)
    other = lifetimes.read(then, lifetimes.fit(then), horizon=ahead).orders
    return Foresight(rhythm.fit(now), lifetimes.fit(now), _weight(one, other, later))


def foretell(events: Events, foresight: Foresight, *, horizon: float = 90.0) -> Foretold:
    """What to expect in the next *horizon* days. Raises ValueError when *events* contradict themselves."""
    w = foresight.weight
    other = lifetimes.read(events, foresight.by_lifetimes, horizon=horizon)
    one = rhythm.expected_orders(events, foresight.by_rhythm, horizon=horizon)
    orders = (1 - w) * one + w * other.orders
    active = (1 - w) * rhythm.read(events, foresight.by_rhythm).active + w * other.active
    return Foretold(orders, active, np.divide(orders, active, out=np.zeros_like(orders), where=active != 0))


def _weight(one: Floats, other: Floats, later: Floats) -> float:
    """The w in 0..1 with the least Σ |w·other + (1 - w)·one - later|, held to a half by _TRUST."""
    differ = other - one
    told = np.flatnonzero(np.abs(differ) > 0)  # NaN: not known then
    exact = np.append((later[told] - one[told]) / differ[told], 0.5)
    pull = np.append(np.abs(differ[told]), _TRUST)
    order = np.argsort(exact)
    heaped = np.cumsum(pull[order])
    return float(np.clip(exact[order][np.searchsorted(heaped, heaped[-1] / 2)], 0.0, 1.0))
