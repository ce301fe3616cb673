"""Is an account buying more or less than its own past promised, the season taken into account?"""

from dataclasses import dataclass

import numpy as np

from cartera.engine import season
from cartera.engine.columns import Floats
from cartera.engine.season import Season

# Variance of true changes from one quarter to the next. On the UCI Online Retail ledger 0.5 foretold the following
# quarter best (least squared error); 0.25 and 1 do nearly as well.
_REAL = 0.5
_TYPICAL_MONTHS = 4.0  # how many months of its own an account needs until its own unevenness outweighs the typical one


@dataclass(frozen=True, slots=True)
class Trend:
    """All of shape (accounts,); NaN where there is too little history, or where the past is not above zero.

    recent: revenue of the recent months
    expected: what the account's own earlier level promised for these months, times their strength
    raw: recent / expected - 1, at least -1 (-0.4 = 40 % less than its own past promised)
    trust: how much of such a change is real for an account with months this uneven, 0..1
    change: raw × trust
    """

    recent: Floats
    expected: Floats
    raw: Floats
    trust: Floats
    change: Floats


def change(revenue: Floats, known_season: Season | None = None, *, recent: int = 3, least: int = 3) -> Trend:
    """The change of each account's last *recent* months against its own months before.

    revenue: (accounts, months), complete months in order of time, one currency, NaN before an account is known.
    known_season: of the same months; found from this very table if None.
    At least *least* earlier months must be known besides the account's first (see `season.counted`).

    A change is one against the population's: when everybody buys a fifth less, who buys a fifth less has not changed.
    The shrinkage is that of a normal mean towards 0 (Efron and Morris, "Data analysis using Stein's estimator", 1975):
    real variance / (real + chance). Raises ValueError when the table or the season have the wrong shape, or when
    *recent* or *least* is below 1.
    """
    if revenue.ndim != 2 or recent < 1 or least < 1:
        raise ValueError("expected a table of accounts by months, and at least one recent and one earlier month")
    found = known_season or season.fit(revenue)
    if found.strength.shape != revenue.shape[1:]:
        raise ValueError(f"a season of {len(found.strength)} months for a table of {revenue.shape[1]}")
    counts = season.counted(revenue)
    split = max(revenue.shape[1] - recent, 0)
    past, earlier = counts[:, :split], revenue[:, :split]
    level = season.levels(earlier, past, found.strength[:split])
    enough = (past.sum(axis=1) >= least) & counts[:, split:].all(axis=1) & (level > 0)
    expected = np.where(enough, level * found.strength[split:].sum(), np.nan)
    total = np.where(enough, revenue[:, split:].sum(axis=1), np.nan)
    raw = np.maximum(total / expected - 1, -1.0)
    own = season.unevenness(earlier, past, found.strength[:split])
    months = past.sum(axis=1)
    trusted = trust(own, months, found.unevenness, recent=recent, earlier=np.maximum(months, 1))
    trusted = np.where(enough, trusted, np.nan)
    return Trend(recent=total, expected=expected, raw=raw, trust=trusted, change=raw * trusted)


def trust(own: Floats, months: np.ndarray, typical: float, *, recent: int, earlier: np.ndarray) -> Floats:
    """The share of a change that is real, (accounts,), 0..1: means of so few uneven months differ by chance, too.

    own: the account's unevenness, NaN for unknown, which counts the more against the *typical* one the more *months* it
    was seen in; the change is one of *recent* months against *earlier* ones.
    """
    mixed = (np.nan_to_num(own) * months + typical * _TYPICAL_MONTHS) / (months + _TYPICAL_MONTHS)
    mixed = np.where(np.isnan(own), typical, mixed)
    chance = mixed * (1 / recent + 1 / earlier)
    return _REAL / (_REAL + chance)
