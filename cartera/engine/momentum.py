"""Is an account buying more or less in the last months than in those right before, the season taken into account?

Where `trend` compares with the account's whole past, this compares with yesterday: an account that lost half of its
orders a year ago and has been steady since has a bad trend and no momentum.
"""

from dataclasses import dataclass

import numpy as np

from cartera.engine import season, trend
from cartera.engine.columns import Flags, Floats
from cartera.engine.season import Season

_YEAR = 12


@dataclass(frozen=True, slots=True)
class Momentum:
    """All of shape (accounts,); NaN where too few months are known, or where the past is not above zero.

    recent, before: revenue of the recent months and of as many right before them, each month over its strength
    raw: (recent - before) in multiples of the account's usual revenue of so many months, -1..1; of a step that the
        account made in the same months a year ago too, only what goes beyond it
    trust: how much of such a step is real for an account with months this uneven, 0..1
    change: raw × trust
    """

    recent: Floats
    before: Floats
    raw: Floats
    trust: Floats
    change: Floats


def change(revenue: Floats, known_season: Season | None = None, *, recent: int = 3) -> Momentum:
    """The step of each account from the months before to its last *recent* months.

    revenue: (accounts, months), complete months in order of time, one currency, NaN before an account is known; two
    times *recent* must be known besides the account's first (see `season.counted`). known_season: of the same months;
    found from this very table if None. The step is divided by what the account usually buys, not by the months before,
    so that a weak quarter does not make a giant of the next. Shrunk as in `trend.change`.
    Raises ValueError when the table or the season have the wrong shape, or when *recent* is below 1.
    """
    if revenue.ndim != 2 or recent < 1:
        raise ValueError("expected a table of accounts by months, and at least one recent month")
    found = known_season or season.fit(revenue)
    if found.strength.shape != revenue.shape[1:]:
        raise ValueError(f"a season of {len(found.strength)} months for a table of {revenue.shape[1]}")
    counts = season.counted(revenue)
    split = max(revenue.shape[1] - recent, 0)
    earlier, past, strength = revenue[:, :split], counts[:, :split], found.strength[:split]
    usual = season.levels(earlier, past, strength) * recent
    now, before, step = _step(revenue / found.strength, counts, recent, back=0)
    enough = ~np.isnan(step) & (usual > 0)
    news = step - _foretold(step, _step(revenue / found.strength, counts, recent, back=_YEAR)[2])
    raw = np.clip(np.divide(news, usual, out=np.full(len(step), np.nan), where=enough), -1.0, 1.0)
    own = season.unevenness(earlier, past, strength)
    trust = trend.trust(own, past.sum(axis=1), found.unevenness, recent=recent, earlier=np.full(len(step), recent))
    known = np.where(enough, 1.0, np.nan)
    return Momentum(now * known, before * known, raw, trust * known, raw * trust)


def _step(ordinary: Floats, counts: Flags, recent: int, *, back: int) -> tuple[Floats, Floats, Floats]:
    """The sums of *recent* months that end *back* months ago, and of as many before; and their difference."""
    end, unknown = ordinary.shape[1] - back, np.full(len(ordinary), np.nan)
    if end < 2 * recent:
        return unknown, unknown, unknown
    known = counts[:, end - 2 * recent : end].all(axis=1)
    now = np.where(known, ordinary[:, end - recent : end].sum(axis=1), np.nan)
    before = np.where(known, ordinary[:, end - 2 * recent : end - recent].sum(axis=1), np.nan)
    return now, before, now - before


def _foretold(step: Floats, a_year_ago: Floats) -> Floats:
    """The part of *step* that goes the way of the one a year ago, and not beyond it; 0 where none is known."""
    then = np.nan_to_num(a_year_ago)
    return np.clip(step, np.minimum(then, 0.0), np.maximum(then, 0.0))
