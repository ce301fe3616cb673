"""The gaps between the orders of each account, and how long the next one lasts while the account is active.

For one account with orders on n = x + 1 distinct days, t days between the first and the last, silent for s:

* gaps between orders are Gamma(k, λ): k, the regularity, is shared (1 = at random, larger = like clockwork);
* λ differs between accounts: Gamma(r, α). What is known of it after x gaps is Gamma(r + k·x, α + t);
* a gap of an active account is longer than s with probability Q(s) = I(r + k·x, k; (α + t) / (α + t + s)), with I the
  regularised incomplete beta function.

k may be any positive number: the sum of the logarithms of the gaps, which the likelihood then needs, costs a columnar
engine nothing. When an account leaves is another question: `rhythm` and `lifetimes` answer it differently.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from cartera.engine.columns import Floats


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
class Pace:
    """How fast the accounts of one population order while they are active: see the module's text for r, α, k."""

    r: float
    alpha: float
    k: float

    @property
    def gap(self) -> float:
        """The gap, in days, expected of an active account of which only one order is known."""
        return self.k * self.alpha / self.r


@dataclass(frozen=True, slots=True)
class Gaps:
    """The same as Events in the letters of the formulas, each (accounts,), NaN for an account that never ordered.

    number: x; span: t, days; logs: Σ ln gap; silence: s, days since the last order
    """

    number: Floats
    span: Floats
    logs: Floats
    silence: Floats

    def only(self, rows: ArrayLike) -> "Gaps":
        """The accounts at these positions."""
        return Gaps(*(column[np.asarray(rows)] for column in (self.number, self.span, self.logs, self.silence)))


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


def of(events: Events) -> Gaps:
    """The gaps of each account. Raises ValueError when *events* contradict themselves."""
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
    return Gaps(number, span, logs, silence)


def sample(events: Events, *, most: int) -> Gaps:
    """The accounts that ordered, to learn from: so many spread evenly over the columns when there are more."""
    gaps = of(events)
    seen = np.flatnonzero(~np.isnan(gaps.number))
    if len(seen) > most:
        seen = seen[np.linspace(0, len(seen) - 1, most).astype(np.intp)]
    return gaps.only(seen)


def likelihood(gaps: Gaps, pace: Pace) -> Floats:
    """The natural logarithm of the density of each account's gaps, whatever λ is: (accounts,)."""
    shape = pace.r + pace.k * gaps.number
    found = special.gammaln(shape) - special.gammaln(pace.r) - gaps.number * special.gammaln(pace.k)
    found += pace.r * np.log(pace.alpha) - shape * np.log(pace.alpha + gaps.span) + (pace.k - 1) * gaps.logs
    return np.asarray(found)


def longer_than(days: Floats, gaps: Gaps, pace: Pace) -> Floats:
    """Q(days): the next gap of an active account exceeds *days*, given its gaps so far: (accounts,)."""
    known = pace.alpha + gaps.span
    shape = pace.r + pace.k * gaps.number
    return np.asarray(special.betainc(shape, pace.k, known / (known + days)))


def rate(gaps: Gaps, pace: Pace, *, days: float | Floats) -> tuple[Floats, Floats]:
    """An active account's orders in so many days: Gamma(shape, 1) × reach, as far as its gaps and its silence tell."""
    shape = pace.r + pace.k * gaps.number
    known = pace.alpha + gaps.span
    share = known / (known + gaps.silence)
    waiting = special.betainc(shape, pace.k, share)
    waiting_by_rate = special.betainc(shape + 1, pace.k, share)
    quick = np.divide(waiting_by_rate, waiting, out=np.zeros_like(shape), where=waiting > 0) / pace.k
    return shape, quick / known * days
