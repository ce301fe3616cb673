"""Arithmetic of invoices."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

_CANCELS = re.compile(r"C-?\d+", re.IGNORECASE)


def kind_of(number: str, total: Decimal) -> str:
    """Whether an invoice bills or credits: numbers like C536379 cancel, and so do negative totals."""
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


STATES = ("overdue", "open", "paid", "credit", "unknown")


def state_of(kind: str, *, due_on: date | None, paid_on: date | None, today: date) -> str:
    """Where an invoice stands; "unknown" when nobody said when it is due or whether it was paid."""
    if kind == "credit_note":
        return "credit"
    if paid_on is not None:
        return "paid"
    if due_on is None:
        return "unknown"
    return "overdue" if due_on < today else "open"


# Overdue for at most so many days: how likely the money, and with it the client, is lost. Beyond the last: WORST.
LATENESS = ((30, 0.02), (60, 0.06), (90, 0.12), (180, 0.25))
WORST = 0.45


def chance_of_loss(days_late: int) -> tuple[float, int | None]:
    """A prior, from how old receivables are usually written off: (chance from 0 to 1, days until it grows)."""
    for most, chance in LATENESS:
        if days_late <= most:
            return chance, most + 1 - days_late
    return WORST, None


def months_until(on: date, count: int) -> list[date]:
    """The first days of the *count* months that end with the month of *on*, the earliest first."""
    number = on.year * 12 + on.month - 1
    return [date(month // 12, month % 12 + 1, 1) for month in range(number - count + 1, number + 1)]
