"""How invoices can be asked for (`state:overdue total:>1000 issued:2026-03`), and accounts by what they bought."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cartera.contracts.models import Invoice, InvoiceLine
from cartera.kit.filter_columns import on_column, on_moment, on_text
from cartera.kit.filters import FilterContext, Qualifier

STATES = {
    "overdue": _("Overdue"),
    "open": pgettext_lazy("invoice", "Open"),
    "paid": _("Paid"),
    "credit": _("Credit note"),
    "unknown": _("Not known to be paid"),
}


def in_state(state: str, today: date) -> Q:
    """The condition for one of rules.STATES."""
    owed = Q(kind=Invoice.Kind.INVOICE, paid_on=None)
    return {
        "overdue": owed & Q(due_on__lt=today),
        "open": owed & Q(due_on__gte=today),
        "paid": Q(kind=Invoice.Kind.INVOICE, paid_on__isnull=False),
        "credit": Q(kind=Invoice.Kind.CREDIT_NOTE),
        "unknown": owed & Q(due_on=None),
    }[state]


def _state(op: str, value: Any, context: FilterContext) -> Q:
    if op in ("none", "any"):
        unknown = in_state("unknown", context.today)
        return unknown if op == "none" else ~unknown
    return in_state(value, context.today)


def _currencies(_context: FilterContext) -> list[tuple[str, str]]:
    return [(code, "") for code in Invoice.objects.order_by("currency").values_list("currency", flat=True).distinct()]


def _bought(op: str, value: Any, _context: FilterContext) -> Q:
    lines = InvoiceLine.objects.filter(invoice__account=OuterRef("pk"), product__isnull=False)
    if op == "=":
        lines = InvoiceLine.objects.filter(invoice__account=OuterRef("pk"), product__code__iexact=value)
    return ~Q(Exists(lines)) if op == "none" else Q(Exists(lines))


def _with_product(op: str, value: Any, _context: FilterContext) -> Q:
    lines = InvoiceLine.objects.filter(invoice=OuterRef("pk"), product__isnull=False)
    if op == "=":
        lines = InvoiceLine.objects.filter(invoice=OuterRef("pk"), product__code__iexact=value)
    return ~Q(Exists(lines)) if op == "none" else Q(Exists(lines))


INVOICES = (
    Qualifier(name="account", spanish="cuenta", label=_("Account"), kind="text", build=on_text("account__name")),
    Qualifier(
        name="state",
        spanish="estado",
        label=_("State"),
        kind="choice",
        build=_state,
        choices=lambda context: list(STATES.items()),
    ),
    Qualifier(name="due", spanish="vence", label=_("Due"), kind="date", build=on_column("due_on")),
    Qualifier(
        name="issued", spanish="emitida", label=_("Issued"), kind="date", build=on_moment("issued_at"), past=True,
    ),
    Qualifier(name="paid", spanish="pagada", label=_("Paid"), kind="date", build=on_column("paid_on"), past=True),
    Qualifier(name="total", label=_("Total"), kind="money", build=on_column("total")),
    Qualifier(
        name="currency", spanish="moneda", label=_("Currency"), kind="choice", build=on_text("currency", "exact"),
        choices=_currencies,
    ),
    Qualifier(name="product", spanish="producto", label=_("With the product"), kind="text", build=_with_product),
)  # fmt: skip
QUALIFIERS = (
    Qualifier(name="bought", spanish="compró", label=_("Ever bought the product"), kind="text", build=_bought),
)  # fmt: skip


def by_number_or_account(text: str) -> Q:
    """Free text: a part of the number, or of the account's name."""
    return Q(number__icontains=text) | Q(account__name__icontains=text)
