"""Charts drawn on the server as SVG, in the text's own ink: they print, follow the theme and need no script.

Across, places are percentages, so that a chart takes the width it is given while its text keeps its size; down, they
are pixels. Every chart has a title and a description, and its numbers as a table on demand.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cartera.design import drawing, picking, reader

# Room on both sides of a plot, in percent, so that dots at the edge are whole.
EDGE = 1.5


@dataclass(frozen=True, kw_only=True)
class Mark:
    """Something that happened on a day of a history."""

    day: date
    text: str
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A length with its name and its number as text; `tone` is good, watch, bad or nothing."""

    label: str
    value: float
    text: str
    url: str = ""
    tone: str = ""


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of a sum: `value` is what it adds, `most` what it could have added."""

    label: str
    value: float
    text: str
    url: str = ""
    most: float | None = None


@dataclass(frozen=True, kw_only=True)
class Point:
    """Something at two measures."""

    label: str
    x: float
    y: float
    text: str
    url: str = ""
    tone: str = "neutral"


def spark(values: Sequence[float | None], *, width: int = 72, height: int = 20, label: str = "") -> SafeString:
    """A little history line of scores from 0 to 100; gaps where a value is None; nothing without values."""
    step = (width - 6) / max(len(values) - 1, 1)
    scale = (height - 6) / 100
    path, dot, drawing = [], "", False
    for place, value in enumerate(values):
        if value is None:
            drawing = False
            continue
        x, y = f"{3 + place * step:.1f}", f"{height - 3 - min(max(value, 0), 100) * scale:.1f}"
        path.append(f"L{x} {y}" if drawing else f"M{x} {y}h0")
        dot, drawing = f'<circle cx="{x}" cy="{y}" r="2"/>', True
    if not path:
        return mark_safe("")
    naming = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return mark_safe(
        f'<svg class="spark" width="{width}" height="{height}" viewBox="0 0 {width} {height}" {naming}>'
        f'<path d="{"".join(path)}"/>{dot}</svg>'
    )


def history_line(
    values: Sequence[tuple[date, float | None]],
    *,
    label: str,
    height: int = 180,
    low: float = 0,
    high: float = 100,
    levels: Sequence[float] = (40, 70),
    marks: Sequence[Mark] = (),
    choose: Callable[[date], str] | None = None,
    chosen: Sequence[date] = (),
) -> SafeString:
    """How a value moved over days, on a true time axis, with a level line at each of *levels* and a mark at events.

    With *choose*, which gives an address for a day, days can be picked on the drawing; *chosen* ones stand out.
    """
    known = [(day, float(value)) for day, value in values if value is not None]
    if not known:
        return format_html('<p class="soft">{}</p>', _("There is no history yet."))
    first, last = values[0][0], values[-1][0]
    floor = height - 22

    def across(day: date) -> float:
        return round(EDGE + (100 - 2 * EDGE) * (day - first).days / ((last - first).days or 1), 2)

    def down(value: float) -> float:
        return drawing.down(value, low, high, 8, floor)

    path = drawing.path([None if value is None else (across(day), down(float(value))) for day, value in values])
    drawn = format_html(
        '{grid}<svg x="0" y="0" width="100%" height="{height}" viewBox="0 0 100 {height}" preserveAspectRatio="none">'
        '<path class="line" d="{path}" vector-effect="non-scaling-stroke"/></svg>'
        '{marks}<circle class="dot" cx="{x}%" cy="{y}" r="3.5"/>{chosen}{picking}{dates}',
        grid=format_html_join("", *_level_lines(levels, down)),
        height=height,
        path=path,
        marks=_marks([mark for mark in marks if first <= mark.day <= last], across, floor),
        x=across(known[-1][0]),
        y=down(known[-1][1]),
        chosen=picking.chosen([day for day in chosen if first <= day <= last], across, floor),
        picking=picking.strips(known, choose, floor) if choose else "",
        dates=_dates(first, last, height - 4),
    )
    said = _("From %(before)s on %(first)s to %(after)s on %(last)s.") % {
        "before": reader.number(known[0][1]), "first": reader.day(known[0][0]),
        "after": reader.number(known[-1][1]), "last": reader.day(known[-1][0]),
    }  # fmt: skip
    rows = [(reader.day(day), reader.number(value)) for day, value in known]
    return drawing.figure(
        drawn,
        label=label,
        said=said,
        height=height,
        linked=choose is not None or any(m.url for m in marks),
        numbers=((_("Day"), _("Value")), rows),
    )


def bars(rows: Sequence[Bar], *, label: str, most: float | None = None) -> SafeString:
    """Lengths side by side from zero; *most* is the whole width (the longest bar if not given)."""
    whole = float(most if most is not None else max((abs(row.value) for row in rows), default=0)) or 1.0
    drawn = format_html_join(
        "",
        "{}",
        (
            (
                drawing.row(
                    place,
                    row.label,
                    row.text,
                    row.url,
                    drawing.rect(0, abs(row.value) / whole, place, row.tone or "bar"),
                ),
            )
            for place, row in enumerate(rows)
        ),
    )
    said = "; ".join(f"{row.label}: {row.text}" for row in rows)
    return drawing.figure(
        drawn, label=label, said=said, height=len(rows) * drawing.ROW, linked=any(row.url for row in rows)
    )


def waterfall(parts: Sequence[Part], *, label: str, total: Part, most: float = 100) -> SafeString:
    """How parts add up from 0 to the total, each standing where the one before ended."""
    sums = [0.0]
    for part in parts:
        sums.append(sums[-1] + float(part.value))
    low, high = min(0.0, *sums), max(float(most), *sums)

    def share(value: float) -> float:
        return (value - low) / ((high - low) or 1)

    rows = []
    for place, (part, (start, end)) in enumerate(zip(parts, pairwise(sums), strict=True)):
        track = (
            drawing.rect(share(start), share(start + float(part.most)), place, "track") if part.most is not None else ""
        )
        tone = "bad" if part.value < 0 else "bar"
        joint = drawing.joint(share(end), place)
        rows.append(
            drawing.row(
                place,
                part.label,
                part.text,
                part.url,
                track,
                drawing.rect(share(start), share(end), place, tone),
                joint,
            )
        )
    rows.append(
        drawing.row(
            len(parts),
            total.label,
            total.text,
            total.url,
            drawing.rect(share(0), share(float(total.value)), len(parts), "total"),
        )
    )
    said = "; ".join(f"{part.label}: {part.text}" for part in [*parts, total])
    drawn = format_html_join("", "{}", ((row,) for row in rows))
    return drawing.figure(
        drawn, label=label, said=said, height=len(rows) * drawing.ROW, linked=any(p.url for p in [*parts, total])
    )


def matrix(
    points: Sequence[Point], *, label: str, x_label: str, y_label: str, height: int = 340, x_high: float = 100
) -> SafeString:
    """Dots at two measures, *x* from 0 to *x_high* across and *y* from 0 up; each dot a link with its name."""
    y_high = max((float(point.y) for point in points), default=0) or 1.0
    floor = height - 24
    dots = [
        drawing.linked(
            format_html(
                '<circle class="point {}" cx="{}%" cy="{}" r="5"><title>{}: {}</title></circle>',
                point.tone,
                round(EDGE + (100 - 2 * EDGE) * min(max(float(point.x) / x_high, 0), 1), 2),
                drawing.down(float(point.y), 0, y_high, 20, floor),
                point.label,
                point.text,
            ),
            point.url,
            point.label,
        )
        for point in points
    ]
    drawn = format_html(
        '<line class="axis" x1="0" x2="100%" y1="{floor}" y2="{floor}"/>'
        '<line class="grid" x1="0" x2="100%" y1="{middle}" y2="{middle}"/>'
        '<line class="grid" x1="50%" x2="50%" y1="16" y2="{floor}"/><text x="0" y="10">↑ {y_label}</text>'
        '<text x="100%" y="{foot}" text-anchor="end">{x_label} →</text>{dots}',
        floor=floor, middle=round((floor + 20) / 2), foot=height - 6, x_label=x_label, y_label=y_label,
        dots=format_html_join("", "{}", ((dot,) for dot in dots)),
    )  # fmt: skip
    said = _("%(count)s dots: %(x)s across, %(y)s up.") % {"count": len(points), "x": x_label, "y": y_label}
    numbers = ((_("Name"), x_label, y_label), [(p.label, reader.number(p.x), p.text) for p in points])
    linked = any(point.url for point in points)
    return drawing.figure(drawn, label=label, said=said, height=height, linked=linked, numbers=numbers)


def _level_lines(levels: Iterable[float], down: Callable[[float], float]) -> tuple[str, list[tuple]]:
    line = '<line class="grid" x1="0" x2="100%" y1="{0}" y2="{0}"/><text x="0" y="{1}">{2}</text>'
    return line, [(down(level), down(level) - 4, reader.number(level)) for level in levels]


def _marks(marks: Iterable[Mark], across: Callable[[date], float], floor: float) -> SafeString:
    drawn = []
    for mark in marks:
        shape = format_html(
            '<line class="mark" x1="{x}%" x2="{x}%" y1="8" y2="{floor}"/>'
            '<circle class="neutral" cx="{x}%" cy="{floor}" r="4"><title>{day}: {text}</title></circle>',
            x=across(mark.day), floor=floor, day=reader.day(mark.day), text=mark.text,
        )  # fmt: skip
        drawn.append(drawing.linked(shape, mark.url, mark.text))
    return format_html_join("", "{}", ((one,) for one in drawn))


def _dates(first: date, last: date, y: float) -> SafeString:
    end = format_html('<text x="100%" y="{}" text-anchor="end">{}</text>', y, reader.day(last))
    return format_html('<text x="0" y="{}">{}</text>{}', y, reader.day(first), end) if first != last else end
