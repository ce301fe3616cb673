from collections.abc import Callable
from datetime import date

from django.utils.translation import gettext as _

from cartera.day.models import Dismissal
from cartera.design import reader
from cartera.timeline.models import Event
from cartera.timeline.offers import FeedKind


def _sentence(words: Callable[[str], str]) -> Callable[[Event], str]:
    def say(event: Event) -> str:
        after = event.data.get("after", {})
        if "until" not in after:
            return _("put it back onto today's plan")
        said = words(reader.day(date.fromisoformat(after["until"])))
        return f"{said}: {after['why']}" if after.get("why") else said

    return say


def _done(day: str) -> str:
    return _("dealt with a reason on Today; it comes back on %s if it still stands") % day


def _off(day: str) -> str:
    return _("put a reason on Today off until %s") % day


KINDS = [
    FeedKind(kind=f"day.{Dismissal.Kind.DONE}", icon="check", sentence=_sentence(_done)),
    FeedKind(kind=f"day.{Dismissal.Kind.SNOOZE}", icon="alarm-clock", sentence=_sentence(_off)),
    FeedKind(kind=f"day.{Dismissal.Kind.NOT_TODAY}", icon="calendar-x", sentence=_sentence(_off)),
]
