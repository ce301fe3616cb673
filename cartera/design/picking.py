"""Picking a day on a drawing of days: strips that lead to an address each, wide enough for a finger."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cartera.design import reader

# So many strips are wide enough for a pointer on a wide page; every other one is enough for a finger on a phone.
STRIPS = 26


def strips(known: Sequence[tuple[date, float]], choose: Callable[[date], str], floor: float) -> SafeString:
    """Links side by side over the whole drawing; each picks the last day of its stretch on which the value is given."""
    first, last = known[0][0], known[-1][0]
    count = min(STRIPS, (last - first).days + 1)
    picked = [(place, *_picked(known, first, last, place, count)) for place in range(count)]
    return format_html_join(
        "",
        '<a href="{}" class="pick{}" aria-label="{}">'
        '<rect x="{}%" y="0" width="{}%" height="{}"/><title>{}</title></a>',
        (
            (
                choose(day), " odd" if place % 2 else "", said := _picking(day, value), round(100 * place / count, 3),
                round(100 / count, 3), floor, said,
            )
            for place, day, value in picked
        ),
    )  # fmt: skip


def chosen(days: Sequence[date], across: Callable[[date], float], floor: float) -> SafeString:
    """A line at each day that was picked."""
    line = '<line class="chosen" x1="{0}%" x2="{0}%" y1="0" y2="{1}"/>'
    return format_html_join("", line, ((across(day), floor) for day in days))


def _picked(known: Sequence[tuple[date, float]], first: date, last: date, place: int, count: int) -> tuple[date, float]:
    """The last day with a value in the stretch, or the stretch's last day with the value that still holds."""
    span = (last - first).days
    begins = first + timedelta(days=span * place // count)
    ends = last if place == count - 1 else first + timedelta(days=max(span * (place + 1) // count - 1, 0))
    before = [(day, value) for day, value in known if day <= max(ends, begins)]
    day, value = before[-1] if before else known[0]
    return (day, value) if day >= begins else (max(ends, begins), value)


def _picking(day: date, value: float) -> str:
    return _("Compare with %(day)s: %(value)s") % {"day": reader.day(day), "value": reader.number(value, 1)}
