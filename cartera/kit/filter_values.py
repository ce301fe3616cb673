"""What stands after the colon of a filter: numbers, dates, ranges and yes or no."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from dateutil.relativedelta import relativedelta  # type: ignore[import-untyped]
from django.utils.translation import gettext as _

from cartera.kit.filter_language import FilterError, Word
from cartera.kit.folding import folded

# A value may cover more than a point: a month, a year. Both ends belong to it.
Span = tuple[Any, Any]
Read = Callable[[Word], Span]

_NUMBER = re.compile(r"(-?\d{1,15}(?:[.,]\d{1,6})?)(k|m|%)?", re.IGNORECASE | re.ASCII)
_TIMES = {"": 1, "k": 1_000, "m": 1_000_000, "%": 1}
_DISTANCE = re.compile(r"(-?\d{1,5})([dwmy])", re.IGNORECASE | re.ASCII)
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)
_YES, _NO = {"yes", "true", "1", "si"}, {"no", "false", "0"}


def flag(word: Word) -> bool:
    """Yes or no, in English or Spanish."""
    typed = folded(word.text)
    if typed in _YES | _NO:
        return typed in _YES
    raise FilterError(_("Write yes or no here."), word.column, word.length)


def reading(kind: str, *, past: bool, today: date) -> Read:
    """How a value of *kind* is read."""
    return (lambda word: _dates(word, past=past, today=today)) if kind == "date" else _number


def bounds(sign: str, word: Word, read: Read, *, falling: bool) -> list[tuple[str, Any]]:
    """The comparisons that `<50`, `10..20`, `..20` or `2026-03` stand for.

    With *falling*, a distance counts backwards ("less than 90 days ago" is later than that day).
    """
    if ".." in word.text and sign in ("", "="):
        return _between(word, read)
    first, last = read(word)
    if falling and _DISTANCE.fullmatch(word.text):
        sign = sign.translate(str.maketrans("<>", "><"))
    match sign:
        case "<":
            return [("<", first)]
        case "<=":
            return [("<=", last)]
        case ">":
            return [(">", last)]
        case ">=":
            return [(">=", first)]
    return [("=", first)] if first == last else [(">=", first), ("<=", last)]


def _between(word: Word, read: Read) -> list[tuple[str, Any]]:
    low, _dots, high = word.text.partition("..")
    if not low and not high:
        raise FilterError(_("A range needs a beginning or an end: 10..20."), word.column, word.length)
    ends = []
    if low:
        ends.append(read(Word(low, word.column, len(low))))
    if high:
        ends.append(read(Word(high, word.column + len(low) + 2, len(high))))
    if low and high:
        return [(">=", min(ends)[0]), ("<=", max(ends)[1])]
    return [(">=", ends[0][0])] if low else [("<=", ends[0][1])]


def _number(word: Word) -> Span:
    found = _NUMBER.fullmatch(word.text)
    if not found:
        raise FilterError(_("“%s” is not a number. Write 50, 12.5, 10k or 1.5m.") % word.text, word.column, word.length)
    value = Decimal(found[1].replace(",", ".")) * _TIMES[(found[2] or "").lower()]
    return value, value


def _dates(word: Word, *, past: bool, today: date) -> Span:
    try:
        if found := _DISTANCE.fullmatch(word.text):
            day = today + _distance(int(found[1]) * (-1 if past else 1), found[2].lower())
            return day, day
        named = {"today": 0, "tomorrow": 1, "yesterday": -1}
        if word.text.casefold() in named:
            day = today + timedelta(days=named[word.text.casefold()])
            return day, day
        if found := _DATE.fullmatch(word.text):
            return _period(*(int(part) if part else None for part in found.groups()))
    except (ValueError, OverflowError):
        pass
    raise FilterError(
        _("“%s” is not a date. Write 2026-03-01, 2026-03, today, or a distance such as 90d, 6w, 3m, 1y.") % word.text,
        word.column,
        word.length,
    )


def _distance(count: int, unit: str) -> relativedelta:
    return relativedelta(**{{"d": "days", "w": "weeks", "m": "months", "y": "years"}[unit]: count})


def _period(year: int | None, month: int | None, day: int | None) -> Span:
    first = date(year or 1, month or 1, day or 1)
    if day:
        return first, first
    return first, first + (relativedelta(months=1) if month else relativedelta(years=1)) - timedelta(days=1)
