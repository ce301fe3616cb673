"""What other apps may offer for accounts: panels of their page, reasons to turn to them now, and how they are lost."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
from django.utils.functional import Promise
from numpy.typing import NDArray

if TYPE_CHECKING:
    from cartera.lake.queries import Facts

type Flags = NDArray[np.bool_]
type Integers = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A panel of the account page: `url_name` takes the account's id and answers with the panel's fragment."""

    key: str
    title: str | Promise
    url_name: str
    order: int


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A link from a reason to the rows behind it."""

    label: str | Promise
    url: str


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Something that could be done for an account now.

    `key` names the reason for this account, the same each day while the reason stands ("contracts.overdue");
    `value` is the money at stake in `currency`; `probability` how likely it is lost if nothing is done (0–1).
    """

    account_id: int
    key: str
    kind: str
    title: str | Promise
    reason: str | Promise
    minutes: int
    value: Decimal
    currency: str
    probability: float
    deadline: date | None = None
    evidence: list[Evidence] = field(default_factory=list)


@dataclass(frozen=True)
class Fate:
    """What became of accounts between two moments, each (accounts,).

    at_risk: they could have been lost in this way; gone: they were lost before the first moment already; lost: they
    were lost between the two
    """

    at_risk: Flags
    gone: Flags
    lost: Flags


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A way in which an account is lost.

    fate: (facts as they are known now, from, until, account ids in rising order) -> what became of each from *from*
        (included) to *until* (not)
    """

    key: str
    label: str | Promise
    fate: Callable[["Facts", datetime, datetime, Integers], Fate]
