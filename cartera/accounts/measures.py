"""What the people in an account, and those of us who look after it, say about it."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cartera.accounts import steward_columns
from cartera.design import reader
from cartera.lake.columns import aligned
from cartera.lake.offers import Floats, Integers, Measure

if TYPE_CHECKING:
    from ibis import Table

    from cartera.lake.queries import Asked, Facts

type Told = Mapping[str, float | None]
ENOUGH = 3  # people; whoever hangs on fewer loses the client when one leaves
DECIDING = ("decision_maker", "sponsor")


def contacts_coverage(facts: "Facts", as_of: datetime, accounts: Integers) -> dict[str, Floats]:
    """`value`, 0..1: half for up to three people we know who are still there, half for one of them who decides or
    sponsors; more is better.

    From contacts; unknown for an account of which nobody was ever written down, 0 where all have left. Also present,
    deciding and left (numbers of people).
    """
    ids, columns = facts.once("accounts.contacts", lambda: _coverage(facts))
    return aligned(accounts, ids, columns)


def _counted(asked: "Asked") -> "Table":
    rows = asked.contacts
    there = rows.left_on.isnull() | (rows.left_on >= asked.moment.date())
    return rows.group_by("account_id").agg(
        present=there.sum().cast("float64"),
        deciding=(there & rows.role.isin(DECIDING)).sum().coalesce(0).cast("float64"),
        known=rows.count().cast("float64"),
    )


def _coverage(facts: "Facts") -> tuple[Integers, dict[str, Floats]]:
    found = facts.fetched("accounts.contacts", _counted)
    value = (np.minimum(found["present"], ENOUGH) / ENOUGH + (found["deciding"] > 0)) / 2
    return found["account_id"], {
        "value": value,
        "age": np.zeros(len(value)),
        "present": found["present"],
        "deciding": found["deciding"],
        "left": found["known"] - found["present"],
    }


def _people(account_id: int) -> str:
    return reverse("accounts:page", args=[account_id]) + "#panel-accounts-people"


def _stewards(account_id: int) -> str:
    return reverse("accounts:page", args=[account_id]) + "#panel-accounts-stewards"


def _coverage_sentence(told: Told) -> str:
    present = int(told["present"] or 0)
    if not present:
        return _("Everyone we knew there has left.")
    figures = {"present": reader.number(present), "deciding": reader.number(told["deciding"] or 0)}
    return (
        ngettext(
            "We know %(present)s person there; %(deciding)s of them decides or sponsors.",
            "We know %(present)s people there; deciding or sponsoring: %(deciding)s.",
            present,
        )
        % figures
    )


def _changes_sentence(told: Told) -> str:
    times = int(told["value"] or 0)
    if told["since"] is None:
        return _("The lead has never changed.")
    if not times:
        return _("The lead has not changed in 24 months.")
    figures = {"times": reader.number(times), "days": reader.number(told["since"])}
    return (
        ngettext(
            "The lead changed %(times)s time in 24 months, %(days)s days ago.",
            "The lead changed %(times)s times in 24 months, the last time %(days)s days ago.",
            times,
        )
        % figures
    )


def _time_sentence(told: Told) -> str:
    if not told["led"]:
        return _("Nobody leads it.")
    days = int(told["value"] or 0)
    said = ngettext(
        "The present lead has had it for %(days)s day.", "The present lead has had it for %(days)s days.", days
    )
    return said % {"days": reader.number(days)}


MEASURES = [
    Measure(
        key="accounts.contacts_coverage",
        label=gettext_lazy("Coverage of contacts"),
        unit=gettext_lazy("0 to 1"),
        direction="up",
        source=gettext_lazy("Contacts who are still there, and their roles"),
        compute=contacts_coverage,
        rows_url=_people,
        sentence=_coverage_sentence,
    ),
    Measure(
        key="accounts.steward_changes",
        label=gettext_lazy("Changes of lead"),
        unit=gettext_lazy("changes in 24 months"),
        direction="down",
        source=gettext_lazy("Who led the account, and since when"),
        compute=steward_columns.changes,
        rows_url=_stewards,
        sentence=_changes_sentence,
    ),
    Measure(
        key="accounts.steward_time",
        label=gettext_lazy("Time of the present lead"),
        unit=gettext_lazy("days"),
        direction="up",
        source=gettext_lazy("Who led the account, and since when"),
        compute=steward_columns.time_of_lead,
        rows_url=_stewards,
        sentence=_time_sentence,
    ),
]
