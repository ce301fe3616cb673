"""The kept figures of money: bought in twelve months, owed beyond the due date, last ordered."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from cartera.accounts.models import Account
from cartera.accounts.operations import keep_figures
from cartera.contracts import rules
from cartera.contracts.models import Invoice
from cartera.contracts.rates import RateTable
from cartera.kit import bulk
from cartera.kit.clock import start_of, today

KEPT = ("revenue", "overdue", "last_order_on")
PENNY = Decimal("0.01")


def keep_account_figures(account_ids: Iterable[int] | None = None, *, on: date | None = None) -> int:
    """Bring the figures of these accounts (all) up to date as of *on* (today); return how many changed.

    Revenue is net of credit notes, in settings.CURRENCY at the rate of each invoice's own day. What cannot be
    converted, and what there is no invoice for, is unknown, not 0.
    """
    on = on or today()
    ids = None if account_ids is None else list(account_ids)
    figures = _figures(_among(Invoice.objects.order_by(), "account", ids), on)
    accounts = set(figures) | set(ids) if ids is not None else set(figures) | _with_something_kept()
    unknown = (None, None, None)
    return keep_figures({"account_id": pk, **dict(zip(KEPT, figures.get(pk, unknown), strict=True))} for pk in accounts)


def _among(rows: QuerySet[Any], name: str, ids: list[int] | None) -> QuerySet[Any]:
    return rows if ids is None else rows.filter(**{f"{name}__in": bulk.one_of(ids)})


def _with_something_kept() -> set[int]:
    kept = Q(revenue__isnull=False) | Q(overdue__isnull=False) | Q(last_order_on__isnull=False)
    return set(Account.objects.filter(kept).order_by().values_list("pk", flat=True))


def _figures(invoices: QuerySet[Invoice], on: date) -> dict[int, tuple[Any, ...]]:
    """(revenue, overdue, last order) by account, from one sum per account, currency and day that needs a rate."""
    since, until = rules.twelve_months(on)
    begins, ends = start_of(since), start_of(until)
    known = invoices.filter(issued_at__lt=ends)
    orders = known.filter(kind=Invoice.Kind.INVOICE).values_list("account").annotate(Max("issued_at"))
    last = {pk: _day(moment) for pk, moment in orders}
    revenue = _converted(known.filter(issued_at__gte=begins))
    dated = dict(known.filter(due_on__isnull=False).values_list("account").annotate(Count("pk")))
    late = known.filter(due_on__lt=on).filter(Q(paid_on=None) | Q(paid_on__gt=on))
    overdue = _converted(late)
    present = known.values_list("account", flat=True).distinct()
    zero = Decimal("0.00")
    return {pk: (revenue.get(pk, zero), overdue.get(pk, zero) if pk in dated else None, last.get(pk)) for pk in present}


def _converted(invoices: QuerySet[Invoice]) -> dict[int, Decimal | None]:
    """The sum of *invoices* by account in settings.CURRENCY, None where a rate is missing."""
    into = settings.CURRENCY
    sums: dict[int, Decimal | None] = dict(invoices.filter(currency=into).values_list("account").annotate(Sum("total")))
    rates = RateTable(into)
    foreign = invoices.exclude(currency=into).annotate(day=TruncDate("issued_at", tzinfo=UTC))
    for pk, currency, day, total in foreign.values_list("account", "currency", "day").annotate(Sum("total")):
        rate, before = rates.on(currency, day), sums.get(pk, Decimal(0))
        sums[pk] = None if rate is None or before is None else before + total * rate
    return {pk: None if total is None else total.quantize(PENNY) for pk, total in sums.items()}


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()
