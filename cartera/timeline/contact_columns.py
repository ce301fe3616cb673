"""The calculations behind the measures of people: on how many the relation hangs, and which of them have gone silent.

People who left the client's company do not count: whether enough stayed is the coverage of contacts in `accounts`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from cartera.lake import rhythms
from cartera.lake.columns import aligned
from cartera.lake.offers import Floats, Integers
from cartera.lake.rhythms import DAY

if TYPE_CHECKING:
    from ibis import Table

    from cartera.lake.queries import Asked, Facts

WINDOW, RECENT = 180, 90  # days
USUAL = 3  # days with a conversation that make someone a usual partner
LAPSED = 365  # days of silence after which someone is no usual partner any more
SILENT = 0.1  # a silence rarer than this, for the person, counts as silence
DECIDING = ("decision_maker", "sponsor")
WEIGHTS = {"decision_maker": 3.0, "sponsor": 3.0, "champion": 2.0}  # who has another role, or none, weighs 1


def breadth(facts: "Facts", as_of: datetime, accounts: Integers) -> dict[str, Floats]:
    """`value`, with how many people of equal weight we are in touch, by their days of 180: 1 / Σ share²; more: better.

    1 is single-threaded, 0 means that all of them have left; unknown if no interaction of 180 days names anybody. Also
    people and recent (numbers, of 180 and of 90 days), largest (share 0..1), gone (who left, number).
    """
    found = facts.once("timeline.people", lambda: facts.fetched("timeline.people", _shared))
    squares, days = found["squares"], found["days"]
    value = np.divide(days**2, squares, out=np.zeros(len(days)), where=squares > 0)
    largest = np.divide(found["most"], days, out=np.full(len(days), np.nan), where=days > 0)
    columns = {"value": value, "age": (as_of.timestamp() // DAY) - found["last"], "largest": largest}
    return aligned(
        accounts, found["account_id"], columns | {name: found[name] for name in ("people", "recent", "gone")}
    )


@dataclass(frozen=True)
class Partners:
    """The people of whom a rhythm is known, one row each, all of the same shape.

    contacts, accounts: ids; weight: by role; deciding: whether they decide or sponsor; days: with a conversation;
    usual_gap and silence: days; unlikely: probability of such a silence while they are still there to talk to
    """

    contacts: Integers
    accounts: Integers
    weight: Floats
    deciding: Floats
    days: Floats
    usual_gap: Floats
    silence: Floats
    unlikely: Floats

    @property
    def silent(self) -> Floats:
        """1 for those who have fallen out of their rhythm."""
        return (self.unlikely < SILENT).astype(np.float64)


def partners(facts: "Facts") -> Partners:
    """The usual partners: still there, with conversations on three days, the last within a year.

    A person's rhythm is that of the days on which they wrote, or took part in a call, meeting or visit: a mail of ours
    says nothing of them. Read as in engine.rhythm, the population being the people of all accounts.
    """
    return facts.once("timeline.partners", lambda: _partners(facts))


def in_rhythm(facts: "Facts", as_of: datetime, accounts: Integers) -> dict[str, Floats]:
    """`value`, the share 0..1 of the usual partners who are still in their own rhythm; more is better.

    Who decides or sponsors weighs three times, a champion twice; see `partners`. Unknown without a usual partner.
    Also usual, silent and deciding_silent (numbers of people).
    """
    found = partners(facts)
    ids, place = np.unique(found.accounts, return_inverse=True)

    def summed(figures: Floats) -> Floats:
        return np.bincount(place, figures, len(ids))

    columns = {
        "value": 1 - summed(found.weight * found.silent) / summed(found.weight),
        "age": np.zeros(len(ids)),
        "usual": summed(np.ones(len(place))),
        "silent": summed(found.silent),
        "deciding_silent": summed(found.silent * found.deciding),
    }
    return aligned(accounts, ids, columns)


def _partners(facts: "Facts") -> Partners:
    found = facts.fetched("timeline.partners", _present)
    order = np.argsort(found["contact_id"])
    ids = found["contact_id"][order]
    reading = rhythms.columns(facts, _by_contact, ids, key="contact")
    usual = (reading["days"] >= USUAL) & (reading["silence"] <= LAPSED)
    roles = found["role"][order].astype(str)
    return Partners(
        contacts=ids[usual],
        accounts=found["account_id"][order][usual],
        weight=np.array([WEIGHTS.get(role, 1.0) for role in roles[usual]]),
        deciding=np.isin(roles[usual], DECIDING).astype(np.float64),
        days=reading["days"][usual],
        usual_gap=reading["usual_gap"][usual],
        silence=reading["silence"][usual],
        unlikely=reading["unlikely"][usual],
    )


def _touches(asked: "Asked") -> "Table":
    rows = asked.conversations
    return rows.filter((rows.happened_at < asked.moment) & (rows.kind != "note") & rows.direction.isin(["in", "out"]))


def _took_part(asked: "Asked") -> "Table":
    rows = _touches(asked)
    return rows.filter((rows.direction == "in") | rows.kind.isin(["call", "meeting", "visit"]))


def _by_contact(asked: "Asked") -> "Table":
    """Each person in the place of an account: `lake.rhythms` reads any column of ids."""
    rows = _took_part(asked)
    return rows.select("happened_at", account_id=rows.contact_id)


def _still_there(asked: "Asked") -> "Table":
    contacts = asked.contacts
    gone = contacts.left_on.notnull() & (contacts.left_on < asked.moment.date())
    return contacts.select("contact_id", "role", gone=gone)


def _present(asked: "Asked") -> "Table":
    """The people with a conversation who have not left, as far as is known; their account, and their role."""
    rows = _took_part(asked)
    talked = rows.group_by("contact_id").agg(account_id=rows.account_id.max())
    known = talked.left_join(_still_there(asked), "contact_id")
    return known.filter(~known.gone.coalesce(False)).select("contact_id", "account_id", "role")


def _shared(asked: "Asked") -> "Table":
    import ibis

    rows, moment = _touches(asked), asked.moment
    rows = rows.filter(rows.happened_at >= moment - ibis.interval(days=WINDOW))
    rows = rows.mutate(day=rows.happened_at.epoch_seconds() // DAY)
    each = rows.group_by("account_id", "contact_id").agg(days=rows.day.nunique().cast("float64"), last=rows.day.max())
    known = each.left_join(_still_there(asked), "contact_id")
    here, recent = ~known.gone.coalesce(False), known["last"] >= moment.epoch_seconds() // DAY - RECENT
    return known.group_by("account_id").agg(
        days=known["days"].sum(where=here).coalesce(0.0),
        squares=(known["days"] * known["days"]).sum(where=here).coalesce(0.0),
        most=known["days"].max(where=here),
        people=here.sum().cast("float64"),
        recent=(here & recent).sum().cast("float64"),
        gone=(~here).sum().cast("float64"),
        last=known["last"].max().cast("float64"),
    )
