"""What to do first: the money that a minute protects."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from cartera.engine.columns import Floats, Integers


@dataclass(frozen=True, slots=True)
class Ranking:
    """value, per_minute: (candidates,), in the order given; order: positions of the candidates, best first.

    value is money × probability, per_minute that divided by minutes; both NaN where money or probability is unknown.
    """

    value: Floats
    per_minute: Floats
    order: Integers


def rank(money: ArrayLike, probability: ArrayLike, minutes: ArrayLike, keys: ArrayLike) -> Ranking:
    """Rank candidates by expected value per minute.

    money: (candidates,) at stake, one currency; below zero counts as nothing at stake; probability: 0..1 that it is
    lost without us; minutes: above 0; keys: whole numbers, unique, that make the order the same every time.
    Of equals the larger value comes first, then the smaller key; what has no known value comes last.
    Raises ValueError for a probability outside 0..1, for minutes that are not above 0, for columns of other lengths.
    """
    stake, chance, length = (np.asarray(column, np.float64) for column in (money, probability, minutes))
    names = np.asarray(keys, np.int64)
    if not stake.shape == chance.shape == length.shape == names.shape or stake.ndim != 1:
        raise ValueError("money, probability, minutes and keys must be columns of the same length")
    if not np.all((length > 0) & np.isfinite(length)):
        raise ValueError("minutes must be above 0")
    if np.any((chance < 0) | (chance > 1)):
        raise ValueError("a probability lies between 0 and 1")
    value = np.maximum(stake, 0.0) * chance
    per_minute = value / length
    order = np.lexsort((names, -np.nan_to_num(value), -np.nan_to_num(per_minute), np.isnan(per_minute)))
    return Ranking(value=value, per_minute=per_minute, order=order)
