"""How the reader writes numbers, money and dates. Babel knows; answers are kept, because pages repeat them."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_time, format_timedelta
from babel.numbers import format_compact_currency, format_currency, format_decimal, format_percent
from django.utils import timezone, translation

NOTHING = "–"
# A language alone does not say how dates are written; these are the countries meant when none is named.
COUNTRY = {"en": "GB", "es": "ES"}

Number = int | float | Decimal


def locale() -> Locale:
    """The reader's locale, from the active language."""
    return _locale(translation.get_language() or "en")


@lru_cache
def _locale(language: str) -> Locale:
    name, _, country = language.partition("-")
    return Locale(name, country.upper() or COUNTRY.get(name))


@lru_cache(maxsize=20_000)
def _number(value: Number, decimals: int, signed: bool, where: Locale) -> str:
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(value, f"+{pattern};-{pattern}" if signed else pattern, locale=where)


def number(value: Number, decimals: int = 0, *, signed: bool = False) -> str:
    return _number(value, decimals, signed, locale())


@lru_cache(maxsize=20_000)
def _percent(value: Number, decimals: int, where: Locale) -> str:
    pattern = where.percent_formats[None]
    return format_percent(value, pattern.pattern.replace("0", "0." + "0" * decimals) if decimals else None, where)


def percent(value: Number, decimals: int = 0) -> str:
    return _percent(value, decimals, locale())


@lru_cache(maxsize=20_000)
def _money(amount: Number, currency: str, whole: bool, where: Locale) -> str:
    if whole:
        return format_currency(round(amount) or 0, currency, _whole_pattern(where), where, currency_digits=False)
    return format_currency(amount, currency, locale=where)


@lru_cache
def _whole_pattern(where: Locale) -> str:
    return str(where.currency_formats["standard"].pattern.replace(".00", ""))


def money(amount: Number, currency: str, *, whole: bool = False) -> str:
    return _money(amount, currency, whole, locale())


@lru_cache(maxsize=20_000)
def _money_short(amount: Number, currency: str, where: Locale) -> str:
    digits = 1 if abs(amount) >= 1000 and len(str(int(abs(amount)))) % 3 == 1 else 0
    return format_compact_currency(amount, currency, locale=where, fraction_digits=digits)


def money_short(amount: Number, currency: str) -> str:
    return _money_short(amount, currency, locale())


@lru_cache(maxsize=20_000)
def _day(value: date, form: str, where: Locale) -> str:
    return format_date(value, form, locale=where)


def day(value: date, form: str = "medium") -> str:
    return _day(_local(value).date() if isinstance(value, datetime) else value, form, locale())


def moment(value: datetime) -> str:
    """The moment in the reader's time zone, to the minute."""
    return f"{day(value)}, {clock_time(value)}"


def clock_time(value: datetime) -> str:
    local = _local(value)
    return _clock_time(local.hour, local.minute, locale())


@lru_cache(maxsize=5000)
def _clock_time(hour: int, minute: int, where: Locale) -> str:
    return format_time(datetime(2000, 1, 1, hour, minute), "short", locale=where)  # noqa: DTZ001 - only hour and minute


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


@lru_cache(maxsize=20_000)
def _distance(seconds: int, where: Locale) -> str:
    return format_timedelta(seconds, add_direction=True, locale=where, threshold=1.4)


def distance(seconds: float) -> str:
    """ "3 days ago" for negative seconds, "in 3 days" for positive ones, rounded so that equal ones read the same."""
    size = abs(seconds)
    step = 60 if size < 3600 else 3600 if size < 86400 else 86400
    return _distance(int(seconds / step) * step, locale())
