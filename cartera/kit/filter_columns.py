"""The usual ways in which a qualifier asks about one column."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from cartera.kit.filters import FilterContext

Build = Callable[[str, Any, FilterContext], Q]
LOOKUPS = {"=": "exact", "<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}


def on_column(column: str) -> Build:
    """Numbers, money, dates, choices, members and flags: compared as they are; none is NULL."""

    def build(op: str, value: Any, _context: FilterContext) -> Q:
        if op in ("none", "any"):
            return Q(**{f"{column}__isnull": op == "none"})
        return Q(**{f"{column}__{LOOKUPS[op]}": value})

    return build


def on_text(column: str, lookup: str = "icontains") -> Build:
    """Text, found anywhere in the column (or as *lookup* says); none is an empty text."""

    def build(op: str, value: Any, _context: FilterContext) -> Q:
        if op in ("none", "any"):
            return Q(**{column: ""}) if op == "none" else ~Q(**{column: ""})
        return Q(**{f"{column}__{lookup}": value})

    return build


def on_choice(column: str) -> Build:
    """One of a list, in a column where an empty text means none."""
    return on_text(column, "exact")


def on_moment(column: str) -> Build:
    """A date asked of a column of moments: the whole day in the asking member's time zone."""

    def build(op: str, value: Any, _context: FilterContext) -> Q:
        if op in ("none", "any"):
            return Q(**{f"{column}__isnull": op == "none"})
        begins, ends = _edge(value), _edge(value + timedelta(days=1) if value < date.max else value)
        return {
            "=": Q(**{f"{column}__gte": begins, f"{column}__lt": ends}),
            "<": Q(**{f"{column}__lt": begins}),
            "<=": Q(**{f"{column}__lt": ends}),
            ">": Q(**{f"{column}__gte": ends}),
            ">=": Q(**{f"{column}__gte": begins}),
        }[op]

    return build


def _edge(day: date) -> datetime:
    """Midnight at which *day* begins for the reader, kept within what the databases' calendars hold."""
    day = min(max(day, date(2, 1, 1)), date(9998, 12, 31))
    return datetime.combine(day, time(), tzinfo=timezone.get_current_timezone()).astimezone(UTC)
