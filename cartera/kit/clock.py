"""The one place that knows what time it is, so that an installation can pretend to live on another day."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time

from django.conf import settings
from django.utils import timezone

_pretended: ContextVar[date | None] = ContextVar("pretended", default=None)


def pretended() -> date | None:
    """The day that is pretended, by `--as-of` or `CARTERA_TODAY`, or None when the clock is true."""
    if day := _pretended.get():
        return day
    return date.fromisoformat(settings.PRETEND_TODAY) if settings.PRETEND_TODAY else None


def now() -> datetime:
    """This moment, in UTC; on a pretended day, the true time of day on that date."""
    real = timezone.now()
    day = pretended()
    return datetime.combine(day, real.timetz()) if day else real


def true_now() -> datetime:
    """This moment, whatever day is pretended: for locks, jobs and whatever else must really go on."""
    return timezone.now()


def today() -> date:
    """The date where the reader is (the active time zone); the pretended one if there is one."""
    return pretended() or timezone.localdate()


def start_of(day: date) -> datetime:
    """Midnight UTC at which *day* begins: what an as-of date cuts at."""
    return datetime.combine(day, time(), tzinfo=UTC)


@contextmanager
def pretending(day: date | None) -> Iterator[None]:
    """Live on *day* within the block; with None, on the true day."""
    token = _pretended.set(day)
    try:
        yield
    finally:
        _pretended.reset(token)
