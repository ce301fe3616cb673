"""What it takes to lift a score over a line: the cheapest set of factors to work on, and how far each has to come.

Whether the score reaches the line is a linear question: with K = 2·line − 1 in tenths, the score rounded half up is at
least the line exactly when Σ w·(2p − K) ≥ 0 over the factors that count. So the cheapest set is a knapsack in whole
numbers, solved exactly by keeping, for each cost, the set that gains most (Nemhauser and Ullmann, 1969).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor, inf

from cartera.engine.scoring import Factor


@dataclass(frozen=True, slots=True)
class Move:
    """A factor to work on: bring its value to at least (or at most) `value`, which gives `points` of 100.

    decimals: as many as `value` has; it is rounded to the side that gives more points.
    """

    key: str
    value: float
    at_least: bool
    decimals: int
    points: float
    minutes: int


@dataclass(frozen=True, slots=True)
class Turn:
    """The cheapest moves and their minutes; `moves` is None when all together do not reach the line.

    reach: the score, with one decimal, if everything that can be moved up were at its best.
    """

    moves: list[Move] | None
    minutes: int
    reach: float


@dataclass(frozen=True, slots=True)
class _Movable:
    factor: Factor
    weight: int
    now: int | None
    best: int
    minutes: int
    value: float | None

    def lifted(self, share: Fraction) -> int:
        """Tenths of points once *share* of the way to the best is gone; from zero where nothing is known."""
        start = self.now or 0
        return min(self.best, ceil(start + share * (self.best - start)))


def cheapest(
    factors: Sequence[Factor],
    points: Sequence[float | None],
    values: Sequence[float | None],
    minutes: Sequence[int | None],
    *,
    line: float,
) -> Turn:
    """The cheapest set of changes that lifts the score to *line*.

    points: with one decimal, None where the factor does not count; values: None where unknown or stale; minutes: of
    work on the factor, None where nothing can be done about it. Least minutes come first; of equal ones the set that
    could gain most. Each factor of the set goes the same share of its way to its best, no further than needed.
    """
    weights = [int(Decimal(str(factor.weight)) * 100) for factor in factors]
    now = [None if one is None else round(one * 10) for one in points]
    bar = 2 * round(line * 10) - 1
    able = [
        one
        for factor, weight, at, cost, value in zip(factors, weights, now, minutes, values, strict=True)
        if cost is not None and _gain(one := _Movable(factor, weight, at, _best(factor), cost, value), bar) > 0
    ]
    have = sum(weight * (2 * at - bar) for weight, at in zip(weights, now, strict=True) if at is not None)
    every = {one.factor.key: one.best for one in able}
    reach = _score(weights, [every.get(factor.key, at) for factor, at in zip(factors, now, strict=True)])
    chosen = _knapsack(able, bar, -have)
    if chosen is None:
        return Turn(None, 0, reach)
    share = _share(chosen, bar, have)
    return Turn([_move(one, one.lifted(share)) for one in chosen], sum(one.minutes for one in chosen), reach)


def _best(factor: Factor) -> int:
    return floor(max(height for _value, height in factor.curve) * 10 + 0.5)


def _score(weights: Sequence[int], points: Sequence[int | None]) -> float:
    counting = [(weight, at) for weight, at in zip(weights, points, strict=True) if at is not None and weight]
    whole = sum(weight for weight, _at in counting)
    total = sum(weight * at for weight, at in counting)
    return (2 * total + whole) // (2 * whole) / 10 if whole else 0.0


def _gain(one: _Movable, bar: int) -> int:
    """By how much the sum grows when *one* is at its best; a factor that did not count brings its weight with it."""
    before = 0 if one.now is None else one.weight * (2 * one.now - bar)
    return one.weight * (2 * one.best - bar) - before


def _knapsack(able: Sequence[_Movable], bar: int, needed: int) -> list[_Movable] | None:
    """The set of least minutes that gains what is *needed*; None if there is none."""
    states: list[tuple[int, int, tuple[int, ...]]] = [(0, 0, ())]
    for place, one in enumerate(able):
        added = [(cost + one.minutes, gain + _gain(one, bar), (*chosen, place)) for cost, gain, chosen in states]
        states = _undominated(states + added)
    return next(([able[place] for place in chosen] for _cost, gain, chosen in states if gain >= needed), None)


def _undominated(states: list[tuple[int, int, tuple[int, ...]]]) -> list[tuple[int, int, tuple[int, ...]]]:
    kept: list[tuple[int, int, tuple[int, ...]]] = []
    for state in sorted(states, key=lambda one: (one[0], -one[1], len(one[2]))):
        if not kept or state[1] > kept[-1][1]:
            kept.append(state)
    return kept


def _share(chosen: Sequence[_Movable], bar: int, have: int) -> Fraction:
    """The least share of the way to their best that *chosen* have to go."""
    start = have - sum(one.weight * bar for one in chosen if one.now is None)
    way = sum(2 * one.weight * (one.best - (one.now or 0)) for one in chosen)
    return max(Fraction(), Fraction(-start, way)) if way else Fraction()


def _move(one: _Movable, points: int) -> Move:
    value, at_least, decimals = reading(one.factor.curve, points / 10, one.value)
    return Move(one.factor.key, value, at_least, decimals, points / 10, one.minutes)


def reading(curve: Sequence[Sequence[float]], points: float, present: float | None) -> tuple[float, bool, int]:
    """The value nearest to *present* at which *curve* gives *points*, whether more is better there, and its decimals.

    It is rounded to as few decimals as leave it near, never to where the curve gives less. Without a present value it
    is the end at which the curve stays at least as high. Raises ValueError for points that the curve never gives.
    """
    spans = _spans(curve, points)
    if not spans:
        raise ValueError(f"the curve never gives {points} points")
    if spans == [(-inf, inf)]:
        return float(curve[0][0]), True, 2
    if present is None:
        low, high = spans[-1] if spans[-1][1] == inf else spans[0]
        up = high == inf or low != -inf
    else:
        low, high = min(spans, key=lambda span: max(span[0] - present, present - span[1], 0))
        up = present <= low
    edge = low if up else high
    slack = max((curve[-1][0] - curve[0][0]) / 50, 1e-9)
    for decimals in range(7):
        scale = 10**decimals
        value = (ceil if up else floor)(round(edge * scale, 6)) / scale
        if abs(value - edge) <= slack and low - 1e-9 <= value <= high + 1e-9:
            return value, up, decimals
    return edge, up, 6


def _spans(curve: Sequence[Sequence[float]], points: float) -> list[tuple[float, float]]:
    """The stretches of values at which the curve gives at least *points*."""
    corners = [(-inf, curve[0][1]), *((x, y) for x, y in curve), (inf, curve[-1][1])]
    spans: list[tuple[float, float]] = []
    for (left, before), (right, after) in pairwise(corners):
        if max(before, after) < points:
            continue
        start = left if before >= points else left + (right - left) * (points - before) / (after - before)
        end = right if after >= points else left + (right - left) * (points - before) / (after - before)
        if spans and spans[-1][1] == start:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans
