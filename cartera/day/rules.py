"""How many minutes a day has left, and what fits into them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

LOOK_AHEAD = 60  # days after which nobody looks for a working day any more
BREAK_AFTER, BREAK = 300, 60  # minutes of work after which there is a break, and how long it lasts at most
COMES_BACK = 14  # days after which a reason that was dealt with, and still stands, is shown again


@dataclass(frozen=True)
class Hours:
    """When someone works: the same hours on each of *days* (1 Monday to 7 Sunday), not on days *away*."""

    start: time
    end: time
    days: frozenset[int]
    away: tuple[tuple[date, date], ...] = ()

    def works_on(self, day: date) -> bool:
        return day.isoweekday() in self.days and not any(first <= day <= last for first, last in self.away)


@dataclass(frozen=True)
class Day:
    """A working day and its free minutes; `is_today` is false when today has no hours (left)."""

    on: date
    free: int
    is_today: bool


def working_day(hours: Hours, *, today: date, clock: time | None) -> Day | None:
    """The day to plan: today while it has hours left, else the next working day; None if there is none in sight.

    *clock* is the member's time of day, None for the whole day (a pretended one).
    """
    left = minutes_left(hours, clock) if hours.works_on(today) else 0
    if left:
        return Day(today, left, is_today=True)
    ahead = (today + timedelta(days=number) for number in range(1, LOOK_AHEAD))
    found = next((day for day in ahead if hours.works_on(day)), None)
    return Day(found, minutes_left(hours, None), is_today=False) if found else None


def minutes_left(hours: Hours, clock: time | None) -> int:
    """Working minutes from *clock* (None: from the start) to the end, less the break if it is still to come."""
    start = max(hours.start, clock) if clock else hours.start
    left = max(_minute(hours.end) - _minute(start), 0)
    return left - min(BREAK, max(left - BREAK_AFTER, 0))


def _minute(of: time) -> int:
    return of.hour * 60 + of.minute


def fit(lengths: Sequence[int], free: int) -> list[bool]:
    """Which of the pieces of work, in this order, are planned: each one that still fits into the *free* minutes."""
    planned = []
    for length in lengths:
        planned.append(length <= free)
        free -= length if planned[-1] else 0
    return planned
