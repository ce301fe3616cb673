"""How what happens to scorecards, and what people say of an account's health, reads on the feed."""

from datetime import date, datetime
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from cartera.accounts.models import Account
from cartera.design import reader
from cartera.health.models import Pulse
from cartera.timeline.models import Event
from cartera.timeline.offers import FeedKind


def _switched_on(event: Event) -> str:
    moment, why = event.data["after"].get("from"), event.data["after"].get("why")
    day = reader.day(datetime.fromisoformat(moment)) if moment else reader.day(event.at)
    said = _("Health is scored by %(card)s from %(day)s on") % {"card": event.subject, "day": day}
    return f"{said} – {why}" if why else said


def _pulse(event: Event) -> str:
    if event.data.get("undone"):
        return _("took an opinion of the account back")
    after = event.data["after"]
    said = {"colour": Account.Pulse(after["colour"]).label, "why": after["text"] or Pulse.Why(after["why"]).label}
    return _("Pulse: %(colour)s – %(why)s") % said


def _override(event: Event) -> str:
    if event.data.get("undone"):
        return _("took back that health was set by hand")
    after = event.data["after"]
    said = {
        "score": reader.number(Decimal(after["score"])),
        "until": reader.day(date.fromisoformat(after["until"])),
        "why": after["why"],
    }
    return _("Health set by hand to %(score)s until %(until)s: %(why)s") % said


def _ended(event: Event) -> str:
    if event.data.get("undone"):
        return _("The health set by hand goes on")
    return _("The computed health stands alone again")


def _health(event: Event) -> str:
    return f"{reverse('health:account', args=[event.account_id])}#opinions"


KINDS = (
    FeedKind(kind="health.switch_on", icon="gauge", sentence=_switched_on),
    FeedKind(kind="health.pulse", icon="heart-pulse", sentence=_pulse, url=_health),
    FeedKind(kind="health.override", icon="hand", sentence=_override, url=_health),
    FeedKind(kind="health.end_override", icon="hand", sentence=_ended, url=_health),
)
