"""Questions about invoices and the money in them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from cartera.accounts.models import Account, AccountQuerySet
from cartera.catalogue.models import Product
from cartera.contracts import rules
from cartera.contracts.models import Invoice, InvoiceLine, InvoiceQuerySet
from cartera.contracts.rates import RateTable
from cartera.kit.clock import start_of

PENNY = Decimal("0.01")
MOST_MONTHS, LEAST_MONTHS = 24, 12
TOP = 8


def converted(amount: Decimal, currency: str, into: str, on: date) -> Decimal | None:
    """*amount* of *currency* in *into* at the rate of the day *on*; None if no rate is known by then."""
    rate = RateTable(into).on(currency, on)
    return None if rate is None else amount * rate


@dataclass(frozen=True)
class Total:
    """What invoices come to: how many, by currency, and in all in settings.CURRENCY (None: a rate is missing)."""

    count: int
    by_currency: list[tuple[str, Decimal]]
    currency: str
    total: Decimal | None

    @property
    def is_mixed(self) -> bool:
        """Whether something had to be converted."""
        return any(currency != self.currency for currency, _amount in self.by_currency)


def sum_of(invoices: QuerySet[Invoice]) -> Total:
    """What *invoices* come to, in one query and one for the rates."""
    days = invoices.order_by().annotate(day=TruncDate("issued_at", tzinfo=UTC))
    if not invoices.exclude(currency=settings.CURRENCY).exists():
        plain = invoices.order_by().aggregate(count=Count("pk"), total=Sum("total"))
        total = (plain["total"] or Decimal(0)).quantize(PENNY)
        return Total(plain["count"], [(settings.CURRENCY, total)] if plain["count"] else [], settings.CURRENCY, total)
    rows = list(days.values_list("currency", "day").annotate(Sum("total"), Count("pk")))
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for currency, _day, amount, _count in rows:
        sums[currency] += amount
    total = RateTable(settings.CURRENCY).total((currency, day, amount) for currency, day, amount, _count in rows)
    by_currency = sorted((currency, amount.quantize(PENNY)) for currency, amount in sums.items())
    count = sum(count for *_row, count in rows)
    return Total(count, by_currency, settings.CURRENCY, None if total is None else total.quantize(PENNY))


def revenue_by_month(account: Account, on: date) -> list[tuple[date, Decimal | None]]:
    """What *account* bought in each of the last 24 months (or since it does), net; None where a rate is missing."""
    invoices = Invoice.objects.filter(account=account).order_by()
    first = invoices.aggregate(first=Min("issued_at"))["first"] or start_of(on)
    age = (on.year - first.year) * 12 + on.month - first.month + 1
    months = rules.months_until(on, min(max(age, LEAST_MONTHS), MOST_MONTHS))
    invoices = invoices.filter(issued_at__gte=start_of(months[0]))
    by_month: dict[date, list[tuple[str, date, Decimal]]] = defaultdict(list)
    for currency, issued_at, amount in invoices.values_list("currency", "issued_at", "total").iterator():
        day = issued_at.astimezone(UTC).date()
        by_month[day.replace(day=1)].append((currency, day, amount))
    rates = RateTable(settings.CURRENCY)
    return [(month, _to_penny(rates.total(by_month[month]))) for month in months]


@dataclass(frozen=True)
class Share:
    """A product's part in what an account bought in twelve months."""

    product: Product
    amount: Decimal
    share: Decimal | None


def top_products(account: Account, on: date) -> list[Share]:
    """What *account* bought most in twelve months, in settings.CURRENCY; what cannot be converted is left out."""
    since, until = rules.twelve_months(on)
    lines = InvoiceLine.objects.filter(
        invoice__account=account, invoice__issued_at__gte=start_of(since), invoice__issued_at__lt=start_of(until),
        product__isnull=False,
    )  # fmt: skip
    sums = _sums(lines, "product")
    best = sorted(sums, key=lambda pk: -sums[pk])[:TOP]
    whole = sum((amount for amount in sums.values() if amount > 0), Decimal(0))
    products = Product.objects.in_bulk(best)
    return [Share(products[pk], sums[pk], sums[pk] / whole if whole else None) for pk in best if sums[pk] > 0]


@dataclass(frozen=True)
class Buyer:
    """An account that bought a product in the last twelve months."""

    account: Account
    amount: Decimal
    quantity: Decimal
    last_at: Any


def buyers(product: Product, accounts: AccountQuerySet, on: date, most: int = 100) -> list[Buyer]:
    """Those of *accounts* that bought *product* in twelve months, by how much."""
    since, until = rules.twelve_months(on)
    lines = InvoiceLine.objects.filter(
        product=product, invoice__issued_at__gte=start_of(since), invoice__issued_at__lt=start_of(until),
        invoice__account__in=accounts.order_by(),
    )  # fmt: skip
    sums = _sums(lines, "invoice__account")
    best = sorted(sums, key=lambda pk: -sums[pk])[:most]
    rows = lines.filter(invoice__account__in=best).order_by().values_list("invoice__account")
    more = {pk: (quantity, last) for pk, quantity, last in rows.annotate(Sum("quantity"), Max("invoice__issued_at"))}
    found = Account.objects.in_bulk(best)
    return [Buyer(found[pk], sums[pk], *more[pk]) for pk in best]


@dataclass(frozen=True)
class Late:
    """What an account owes beyond the due date, in one currency."""

    account_id: int
    currency: str
    amount: Decimal
    count: int
    oldest: date


def late(accounts: AccountQuerySet, on: date) -> list[Late]:
    """Overdue money by account and currency, in one query."""
    owed: InvoiceQuerySet = Invoice.objects.overdue(on).filter(account__in=accounts.order_by())
    rows = owed.order_by().values_list("account", "currency").annotate(Sum("total"), Count("pk"), Min("due_on"))
    return [Late(pk, currency, amount.quantize(PENNY), count, day) for pk, currency, amount, count, day in rows]


def _sums(lines: QuerySet[InvoiceLine], by: str) -> dict[int, Decimal]:
    """Amounts of *lines* by the column *by* in settings.CURRENCY at each day's rate, without what has no rate."""
    ours = Q(invoice__currency=settings.CURRENCY)
    sums: dict[int, Decimal] = defaultdict(Decimal)
    sums.update(lines.filter(ours).order_by().values_list(by).annotate(Sum("amount")))
    rates = RateTable(settings.CURRENCY)
    rows = lines.exclude(ours).order_by().annotate(day=TruncDate("invoice__issued_at", tzinfo=UTC))
    for pk, currency, day, amount in rows.values_list(by, "invoice__currency", "day").annotate(Sum("amount")):
        if (rate := rates.on(currency, day)) is not None:
            sums[pk] += amount * rate
    return {pk: amount.quantize(PENNY) for pk, amount in sums.items()}


def _to_penny(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else amount.quantize(PENNY)
