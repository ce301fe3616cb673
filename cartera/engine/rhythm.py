"""How improbable is the present silence of each account, and will it last?

Every account is taken to order (or write, or call) by a rhythm of its own until, after one of its orders, it leaves
without saying so. In one sentence: "orders every 14 days, silent for 61: 1 in 300 for this client".

The model, for one account with orders on n = x + 1 distinct days, t days between the first and the last, silent for s:

* gaps between orders are Gamma(k, λ): k, the regularity, is shared (1 = at random, larger = like clockwork);
* λ differs between accounts: Gamma(r, α). What is known of it after x gaps is Gamma(r + k·x, α + t);
* after each order the account leaves with a chance that differs between accounts: Beta(a, b). After x returns the
  chance that the last order was the last one ever is d = a / (a + b + x);
* a gap of an active account is longer than s with probability Q(s) = I(r + k·x, k; (α + t) / (α + t + s)), with I the
  regularised incomplete beta function; so whatever the account is, it is silent for s with d + (1 - d)·Q(s).

With k = 1 this is the MBG/NBD model (Batislam, Denizel and Filiztekin, "Empirical validation and comparison of models
for customer base analysis", 2007); with a whole k it is MBG/CNBD-k (Reutterer, Platzer and Schröder, "Leveraging
purchase regularity for predicting customer behavior the easy way", 2021). Here k may be any positive number: the sum
of the logarithms of the gaps, which the likelihood then needs, costs a columnar engine nothing.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize, special

from cartera.engine.columns import Floats

# What is believed before anything is seen: mean and spread of the five parameters on the scale they are searched on.
# It decides when there is next to nothing to learn from and is forgotten after a few dozen accounts.
_PRIOR = np.array([0.0, np.log(30.0), special.logit(0.1), np.log(5.0), np.log(1.5)])
_PRIOR_SPREAD = np.array([1.0, 2.0, 1.5, 1.5, 0.7])
_SAMPLE = 5_000
_NODES = 64


@dataclass(frozen=True, slots=True)
class Events:
    """What must be known of each account's orders: one aggregate pass over the distinct days with an order.

    All of shape (accounts,), aligned; times in days counted from any common origin.

    days: number of distinct days with an order, 0 (or NaN) for an account that never ordered
    first, last: the first and the last such day, NaN if none
    log_gaps: sum of the natural logarithms of the gaps, in days, between neighbouring days; 0 if there are no gaps
    as_of: the moment asked about, one number; nothing may have happened after it
    """

    days: Floats
    first: Floats
    last: Floats
    log_gaps: Floats
    as_of: float


@dataclass(frozen=True, slots=True)
class Population:
    """The parameters of the model for one population: see the module's text for r, α, a, b, k."""

    r: float
    alpha: float
    a: float
    b: float
    k: float

    @property
    def gap(self) -> float:
        """The gap, in days, expected of an active account of which only one order is known."""
        return self.k * self.alpha / self.r


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


@dataclass(frozen=True, slots=True)
class _Gaps:
    number: Floats
    span: Floats
    logs: Floats
    silence: Floats


def gather(accounts: ArrayLike, days: ArrayLike, *, size: int, as_of: float) -> Events:
    """The events of *size* accounts from one row per order: position of the account, and day.

    accounts, days: (rows,), in any order; fractions of a day are cut off, so orders of the same day count once;
    rows at or after *as_of* are left out. What a columnar engine computes must equal this. Raises ValueError when the
    columns differ in length or a position lies outside.
    """
    owner, day = np.asarray(accounts, np.int64), np.floor(np.asarray(days, np.float64))
    if owner.shape != day.shape or owner.ndim != 1:
        raise ValueError("accounts and days must be columns of the same length")
    if len(owner) and (owner.min() < 0 or owner.max() >= size):
        raise ValueError("a position lies outside the accounts")
    past = np.asarray(days, np.float64) < as_of
    pairs = np.unique(np.column_stack([owner[past], day[past]]), axis=0)
    owner, day = pairs[:, 0].astype(np.int64), pairs[:, 1]
    first, last = np.full(size, np.nan), np.full(size, np.nan)
    first[owner[::-1]], last[owner] = day[::-1], day  # rows are in order of time: the last one written stays
    neighbours = np.flatnonzero(np.diff(owner) == 0)
    logs = np.bincount(owner[neighbours], np.log(day[neighbours + 1] - day[neighbours]), size)
    return Events(np.bincount(owner, minlength=size).astype(np.float64), first, last, logs, as_of)


def fit(events: Events) -> Population:
    """The population that makes *events* most probable (maximum a posteriori, weak prior).

    Looks at 5,000 accounts spread evenly over the columns when there are more. Never fails for lack of data: without
    an account that ordered, the prior itself is the answer. Raises ValueError when *events* contradict themselves.
    """
    gaps = _gaps(events)
    seen = np.flatnonzero(~np.isnan(gaps.number))
    if len(seen) > _SAMPLE:
        seen = seen[np.linspace(0, len(seen) - 1, _SAMPLE).astype(np.intp)]
    sample = _Gaps(gaps.number[seen], gaps.span[seen], gaps.logs[seen], gaps.silence[seen])
    found = optimize.minimize(
        _surprise,
        _PRIOR,
        args=(sample,),
        method="L-BFGS-B",
        bounds=list(zip(_PRIOR - 4 * _PRIOR_SPREAD, _PRIOR + 4 * _PRIOR_SPREAD, strict=True)),
    )
    return _population(found.x)


def read(events: Events, population: Population, *, horizon: float = 90.0) -> Reading:
    """The reading of each account; *horizon* in days. Raises ValueError when *events* contradict themselves."""
    gaps = _gaps(events)
    leaving = population.a / (population.a + population.b + gaps.number)
    unlikely = _longer_than(gaps.silence, gaps, population)
    still = leaving + (1 - leaving) * unlikely
    later = leaving + (1 - leaving) * _longer_than(gaps.silence + horizon, gaps, population)
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
    gaps = _gaps(events)
    shape, reach = _pace(gaps, population, horizon)
    active = read(events, population).active
    return active * _until_leaving(shape, reach, population.a, population.b + gaps.number + 1)


def median_orders(events: Events, population: Population, *, horizon: float = 90.0) -> Floats:
    """The number of days with an order that is as likely exceeded as not in the next *horizon* days: (accounts,).

    A whole number, NaN as in `read`; the forecast with the smallest mean absolute error, where `expected_orders` has
    the smallest squared one. An account orders j times or more when it is active, its j-th order falls within the
    horizon (I(reach / (1 + reach); j, shape), orders coming at random at the present rate) and it did not leave after
    one of the j - 1 before (a ratio of beta functions). The first order is exact for any k, as in `read`.
    """
    gaps, reading = _gaps(events), read(events, population, horizon=horizon)
    shape, reach = _pace(gaps, population, horizon)
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


def _pace(gaps: _Gaps, population: Population, horizon: float) -> tuple[Floats, Floats]:
    """An active account's orders per horizon: Gamma(shape, 1) × reach, as far as its gaps and its silence tell."""
    shape = population.r + population.k * gaps.number
    known = population.alpha + gaps.span
    share = known / (known + gaps.silence)
    waiting = special.betainc(shape, population.k, share)
    waiting_by_rate = special.betainc(shape + 1, population.k, share)
    quick = np.divide(waiting_by_rate, waiting, out=np.zeros_like(shape), where=waiting > 0) / population.k
    return shape, quick / known * horizon


def _until_leaving(shape: Floats, reach: Floats, a: float, b: Floats) -> Floats:
    """E[(1 - (1 + p·reach)^-shape) / p] for p from Beta(a, b): orders before the one after which an account leaves."""
    nodes, weights = special.roots_jacobi(_NODES, 0.0, a - 1)
    total, whole = np.zeros_like(shape), np.zeros_like(shape)
    for p, weight in zip((1 + nodes) / 2, weights, strict=True):
        density = weight * (1 - p) ** (b - 1)
        whole += density
        total += density * -np.expm1(-shape * np.log1p(p * reach)) / p
    return total / whole


def _gaps(events: Events) -> _Gaps:
    days = np.asarray(events.days, dtype=np.float64)
    number = np.where(days >= 1, days, np.nan) - 1
    known = ~np.isnan(number)
    span = np.where(known, np.asarray(events.last, np.float64) - np.asarray(events.first, np.float64), np.nan)
    silence = np.where(known, events.as_of - np.asarray(events.last, np.float64), np.nan)
    logs = np.where(known, np.asarray(events.log_gaps, np.float64), np.nan)
    if np.any(silence[known] < 0):
        raise ValueError("an account has an order after the moment asked about")
    if np.any((span[known] > 0) != (number[known] > 0)):
        raise ValueError("an account's first and last day contradict its number of days")
    if np.isnan(span[known]).any() or np.isnan(silence[known]).any() or np.isnan(logs[known]).any():
        raise ValueError("an account that ordered lacks its first day, its last day or its gaps")
    return _Gaps(number, span, logs, silence)


def _longer_than(days: Floats, gaps: _Gaps, population: Population) -> Floats:
    """Q(days): the next gap of an active account exceeds *days*, given its gaps so far."""
    known = population.alpha + gaps.span
    return special.betainc(population.r + population.k * gaps.number, population.k, known / (known + days))


def _surprise(point: Floats, gaps: _Gaps) -> float:
    """Minus the logarithm of likelihood × prior."""
    p = _population(point)
    shape = p.r + p.k * gaps.number
    of_gaps = special.gammaln(shape) - special.gammaln(p.r) - gaps.number * special.gammaln(p.k)
    of_gaps += p.r * np.log(p.alpha) - shape * np.log(p.alpha + gaps.span) + (p.k - 1) * gaps.logs
    of_returns = special.betaln(p.a, p.b + gaps.number) - special.betaln(p.a, p.b)
    leaving = p.a / (p.a + p.b + gaps.number)
    of_silence = np.log(leaving + (1 - leaving) * _longer_than(gaps.silence, gaps, p))
    prior = np.sum(((point - _PRIOR) / _PRIOR_SPREAD) ** 2) / 2
    return float(prior - np.sum(of_gaps + of_returns + of_silence))


def _population(point: Floats) -> Population:
    """From the scale of the search (logarithms of r, typical gap, a + b, k; logit of the chance to leave)."""
    r, gap, strength, k = np.exp(point[[0, 1, 3, 4]]).tolist()
    leaving = float(special.expit(point[2]))
    return Population(r=r, alpha=gap * r / k, a=strength * leaving, b=strength * (1 - leaving), k=k)
