"""How what happens to invoices reads on the feed."""

from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from cartera.contracts.events import KIND
from cartera.design import reader
from cartera.kit.models import Change
from cartera.timeline.models import Event
from cartera.timeline.offers import FeedKind


def _issued(event: Event) -> str:
    amount = reader.money(Decimal(event.data["total"]), event.data["currency"])
    text = (
        _("Credit note %(number)s: %(amount)s")
        if event.data["kind"] == "credit_note"
        else _("Invoice %(number)s: %(amount)s")
    )
    return text % {"number": event.subject, "amount": amount}


def _paid(event: Event) -> str:
    said = {"number": event.subject, "day": _day(event, "paid_on")}
    return _("Invoice %(number)s was paid on %(day)s") % said


def _due(event: Event) -> str:
    return _("Invoice %(number)s is due on %(day)s") % {"number": event.subject, "day": _day(event, "due_on")}


def _day(event: Event, name: str) -> str:
    value = event.data["after"].get(name)
    return reader.day(date.fromisoformat(value)) if value else reader.NOTHING


def _about(event: Event) -> str | None:
    pk = event.about_id or event.data.get("invoice")
    return reverse("contracts:invoice", args=[pk]) if pk else None


def _data(change: Change) -> dict:
    return {"invoice": change.subject_id, "after": change.after}


KINDS = (
    FeedKind(kind=KIND, icon="receipt", sentence=_issued, url=_about, group="money"),
    FeedKind(kind="contracts.mark_paid", icon="circle-check", sentence=_paid, url=_about, data=_data, group="money"),
    FeedKind(
        kind="contracts.unmark",
        icon="undo-2",
        sentence=lambda event: _("Invoice %s is not paid after all") % event.subject,
        url=_about,
        data=_data,
        group="money",
    ),
    FeedKind(kind="contracts.set_due", icon="calendar-clock", sentence=_due, url=_about, data=_data, group="money"),
    FeedKind(
        kind="contracts.import",
        icon="upload",
        data=lambda change: {},
        group="money",
    ),
)
