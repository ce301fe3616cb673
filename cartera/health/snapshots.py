"""Accounts as they were known at past cuts, and what became of them: what risk is learned from and judged by."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from cartera.engine.columns import Floats, Integers
from cartera.health.outcomes import became
from cartera.health.queries import Columns, measured
from cartera.kit.clock import start_of
from cartera.lake.queries import facts_as_of

STEP = 30  # days between two cuts

type Say = Callable[[int, int], None]


@dataclass(frozen=True)
class Cut:
    """A day, the accounts (rising), what the measures said of each by the morning of that day, and what became of it.

    outcome: (accounts,), as `outcomes.became` says it; NaN throughout when its window is not over yet.
    """

    on: date
    ids: Integers
    columns: dict[str, Columns]
    outcome: Floats


def cuts_before(as_of: date, *, window: int, number: int) -> list[date]:
    """The last *number* cuts whose window of so many days was over on *as_of*, oldest first, STEP days apart."""
    last = as_of - timedelta(days=window)
    return [last - timedelta(days=STEP * back) for back in range(number - 1, -1, -1)]


def taken(
    cuts: Sequence[date],
    keys: Sequence[str],
    ids: Integers,
    *,
    window: int,
    as_of: date,
    told: Collection[str] = (),
    say: Say | None = None,
) -> list[Cut]:
    """What was known at each of *cuts* and what became of it within *window* days, as far as *as_of* knows.

    Nothing that became known on the day of a cut, or later, is in its columns. Of the measures *told* all figures are
    kept, of the others value and age. *say* hears how many cuts are done.
    """
    now, found = facts_as_of(start_of(as_of)), []
    for on in cuts:
        facts, until = facts_as_of(start_of(on)), on + timedelta(days=window)
        outcome = became(now, start_of(on), start_of(until), ids) if until <= as_of else np.full(len(ids), np.nan)
        columns = {
            key: column if key in told else Columns(column.value, column.age)
            for key, column in measured(keys, facts=facts, ids=ids).items()
        }
        found.append(Cut(on, ids, columns, outcome))
        if say:
            say(len(found), len(cuts))
    return found
