"""How often, how long and for how much an account orders: plain counts that an account manager checks by eye.

An order is a day with an invoice above zero, as in `money_columns.rhythm`; months and years end at the moment asked.
"""

from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from cartera.contracts import money_columns
from cartera.contracts.money_columns import YEAR
from cartera.lake import rhythms
from cartera.lake.columns import aligned
from cartera.lake.offers import Floats, Integers

if TYPE_CHECKING:
    from ibis import Table

    from cartera.lake.queries import Asked, Facts


def recency(facts: "Facts", as_of: datetime, accounts: Integers) -> dict[str, Floats]:
    """`value`, days since the last order; less is better. Unknown for an account that never ordered."""
    return _fresh(_today(as_of) - _orders(facts, accounts)["last"])


def frequency(facts: "Facts", as_of: datetime, accounts: Integers) -> dict[str, Floats]:
    """`value`, the number of days with an order in twelve months; more is better. Unknown if it never ordered."""
    return _fresh(_orders(facts, accounts)["days"])


def active_months(facts: "Facts", as_of: datetime, accounts: Integers) -> dict[str, Floats]:
    """`value`, the share 0..1 of the last twelve months with an order, or of those since the first; more is better.

    Unknown for an account that never ordered. Also months (with an order) and of (looked at).
    """
    found = _orders(facts, accounts)
    of = np.minimum(found["oldest"], YEAR)
    return _fresh(found["months"] / of) | {"months": found["months"], "of": of}


def order_value(facts: "Facts", as_of: datetime, accounts: Integers) -> dict[str, Floats]:
    """`value`, the money of twelve months per day with an order, credit notes taken off, in settings.CURRENCY.

    More is better. Unknown without an order in twelve months, and where a rate is missing. Also days (with an order).
    """
    revenue = money_columns.revenue(facts, as_of, accounts)
    days = _orders(facts, accounts)["days"]
    value = np.divide(revenue["value"], days, out=np.full(len(accounts), np.nan), where=days > 0)
    return {"value": value, "age": revenue["age"], "days": days}


def tenure(facts: "Facts", as_of: datetime, accounts: Integers) -> dict[str, Floats]:
    """`value`, days since the first order or since the account was opened, whichever came first; more is better.

    Unknown only for an account of which neither is known.
    """
    opened = facts.once("contracts.opened", lambda: facts.fetched("contracts.opened", _opened))
    since = aligned(accounts, opened["account_id"], {"day": opened["day"]})["day"]
    return _fresh(_today(as_of) - np.fmin(since, _orders(facts, accounts)["first"]))


def _orders(facts: "Facts", accounts: Integers) -> dict[str, Floats]:
    found = facts.once("contracts.orders", lambda: facts.fetched("contracts.orders", _counted))
    return aligned(accounts, found["account_id"], {name: found[name] for name in found if name != "account_id"})


def _counted(asked: "Asked") -> "Table":
    rows = money_columns.orders(asked)
    before = rows.filter(rows.happened_at < asked.moment)
    days = before.select(
        "account_id",
        day=before.happened_at.epoch_seconds() // rhythms.DAY,
        ago=money_columns.months_ago(before, asked.moment).cast("int64"),
    )
    months = days.group_by("account_id", "ago").agg(days=days.day.nunique(), first=days.day.min(), last=days.day.max())
    within = months.ago <= YEAR  # a day lies in one month only
    return months.group_by("account_id").agg(
        days=months.days.sum(where=within).coalesce(0).cast("float64"),
        months=within.sum().cast("float64"),
        oldest=months.ago.max().cast("float64"),
        first=months["first"].min().cast("float64"),
        last=months["last"].max().cast("float64"),
    )


def _opened(asked: "Asked") -> "Table":
    rows = asked.accounts
    return rows.select("account_id", day=(rows.happened_at.epoch_seconds() // rhythms.DAY).cast("float64"))


def _today(as_of: datetime) -> float:
    return as_of.timestamp() // rhythms.DAY


def _fresh(value: Floats) -> dict[str, Floats]:
    """A count of what was, or was not, until today is as old as today."""
    return {"value": value, "age": np.where(np.isnan(value), np.nan, 0.0)}
