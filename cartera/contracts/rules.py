"""Arithmetic of invoices."""

import re
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
