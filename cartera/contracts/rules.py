"""Arithmetic of invoices."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

_CANCELS = re.compile(r"C-?\d+", re.IGNORECASE)


def kind_of(number: str, total: Decimal) -> str:
    """Whether an invoice of *number* and *total* bills or credits: numbers like C536379 cancel, as do negative totals."""
    return "credit_note" if total < 0 or _CANCELS.fullmatch(number) else "invoice"


def completed(
    quantity: Decimal | None, price: Decimal | None, amount: Decimal | None
) -> tuple[Decimal, Decimal, Decimal]:
    """Quantity, unit price and amount of a line of which one or two are known; an amount that is given stands."""
    if quantity is None:
        quantity = Decimal(1)
    if price is None:
        amount = amount if amount is not None else Decimal(0)
        price = amount / quantity if quantity else amount
    return quantity, price, quantity * price if amount is None else amount


def twelve_months(on: date) -> tuple[date, date]:
    """The twelve months that end with the day *on*: their first day, and the day after the last."""
    try:
        year_before = on.replace(year=on.year - 1)
    except ValueError:  # 29 February
        year_before = on.replace(year=on.year - 1, day=28)
    return year_before + timedelta(days=1), on + timedelta(days=1)


def rate_on(rates: Sequence[tuple[date, Decimal]], day: date) -> Decimal | None:
    """The last of *rates*, given by day in order, that holds on *day*; None before the first."""
    place = bisect_right(rates, day, key=lambda known: known[0])
    return rates[place - 1][1] if place else None
