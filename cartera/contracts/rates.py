"""What a currency is worth in another, day by day."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db.models import Q

from cartera.contracts import rules
from cartera.contracts.models import FxRate


class RateTable:
    """What each currency was worth in *into*; read once, and only when something has to be converted."""

    def __init__(self, into: str) -> None:
        self.into = into

    @cached_property
    def _rates(self) -> dict[str, list[tuple[date, Decimal]]]:
        """By currency, in order of days. A rate given the other way round serves as well."""
        rates: dict[str, list[tuple[date, Decimal]]] = {}
        for rate in FxRate.objects.filter(Q(into=self.into) | Q(currency=self.into)).order_by("on"):
            if rate.into == self.into:
                rates.setdefault(rate.currency, []).append((rate.on, rate.rate))
            else:
                rates.setdefault(rate.into, []).append((rate.on, 1 / rate.rate))
        return rates

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
