"""What interactions say about an account: how often and by whom, and whom of its people we speak to."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cartera.design import reader
from cartera.lake import rhythms
from cartera.lake.columns import aligned
from cartera.lake.offers import Floats, Integers, Measure
from cartera.timeline import contact_columns, touch_columns

if TYPE_CHECKING:
    from ibis import Table

    from cartera.lake.queries import Asked, Facts

type Told = Mapping[str, float | None]
SPOKEN_DAYS = 90  # who was spoken to within so many days counts as spoken to


def rhythm(facts: "Facts", as_of: datetime, accounts: Integers) -> dict[str, Floats]:
    """`value`, the probability 0..1 of a silence as long as the present one while the client still writes and calls.

    More is better. From the distinct days on which they contacted us; see engine.rhythm. Also quiet (no contact within
    90 days), active, silence, own_gap, usual_gap (days), own_share, days (number of them).
    """
    return rhythms.columns(facts, _inbound, accounts, key="inbound")


def _inbound(asked: "Asked") -> "Table":
    rows = asked.interactions
    return rows.filter((rows.direction == "in") & (rows.kind != "note"))


def spoken(facts: "Facts", as_of: datetime, accounts: Integers) -> dict[str, Floats]:
    """`value`, the share 0..1 of the client's people that someone of us spoke to in 90 days; more is better.

    From contacts who are still there and the interactions they took part in; unknown without any such contact. Also
    present and spoken (numbers).
    """
    ids, columns = facts.once("timeline.spoken", lambda: _spoken(facts, as_of))
    return aligned(accounts, ids, columns)


def _talks(asked: "Asked") -> "Table":
    import ibis

    contacts, talks = asked.contacts, asked.conversations
    present = contacts.filter(contacts.left_on.isnull() | (contacts.left_on >= asked.moment.date()))
    real = talks.filter((talks.happened_at < asked.moment) & (talks.kind != "note") & (talks.direction != "internal"))
    last = real.group_by("contact_id").agg(at=real.happened_at.max())
    rows = present.left_join(last, "contact_id").select("account_id", "at")
    return rows.group_by("account_id").agg(
        present=rows.count().cast("float64"),
        spoken=(rows["at"] >= asked.moment - ibis.interval(days=SPOKEN_DAYS)).sum().coalesce(0).cast("float64"),
        last=rows["at"].max().epoch_seconds().cast("float64"),
    )


def _spoken(facts: "Facts", as_of: datetime) -> tuple[Integers, dict[str, Floats]]:
    found = facts.fetched("timeline.spoken", _talks)
    return found["account_id"], {
        "value": found["spoken"] / found["present"],
        "age": np.where(np.isnan(found["last"]), 0.0, (as_of.timestamp() - found["last"]) / rhythms.DAY),
        "present": found["present"],
        "spoken": found["spoken"],
    }


def _touches(account_id: int) -> str:
    return reverse("timeline:contact", args=[account_id])


def _people(account_id: int) -> str:
    return f"{_touches(account_id)}#people"


def _rhythm_sentence(told: Told) -> str:
    chance = told["unlikely"] or 0
    figures = {
        "gap": reader.number(max(told["usual_gap"] or 0, 1)),
        "silence": reader.number(told["silence"] or 0),
        "one_in": reader.number(rhythms.one_in(chance)),
    }
    if (told["days"] or 0) < 2:
        return _("They contacted us once, %(silence)s days ago.") % figures
    if chance > 0.5:
        return _("They contact us every %(gap)s days; the last time was %(silence)s days ago.") % figures
    return _("They contact us every %(gap)s days and have not for %(silence)s: 1 in %(one_in)s for them.") % figures


def _spoken_sentence(told: Told) -> str:
    present = int(told["present"] or 0)
    figures = {"spoken": reader.number(told["spoken"] or 0), "present": reader.number(present)}
    return (
        ngettext(
            "We spoke to %(spoken)s of %(present)s contact in 90 days.",
            "We spoke to %(spoken)s of %(present)s contacts in 90 days.",
            present,
        )
        % figures
    )


def _touches_sentence(told: Told) -> str:
    figures = {
        "touched": reader.number(told["touched"] or 0),
        "window": reader.number(told["window"] or 0),
        "expected": reader.number(told["expected"] or 0, 1),
    }
    return (
        ngettext(
            "In contact on %(touched)s day of the last %(window)s; the cadence asks for %(expected)s.",
            "In contact on %(touched)s days of the last %(window)s; the cadence asks for %(expected)s.",
            int(told["touched"] or 0),
        )
        % figures
    )


def _gap_sentence(told: Told) -> str:
    figures = {"silence": reader.number(told["silence"] or 0), "cadence": reader.number(told["cadence"] or 0)}
    return (
        ngettext(
            "The last contact was %(silence)s day ago; agreed is every %(cadence)s.",
            "The last contact was %(silence)s days ago; agreed is every %(cadence)s.",
            int(told["silence"] or 0),
        )
        % figures
    )


def _begun_sentence(told: Told) -> str:
    figures = {"inbound": reader.number(told["inbound"] or 0), "touches": reader.number(told["touches"] or 0)}
    return _("They began %(inbound)s of the %(touches)s contacts of 180 days.") % figures


def _breadth_sentence(told: Told) -> str:
    people = int(told["people"] or 0)
    if not people:
        return _("Everyone we were in contact with in 180 days has left.")
    figures = {"people": reader.number(people), "largest": reader.percent(told["largest"] or 0)}
    if people == 1:
        return _("In contact with a single person in 180 days: if they leave, so does the relation.")
    return _("In contact with %(people)s people in 180 days; one of them has %(largest)s of it.") % figures


def _in_rhythm_sentence(told: Told) -> str:
    usual, silent = int(told["usual"] or 0), int(told["silent"] or 0)
    figures = {"usual": reader.number(usual), "silent": reader.number(silent)}
    if not silent:
        return (
            ngettext(
                "The %(usual)s person we usually speak to is in rhythm.",
                "All %(usual)s people we usually speak to are in rhythm.",
                usual,
            )
            % figures
        )
    if usual == 1:
        return _("The one person we usually speak to has gone silent.")
    said = (
        ngettext(
            "%(silent)s of the %(usual)s people we usually speak to has gone silent",
            "%(silent)s of the %(usual)s people we usually speak to have gone silent",
            silent,
        )
        % figures
    )
    if not told["deciding_silent"]:
        return f"{said}."
    deciding = {"said": said, "deciding": reader.number(told["deciding_silent"])}
    return _("%(said)s, %(deciding)s of them a decision maker or sponsor.") % deciding


MEASURES = [
    Measure(
        key="timeline.rhythm",
        label=gettext_lazy("Rhythm of their contacts"),
        unit=gettext_lazy("probability of such a silence"),
        direction="up",
        source=gettext_lazy("Days on which they contacted us"),
        compute=rhythm,
        rows_url=_touches,
        sentence=_rhythm_sentence,
    ),
    Measure(
        key="timeline.spoken",
        label=gettext_lazy("People we speak to"),
        unit=gettext_lazy("share of their people"),
        direction="up",
        source=gettext_lazy("Interactions of 90 days and who took part"),
        compute=spoken,
        rows_url=_people,
        sentence=_spoken_sentence,
    ),
    Measure(
        key="timeline.touches",
        label=gettext_lazy("Touches against cadence"),
        unit=gettext_lazy("share of the touches agreed"),
        direction="up",
        source=gettext_lazy("Days of 180 with a call, mail, meeting, visit or chat, and the cadence of the tier"),
        compute=touch_columns.against_cadence,
        rows_url=_touches,
        sentence=_touches_sentence,
    ),
    Measure(
        key="timeline.touch_gap",
        label=gettext_lazy("Time since the last touch"),
        unit=gettext_lazy("times the cadence"),
        direction="down",
        source=gettext_lazy("The last call, mail, meeting, visit or chat, and the cadence of the tier"),
        compute=touch_columns.gap,
        rows_url=_touches,
        sentence=_gap_sentence,
    ),
    Measure(
        key="timeline.begun",
        label=gettext_lazy("Contacts that they begin"),
        unit=gettext_lazy("share of contacts"),
        direction="up",
        source=gettext_lazy("Calls, mails, meetings, visits and chats of 180 days"),
        compute=touch_columns.begun_by_them,
        rows_url=_touches,
        sentence=_begun_sentence,
    ),
    Measure(
        key="timeline.people",
        label=gettext_lazy("Breadth of contacts"),
        unit=gettext_lazy("people of equal weight"),
        direction="up",
        source=gettext_lazy("Interactions of 180 days and who took part"),
        compute=contact_columns.breadth,
        rows_url=_people,
        sentence=_breadth_sentence,
    ),
    Measure(
        key="timeline.contact_rhythm",
        label=gettext_lazy("People in their own rhythm"),
        unit=gettext_lazy("share of the people we usually speak to"),
        direction="up",
        source=gettext_lazy("Days on which each of them wrote, or took part in a call, meeting or visit"),
        compute=contact_columns.in_rhythm,
        rows_url=_people,
        sentence=_in_rhythm_sentence,
    ),
]
