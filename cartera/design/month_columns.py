"""Months side by side as columns, drawn like the other charts: no script, places across in percent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cartera.design import drawing, reader

HEIGHT = 120
FLOOR = HEIGHT - 18
TOP = 14


@dataclass(frozen=True, kw_only=True)
class Column:
    """A month with its value (None: unknown), the value as text, and the rows behind it if there are any."""

    month: date
    value: float | None
    text: str
    url: str = ""


def columns(given: Sequence[Column], *, label: str, measure: str) -> SafeString:
    """Columns of *measure* up from zero, those below zero in another tone; an unknown month is a mark on the axis."""
    highest = max((column.value for column in given if column.value), default=0) or 1.0
    width = 100 / len(given)
    shapes = ((_column(place, width, column, highest),) for place, column in enumerate(given))
    drawn = format_html("{}{}", format_html_join("", "{}", shapes), _names(given, width))
    axis = format_html('<line class="axis" x1="0" x2="100%" y1="{0}" y2="{0}"/>', FLOOR)
    rows = [(reader.day(column.month, "LLL yyyy"), column.text) for column in given]
    numbers = ((_("Month"), measure), rows)
    said = "; ".join(f"{month}: {text}" for month, text in rows)
    return drawing.figure(
        format_html("{}{}", drawn, axis),
        label=label,
        said=said,
        height=HEIGHT,
        linked=any(column.url for column in given),
        numbers=numbers,
    )


def _names(given: Sequence[Column], width: float) -> SafeString:
    """The year under each January, the month's name under each July."""
    forms = {1: "yyyy", 7: "LLL"}
    places = ((round((place + 0.5) * width, 2), column.month) for place, column in enumerate(given))
    named = ((x, HEIGHT - 3, reader.day(month, forms[month.month])) for x, month in places if month.month in forms)
    return format_html_join("", '<text x="{}%" y="{}" text-anchor="middle">{}</text>', named)


def _column(place: int, width: float, column: Column, highest: float) -> SafeString:
    left, wide = round(place * width + width * 0.14, 2), round(width * 0.72, 2)
    value = column.value or 0
    high = max((FLOOR - TOP) * min(abs(value) / highest, 1), 2 if value or column.value is None else 0.5)
    tone = "neutral" if column.value is None else "bad" if value < 0 else "bar"
    name = f"{reader.day(column.month, 'LLLL yyyy')}: {column.text}"
    shape = format_html(
        '<rect class="hit" x="{left}%" y="0" width="{wide}%" height="{floor}" fill="transparent"/>'
        '<rect class="{tone}" x="{left}%" y="{y}" width="{wide}%" height="{high}" rx="2"><title>{name}</title></rect>',
        left=left, wide=wide, floor=FLOOR, tone=tone, y=round(FLOOR - high, 1), high=round(high, 1), name=name,
    )  # fmt: skip
    return drawing.linked(shape, column.url, name)
