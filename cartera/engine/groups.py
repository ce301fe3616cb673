"""How a group of accounts stands: never by a plain mean, in which a hundred tiny sites hide the one that pays."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Group:
    """What a group comes to.

    worst: the place of the lowest score, of equal ones that of most value; None when no score is known
    weighted: the mean score, weighted by value, of those whose score and value are known; None without any
    red: the share 0..1 of the value with a known score that lies below the line; None without such value
    coverage: the share 0..1 of all value whose score is known; None without value
    value: the sum of what is known; unvalued: how many have no value, and so count in none of the shares
    """

    worst: int | None
    weighted: Decimal | None
    red: Decimal | None
    coverage: Decimal | None
    value: Decimal
    unvalued: int


def summary(scores: Sequence[Decimal | None], values: Sequence[Decimal | None], *, line: float) -> Group:
    """Sum a group up; *scores* 0 to 100, *values* in money, None for unknown, both in the same order.

    A value below zero (more credited than bought) weighs nothing. Raises ValueError when their lengths differ.
    """
    rows = list(zip(scores, values, strict=True))
    weights = [(score, max(value, Decimal())) for score, value in rows if value is not None]
    known = [(score, value) for score, value in weights if score is not None]
    whole = sum((value for _score, value in weights), Decimal())
    seen = sum((value for _score, value in known), Decimal())
    low = sum((value for score, value in known if score < line), Decimal())
    scored = [(score, -(value or Decimal()), place) for place, (score, value) in enumerate(rows) if score is not None]
    return Group(
        worst=min(scored)[2] if scored else None,
        weighted=sum((score * value for score, value in known), Decimal()) / seen if seen else None,
        red=low / seen if seen else None,
        coverage=seen / whole if whole else None,
        value=whole,
        unvalued=sum(value is None for value in values),
    )
