"""What a draft would change: the scores of the same accounts by two scorecards, side by side. Pure arithmetic."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from cartera.engine.columns import Floats, Integers
from cartera.engine.scoring import Scores, tenths
from cartera.health import rules

BINS = 20  # of five points each
MOVERS = 10  # accounts named, in each direction


@dataclass(frozen=True)
class Side:
    """The scores of some accounts by one or several scorecards.

    score, coverage: (accounts,), NaN where there is no score; parts: by measure, (accounts,), 0 where it does not count
    """

    score: Floats
    coverage: Floats
    parts: dict[str, Floats] = field(default_factory=dict)

    @classmethod
    def of_nobody(cls, size: int) -> "Side":
        """Accounts that nothing has scored yet."""
        return cls(np.full(size, np.nan), np.zeros(size))

    def fill(self, place: Integers, measures: Sequence[str], scores: Scores) -> None:
        """Put in the scores of the accounts at *place*."""
        self.score[place], self.coverage[place] = scores.score, scores.coverage
        for column, measure in enumerate(measures):
            parts = self.parts.setdefault(measure, np.zeros(len(self.score)))
            parts[place] = np.nan_to_num(scores.contributions[:, column])


def compare(ids: Integers, before: Side, after: Side) -> dict[str, Any]:
    """What is different, as plain data:

    matrix: accounts by band before (rows) and after (columns), in the order of rules.BANDS
    before, after: {bins: accounts in each of BINS equal steps from 0 to 100, mean, coverage (mean), unknown (accounts)}
    moved: how many scores differ; fell, rose: the MOVERS that changed most, each {account, before, after, parts}, where
        parts are [measure, difference] and add up to after - before exactly
    """
    difference = tenths(after.score) - tenths(before.score)
    difference[np.isnan(before.score) | np.isnan(after.score)] = 0
    order = np.argsort(difference, kind="stable")
    fell = [place for place in order[:MOVERS] if difference[place] < 0]
    rose = [place for place in order[::-1][:MOVERS] if difference[place] > 0]
    return {
        "matrix": _matrix(before.score, after.score),
        "before": _shape(before),
        "after": _shape(after),
        "moved": int(np.count_nonzero(difference)),
        "fell": [_mover(ids, before, after, place) for place in fell],
        "rose": [_mover(ids, before, after, place) for place in rose],
    }


def distribution(values: Floats, corners: Sequence[Sequence[float]] = (), *, bins: int = 32) -> dict[str, Any]:
    """How *values* (NaN for unknown) lie: {low, high, bins, known, of, median}.

    low and high hold the middle 98 % of the known values and all *corners*, with some room; bins count values between
    them, the few beyond go to the outermost. median is None when nothing is known.
    """
    known = values[~np.isnan(values)]
    ends = [float(corner[0]) for corner in corners]
    if len(known):
        ends += np.percentile(known, [1, 99]).tolist()
    low, high = _roomy(min(ends, default=0.0), max(ends, default=1.0))
    counts, _edges = np.histogram(np.clip(known, low, high), bins=bins, range=(low, high))
    return {
        "low": low, "high": high, "bins": counts.tolist(), "known": len(known), "of": len(values),
        "median": float(np.median(known)) if len(known) else None,
    }  # fmt: skip


def _roomy(low: float, high: float) -> tuple[float, float]:
    room = (high - low) * 0.08 or max(abs(high), 1.0) * 0.5
    return low - room, high + room


def _matrix(before: Floats, after: Floats) -> list[list[int]]:
    size = len(rules.BANDS)
    counts = np.bincount(rules.bands(before) * size + rules.bands(after), minlength=size * size)
    return counts.reshape(size, size).tolist()


def _shape(side: Side) -> dict[str, Any]:
    known = side.score[~np.isnan(side.score)]
    counts, _edges = np.histogram(known, bins=BINS, range=(0, 100))
    return {
        "bins": counts.tolist(),
        "mean": round(float(known.mean()), 1) if len(known) else None,
        "coverage": round(float(side.coverage.mean()), 3) if len(side.coverage) else None,
        "unknown": int(np.isnan(side.score).sum()),
    }


def _mover(ids: Integers, before: Side, after: Side, place: int) -> dict[str, Any]:
    measures = dict.fromkeys([*before.parts, *after.parts])
    parts = [
        (measure, _part(after.parts, measure, place) - _part(before.parts, measure, place)) for measure in measures
    ]
    return {
        "account": int(ids[place]),
        "before": float(before.score[place]),
        "after": float(after.score[place]),
        "parts": sorted(([measure, part / 10] for measure, part in parts if part), key=lambda one: -abs(one[1])),
    }


def _part(parts: Mapping[str, Floats], measure: str, place: int) -> int:
    return round(float(parts[measure][place]) * 10) if measure in parts else 0


def proposed(values: Floats, direction: str) -> list[list[float]]:
    """Corners for a measure that nobody has drawn a curve for: the worst twentieth of the known values gets no points,
    the median 60, the best twentieth all; *direction* says which end is good. A plain slope where little is known."""
    known = values[~np.isnan(values)]
    ends = np.percentile(known, [5, 50, 95]) if len(known) else np.array([0.0, 0.5, 1.0])
    marks = [float(f"{value:.3g}") for value in ends]
    if not marks[0] < marks[1] < marks[2]:
        low, high = (marks[0], marks[2]) if marks[0] < marks[2] else (marks[0], marks[0] + 1)
        marks = [low, (low + high) / 2, high]
    points = [0.0, 60.0, 100.0] if direction == "up" else [100.0, 60.0, 0.0]
    return [[value, height] for value, height in zip(marks, points, strict=True)]
