"""How many orders are to be expected of an account that may leave at any moment, whether it has just ordered or not.

`rhythm` takes an account to leave after one of its orders; here it lives for a time of its own and then stops:

* while it lives, its gaps are those of `gaps`: Gamma(k, λ), λ different between accounts;
* it leaves at the rate μ, which differs between accounts: Gamma(s, β). So it lives longer than u days with the chance
  S(u) = (β / (β + u))^s, a Pareto distribution: the longer an account has lived, the longer it is going to.

With k = 1 this is the Pareto/NBD model (Schmittlein, Morrison and Colombo, "Counting your customers: who are they and
what will they do next?", 1987; likelihood and expectation as in Fader and Hardie, "A note on deriving the Pareto/NBD
model and related expressions", 2005); with a k it is the Pareto/GGG model of Platzer and Reutterer ("Ticking away the
moments", 2016), one k for all. The account that was silent for w days, t days after its first order, of age T = t + w,

* is still active with S(T)·Q(w), or left unseen with ∫ f(t + u)·Q(u) du over 0..w, f the density of the lifetime;
* orders, while it is active, at the rate that `gaps` tells, and for E[∫ e^(-μu) du] of the days ahead, μ then being
  Gamma(s, β + T).
"""

from dataclasses import dataclass

import numpy as np
from scipy import optimize, special

from cartera.engine import gaps as between
from cartera.engine.columns import Floats
from cartera.engine.gaps import Events, Gaps, Pace

# What is believed before anything is seen, as in `rhythm`: r, typical gap, k, s, and 1 / the rate of leaving at first.
_PRIOR = np.array([0.0, np.log(30.0), np.log(1.5), 0.0, np.log(365.0)])
_PRIOR_SPREAD = np.array([1.0, 2.0, 0.7, 1.0, 2.0])
_SAMPLE = 2_500  # fewer than `rhythm` looks at: each costs a dozen times as much
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(12)


@dataclass(frozen=True, slots=True)
class Population(Pace):
    """The parameters of the model for one population: see the module's text for s and β (days)."""

    s: float
    beta: float

    def living(self, age: Floats) -> Floats:
        """S(age): the chance to live longer than *age* days after the first order."""
        return np.asarray((self.beta / (self.beta + age)) ** self.s)


@dataclass(frozen=True, slots=True)
class Reading:
    """The answer for each account, (accounts,); NaN for an account that never ordered.

    active: probability that it is still active
    orders: number of days with an order to expect within the horizon
    """

    active: Floats
    orders: Floats


def fit(events: Events) -> Population:
    """The population that makes *events* most probable (maximum a posteriori, weak prior), as `rhythm.fit` does.

    Never fails for lack of data. Raises ValueError when *events* contradict themselves.
    """
    found = optimize.minimize(
        _surprise,
        _PRIOR,
        args=(between.sample(events, most=_SAMPLE),),
        method="L-BFGS-B",
        bounds=list(zip(_PRIOR - 4 * _PRIOR_SPREAD, _PRIOR + 4 * _PRIOR_SPREAD, strict=True)),
    )
    return _population(found.x)


def read(events: Events, population: Population, *, horizon: float = 90.0) -> Reading:
    """The reading of each account; *horizon* in days. Raises ValueError when *events* contradict themselves.

    Orders: chance to be active × orders a day × days that an active account stays. For k = 1 exact; for other k the
    present rate is exact and orders are then taken to come at random, as in `rhythm.expected_orders`.
    """
    gaps = between.of(events)
    still, left = _fates(gaps, population)
    active = still / (still + left)
    shape, reach = between.rate(gaps, population, days=_stays(gaps.span + gaps.silence, population, horizon))
    return Reading(active, active * shape * reach)


def _stays(age: Floats, population: Population, horizon: float) -> Floats:
    """Days of the next *horizon* that an account active at *age* is there: ∫ ((β + age) / (β + age + u))^s du."""
    begun = population.beta + age
    far = np.log1p(horizon / begun)
    return np.asarray(begun * far * special.exprel((1 - population.s) * far))


def _fates(gaps: Gaps, population: Population) -> tuple[Floats, Floats]:
    """How probable the silence is together with being active, and with having left: S(T)·Q(w); ∫ f(t + u)·Q(u) du.

    By Gauss-Legendre over the cube root of u / w: most accounts that leave unseen leave soon after an order.
    """
    still = population.living(gaps.span + gaps.silence) * between.longer_than(gaps.silence, gaps, population)
    left = np.zeros_like(still)
    for node, weight in zip((1 + _NODES) / 2, _WEIGHTS / 2, strict=True):
        wait = gaps.silence * node**3
        leaves = population.s / (population.beta + gaps.span + wait) * population.living(gaps.span + wait)
        left += weight * 3 * node**2 * gaps.silence * leaves * between.longer_than(wait, gaps, population)
    return still, left


def _surprise(point: Floats, gaps: Gaps) -> float:
    """Minus the logarithm of likelihood × prior."""
    population = _population(point)
    still, left = _fates(gaps, population)
    prior = np.sum(((point - _PRIOR) / _PRIOR_SPREAD) ** 2) / 2
    return float(prior - np.sum(between.likelihood(gaps, population) + np.log(still + left)))


def _population(point: Floats) -> Population:
    """From the scale of the search: logarithms of r, typical gap, k, s, β / s."""
    r, gap, k, s, first = np.exp(point).tolist()
    return Population(r=r, alpha=gap * r / k, k=k, s=s, beta=first * s)
