"""Dates as people and spreadsheets write them: which of day and month comes first, and what moment is meant."""

import re
from datetime import date, datetime, time, timedelta
from typing import Literal

Order = Literal["dmy", "mdy"]

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january ene enero", "feb february febrero", "mar march marzo", "apr april abr abril",
            "may mayo", "jun june junio", "jul july julio", "aug august ago agosto",
            "sep sept september septiembre setiembre", "oct october octubre", "nov november noviembre",
            "dec december dic diciembre",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_CLOCK = (
    r"(?:[T ,]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<half>[AaPp]\.?\s?[Mm]\.?)?\s*(?P<zone>Z|[-+]\d{2}:?\d{2})?)?"
)
_BIG_FIRST = re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})" + _CLOCK)
_SOLID = re.compile(r"(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})" + _CLOCK)
_SMALL_FIRST = re.compile(r"(?P<a>\d{1,2})[-/.](?P<b>\d{1,2})[-/.](?P<y>\d{4}|\d{2})" + _CLOCK)
_WORDS = re.compile(
    r"(?P<d>\d{1,2})[-/. ]+(?:de )?(?P<word>[A-Za-z]{3,10})\.?[-/., ]+(?:de )?(?P<y>\d{4}|\d{2})" + _CLOCK
)
_AMERICAN_WORDS = re.compile(r"(?P<word>[A-Za-z]{3,10})\.? (?P<d>\d{1,2})(?:st|nd|rd|th)?,? (?P<y>\d{4})" + _CLOCK)
_SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?")
EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 (a spreadsheet's day zero has no zone)


def order_of(text: str) -> Order | None:
    """Which order *text* proves, or None when it is no such date or day and month are both 12 or less (or equal)."""
    found = _SMALL_FIRST.fullmatch(text)
    if not found:
        return None
    first, second = int(found["a"]), int(found["b"])
    if first > 12 >= second >= 1:
        return "dmy"
    return "mdy" if second > 12 >= first >= 1 else None


def is_open(text: str) -> bool:
    """Whether *text* means two different days under the two orders."""
    found = _SMALL_FIRST.fullmatch(text)
    return bool(found) and int(found["a"]) <= 12 and int(found["b"]) <= 12 and found["a"] != found["b"]  # type: ignore[index]


def parse(text: str, order: Order) -> datetime | None:
    """The moment that *text* means when ambiguous dates are read in *order*; naive unless it names its zone."""
    if _SERIAL.fullmatch(text):
        return serial(float(text.replace(",", ".")))
    for pattern in (_SMALL_FIRST, _BIG_FIRST, _SOLID, _WORDS, _AMERICAN_WORDS):
        if found := pattern.fullmatch(text):
            return _moment(found, order)
    return None


def serial(number: float) -> datetime | None:
    """A spreadsheet's count of days since the end of 1899, if it lies between 1954 and 2119."""
    if not 20_000 <= number <= 80_000:
        return None
    moment = EPOCH + timedelta(days=number)
    return (moment + timedelta(milliseconds=500)).replace(microsecond=0)


def _moment(found: re.Match[str], order: Order) -> datetime | None:
    parts = found.groupdict()
    if "a" in parts:
        day, month = (parts["a"], parts["b"]) if order == "dmy" else (parts["b"], parts["a"])
    else:
        day, month = parts["d"], parts.get("m") or str(_MONTHS.get((parts.get("word") or "").lower(), 0))
    try:
        on = date(_year(parts["y"]), int(month), int(day))
        moment = datetime.combine(on, _clock(parts))
    except ValueError:
        return None
    zone = parts["zone"]
    return datetime.fromisoformat(f"{moment.isoformat()}{'+00:00' if zone == 'Z' else zone}") if zone else moment


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else (2000 if int(text) < 70 else 1900) + int(text)


def _clock(parts: dict[str, str | None]) -> time:
    hour = int(parts["hour"] or 0)
    half = (parts["half"] or "").lower()[:1]
    if half:
        if not 1 <= hour <= 12:
            raise ValueError("no such hour")
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, int(parts["minute"] or 0), int(parts["second"] or 0))
