"""How what happens to scorecards reads on the feed of the accounts that get them."""

from datetime import datetime

from django.utils.translation import gettext as _

from cartera.design import reader
from cartera.timeline.models import Event
from cartera.timeline.offers import FeedKind


def _switched_on(event: Event) -> str:
    moment, why = event.data["after"].get("from"), event.data["after"].get("why")
    day = reader.day(datetime.fromisoformat(moment)) if moment else reader.day(event.at)
    said = _("Health is scored by %(card)s from %(day)s on") % {"card": event.subject, "day": day}
    return f"{said} – {why}" if why else said


KINDS = (FeedKind(kind="health.switch_on", icon="gauge", sentence=_switched_on),)
