"""What the lake holds of money: invoices, their lines, and what was paid."""

from django.db.models import DateTimeField, F, QuerySet
from django.db.models.functions import Cast, Greatest

from cartera.contracts.models import Invoice, InvoiceLine
from cartera.lake.offers import Column, Fact, Kind


def _invoices() -> QuerySet[Invoice]:
    return Invoice.objects.all()


def _lines() -> QuerySet[InvoiceLine]:
    return InvoiceLine.objects.all()


def _payments() -> QuerySet[Invoice]:
    return Invoice.objects.filter(paid_on__isnull=False)


_PAID = Cast("paid_on", DateTimeField())

FACTS = [
    Fact(
        name="invoices",
        rows=_invoices,
        columns={
            "account_id": Column("account_id", Kind.WHOLE),
            "happened_at": Column("issued_at", Kind.MOMENT),
            "known_at": Column("recorded_at", Kind.MOMENT),
            "invoice_id": Column("pk", Kind.WHOLE),
            "kind": Column("kind", Kind.CODE),
            "due_on": Column("due_on", Kind.DAY),
            "currency": Column("currency", Kind.CODE),
            "total": Column("total", Kind.MONEY),
        },
    ),
    Fact(
        name="invoice_lines",
        rows=_lines,
        columns={
            "account_id": Column(F("invoice__account_id"), Kind.WHOLE),
            "happened_at": Column(F("invoice__issued_at"), Kind.MOMENT),
            "known_at": Column(F("invoice__recorded_at"), Kind.MOMENT),
            "product_id": Column("product_id", Kind.WHOLE),
            "quantity": Column("quantity", Kind.NUMBER),
            "amount": Column("amount", Kind.MONEY),
            "currency": Column(F("invoice__currency"), Kind.CODE),
        },
    ),
    # A payment is known from the day it was made: when it was written down is not kept.
    Fact(
        name="payments",
        rows=_payments,
        columns={
            "account_id": Column("account_id", Kind.WHOLE),
            "happened_at": Column(_PAID, Kind.MOMENT),
            "known_at": Column(Greatest(_PAID, F("recorded_at")), Kind.MOMENT),
            "invoice_id": Column("pk", Kind.WHOLE),
            "currency": Column("currency", Kind.CODE),
            "total": Column("total", Kind.MONEY),
        },
    ),
]
