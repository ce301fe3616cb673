"""The months of a whole population: which are strong, which are weak, and how uneven they are for a typical account."""

from dataclasses import dataclass

import numpy as np

from cartera.engine.columns import Flags, Floats

_CAUTION = 20.0  # accounts' worth of "an ordinary month" mixed into every month
_ROUNDS = 8
_SAMPLE = 20_000
_WEAKEST = 0.05


@dataclass(frozen=True, slots=True)
class Season:
    """What a population says about its months; found once, then used for all accounts or for a single one.

    strength: (months,), each month as a multiple of an ordinary month; 1 where nothing is known
    unevenness: variance of one account's months around its level × strength, as a share of that squared; the median
    """

    strength: Floats
    unevenness: float


def fit(revenue: Floats) -> Season:
    """The season in a table of revenue (accounts, months), one currency, NaN before an account is known.

    Credit notes may make a month negative. Each account's month is divided by the account's own level, and a month's
    strength is the mean of that over the accounts, so that a giant counts as one and does not hide its own fall. Level
    and strength are found in turns, as rows and columns in iterative proportional fitting (Deming and Stephan, 1940).
    Twenty ordinary accounts are mixed in, so that with few accounts strength stays near 1 and what a single account
    does is not taken for the season. Of more than 20,000 accounts every second, third, … is looked at.
    Raises ValueError when the table is not two-dimensional.
    """
    if revenue.ndim != 2:
        raise ValueError("expected a table of accounts by months")
    looked_at = revenue[:: -(-len(revenue) // _SAMPLE) or 1]
    counts = counted(looked_at)
    figures = np.where(counts, looked_at, 0.0)
    strength = np.ones(revenue.shape[1])
    for _ in range(_ROUNDS):
        level = levels(figures, counts, strength)
        usable = counts & (level > 0)[:, None]
        ratios = np.divide(figures, level[:, None], out=np.zeros_like(figures), where=usable)
        strength = (ratios.sum(axis=0) + _CAUTION) / (usable.sum(axis=0) + _CAUTION)
        strength = np.maximum(strength, _WEAKEST)
    own = unevenness(figures, counts, strength)
    own = own[~np.isnan(own)]
    return Season(strength, float(np.median(own)) if len(own) else 0.0)


def counted(revenue: Floats) -> Flags:
    """The months (accounts, months) that say something about level: all known ones but an account's very first.

    An account is mostly known from its first order on, so that month is never empty and promises too much.
    """
    known = ~np.isnan(revenue)
    return known & (np.cumsum(known, axis=1) > 1)


def levels(figures: Floats, counts: Flags, strength: Floats) -> Floats:
    """Each account's revenue in an ordinary month, (accounts,), from the months that count; NaN without any."""
    weight = counts @ strength
    total = np.where(counts, figures, 0.0).sum(axis=1)
    return np.divide(total, weight, out=np.full(len(figures), np.nan), where=weight > 0)


def unevenness(figures: Floats, counts: Flags, strength: Floats) -> Floats:
    """Each account's variance of month / (level × strength), (accounts,); NaN with a single month or no level."""
    level, months = levels(figures, counts, strength), counts.sum(axis=1)
    usable = (level > 0) & (months > 1)
    promised = np.outer(np.where(usable, level, 1.0), strength)
    misses = np.where(counts, (figures - promised) / promised, 0.0) ** 2
    return np.where(usable, misses.sum(axis=1) / np.maximum(months - 1, 1), np.nan)
