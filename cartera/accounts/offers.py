"""What other apps may offer for accounts: panels of the account page, and reasons to turn to an account now."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.functional import Promise


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
