"""When an account should hear from us again. Pure."""

from collections.abc import Mapping
from datetime import date, timedelta

# Days between two contacts, by tier; the last one also for accounts without a tier.
USUAL_DAYS = {"A": 14, "B": 30, "C": 60, "D": 90}
UNTIERED_DAYS = 90


def cadence(changed: Mapping[str, int]) -> dict[str, int]:
    """Days between two contacts by tier ("" for none): the usual ones, but for those that were *changed*."""
    return {**USUAL_DAYS, "": UNTIERED_DAYS, **changed}


def next_touch_on(last: date | None, tier: str, days: Mapping[str, int]) -> date | None:
    """The day by which an account of *tier*, last in contact on *last*, should hear from us; unknown if never was."""
    return None if last is None else last + timedelta(days=days.get(tier, UNTIERED_DAYS))
