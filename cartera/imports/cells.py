"""From a cell to a value: one converter for each column, which understands each distinct cell once."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from cartera.imports import amounts, dates
from cartera.imports.headings import normal
from cartera.imports.offers import Column, Text

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_INVISIBLE = dict.fromkeys((0xFEFF, 0x200B, 0x200E, 0x200F, 0x2060))
_MAIL = re.compile(r"[^@\s,;<>\"()]+@[^@\s,;<>\"()]+\.[^@\s,;<>\"().]+")
_ERRORS = {"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#¡REF!", "#¡VALOR!", "#¿NOMBRE?"}
_BLANK = {"", "-", "—", "n/a", "null", "none", "nan"}
_YES = {"yes", "y", "true", "1", "x", "si", "s", "verdadero", "v"}
_NO = {"no", "n", "false", "0", "falso", "f"}
_FORMULA = ("=", "+", "-", "@")
KEPT = 50_000


class Bad:
    """A cell that was not understood, and why."""

    __slots__ = ("message",)

    def __init__(self, message: Text) -> None:
        self.message = str(message)  # once for each distinct cell, in the language of the import


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What was decided for a column as a whole: the decimal mark, the order of day and month, the zone of its times."""

    mark: amounts.Mark = "point"
    order: dates.Order = "dmy"
    zone: str = "UTC"


class Converter(dict[Any, Any]):
    """Maps a cell to its value or to Bad, remembering what it understood."""

    def __init__(self, column: Column, reading: Reading) -> None:
        super().__init__()
        self.column, self.reading = column, reading
        self._convert: Callable[[Any], Any] = getattr(self, f"_{column.kind}")
        self._choices = {normal(str(name)): key for key, names in column.choices.items() for name in (key, *names)}

    def __missing__(self, cell: Any) -> Any:
        if len(self) >= KEPT:
            self.clear()
        self[cell] = value = self._value(cell)
        return value

    def _value(self, cell: Any) -> Any:
        if isinstance(cell, str):
            if cell.isascii() and cell.isprintable():
                cell = cell.strip()
            elif found := _CONTROL.search(cell):
                return Bad(_("holds a control character (0x%(code)s)") % {"code": f"{ord(found[0]):02X}"})
            else:
                cell = cell.translate(_INVISIBLE).replace("\xa0", " ").strip()
            if cell[:1] == "'" and cell[1:2] in _FORMULA:
                cell = cell[1:]  # as our own files write what a spreadsheet would take for a formula
            if cell in _ERRORS:
                return Bad(_("holds a spreadsheet's error (%(error)s)") % {"error": cell})
        blank = (
            cell is None or cell == "" or (self.column.kind not in ("text", "choice") and str(cell).lower() in _BLANK)
        )
        if blank:
            return Bad(_("is empty")) if self.column.required else None
        return self._convert(cell)

    def _text(self, cell: Any) -> Any:
        text = plain(cell)
        if (most := self.column.max_length) and len(text) > most:
            return Bad(_("is longer than %(most)s characters") % {"most": most})
        return text

    def _long(self, cell: Any) -> Any:
        return "\n".join(cell.splitlines()) if isinstance(cell, str) else plain(cell)

    def _mail(self, cell: Any) -> Any:
        text = plain(cell).removeprefix("mailto:").lower()
        if len(text) > 254 or not _MAIL.fullmatch(text):
            return Bad(_("“%(text)s” is not a mail address") % {"text": text[:80]})
        return text

    def _decimal(self, cell: Any) -> Any:
        if isinstance(cell, (bool, date, time, timedelta)):
            return self._no_number(cell)
        if isinstance(cell, (int, float)):
            value: Decimal | None = Decimal(f"{cell:.15g}")
        else:
            proved = amounts.mark_of(cell)
            if proved and proved != self.reading.mark:
                return Bad(_contradiction(cell, proved))
            value = amounts.parse(cell, self.reading.mark)
        if value is None or not value.is_finite():
            return self._no_number(cell)
        if abs(value) >= 10**10:
            return Bad(_("“%(text)s” is too large") % {"text": str(cell)[:80]})
        return self._within(value)

    def _integer(self, cell: Any) -> Any:
        value = self._decimal(cell)
        if isinstance(value, Bad):
            return value
        if value != value.to_integral_value():
            return Bad(_("“%(text)s” is not a whole number") % {"text": str(cell)[:80]})
        return int(value)

    def _within(self, value: Decimal) -> Any:
        low, high = self.column.least, self.column.most
        if (low is not None and value < low) or (high is not None and value > high):
            return Bad(_("“%(text)s” is not between %(low)s and %(high)s") % {"text": value, "low": low, "high": high})
        return value

    def _no_number(self, cell: Any) -> Bad:
        return Bad(_("“%(text)s” is not a number") % {"text": str(cell)[:80]})

    def _datetime(self, cell: Any) -> Any:
        moment = self._moment(cell)
        if isinstance(moment, Bad) or moment.tzinfo is not None:
            return moment if isinstance(moment, Bad) else moment.astimezone(UTC)
        return moment.replace(tzinfo=ZoneInfo(self.reading.zone)).astimezone(UTC)

    def _date(self, cell: Any) -> Any:
        moment = self._moment(cell)
        return moment if isinstance(moment, Bad) else moment.date()

    def _moment(self, cell: Any) -> Any:
        if isinstance(cell, datetime):
            return cell
        if isinstance(cell, date):
            return datetime.combine(cell, time())
        if isinstance(cell, str):
            proved = dates.order_of(cell)
            if proved and proved != self.reading.order:
                return Bad(_other_order(cell, proved))
            found = dates.parse(cell, self.reading.order)
        else:
            found = dates.serial(float(cell)) if isinstance(cell, (int, float)) else None
        if found is None or not 1900 <= found.year <= 2200:
            return Bad(_("“%(text)s” is not a date") % {"text": str(cell)[:80]})
        return found

    def _choice(self, cell: Any) -> Any:
        text = plain(cell)
        if text in self.column.choices:
            return text
        if (key := self._choices.get(normal(text))) is not None:
            return key
        names = ", ".join(self.column.choices)
        return Bad(_("“%(text)s” is none of: %(names)s") % {"text": text[:80], "names": names})

    def _flag(self, cell: Any) -> Any:
        word = normal(plain(cell))
        if word in _YES or word in _NO:
            return word in _YES
        return Bad(_("“%(text)s” is neither yes nor no") % {"text": plain(cell)[:80]})


def plain(cell: Any) -> str:
    """A cell as text on one line; a whole number from a workbook without its `.0`."""
    if isinstance(cell, str):
        return " ".join(cell.split()) if not cell.isalnum() else cell
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
    return "" if cell is None else str(cell)


def neutral(cell: Any) -> str:
    """A cell as text for a file, with an apostrophe before what a spreadsheet would run as a formula."""
    text = cell if isinstance(cell, str) else plain(cell)
    dangerous = text[:1] in (*_FORMULA, "\t", "\r") and amounts.parse(text, "point") is None
    return f"'{text}" if text and dangerous and amounts.parse(text, "comma") is None else text


def _contradiction(cell: Any, proved: amounts.Mark) -> Text:
    if proved == "comma":
        return _("“%(text)s” is written with a decimal comma, the rest of the column with a point") % {
            "text": cell[:80]
        }
    return _("“%(text)s” is written with a decimal point, the rest of the column with a comma") % {"text": cell[:80]}


def _other_order(cell: str, proved: dates.Order) -> Text:
    if proved == "mdy":
        return _("“%(text)s” is written month first, the rest of the column day first") % {"text": cell[:80]}
    return _("“%(text)s” is written day first, the rest of the column month first") % {"text": cell[:80]}
