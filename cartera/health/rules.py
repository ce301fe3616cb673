"""What scores mean and when they ask for someone. Pure arithmetic on columns and single figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from cartera.engine.columns import Floats, Integers
from cartera.engine.scoring import Scores, tenths

GOOD, WATCH = 70, 40  # a score of at least these is green, amber; below is red
BANDS = ("good", "watch", "bad", "unknown")
LINE = 26  # weeks in an account's little history line
FALL = 15  # points lost in 30 days that ask for someone
IMPROBABLE = 0.1  # a silence rarer than this, for the account itself, asks for someone
GONE, GONE_DAYS = 0.1, 120  # with less chance of being active still, after so many days, an account has left
QUIET = 0.5  # a probability of silence from which an account is looked at
CHANGE_DAYS = 30
NEVER_ONE_IN = 1000  # rarer than this is said to be "less than 1 in 1,000"
LONGEST_OVERRIDE = timedelta(days=365)
USUAL_OVERRIDE = 30  # days that are proposed
PULSE_DAYS = 90  # an opinion older than this is shown with its age, and no longer disagrees with anything
RED, AMBER, GREEN = 1, 2, 3
_EPOCH = date(1970, 1, 1).toordinal()
# From which score on, and up to which, an opinion and the computed score say the same, in points with one decimal.
OPINION_BANDS = {
    RED: (Decimal("0.0"), Decimal("39.9")), AMBER: (Decimal("40.0"), Decimal("69.9")),
    GREEN: (Decimal("70.0"), Decimal("100.0")),
}  # fmt: skip


def band(score: float | None) -> str:
    """The band of *score* (0-100): good, watch, bad; unknown for None."""
    if score is None:
        return "unknown"
    return "good" if score >= GOOD else "watch" if score >= WATCH else "bad"


def bands(scores: Floats) -> Integers:
    """The place in BANDS of each of *scores* (0-100, NaN for none), the same shape."""
    return np.select([np.isnan(scores), scores >= GOOD, scores >= WATCH], [3, 0, 1], 2)


def one_in(probability: float) -> int:
    """N for "1 in N", rounded to what a person says: 1 to 10, then two figures; at most NEVER_ONE_IN."""
    if probability <= 1 / NEVER_ONE_IN:
        return NEVER_ONE_IN
    times = 1 / min(probability, 1.0)
    return round(times) if times < 10 else int(float(f"{times:.2g}"))


def week_of(day: date) -> int:
    """The number of the week (from Monday) that *day* is in; neighbouring weeks differ by one."""
    return (day - timedelta(days=day.weekday())).toordinal() // 7


def weeks_of(days: Integers) -> Integers:
    """The same for *days* since 1970, any shape."""
    return (days - (days + 3) % 7 + _EPOCH) // 7  # 1970 began on a Thursday


def carried(line: Sequence[float | None], *, weeks: int, score: float | None) -> list[float | None]:
    """The history line once *score* is known *weeks* after the line's last point (0: the same week).

    Weeks in between repeat what was known; for an earlier week (a past day is scored anew) later points go.
    """
    kept = list(line)
    if weeks < 0:
        kept = kept[:weeks] or [None]
    elif kept:
        kept += [kept[-1]] * min(weeks, LINE)
    return [*kept[:-1], score][-LINE:]


def fingerprints(scores: Scores, scorecard_id: int) -> Integers:
    """One number for each account that changes when its points, parts or scorecard do, (accounts,).

    Points and parts in whole tenths, one added so that "does not count" differs from 0, times odd numbers, modulo
    2^63. Two different scorings have the same number by a chance of about 2^-60.
    """
    columns = np.column_stack(
        [
            np.where(np.isnan(figures), 0, tenths(figures) + 1)
            for figures in (scores.points, scores.contributions, scores.score[:, None])
        ]
    ).astype(np.uint64)
    dice = np.random.default_rng(scorecard_id)
    odd = dice.integers(0, 2**63, columns.shape[1], np.uint64) * np.uint64(2) + np.uint64(1)
    with np.errstate(over="ignore"):
        mixed = columns @ odd + np.uint64(scorecard_id)
    return (mixed >> np.uint64(1)).astype(np.int64)


@dataclass(frozen=True)
class Parts:
    """What explains the difference of two scores: points of each measure after minus before, adding up to `total`."""

    by_measure: dict[str, float]
    total: float


def difference(before: Sequence[dict], after: Sequence[dict]) -> Parts:
    """The exact change from one list of factors to another, by measure; what does not count has given 0."""
    parts: dict[str, int] = {}
    for sign, factors in ((-1, before), (1, after)):
        for factor in factors:
            parts[factor["measure"]] = parts.get(factor["measure"], 0) + sign * round((factor["part"] or 0) * 10)
    return Parts({measure: part / 10 for measure, part in parts.items()}, sum(parts.values()) / 10)


def is_gone(*, active: float | None, silence: float | None) -> bool:
    """Whether an account left a while ago, so that it is not a call but work to win it back."""
    return active is not None and silence is not None and active < GONE and silence >= GONE_DAYS


def reason(*, score: float | None, change: float | None, unlikely: float | None) -> str | None:
    """The one reason to turn to an account: its silence, its fall out of green, or that it is red; None if none."""
    if unlikely is not None and unlikely < IMPROBABLE:
        return "silence"
    if change is not None and change <= -FALL and score is not None and score < GOOD:
        return "fell"
    return "red" if score is not None and score < WATCH else None


def disagreement(score: Decimal | None, pulse: int | None) -> Decimal | None:
    """How many points lie between a computed score and the band of an opinion; positive where the computed score is
    the better one, 0 where they agree, None where one of them is missing."""
    if score is None or pulse is None:
        return None
    low, high = OPINION_BANDS[pulse]
    return score - high if score > high else score - low if score < low else Decimal()
