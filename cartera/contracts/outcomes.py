"""Without a contract an account is lost when it orders nothing any more."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
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
    """Whether each of *accounts* ordered nothing; at risk is who had ordered within a year of the beginning.

    All orders are fetched once for the facts: a window costs a pass over them, not a question of its own.
    """
    kept = facts.once("contracts.ordered", lambda: facts.fetched("contracts.ordered", _ordered))
    before = kept["at"] < since.timestamp()
    within = ~before & (kept["at"] < until.timestamp())
    ids, place = facts.once("contracts.orderers", lambda: np.unique(kept["account_id"], return_inverse=True))
    last = np.full(len(ids), -np.inf)
    np.maximum.at(last, place[before], kept["at"][before])
    number = np.bincount(place[within], minlength=len(ids)).astype(np.float64)
    known = np.isfinite(last)
    columns = aligned(accounts, ids[known], {"last": last[known], "number": number[known]})
    at_risk = columns["last"] >= (since - GONE).timestamp()
    gone = columns["last"] < (since - GONE).timestamp()
    return Fate(at_risk=at_risk, gone=gone, lost=at_risk & (columns["number"] == 0))


def _ordered(asked: "Asked") -> "Table":
    """When each account ordered, seconds since 1970."""
    rows = orders(asked)
    return rows.select("account_id", at=rows.happened_at.epoch_seconds().cast("float64"))


OUTCOMES = [Outcome(key="contracts.lapsed", label=_("stopped ordering"), fate=lapsed)]
