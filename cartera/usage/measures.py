"""What usage says about an account: who uses the product, how much, how widely, and of how many seats."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cartera.design import reader
from cartera.lake.offers import Measure
from cartera.usage import usage_columns

type Told = Mapping[str, float | None]


def _rows(account_id: int) -> str:
    return reverse("usage:account", args=[account_id])


def _people_sentence(told: Told) -> str:
    people = int(told["value"] or 0)
    if not people:
        return _("Nobody has used the product for four weeks.")
    return ngettext(
        "%(people)s person used the product in four weeks.", "%(people)s people used the product in four weeks.", people
    ) % {"people": reader.number(people)}


def _trend_sentence(told: Told) -> str:
    figures = {"recent": reader.number(told["recent"] or 0), "expected": reader.number(told["expected"] or 0)}
    figures["change"] = reader.percent(abs(told["raw"] or 0))
    if abs(told["raw"] or 0) < 0.005:
        return _("Used as much as their own 24 weeks before promised: %(recent)s events.") % figures
    fell = (told["raw"] or 0) < 0
    said = (
        _("Used %(change)s less than their own 24 weeks before promised: %(recent)s events, not %(expected)s.")
        if fell
        else _("Used %(change)s more than their own 24 weeks before promised: %(recent)s events, not %(expected)s.")
    )
    return said % figures


def _breadth_sentence(told: Told) -> str:
    features = int(told["value"] or 0)
    if not features:
        return _("No feature was used in four weeks.")
    figures = {"features": reader.number(features), "largest": reader.percent(told["largest"] or 0)}
    return (
        ngettext(
            "%(features)s feature was used in four weeks.",
            "%(features)s features were used in four weeks; the most used one makes up %(largest)s.",
            features,
        )
        % figures
    )


def _seats_sentence(told: Told) -> str:
    figures = {"people": reader.number(told["people"] or 0), "seats": reader.number(told["seats"] or 0)}
    return (
        ngettext(
            "%(people)s of %(seats)s seat was used in four weeks.",
            "%(people)s of %(seats)s seats were used in four weeks.",
            int(told["seats"] or 0),
        )
        % figures
    )


MEASURES = [
    Measure(
        key="usage.people",
        label=gettext_lazy("Active people"),
        unit=gettext_lazy("people"),
        direction="up",
        source=gettext_lazy("Daily totals of what the product reported, four weeks"),
        compute=usage_columns.people,
        rows_url=_rows,
        sentence=_people_sentence,
    ),
    Measure(
        key="usage.trend",
        label=gettext_lazy("Trend of usage"),
        unit=gettext_lazy("change against its own past"),
        direction="up",
        source=gettext_lazy("Daily totals of what the product reported, 28 weeks"),
        compute=usage_columns.change,
        rows_url=_rows,
        sentence=_trend_sentence,
    ),
    Measure(
        key="usage.breadth",
        label=gettext_lazy("Breadth of usage"),
        unit=gettext_lazy("features"),
        direction="up",
        source=gettext_lazy("Daily totals of what the product reported, four weeks"),
        compute=usage_columns.breadth,
        rows_url=_rows,
        sentence=_breadth_sentence,
    ),
    Measure(
        key="usage.seats",
        label=gettext_lazy("Use of seats"),
        unit=gettext_lazy("share of the seats"),
        direction="up",
        source=gettext_lazy("People of four weeks, and the seats that the product told of"),
        compute=usage_columns.seats,
        rows_url=_rows,
        sentence=_seats_sentence,
    ),
]
