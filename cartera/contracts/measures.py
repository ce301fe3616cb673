"""What invoices say about an account: rhythm of orders, trend, how broadly it buys, returns, overdue money."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cartera.contracts import money_columns
from cartera.design import reader
from cartera.lake import rhythms
from cartera.lake.offers import Measure

type Told = Mapping[str, float | None]


def _invoices(account_id: int) -> str:
    return f"{reverse('contracts:invoices')}?account={account_id}"


def _overdue_invoices(account_id: int) -> str:
    return f"{_invoices(account_id)}&state=overdue"


def _rhythm_sentence(told: Told) -> str:
    silence, days = told["silence"] or 0, told["days"] or 0
    gap, chance = told["usual_gap"] or 0, told["unlikely"] or 0
    figures = {
        "gap": reader.number(max(gap, 1)),
        "silence": reader.number(silence),
        "one_in": reader.number(rhythms.one_in(chance)),
    }
    if days < 2:
        return _("Ordered once, %(silence)s days ago; a second order comes after %(gap)s days as a rule.") % figures
    if chance > 0.5:
        return _("Orders every %(gap)s days; the last order was %(silence)s days ago.") % figures
    return _("Orders every %(gap)s days, silent for %(silence)s: 1 in %(one_in)s for this client.") % figures


def _trend_sentence(told: Told) -> str:
    raw = told["raw"] or 0
    figures = {"share": reader.percent(abs(raw)), "trust": reader.percent(told["trust"] or 0)}
    if raw < 0:
        return (
            _("Bought %(share)s less in three months than its own past promised; %(trust)s of that counts.") % figures
        )
    return _("Bought %(share)s more in three months than its own past promised; %(trust)s of that counts.") % figures


def _breadth_sentence(told: Told) -> str:
    products = int(told["products"] or 0)
    figures = {"products": reader.number(products), "largest": reader.percent(told["largest"] or 0)}
    return (
        ngettext(
            "%(products)s product in twelve months; the largest makes up %(largest)s.",
            "%(products)s products in twelve months; the largest makes up %(largest)s.",
            products,
        )
        % figures
    )


def _returns_sentence(told: Told) -> str:
    return _("%(share)s of what was invoiced in twelve months was credited back.") % {
        "share": reader.percent(told["value"] or 0, 1)
    }


def _overdue_sentence(told: Told) -> str:
    invoices = int(told["invoices"] or 0)
    if not invoices:
        return _("Nothing is overdue.")
    figures = {
        "invoices": reader.number(invoices),
        "months": reader.number(told["value"] or 0, 1),
        "days": reader.number(told["oldest"] or 0),
    }
    return (
        ngettext(
            "%(invoices)s invoice is overdue, worth %(months)s usual months; by %(days)s days.",
            "%(invoices)s invoices are overdue, worth %(months)s usual months; the oldest by %(days)s days.",
            invoices,
        )
        % figures
    )


def _revenue_sentence(told: Told) -> str:
    return _("Bought for %(amount)s in twelve months, credit notes taken off.") % {
        "amount": reader.number(told["value"] or 0)
    }


MEASURES = [
    Measure(
        key="contracts.rhythm",
        label=gettext_lazy("Rhythm of orders"),
        unit=gettext_lazy("probability of such a silence"),
        direction="up",
        source=gettext_lazy("Days with an invoice above zero"),
        compute=money_columns.rhythm,
        rows_url=_invoices,
        sentence=_rhythm_sentence,
    ),
    Measure(
        key="contracts.trend",
        label=gettext_lazy("Trend of revenue"),
        unit=gettext_lazy("change against its own past"),
        direction="up",
        source=gettext_lazy("Invoices and credit notes of 24 months"),
        compute=money_columns.trend_of_revenue,
        rows_url=_invoices,
        sentence=_trend_sentence,
    ),
    Measure(
        key="contracts.breadth",
        label=gettext_lazy("Breadth"),
        unit=gettext_lazy("products of equal weight"),
        direction="up",
        source=gettext_lazy("Invoice lines of twelve months"),
        compute=money_columns.breadth,
        rows_url=_invoices,
        sentence=_breadth_sentence,
    ),
    Measure(
        key="contracts.returns",
        label=gettext_lazy("Returns"),
        unit=gettext_lazy("share credited"),
        direction="down",
        source=gettext_lazy("Invoices and credit notes of twelve months"),
        compute=money_columns.returns,
        rows_url=_invoices,
        sentence=_returns_sentence,
    ),
    Measure(
        key="contracts.overdue",
        label=gettext_lazy("Overdue money"),
        unit=gettext_lazy("months of usual revenue"),
        direction="down",
        source=gettext_lazy("Invoices past their due date and not paid"),
        compute=money_columns.overdue,
        rows_url=_overdue_invoices,
        sentence=_overdue_sentence,
    ),
    Measure(
        key="contracts.revenue_12m",
        label=gettext_lazy("Revenue of twelve months"),
        unit=gettext_lazy("money"),
        direction="up",
        source=gettext_lazy("Invoices and credit notes of twelve months"),
        compute=money_columns.revenue,
        rows_url=_invoices,
        sentence=_revenue_sentence,
    ),
]
