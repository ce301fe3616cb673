from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from cartera.contracts import operations as contracts

TODAY = date(2026, 3, 2)


def noon(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


@pytest.fixture
def trading(cast, tmp_path, settings):
    """Norte ordered every 14 days and stopped 61 days ago; others still do, every 10, 20, 30 days; Solo never did."""
    settings.LAKE = tmp_path / "lake"
    rows = []
    for account, gap, silence in (
        (cast.norte, 14, 61),
        (cast.puente, 10, 4),
        (cast.molino, 20, 9),
        (cast.harbour, 30, 2),
    ):
        for number in range(20):
            day = TODAY - timedelta(days=silence + gap * number)
            rows.append({
                "account_id": account.pk, "number": f"{account.pk}-{number}", "issued_at": noon(day), "currency": "EUR",
                "recorded_at": noon(day), "due_on": day + timedelta(days=30), "paid_on": day + timedelta(days=20),
                "lines": [{"text": "Coffee", "quantity": Decimal(10), "unit_price": Decimal(30 + number % 3)}],
            })  # fmt: skip
    contracts.issue_many(rows, by=None, at=cast.at)
    return cast
