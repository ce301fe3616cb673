"""How late an account pays now, beside how late it always did: who always pays ten days late is no alarm at eight."""

from dataclasses import dataclass
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
EARLIEST, LONGEST = 30, 180  # days before and after the due date that are told apart
OWN = 4.0  # payments of its own until an account's habit counts as much as everybody's
# Believed of a client who pays before any payments are known: half of all are late, by 30 days in the mean.
PRIOR_ACCOUNTS, LATE, LATE_BY = 5.0, 0.5, 30.0


def lateness(facts: "Facts", as_of: datetime, accounts: Integers) -> dict[str, Floats]:
    """`value`, the probability 0..1 that this client pays as late as its oldest open invoice is by now, or later.

    More is better; 1 when nothing is overdue. From the delays (day of payment - day due) of the invoices that it paid
    in 24 months: (own payments so late + 4 × everybody's share) / (own payments + 4), where in everybody's share each
    account counts once; 180 days and more are one. Unknown for an account whose invoices carry no due date, and as long
    as nobody's payments are known. Also days (that the oldest open invoice is late, 0 if none is), usual (median of its
    own delays, of two in the middle the shorter), payments (number).
    """
    habits = _habits(facts)
    theirs = _share_as_late(habits.compared, facts.learned("contracts.delays", _everybody))
    value = np.where(habits.late > 0, (habits.as_late + OWN * theirs) / (habits.payments + OWN), 1.0)
    columns = {"value": np.where(np.isnan(theirs), np.nan, value), "age": np.zeros(len(value)), "days": habits.late}
    return aligned(accounts, habits.ids, columns | {"usual": habits.usual, "payments": habits.payments})


@dataclass(frozen=True)
class _Habits:
    """Accounts with dated invoices (ids rising), and rows of (place of the account, delay, how many), by both rising.

    late: days that the oldest open invoice is late, 0 if none is; usual: the median delay, NaN without a payment
    """

    ids: Integers
    late: Floats
    payments: Floats
    usual: Floats
    place: Integers
    delay: Floats
    count: Floats

    @property
    def compared(self) -> Floats:
        """`late` as far as delays are told apart."""
        return np.minimum(self.late, LONGEST)

    @property
    def as_late(self) -> Floats:
        """How many of its own payments came as late as the oldest open invoice is by now, or later."""
        return np.bincount(self.place, self.count * (self.delay >= self.compared[self.place]), len(self.ids))


def _habits(facts: "Facts") -> _Habits:
    return facts.once("contracts.habits", lambda: _counted(facts.fetched("contracts.habits", _by_delay)))


def _by_delay(asked: "Asked") -> "Table":
    """Rows of (account, delay, count) for invoices paid lately, and of what is open how late the oldest one is."""
    import ibis

    invoices, payments, moment = asked.invoices, asked.payments, asked.moment
    real = (invoices.kind == "invoice") & (invoices.total > 0) & (invoices.happened_at < moment)
    paid = payments.select("invoice_id", paid_at=payments.happened_at)
    rows = invoices.filter(real & invoices.due_on.notnull()).left_join(paid, "invoice_id")
    due = rows.due_on.cast("timestamp").epoch_seconds() // rhythms.DAY
    delay = (rows.paid_at.epoch_seconds() // rhythms.DAY - due).clip(lower=-EARLIEST, upper=LONGEST)
    lately = rows.paid_at >= moment - ibis.interval(months=HABIT)
    known = rows.select(
        "account_id",
        delay=ibis.ifelse(lately, delay, None).cast("float64"),
        late=ibis.ifelse(rows.paid_at.isnull(), moment.epoch_seconds() // rhythms.DAY - due, 0).cast("float64"),
    )
    return known.group_by("account_id", "delay").agg(count=known.count().cast("float64"), late=known.late.max())


def _counted(found: dict[str, np.ndarray]) -> _Habits:
    ids, place = np.unique(found["account_id"], return_inverse=True)
    late = np.zeros(len(ids))
    np.maximum.at(late, place, found["late"])
    paid = np.flatnonzero(~np.isnan(found["delay"]))
    order = paid[np.lexsort((found["delay"][paid], place[paid]))]
    place, delay, count = place[order], found["delay"][order], found["count"][order]
    payments = np.bincount(place, count, len(ids))
    so_far = np.cumsum(count) - (np.cumsum(payments) - payments)[place]  # within the account
    usual = np.full(len(ids), np.nan)
    middle = np.flatnonzero(so_far * 2 >= payments[place])[::-1]
    usual[place[middle]] = delay[middle]  # the last one written is the first that reaches the middle
    return _Habits(ids, late, payments, usual, place, delay, count)


def _everybody(facts: "Facts") -> tuple[Floats, Floats]:
    """The delays that occur, rising, and how many accounts' worth of payments came with each delay or a longer one."""
    habits = _habits(facts)
    delays, which = np.unique(habits.delay, return_inverse=True)
    accounts = np.bincount(which, habits.count / habits.payments[habits.place], len(delays))
    return delays, np.cumsum(accounts[::-1])[::-1]


def _share_as_late(days: Floats, shares: tuple[Floats, Floats]) -> Floats:
    """Everybody's share of payments that come *days* late or later; NaN as long as no payment is known."""
    delays, accounts = shares
    if not len(delays):
        return np.full(len(days), np.nan)
    so_late = np.r_[accounts, 0.0][np.searchsorted(delays, days)]
    believed = PRIOR_ACCOUNTS * LATE * np.exp(-days / LATE_BY)
    return (so_late + believed) / (accounts[0] + PRIOR_ACCOUNTS)
