"""How the reader writes numbers, money and dates.

Babel knows how; it is asked once for the shape (signs, separators, where the currency stands), because a list shows
hundreds of figures, and Python's own formatting fills the shape in a hundredth of the time.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from babel import Locale
from babel.dates import format_date, format_time, format_timedelta
from babel.numbers import (
    format_compact_currency,
    format_currency,
    format_decimal,
    format_percent,
    get_currency_precision,
)
from django.utils import timezone, translation
from django.utils.translation import gettext

NOTHING = "–"
# A language alone does not say how dates are written; these are the countries meant when none is named.
COUNTRY = {"en": "GB", "es": "ES"}

Number = int | float | Decimal
Unit = Literal["minute", "hour", "day"]
# Read to learn how a locale writes any number.
SAMPLE = Decimal("1234567.891")


def locale() -> Locale:
    """The reader's locale, from the active language."""
    return _locale(translation.get_language() or "en")


@lru_cache
def _locale(language: str) -> Locale:
    name, _, country = language.partition("-")
    return Locale(name, country.upper() or COUNTRY.get(name))


@dataclass(frozen=True)
class Shape:
    """What stands around the digits of a number, and between them."""

    before: str
    after: str
    before_negative: str
    after_negative: str
    separators: dict[int, str]
    decimals: int

    @classmethod
    def read(cls, write: Callable[[Decimal], str], where: Locale, decimals: int) -> "Shape":
        """Take the shape from what Babel's *write* makes of a number and of its opposite."""
        (before, after), (minus, after_minus) = (re.split(r"\d.*\d", write(n)) for n in (SAMPLE, -SAMPLE))
        symbols = where.number_symbols["latn"]
        separators = {ord(","): symbols["group"], ord("."): symbols["decimal"]}
        return cls(before, after, minus, after_minus, separators, decimals)

    def fill(self, value: Number) -> str:
        """*value* rounded to the shape's decimals, halves to even; what rounds to zero has no sign."""
        digits = f"{value:,.{self.decimals}f}"
        if digits[0] != "-":
            return f"{self.before}{digits.translate(self.separators)}{self.after}"
        digits = digits[1:]
        if not digits.strip("0.,"):
            return f"{self.before}{digits.translate(self.separators)}{self.after}"
        return f"{self.before_negative}{digits.translate(self.separators)}{self.after_negative}"


@lru_cache
def _number_shape(decimals: int, signed: bool, where: Locale) -> Shape:
    pattern = "#,##0.###"
    if signed:
        pattern = f"+{pattern};-{pattern}"
    return Shape.read(lambda n: format_decimal(n, pattern, where), where, decimals)


@lru_cache
def _percent_shape(decimals: int, where: Locale) -> Shape:
    return Shape.read(lambda n: format_percent(n, None, where), where, decimals)


@lru_cache
def _money_shape(currency: str, whole: bool, where: Locale) -> Shape:
    decimals = 0 if whole else get_currency_precision(currency)
    return Shape.read(lambda n: format_currency(n, currency, locale=where), where, decimals)


def number(value: Number, decimals: int = 0, *, signed: bool = False) -> str:
    return _number_shape(decimals, signed, locale()).fill(value)


def percent(value: Number, decimals: int = 0) -> str:
    """A share of 1 as a percentage."""
    return _percent_shape(decimals, locale()).fill(value * 100)


def money(amount: Number, currency: str, *, whole: bool = False) -> str:
    """An amount with the currency's own decimals, or without any."""
    return _money_shape(currency, whole, locale()).fill(amount)


def money_short(amount: Number, currency: str) -> str:
    """An amount in thousands or millions; under a thousand, whole."""
    if abs(float(amount)) < 1000:
        return money(amount, currency, whole=True)
    return _money_short(amount, currency, locale())


@lru_cache(maxsize=5000)
def _money_short(amount: Number, currency: str, where: Locale) -> str:
    digits = 1 if len(str(int(abs(float(amount))))) % 3 == 1 else 0
    return format_compact_currency(amount, currency, locale=where, fraction_digits=digits)


@lru_cache(maxsize=20_000)
def _day(value: date, form: str, where: Locale) -> str:
    return format_date(value, form, locale=where)


def day(value: date, form: str = "medium") -> str:
    """A date, or the date of a moment in the reader's time zone."""
    return _day(_local(value).date() if isinstance(value, datetime) else value, form, locale())


def moment(value: datetime) -> str:
    """The moment in the reader's time zone, to the minute."""
    return f"{day(value)}, {clock_time(value)}"


def clock_time(value: datetime) -> str:
    local = _local(value)
    return _clock_time(local.hour, local.minute, locale())


@lru_cache(maxsize=5000)
def _clock_time(hour: int, minute: int, where: Locale) -> str:
    return format_time(datetime(2000, 1, 1, hour, minute), "short", locale=where)  # noqa: DTZ001 - hour and minute


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


# From which on a distance is told in minutes, hours and days (which Babel makes weeks, months and years of).
STEPS: tuple[tuple[int, Unit], ...] = ((60, "minute"), (3600, "hour"), (86400, "day"))


def distance(seconds: float) -> str:
    """ "3 days ago" for negative seconds, "in 3 days" for positive ones, rounded so that equal ones read the same."""
    size = abs(seconds)
    if size < 60:
        return gettext("now")
    step, unit = STEPS[0] if size < 3600 else STEPS[1] if size < 86400 else STEPS[2]
    return _distance(int(seconds / step) * step, unit, locale())


@lru_cache(maxsize=20_000)
def _distance(seconds: int, unit: Unit, where: Locale) -> str:
    return format_timedelta(seconds, granularity=unit, add_direction=True, locale=where, threshold=1.4)
