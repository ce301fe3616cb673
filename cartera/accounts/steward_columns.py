"""The calculations behind the measures of stewardship: how often the lead changed, and how long the present one leads.

A lead that ended on the day on which it began (handed over by mistake) never was one. A change is that another member
leads than before, however long nobody did in between.
"""

from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from cartera.lake.columns import aligned
from cartera.lake.offers import Floats, Integers

if TYPE_CHECKING:
    from ibis import Table

    from cartera.lake.queries import Asked, Facts

DAY = 86_400
MONTHS, RECENT = 24, 12  # months


def changes(facts: "Facts", as_of: datetime, accounts: Integers) -> dict[str, Floats]:
    """`value`, how often another member became the lead in 24 months; less is better.

    From stewardships of leads; unknown for an account that never had one. Also recent (changes in 12 months) and since
    (days since the last change, unknown without any).
    """
    found = _leads(facts, accounts)
    known = np.isnan(found["changes"])
    return {
        "value": found["changes"],
        "age": np.where(known, np.nan, 0.0),
        "recent": found["recent"],
        "since": _days_since(as_of, found["changed"]),
    }


def time_of_lead(facts: "Facts", as_of: datetime, accounts: Integers) -> dict[str, Floats]:
    """`value`, for how many days the present lead has had the account, 0 where nobody leads it; more is better.

    From stewardships of leads; unknown for an account that never had one. A lead who had it before, gave it away and
    took it back counts from then. Also led (1 or 0).
    """
    found = _leads(facts, accounts)
    led = found["leads"] > 0
    began = np.where(np.isnan(found["changed"]), found["first"], found["changed"])
    value = np.where(np.isnan(found["first"]), np.nan, np.where(led, _days_since(as_of, began), 0.0))
    return {"value": value, "age": np.where(np.isnan(value), np.nan, 0.0), "led": led.astype(np.float64)}


def _leads(facts: "Facts", accounts: Integers) -> dict[str, Floats]:
    found = facts.once("accounts.leads", lambda: facts.fetched("accounts.leads", _counted))
    return aligned(accounts, found["account_id"], {name: found[name] for name in found if name != "account_id"})


def _counted(asked: "Asked") -> "Table":
    import ibis

    rows, moment = asked.stewardships, asked.moment
    lasted = rows.until.isnull() | (rows.until > rows.happened_at.date())
    leads = rows.filter((rows.role == "lead") & (rows.happened_at < moment) & lasted)
    before = leads.member_id.lag().over(group_by="account_id", order_by=["happened_at", "known_at"])
    turns = leads.mutate(another=(before != leads.member_id).coalesce(False))
    at = turns.happened_at
    return turns.group_by("account_id").agg(
        changes=(turns.another & (at >= moment - ibis.interval(months=MONTHS))).sum().cast("float64"),
        recent=(turns.another & (at >= moment - ibis.interval(months=RECENT))).sum().cast("float64"),
        changed=at.max(where=turns.another).epoch_seconds().cast("float64"),
        first=at.min().epoch_seconds().cast("float64"),
        # Whoever hands over on the very day still leads on it: that it ends is known in the course of that day.
        leads=(turns.until.isnull() | (turns.until >= moment.date())).sum().cast("float64"),
    )


def _days_since(as_of: datetime, seconds: Floats) -> Floats:
    return np.floor(as_of.timestamp() / DAY) - np.floor(seconds / DAY)
