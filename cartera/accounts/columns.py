"""The columns of the list: what they show, sort by and export."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cartera.accounts.models import Account, CustomField


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column: `sort` is the field that it sorts by; `value` what a file gets."""

    key: str
    label: str | Promise
    value: Callable[[Account], Any]
    sort: str = ""
    number: bool = False
    editable: bool = False
    falling: bool = False

    @property
    def own_field(self) -> str:
        return self.key.partition(".")[2]


COLUMNS = [
    Column(key="name", label=_("Account"), sort="name", value=lambda a: a.name),
    Column(key="health", label=_("Health"), sort="health", value=lambda a: a.health),
    Column(key="revenue", label=_("Revenue"), sort="revenue", number=True, falling=True, value=lambda a: a.revenue),
    Column(key="touched", label=_("Last contact"), sort="last_touch_at", falling=True, value=lambda a: a.last_touch_at),
    Column(key="next", label=_("Next contact"), sort="next_touch_on", value=lambda a: a.next_touch_on),
    Column(key="tier", label=_("Tier"), sort="tier", editable=True, value=lambda a: a.tier),
    Column(key="stage", label=_("Stage"), sort="stage", editable=True, value=lambda a: a.get_stage_display()),
    Column(key="lead", label=_("Steward"), sort="lead", editable=True, value=lambda a: str(a.lead or "")),
    Column(
        key="change", label=_("Health, 30 days"), sort="health_change", number=True, value=lambda a: a.health_change
    ),
    Column(
        key="risk", label=_("Risk of silence"), sort="silence_risk", number=True, falling=True,
        value=lambda a: a.silence_risk,
    ),
    Column(key="pulse", label=_("Pulse"), sort="pulse", value=lambda a: a.get_pulse_display()),
    Column(key="pulse_on", label=_("Pulse given"), sort="", value=lambda a: a.pulse_on),
    Column(key="override", label=_("Health set by hand"), number=True, value=lambda a: a.overriding),
    Column(
        key="override_until", label=_("Set by hand until"), sort="override_until",
        value=lambda a: a.override_until if a.overriding is not None else None,
    ),
    Column(key="overdue", label=_("Overdue"), sort="overdue", number=True, falling=True, value=lambda a: a.overdue),
    Column(key="ordered", label=_("Last order"), sort="last_order_on", falling=True, value=lambda a: a.last_order_on),
    Column(key="tags", label=_("Tags"), editable=True, value=lambda a: ", ".join(a.tags)),
    Column(key="country", label=_("Country"), sort="country", value=lambda a: a.country),
    Column(key="industry", label=_("Industry"), sort="industry", value=lambda a: a.industry),
    Column(key="group", label=_("Group"), value=lambda a: str(a.parent or "")),
    Column(key="opened", label=_("Client since"), sort="opened_at", falling=True, value=lambda a: a.opened_at),
    Column(key="external_id", label=_("External id"), value=lambda a: a.external_id),
    Column(key="domain", label=_("Web domain"), value=lambda a: a.domain),
]  # fmt: skip
USUAL = ["name", "health", "revenue", "touched", "next", "tier", "stage", "lead"]


def all_columns() -> list[Column]:
    """Every column there is, with the company's own fields."""
    own = (
        Column(
            key=f"field.{field.key}", label=field.label, editable=True, number=field.kind == "number",
            value=_of_custom(field.key),
        )
        for field in CustomField.objects.all()
    )  # fmt: skip
    return [*COLUMNS, *own]


def _of_custom(key: str) -> Callable[[Account], Any]:
    return lambda account: account.custom.get(key)


def chosen(keys: Sequence[str], known: Sequence[Column]) -> list[Column]:
    """The columns of *keys* in that order, the name always first; the usual ones if none is known."""
    by_key = {column.key: column for column in known}
    found = [by_key[key] for key in dict.fromkeys(["name", *keys]) if key in by_key]
    return found if len(found) > 1 else [by_key[key] for key in USUAL]
