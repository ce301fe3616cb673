"""What invoices say about an account: how it orders, what it buys and for how much, what it owes and how it pays."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy

from cartera.contracts import basket_columns, money_columns, order_columns, payment_columns, sentences
from cartera.lake.offers import Measure


def _invoices(account_id: int, **more: str) -> str:
    return f"{reverse('contracts:invoices')}?{urlencode({'account': account_id, **more})}"


def _overdue_invoices(account_id: int) -> str:
    return _invoices(account_id, q="state:overdue")


def _invoices_of_a_year(account_id: int) -> str:
    return _invoices(account_id, q="issued:<=365d")


def _invoices_from_the_first(account_id: int) -> str:
    return _invoices(account_id, sort="issued_at")


def _by_due_date(account_id: int) -> str:
    return _invoices(account_id, sort="-due_on")


def _money(account_id: int) -> str:
    return reverse("contracts:money", args=[account_id])


MEASURES = [
    Measure(
        key="contracts.rhythm",
        label=gettext_lazy("Rhythm of orders"),
        unit=gettext_lazy("probability of such a silence"),
        direction="up",
        source=gettext_lazy("Days with an invoice above zero"),
        compute=money_columns.rhythm,
        rows_url=_invoices,
        sentence=sentences.rhythm,
    ),
    Measure(
        key="contracts.returning",
        label=gettext_lazy("Chance of another order"),
        unit=gettext_lazy("probability of an order within 90 days"),
        direction="up",
        source=gettext_lazy("Days with an invoice above zero"),
        compute=money_columns.returning,
        rows_url=_invoices,
        sentence=sentences.returning,
    ),
    Measure(
        key="contracts.orders_ahead",
        label=gettext_lazy("Orders to expect"),
        unit=gettext_lazy("days with an order within 90 days"),
        direction="up",
        source=gettext_lazy("Days with an invoice above zero"),
        compute=money_columns.orders_ahead,
        rows_url=_invoices,
        sentence=sentences.orders_ahead,
    ),
    Measure(
        key="contracts.trend",
        label=gettext_lazy("Trend of revenue"),
        unit=gettext_lazy("change against its own past"),
        direction="up",
        source=gettext_lazy("Invoices and credit notes of 24 months"),
        compute=money_columns.trend_of_revenue,
        rows_url=_invoices,
        sentence=sentences.trend,
    ),
    Measure(
        key="contracts.breadth",
        label=gettext_lazy("Breadth"),
        unit=gettext_lazy("products of equal weight"),
        direction="up",
        source=gettext_lazy("Invoice lines of twelve months"),
        compute=money_columns.breadth,
        rows_url=_money,
        sentence=sentences.breadth,
    ),
    Measure(
        key="contracts.returns",
        label=gettext_lazy("Returns"),
        unit=gettext_lazy("share credited"),
        direction="down",
        source=gettext_lazy("Invoices and credit notes of twelve months"),
        compute=money_columns.returns,
        rows_url=_invoices_of_a_year,
        sentence=sentences.returns,
    ),
    Measure(
        key="contracts.overdue",
        label=gettext_lazy("Overdue money"),
        unit=gettext_lazy("months of usual revenue"),
        direction="down",
        source=gettext_lazy("Invoices past their due date and not paid"),
        compute=money_columns.overdue,
        rows_url=_overdue_invoices,
        sentence=sentences.overdue,
    ),
    Measure(
        key="contracts.revenue_12m",
        label=gettext_lazy("Revenue of twelve months"),
        unit=gettext_lazy("money"),
        direction="up",
        source=gettext_lazy("Invoices and credit notes of twelve months"),
        compute=money_columns.revenue,
        rows_url=_invoices_of_a_year,
        sentence=sentences.revenue,
    ),
    Measure(
        key="contracts.momentum",
        label=gettext_lazy("Momentum of revenue"),
        unit=gettext_lazy("step in usual quarters"),
        direction="up",
        source=gettext_lazy("Invoices and credit notes of the last months, and of the same a year ago"),
        compute=money_columns.momentum_of_revenue,
        rows_url=_invoices,
        sentence=sentences.momentum,
    ),
    Measure(
        key="contracts.concentration",
        label=gettext_lazy("Largest product"),
        unit=gettext_lazy("share of the money"),
        direction="down",
        source=gettext_lazy("Invoice lines of twelve months"),
        compute=money_columns.concentration,
        rows_url=_money,
        sentence=sentences.concentration,
    ),
    Measure(
        key="contracts.lateness",
        label=gettext_lazy("Lateness against own habit"),
        unit=gettext_lazy("probability of paying so late"),
        direction="up",
        source=gettext_lazy("Open invoices past their due date, and when the paid ones were paid"),
        compute=payment_columns.lateness,
        rows_url=_by_due_date,
        sentence=sentences.lateness,
    ),
    Measure(
        key="contracts.recency",
        label=gettext_lazy("Days since the last order"),
        unit=gettext_lazy("days"),
        direction="down",
        source=gettext_lazy("Days with an invoice above zero"),
        compute=order_columns.recency,
        rows_url=_invoices,
        sentence=sentences.recency,
    ),
    Measure(
        key="contracts.frequency",
        label=gettext_lazy("Frequency of orders"),
        unit=gettext_lazy("days with an order in twelve months"),
        direction="up",
        source=gettext_lazy("Days with an invoice above zero"),
        compute=order_columns.frequency,
        rows_url=_invoices_of_a_year,
        sentence=sentences.frequency,
    ),
    Measure(
        key="contracts.tenure",
        label=gettext_lazy("Time as a client"),
        unit=gettext_lazy("days"),
        direction="up",
        source=gettext_lazy("The first invoice, and when the account was opened"),
        compute=order_columns.tenure,
        rows_url=_invoices_from_the_first,
        sentence=sentences.tenure,
    ),
    Measure(
        key="contracts.order_value",
        label=gettext_lazy("Money per order"),
        unit=gettext_lazy("money"),
        direction="up",
        source=gettext_lazy("Invoices and credit notes of twelve months"),
        compute=order_columns.order_value,
        rows_url=_invoices_of_a_year,
        sentence=sentences.order_value,
    ),
    Measure(
        key="contracts.active_months",
        label=gettext_lazy("Months with an order"),
        unit=gettext_lazy("share of twelve months"),
        direction="up",
        source=gettext_lazy("Days with an invoice above zero"),
        compute=order_columns.active_months,
        rows_url=_invoices_of_a_year,
        sentence=sentences.active_months,
    ),
    Measure(
        key="contracts.refills",
        label=gettext_lazy("Products that bring clients back"),
        unit=gettext_lazy("share of others who ordered again"),
        direction="up",
        source=gettext_lazy("Invoice lines of twelve months, of all accounts"),
        compute=basket_columns.refills,
        rows_url=_money,
        sentence=sentences.refills,
    ),
    Measure(
        key="contracts.mainstream",
        label=gettext_lazy("How common its products are"),
        unit=gettext_lazy("invoice lines of a typical product"),
        direction="up",
        source=gettext_lazy("Invoice lines of twelve months, of all accounts"),
        compute=basket_columns.mainstream,
        rows_url=_money,
        sentence=sentences.mainstream,
    ),
    Measure(
        key="contracts.unit_price",
        label=gettext_lazy("Price of a unit"),
        unit=gettext_lazy("money"),
        direction="down",
        source=gettext_lazy("Invoice lines of twelve months"),
        compute=basket_columns.unit_price,
        rows_url=_money,
        sentence=sentences.unit_price,
    ),
]
