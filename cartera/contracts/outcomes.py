"""Without a contract an account is lost when it orders nothing any more."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from cartera.accounts.offers import Fate, Integers, Outcome
from cartera.contracts.money_columns import orders
from cartera.lake.columns import aligned

if TYPE_CHECKING:
    from ibis import Table

    from cartera.lake.queries import Asked, Facts

# Who has ordered nothing for so long left before anyone could have kept them.
GONE = timedelta(days=365)


def lapsed(facts: "Facts", since: datetime, until: datetime, accounts: Integers) -> Fate:
    """Whether each of *accounts* ordered nothing; at risk is who had ordered within a year of the beginning."""
    found = facts.fetched(
        ("contracts.lapsed", since, until), lambda asked: _around(asked, since.timestamp(), until.timestamp())
    )
    columns = aligned(accounts, found["account_id"], {name: found[name] for name in ("before", "within")})
    at_risk = columns["before"] >= (since - GONE).timestamp()
    return Fate(
        at_risk=at_risk, gone=columns["before"] < (since - GONE).timestamp(), lost=at_risk & (columns["within"] == 0)
    )


def _around(asked: "Asked", since: float, until: float) -> "Table":
    """Of each account the last order before *since*, and the number of orders from then to *until*."""
    rows = orders(asked)
    at = rows.happened_at.epoch_seconds()
    return rows.group_by("account_id").agg(
        before=at.max(where=at < since).cast("float64"),
        within=((at >= since) & (at < until)).sum().cast("float64"),
    )


OUTCOMES = [Outcome(key="contracts.lapsed", label=_("stopped ordering"), fate=lapsed)]
