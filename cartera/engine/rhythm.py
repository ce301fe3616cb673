"""How improbable is the present silence of each account, and will it last?

Every account is taken to order (or write, or call) by a rhythm of its own until, after one of its orders, it leaves
without saying so. In one sentence: "orders every 14 days, silent for 61: 1 in 300 for this client".

The gaps of active accounts are those of `gaps`. With x gaps seen, and silent for s days,

* after each order the account leaves with a chance that differs between accounts: Beta(a, b). After x returns the
  chance that the last order was the last one ever is d = a / (a + b + x);
* a gap of an active account is longer than s with probability Q(s); so whatever the account is, it is silent for s
  with d + (1 - d)·Q(s).

With k = 1 this is the MBG/NBD model (Batislam, Denizel and Filiztekin, "Empirical validation and comparison of models
for customer base analysis", 2007); with a whole k it is MBG/CNBD-k (Reutterer, Platzer and Schröder, "Leveraging
purchase regularity for predicting customer behavior the easy way", 2021). Here k may be any positive number.
`lifetimes` is the other view: that an account leaves at any moment.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import optimize, special

from cartera.engine import gaps as between
from cartera.engine.columns import Floats
from cartera.engine.gaps import Events, Gaps, Pace

# What is believed before anything is seen: mean and spread of the five parameters on the scale they are searched on.
# It decides when there is next to nothing to learn from and is forgotten after a few dozen accounts.
_PRIOR = np.array([0.0, np.log(30.0), special.logit(0.1), np.log(5.0), np.log(1.5)])
_PRIOR_SPREAD = np.array([1.0, 2.0, 1.5, 1.5, 0.7])
_SAMPLE = 5_000
_NODES = 64
_LAST_POINTS = 6  # a point and one step from it in each direction


@dataclass(frozen=True, slots=True)
class Population(Pace):
    """The parameters of the model for one population: see the module's text for a and b."""

    a: float
    b: float


@dataclass(frozen=True, slots=True)
class Reading:
    """The answer for each account, each of shape (accounts,); NaN throughout for an account that never ordered.

    silence: days since the last order
    own_gap: mean gap of its own orders in days, NaN with a single order
    usual_gap: expected gap in days, own_gap shrunk towards the population's
    own_share: how much of usual_gap is its own, 0..1: k·x / (r + k·x)
    unlikely: probability of a silence at least as long as the present one from an account that is still active
    active: probability that it is still active
    quiet: probability that nothing is ordered in the next `horizon` days, whether because it left or because it waits
    """

    silence: Floats
    own_gap: Floats
    usual_gap: Floats
    own_share: Floats
    unlikely: Floats
    active: Floats
    quiet: Floats


def fit(events: Events) -> Population:
    """The population that makes *events* most probable (maximum a posteriori, weak prior).

    Looks at 5,000 accounts spread evenly over the columns when there are more. Never fails for lack of data: without
    an account that ordered, the prior itself is the answer. Raises ValueError when *events* contradict themselves.
    """
    found = optimize.minimize(
        _surprise_of(between.sample(events, most=_SAMPLE)),
        _PRIOR,
        method="L-BFGS-B",
        bounds=list(zip(_PRIOR - 4 * _PRIOR_SPREAD, _PRIOR + 4 * _PRIOR_SPREAD, strict=True)),
    )
    return _population(found.x)


def read(events: Events, population: Population, *, horizon: float = 90.0) -> Reading:
    """The reading of each account; *horizon* in days. Raises ValueError when *events* contradict themselves."""
    gaps = between.of(events)
    leaving = population.a / (population.a + population.b + gaps.number)
    unlikely = between.longer_than(gaps.silence, gaps, population)
    still = leaving + (1 - leaving) * unlikely
    later = leaving + (1 - leaving) * between.longer_than(gaps.silence + horizon, gaps, population)
    own = population.k * gaps.number
    return Reading(
        silence=gaps.silence,
        own_gap=np.divide(gaps.span, gaps.number, out=np.full_like(own, np.nan), where=gaps.number > 0),
        usual_gap=population.k * (population.alpha + gaps.span) / (population.r + own),
        own_share=own / (population.r + own),
        unlikely=unlikely,
        active=(1 - leaving) * unlikely / still,
        quiet=later / still,
    )


def expected_orders(events: Events, population: Population, *, horizon: float = 90.0) -> Floats:
    """Number of days with an order to expect of each account in the next *horizon* days, (accounts,), NaN as in `read`.

    Exact for k = 1: chance to be active × E[(1 - e^(-p·λ·horizon)) / p], with p the account's chance to leave after
    an order and λ its rate. For other k the present rate is exact and orders are then taken to come at random (as
    Reutterer, Platzer and Schröder do); the error is a fraction of one order. Integrated over p by Gauss-Jacobi.
    """
    gaps = between.of(events)
    shape, reach = between.rate(gaps, population, days=horizon)
    active = read(events, population).active
    return active * _until_leaving(shape, reach, population.a, population.b + gaps.number + 1)


def median_orders(events: Events, population: Population, *, horizon: float = 90.0) -> Floats:
    """The number of days with an order that is as likely exceeded as not in the next *horizon* days: (accounts,).

    A whole number, NaN as in `read`; the forecast with the smallest mean absolute error, where `expected_orders` has
    the smallest squared one. An account orders j times or more when it is active, its j-th order falls within the
    horizon (I(reach / (1 + reach); j, shape), orders coming at random at the present rate) and it did not leave after
    one of the j - 1 before (a ratio of beta functions). The first order is exact for any k, as in `read`.
    """
    gaps, reading = between.of(events), read(events, population, horizon=horizon)
    shape, reach = between.rate(gaps, population, days=horizon)
    a, b = population.a, population.b + gaps.number + 1
    median = np.where(np.isnan(reading.quiet), np.nan, (reading.quiet < 0.5).astype(np.float64))
    more, number = np.flatnonzero(median > 0), 1
    while len(more):
        number += 1
        stayed = np.exp(special.betaln(a, b[more] + number - 1) - special.betaln(a, b[more]))
        arrived = special.betainc(number, shape[more], reach[more] / (1 + reach[more]))
        more = more[reading.active[more] * stayed * arrived > 0.5]
        median[more] = number
    return median


def _until_leaving(shape: Floats, reach: Floats, a: float, b: Floats) -> Floats:
    """E[(1 - (1 + p·reach)^-shape) / p] for p from Beta(a, b): orders before the one after which an account leaves."""
    nodes, weights = special.roots_jacobi(_NODES, 0.0, a - 1)
    total, whole = np.zeros_like(shape), np.zeros_like(shape)
    for p, weight in zip((1 + nodes) / 2, weights, strict=True):
        density = weight * (1 - p) ** (b - 1)
        whole += density
        total += density * -np.expm1(-shape * np.log1p(p * reach)) / p
    return total / whole


def _surprise_of(gaps: Gaps) -> Callable[[Floats], float]:
    """Minus the logarithm of likelihood × prior, of a point of the search.

    To feel the slope the search moves one coordinate at a time: what hangs on the others alone is kept from before.
    """

    @lru_cache(_LAST_POINTS)
    def of_pace(pace: Pace) -> tuple[Floats, Floats]:
        return between.likelihood(gaps, pace), between.longer_than(gaps.silence, gaps, pace)

    @lru_cache(_LAST_POINTS)
    def of_staying(a: float, b: float) -> tuple[Floats, Floats]:
        return special.betaln(a, b + gaps.number) - special.betaln(a, b), a / (a + b + gaps.number)

    def surprise(point: Floats) -> float:
        p = _population(point)
        of_gaps, longer = of_pace(Pace(p.r, p.alpha, p.k))
        of_returns, leaving = of_staying(p.a, p.b)
        of_silence = np.log(leaving + (1 - leaving) * longer)
        prior = np.sum(((point - _PRIOR) / _PRIOR_SPREAD) ** 2) / 2
        return float(prior - np.sum(of_gaps + of_returns + of_silence))

    return surprise


def _population(point: Floats) -> Population:
    """From the scale of the search (logarithms of r, typical gap, a + b, k; logit of the chance to leave)."""
    r, gap, strength, k = np.exp(point[[0, 1, 3, 4]]).tolist()
    leaving = float(special.expit(point[2]))
    return Population(r=r, alpha=gap * r / k, a=strength * leaving, b=strength * (1 - leaving), k=k)
