"""What a currency is worth in another, day by day."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import Q

from cartera.contracts import rules
from cartera.contracts.models import FxRate


class RateTable:
    """What each currency was worth in *into*; read once. A rate given the other way round serves as well."""

    def __init__(self, into: str) -> None:
        self.into = into
        self._rates: dict[str, list[tuple[date, Decimal]]] = {}
        for rate in FxRate.objects.filter(Q(into=into) | Q(currency=into)).order_by("on"):
            if rate.into == into:
                self._rates.setdefault(rate.currency, []).append((rate.on, rate.rate))
            else:
                self._rates.setdefault(rate.into, []).append((rate.on, 1 / rate.rate))

    def on(self, currency: str, day: date) -> Decimal | None:
        """The worth of one *currency* on *day*: the last rate known by then."""
        return Decimal(1) if currency == self.into else rules.rate_on(self._rates.get(currency, ()), day)

    def total(self, amounts: Iterable[tuple[str, date, Decimal]]) -> Decimal | None:
        """The sum of (currency, day, amount), each at the rate of its day; None where one is missing."""
        total = Decimal(0)
        for currency, day, amount in amounts:
            rate = self.on(currency, day)
            if rate is None:
                return None
            total += amount * rate
        return total
