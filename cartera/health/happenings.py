"""What happened to an account along its line of health: marks on the drawing, and the same in words under it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils import timezone
from django.utils.translation import gettext as _

from cartera.design import charts, reader
from cartera.health import queries
from cartera.health.models import Override, Pulse
from cartera.timeline.events import kinds


@dataclass(frozen=True)
class Happening:
    """One thing on a day: an icon, and words that need no colour."""

    day: date
    icon: str
    text: str
    url: str = ""


def happenings(
    account_id: int, *, since: date, until: date, pulses: Iterable[Pulse], overrides: Iterable[Override]
) -> list[Happening]:
    """Versions of scorecards, opinions, what was set by hand, and what happened to the account; the latest first."""
    found = [
        *_cards(account_id, since, until),
        *(_pulse(pulse) for pulse in pulses),
        *(one for override in overrides for one in _override(override)),
        *_events(account_id, since, until),
    ]
    return sorted((one for one in found if since <= one.day <= until), key=lambda one: one.day, reverse=True)


def marks(found: Iterable[Happening]) -> list[charts.Mark]:
    """One mark a day, however much happened on it."""
    by_day = groupby(sorted(found, key=lambda one: one.day), key=lambda one: one.day)
    return [charts.Mark(day=day, text="; ".join(one.text for one in some)) for day, some in by_day]


def _cards(account_id: int, since: date, until: date) -> list[Happening]:
    """From when on another version, or another scorecard, counted. The first one of the window changed nothing."""
    turns = queries.scored_by(account_id, since=since, until=until)[1:]
    return [Happening(on, "gauge", _("Scored by “%s” from here on") % card) for on, card in turns]


def _pulse(pulse: Pulse) -> Happening:
    said = {"colour": pulse.get_colour_display(), "why": pulse.text or pulse.get_why_display()}
    return Happening(pulse.on, "heart-pulse", _("Pulse %(colour)s: %(why)s") % said)


def _override(override: Override) -> list[Happening]:
    score = reader.number(override.score)
    begun = _("Set by hand to %(score)s: %(why)s") % {"score": score, "why": override.why}
    return [
        Happening(override.since, "hand", begun),
        Happening(override.last, "hand", _("No longer set by hand to %s") % score),
    ]


def _events(account_id: int, since: date, until: date) -> list[Happening]:
    known = kinds()
    return [
        Happening(
            timezone.localdate(event.at), known[event.kind].icon, str(known[event.kind].sentence(event)),
            known[event.kind].url(event) or "",
        )
        for event in queries.weighty_events(account_id, since=since, until=until)
    ]  # fmt: skip
