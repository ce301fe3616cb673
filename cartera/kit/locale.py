"""Numbers, dates and times as the reader's language and time zone write them. Kept: a list shows the same ones often."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_time, format_timedelta
from babel.numbers import format_decimal, format_percent
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, gettext

from cartera.kit.clock import now, today


def reader() -> str:
    """The name that Babel knows the reader's language by."""
    return _known(get_language() or settings.LANGUAGE_CODE)


@lru_cache(maxsize=32)
def _known(language: str) -> str:
    try:
        return str(Locale.parse(language, sep="-"))
    except (UnknownLocaleError, ValueError):
        return settings.LANGUAGE_CODE


def number(value: Decimal | float | None, decimals: int | None = None) -> str:
    """*value* with the reader's separators, with exactly *decimals* if given; "" for unknown."""
    return "" if value is None else _number(value, decimals, reader())


@lru_cache(maxsize=8192)
def _number(value: Decimal | float, decimals: int | None, locale: str) -> str:
    pattern = None if decimals is None else "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(value, format=pattern, locale=locale)


def percent(value: Decimal | float | None, decimals: int = 0) -> str:
    """A share (0.25) as a percentage: "25%", "25 %"; "" for unknown."""
    return "" if value is None else _percent(value, decimals, reader())


@lru_cache(maxsize=4096)
def _percent(value: Decimal | float, decimals: int, locale: str) -> str:
    pattern = Locale.parse(locale).percent_formats[None].pattern
    return format_percent(value, format=pattern.replace("0%", f"0.{'0' * decimals}%") if decimals else None, locale=locale)


def day(value: date | datetime | None, style: str = "medium") -> str:
    """The date (of a moment: in the reader's zone) as "2 Mar 2026"; *style* is short, medium, long or full."""
    if value is None:
        return ""
    return _day(timezone.localtime(value).date() if isinstance(value, datetime) else value, style, reader())


@lru_cache(maxsize=8192)
def _day(value: date, style: str, locale: str) -> str:
    return format_date(value, format=style, locale=locale)


def moment(value: datetime | None, style: str = "medium") -> str:
    """Date and time of day in the reader's zone, without seconds; "" for unknown."""
    if value is None:
        return ""
    local = timezone.localtime(value).replace(tzinfo=None, second=0, microsecond=0)
    return _moment(local, style, reader())


@lru_cache(maxsize=8192)
def _moment(local: datetime, style: str, locale: str) -> str:
    joined = Locale.parse(locale).datetime_formats["short"]
    return str(joined).replace("{1}", format_date(local, style, locale)).replace("{0}", format_time(local, "short", locale=locale))


def month(value: date, style: str = "MMM y") -> str:
    """The month as "Mar 2026"."""
    return format_datetime(datetime(value.year, value.month, 1), style, locale=reader())  # noqa: DTZ001 - a label


def ago(value: date | datetime | None) -> str:
    """How far *value* lies from now: "3 days ago", "in 2 months"; in days and longer for dates; "" for unknown."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        distance = value - now()
        seconds = round(distance.total_seconds() / 60) * 60
    else:
        seconds = (value - today()).days * 86400
    if seconds == 0:
        return gettext("now") if isinstance(value, datetime) else gettext("today")
    return _ago(seconds, "minute" if isinstance(value, datetime) else "day", reader())


@lru_cache(maxsize=4096)
def _ago(seconds: int, granularity: str, locale: str) -> str:
    return format_timedelta(
        timedelta(seconds=seconds), granularity=granularity, add_direction=True, threshold=0.95, locale=locale
    )

