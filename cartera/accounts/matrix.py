"""Health across, value up: a dot for each account, or a count for each field where there are too many."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Case, Count, IntegerField, Value, When
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cartera.accounts.models import Account, AccountQuerySet
from cartera.design import bands, charts, reader

DOTS = 150
HEALTHS = [0, 20, 40, 60, 80]
REVENUES = [100_000, 30_000, 10_000, 3_000, 1_000, 0]


@dataclass(frozen=True)
class Matrix:
    """Dots, or rows of (what the row is, [(count, share of the fullest, address of these accounts)]), or neither."""

    dots: SafeString | None
    rows: list[tuple[str, list[tuple[int, int, str]]]]
    healths: list[str]


def drawn(accounts: AccountQuerySet) -> Matrix:
    """The matrix of *accounts* whose health and revenue are known."""
    known = accounts.filter(health__isnull=False, revenue__gt=0).order_by()
    few = list(known[: DOTS + 1])
    healths = [f"{low}–{low + 20}" for low in HEALTHS]
    if not few:
        return Matrix(None, [], healths)
    if len(few) <= DOTS:
        label = _("Health and revenue of each account")
        points = [_point(account) for account in few]
        dots = charts.matrix(points, label=label, x_label=_("Health"), y_label=_("Revenue, 12 months"))
        return Matrix(dots, [], healths)
    return Matrix(None, _fields(known), healths)


def _point(account: Account) -> charts.Point:
    assert account.health is not None
    assert account.revenue is not None
    return charts.Point(
        label=account.name, x=float(account.health), y=float(account.revenue),
        text=reader.money(account.revenue, settings.CURRENCY, whole=True),
        url=reverse("accounts:page", args=[account.pk]), tone=bands.band(float(account.health)).key,
    )  # fmt: skip


def _fields(known: AccountQuerySet) -> list[tuple[str, list[tuple[int, int, str]]]]:
    counted: dict[tuple[int, int], int] = {
        (row["across"], row["up"]): row["count"]
        for row in known.annotate(across=_bucket("health", HEALTHS[::-1]), up=_bucket("revenue", REVENUES))
        .values("across", "up")
        .annotate(count=Count("pk"))
    }
    most = max(counted.values(), default=1)
    rows = []
    for place, low in enumerate(REVENUES):
        high = REVENUES[place - 1] if place else None
        fields = [_field(counted.get((left, low), 0), most, left, low, high) for left in HEALTHS]
        rows.append((f"≥ {reader.money_short(Decimal(low), settings.CURRENCY)}", fields))
    return rows


def _field(count: int, most: int, left: int, low: int, high: int | None) -> tuple[int, int, str]:
    across = f"health:>={left}" + (f" health:<{left + 20}" if left < HEALTHS[-1] else "")
    up = f"revenue:>={low}" + (f" revenue:<{high}" if high else "") if low else f"revenue:>0 revenue:<{high}"
    return count, min(5, round(5 * count / most + 0.49)) if count else 0, f"{across} {up}"


def _bucket(column: str, bounds: list[int]) -> Any:
    cases = [When(**{f"{column}__gte": bound}, then=Value(bound)) for bound in bounds]
    return Case(*cases, default=Value(bounds[-1]), output_field=IntegerField())
