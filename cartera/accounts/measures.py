"""What the people in an account say about it: whether enough of them, and the right ones, are still there."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cartera.design import reader
from cartera.lake.columns import aligned
from cartera.lake.offers import Floats, Integers, Measure

if TYPE_CHECKING:
    from ibis import Table

    from cartera.lake.queries import Asked, Facts

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


def _page(account_id: int) -> str:
    return reverse("accounts:page", args=[account_id])


def _sentence(told: Mapping[str, float | None]) -> str:
    present = int(told["present"] or 0)
    if not present:
        return _("Everyone we knew there has left.")
    figures = {"present": reader.number(present), "deciding": reader.number(told["deciding"] or 0)}
    return (
        ngettext(
            "We know %(present)s person there; %(deciding)s of them decides or sponsors.",
            "We know %(present)s people there; %(deciding)s of them decide or sponsor.",
            present,
        )
        % figures
    )


MEASURES = [
    Measure(
        key="accounts.contacts_coverage",
        label=gettext_lazy("Coverage of contacts"),
        unit=gettext_lazy("0 to 1"),
        direction="up",
        source=gettext_lazy("Contacts who are still there, and their roles"),
        compute=contacts_coverage,
        rows_url=_page,
        sentence=_sentence,
    )
]
