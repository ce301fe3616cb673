"""What each measure of money says of an account, in the reader's language, from the figures behind its value."""

from collections.abc import Mapping

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cartera.design import reader
from cartera.lake import rhythms

type Told = Mapping[str, float | None]
YEAR_DAYS = 365.25


def rhythm(told: Told) -> str:
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


def returning(told: Told) -> str:
    figures = {"chance": reader.percent(told["value"] or 0), "silence": reader.number(told["silence"] or 0)}
    return _("Orders again within 90 days with a probability of %(chance)s; silent for %(silence)s days.") % figures


def orders_ahead(told: Told) -> str:
    figures = {
        "orders": reader.number(told["value"] or 0, 1),
        "active": reader.percent(told["active"] or 0),
        "if_active": reader.number(told["if_active"] or 0, 1),
    }
    said = _("%(orders)s orders to expect in 90 days: %(if_active)s if still a client, which is %(active)s likely.")
    return said % figures


def trend(told: Told) -> str:
    raw = told["raw"] or 0
    figures = {"share": reader.percent(abs(raw)), "trust": reader.percent(told["trust"] or 0)}
    if raw < 0:
        return (
            _("Bought %(share)s less in three months than its own past promised; %(trust)s of that counts.") % figures
        )
    return _("Bought %(share)s more in three months than its own past promised; %(trust)s of that counts.") % figures


def breadth(told: Told) -> str:
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


def returns(told: Told) -> str:
    return _("%(share)s of what was invoiced in twelve months was credited back.") % {
        "share": reader.percent(told["value"] or 0, 1)
    }


def overdue(told: Told) -> str:
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


def revenue(told: Told) -> str:
    return _("Bought for %(amount)s in twelve months, credit notes taken off.") % {
        "amount": reader.number(told["value"] or 0)
    }


def momentum(told: Told) -> str:
    raw = told["raw"] or 0
    if not raw:
        return _("Bought as much in three months as the three before and the season promised.")
    figures = {"share": reader.percent(abs(raw)), "trust": reader.percent(told["trust"] or 0)}
    if raw < 0:
        return (
            _("Bought %(share)s of a usual quarter less than in the three months before; %(trust)s of that counts.")
            % figures
        )
    return (
        _("Bought %(share)s of a usual quarter more than in the three months before; %(trust)s of that counts.")
        % figures
    )


def concentration(told: Told) -> str:
    figures = {"share": reader.percent(told["value"] or 0), "products": reader.number(told["products"] or 0)}
    if (told["products"] or 0) < 2:
        return _("All the money of twelve months is in one product.")
    return _("%(share)s of the money of twelve months is in one product, of %(products)s bought.") % figures


def lateness(told: Told) -> str:
    days = int(told["days"] or 0)
    if not days:
        return _("Nothing is overdue.")
    now = ngettext(
        "The oldest open invoice is %(days)s day late", "The oldest open invoice is %(days)s days late", days
    ) % {"days": reader.number(days)}
    habit = {"now": now, "one_in": reader.number(rhythms.one_in(told["value"] or 0)), "usual": _usual(told)}
    if not told["payments"]:
        return _("%(now)s; nothing is known yet of how they pay.") % habit
    if (told["value"] or 0) > 0.5:
        return _("%(now)s, as usual for them: they pay %(usual)s.") % habit
    return _("%(now)s; they usually pay %(usual)s: 1 in %(one_in)s for this client.") % habit


def _usual(told: Told) -> str:
    days = round(told["usual"] or 0)
    if not days:
        return _("on the day")
    if days < 0:
        return ngettext("%(days)s day early", "%(days)s days early", -days) % {"days": reader.number(-days)}
    return ngettext("%(days)s day late", "%(days)s days late", days) % {"days": reader.number(days)}


def recency(told: Told) -> str:
    days = int(told["value"] or 0)
    if not days:
        return _("Ordered today.")
    return ngettext("Last ordered %(days)s day ago.", "Last ordered %(days)s days ago.", days) % {
        "days": reader.number(days)
    }


def frequency(told: Told) -> str:
    days = int(told["value"] or 0)
    if not days:
        return _("Did not order in twelve months.")
    return ngettext("Ordered on %(days)s day in twelve months.", "Ordered on %(days)s days in twelve months.", days) % {
        "days": reader.number(days)
    }


def tenure(told: Told) -> str:
    days = told["value"] or 0
    if days < YEAR_DAYS:
        return ngettext("A client for %(days)s day.", "A client for %(days)s days.", int(days)) % {
            "days": reader.number(days)
        }
    return _("A client for %(years)s years.") % {"years": reader.number(days / YEAR_DAYS, 1)}


def order_value(told: Told) -> str:
    figures = {"amount": reader.money(told["value"] or 0, settings.CURRENCY), "days": reader.number(told["days"] or 0)}
    return (
        ngettext(
            "Bought for %(amount)s on %(days)s day with an order in twelve months.",
            "Bought for %(amount)s a day with an order, on %(days)s days in twelve months.",
            int(told["days"] or 0),
        )
        % figures
    )


def active_months(told: Told) -> str:
    figures = {"months": reader.number(told["months"] or 0), "of": reader.number(told["of"] or 0)}
    return (
        ngettext(
            "Ordered in %(months)s of the last %(of)s month.",
            "Ordered in %(months)s of the last %(of)s months.",
            int(told["of"] or 0),
        )
        % figures
    )


def refills(told: Told) -> str:
    return _("Of others who bought such products, %(share)s ordered again within 60 days.") % {
        "share": reader.percent(told["value"] or 0)
    }


def mainstream(told: Told) -> str:
    lines = round(told["value"] or 0)
    return ngettext(
        "A typical product of theirs stands on %(lines)s invoice line of all clients.",
        "A typical product of theirs stands on %(lines)s invoice lines of all clients.",
        lines,
    ) % {"lines": reader.number(lines)}


def unit_price(told: Told) -> str:
    return _("A unit costs them %(price)s on average.") % {"price": reader.number(told["value"] or 0, 2)}
