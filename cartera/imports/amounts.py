"""Numbers as people and spreadsheets write them: which mark is the decimal one, and what the number is."""

import re
from decimal import Decimal, InvalidOperation
from typing import Literal

Mark = Literal["point", "comma"]

CURRENCIES = {"€": "EUR", "£": "GBP", "$": "USD", "¥": "JPY"}
_SIGNS = re.compile(r"^(?:[A-Z]{3}|[€£$¥])|(?:[A-Z]{3}|[€£$¥])$")
_SPACES = str.maketrans("", "", " \xa0\u202f\u2009'’")
_DIGITS = re.compile(r"[-+]?(?:\d+(?:[.,]\d+)*[.,]?|[.,]\d+)(?:[eE][-+]?\d+)?")
_GROUPED = {
    "point": re.compile(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d*)?"),
    "comma": re.compile(r"[-+]?\d{1,3}(?:\.\d{3})+(?:,\d*)?"),
}


def bare(text: str) -> tuple[str, bool]:
    """*text* without currency, spaces and percent sign, minus in front; and whether it was a percentage."""
    text = _SIGNS.sub("", text.strip().replace("−", "-").replace("–", "-")).strip()
    negative = text.startswith("(") and text.endswith(")")
    if negative:
        text = text[1:-1].strip()
    percent = text.endswith("%")
    text = text.rstrip("%").translate(_SPACES)
    sign = "-" if text.startswith("-") else ""
    text = sign + _SIGNS.sub("", text[len(sign) :])
    if text.endswith("-"):
        text = "-" + text[:-1]
    return ("-" + text if negative else text), percent


def mark_of(text: str) -> Mark | None:
    """Which decimal mark *text* proves, or None when it would read well either way (or holds no number)."""
    mark = _shown_mark(text)
    return mark if mark and parse(text, mark) is not None else None


def _shown_mark(text: str) -> Mark | None:
    number, _percent = bare(text)
    if not _DIGITS.fullmatch(number):
        return None
    digits = number.lstrip("+-").split("e")[0].split("E")[0]
    points, commas = digits.count("."), digits.count(",")
    if points and commas:
        return "point" if digits.rindex(".") > digits.rindex(",") else "comma"
    if points + commas > 1:
        return "comma" if points else "point"
    if points + commas == 1:
        whole, _mark, rest = digits.partition("." if points else ",")
        if len(rest) != 3 or len(whole) > 3 or whole in ("", "0"):
            return "point" if points else "comma"
    return None


def parse(text: str, mark: Mark) -> Decimal | None:
    """The number that *text* is under decimal *mark*, or None if it is none. A percentage is divided by 100."""
    number, percent = bare(text)
    if not _DIGITS.fullmatch(number):
        return None
    thousands, decimal = (",", ".") if mark == "point" else (".", ",")
    if thousands in number and not _GROUPED[mark].fullmatch(number):
        return None
    try:
        value = Decimal(number.replace(thousands, "").replace(decimal, "."))
    except InvalidOperation:
        return None
    return value / 100 if percent else value


def currency_of(text: str) -> str:
    """The currency whose sign or code stands beside the number, or nothing."""
    stripped = text.strip(" \xa0()-+")
    for sign, code in CURRENCIES.items():
        if sign in stripped:
            return code
    found = re.match(r"([A-Z]{3})\s*[-\d]|.*\d\s*([A-Z]{3})$", stripped)
    return (found[1] or found[2]) if found else ""
