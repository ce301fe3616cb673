"""An account is lost when someone closes it."""

from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
from django.utils.translation import gettext_lazy as _

from cartera.accounts.offers import Fate, Integers, Outcome

if TYPE_CHECKING:
    from ibis import Table

    from cartera.lake.queries import Asked, Facts


def closed(facts: "Facts", since: datetime, until: datetime, accounts: Integers) -> Fate:
    """Whether each of *accounts* was closed, and stayed so until the end; at risk is who was there at the beginning."""
    opened = facts.once("accounts.opened", lambda: facts.fetched("accounts.opened", _opened))
    closings = facts.once("accounts.closings", lambda: facts.fetched("accounts.closings", _closings))
    begin, end = since.timestamp(), until.timestamp()
    at, back = closings["closed"], np.nan_to_num(closings["reopened"], nan=np.inf)
    there = opened["account_id"][opened["at"] < begin]
    gone = closings["account_id"][(at < begin) & (back >= begin)]
    lost = closings["account_id"][(at >= begin) & (at < end) & (back >= end)]
    return Fate(*(np.isin(accounts, ids) for ids in (there, gone, lost)))


def _opened(asked: "Asked") -> "Table":
    rows = asked.accounts
    return rows.select("account_id", at=rows.happened_at.epoch_seconds().cast("float64"))


def _closings(asked: "Asked") -> "Table":
    rows = asked.closings
    return rows.select(
        "account_id",
        closed=rows.happened_at.epoch_seconds().cast("float64"),
        reopened=rows.reopened_at.epoch_seconds().cast("float64"),
    )


OUTCOMES = [Outcome(key="accounts.closed", label=_("closed"), fate=closed)]
