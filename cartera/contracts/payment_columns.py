"""How late an account pays now, beside how late it always did: who always pays ten days late is no alarm at eight."""

from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from cartera.lake import rhythms
from cartera.lake.columns import aligned
from cartera.lake.offers import Floats, Integers

if TYPE_CHECKING:
    from ibis import Table

    from cartera.lake.queries import Asked, Facts

HABIT = 24  # months of payments that make a habit
OWN = 4.0  # payments of its own until an account's habit counts as much as everybody's
# Believed of a client who pays before any payments are known: half of all are late, by 30 days in the mean.
PRIOR_ACCOUNTS, LATE, LATE_BY = 5.0, 0.5, 30.0


def lateness(facts: "Facts", as_of: datetime, accounts: Integers) -> dict[str, Floats]:
    """`value`, the probability 0..1 that this client pays as late as its oldest open invoice is by now, or later.

    More is better; 1 when nothing is overdue. From the delays (day of payment - day due) of the invoices that it paid
    in 24 months: (own payments so late + 4 × everybody's share) / (own payments + 4), where in everybody's share each
    account counts once. Unknown for an account whose invoices carry no due date, and as long as nobody's payments are
    known. Also days (that the oldest open invoice is late, 0 if none is), usual (median of its own delays), payments.
    """
    found = facts.once("contracts.delays", lambda: facts.fetched("contracts.delays", _counted))
    shares = facts.learned("contracts.delays", _everybody)
    days = np.nan_to_num(found["late"])
    theirs = _share_as_late(days, shares)
    value = np.where(days > 0, (found["as_late"] + OWN * theirs) / (found["payments"] + OWN), 1.0)
    columns = {"value": np.where(np.isnan(theirs), np.nan, value), "age": np.zeros(len(days)), "days": days}
    return aligned(accounts, found["account_id"], columns | {name: found[name] for name in ("usual", "payments")})


def _dated(asked: "Asked") -> "Table":
    """Invoices with a due date: `late`, days past it if unpaid and past it; `delay`, days past it when it was paid."""
    import ibis

    invoices, payments, moment = asked.invoices, asked.payments, asked.moment
    real = (invoices.kind == "invoice") & (invoices.total > 0) & (invoices.happened_at < moment)
    paid = payments.select("invoice_id", paid_at=payments.happened_at)
    rows = invoices.filter(real & invoices.due_on.notnull()).left_join(paid, "invoice_id")
    due = rows.due_on.cast("timestamp").epoch_seconds()
    delay = (rows.paid_at.epoch_seconds() - due) // rhythms.DAY
    late = moment.epoch_seconds() // rhythms.DAY - due // rhythms.DAY
    lately = rows.paid_at >= moment - ibis.interval(months=HABIT)
    return rows.select(
        "account_id",
        delay=ibis.ifelse(lately, delay, None).cast("float64"),
        late=ibis.ifelse(rows.paid_at.isnull() & (late > 0), late, None).cast("float64"),
    )


def _counted(asked: "Asked") -> "Table":
    rows = _dated(asked)
    with_oldest = rows.mutate(oldest=rows.late.max().over(group_by="account_id"))
    return with_oldest.group_by("account_id").agg(
        late=with_oldest.late.max(),
        as_late=(with_oldest.delay >= with_oldest.oldest).sum().coalesce(0).cast("float64"),
        payments=with_oldest.delay.count().cast("float64"),
        usual=with_oldest.delay.median().cast("float64"),
    )


def _by_delay(asked: "Asked") -> "Table":
    rows = _dated(asked)
    paid = rows.filter(rows.delay.notnull())
    weighted = paid.mutate(weight=1.0 / paid.delay.count().over(group_by="account_id"))
    return weighted.group_by("delay").agg(accounts=weighted.weight.sum()).order_by("delay")


def _everybody(facts: "Facts") -> tuple[Floats, Floats]:
    """The delays that occur, rising, and how many accounts' worth of payments came with each delay or a longer one."""
    found = facts.fetched("contracts.by_delay", _by_delay)
    return found["delay"], np.cumsum(found["accounts"][::-1])[::-1]


def _share_as_late(days: Floats, shares: tuple[Floats, Floats]) -> Floats:
    """Everybody's share of payments that come *days* late or later; NaN as long as no payment is known."""
    delays, accounts = shares
    if not len(delays):
        return np.full(len(days), np.nan)
    so_late = np.r_[accounts, 0.0][np.searchsorted(delays, days)]
    believed = PRIOR_ACCOUNTS * LATE * np.exp(-days / LATE_BY)
    return (so_late + believed) / (accounts[0] + PRIOR_ACCOUNTS)
