"""Curves from values to points, drawn: small ones, the one that is edited, and how real accounts lie under it."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cartera.design import drawing, reader

MARGIN = 4
# The plot of the editor, in pixels down; static/health/curve.js draws in the same place.
HEIGHT, TOP, FLOOR = 260, 14, 226

type Corners = Sequence[Sequence[float]]


def curve(corners: Corners, value: float | None, *, width: int = 96, height: int = 36) -> SafeString:
    """The line through *corners* (value, points), flat beyond both ends, with a dot where *value* lies."""
    low, high = corners[0][0], corners[-1][0]
    reach = (high - low) or 1.0

    def across(of: float) -> float:
        share = min(max((of - low) / reach, -0.1), 1.1)
        return round(MARGIN + (share + 0.1) / 1.2 * (width - 2 * MARGIN), 1)

    def down(points: float) -> float:
        return round(height - MARGIN - points / 100 * (height - 2 * MARGIN), 1)

    ends = [(low - reach, corners[0][1]), *corners, (high + reach, corners[-1][1])]
    path = "M" + "L".join(f"{across(of)} {down(points)}" for of, points in ends)
    dot = ""
    if value is not None:
        dot = format_html('<circle cx="{}" cy="{}" r="3.5"/>', across(value), down(points_at(corners, value)))
    return format_html(
        '<svg class="health-curve" width="{w}" height="{h}" viewBox="0 0 {w} {h}" role="img" aria-label="{said}">'
        '<line x1="0" x2="{w}" y1="{floor}" y2="{floor}"/><path d="{path}"/>{dot}</svg>',
        w=width,
        h=height,
        floor=height - MARGIN + 1,
        path=path,
        dot=dot,
        said=_("Points by value: %s") % told(corners),
    )


def told(corners: Corners) -> str:
    """The corners in words: "0 → 10; 0.3 → 60"."""
    return "; ".join(f"{reader.number(of, 2)} → {reader.number(points)}" for of, points in corners)


def points_at(corners: Corners, value: float) -> float:
    """Points for *value*, by straight lines between corners."""
    if value <= corners[0][0]:
        return corners[0][1]
    for (left, before), (right, after) in pairwise(corners):
        if value <= right:
            return before + (after - before) * (value - left) / (right - left)
    return corners[-1][1]


def plot(corners: Corners, spread: Mapping[str, Any], unit: str | Promise) -> SafeString:
    """The curve large, over the bars of how real accounts lie; `curve.js` puts handles on it.

    *spread*: see comparing.distribution, whose ends hold all corners.
    """
    low, high = spread["low"], spread["high"]

    def across(value: float) -> float:
        return round((value - low) / (high - low) * 100, 2)

    def down(points: float) -> float:
        return drawing.down(points, 0, 100, TOP, FLOOR)

    ends = [(low, corners[0][1]), *corners, (high, corners[-1][1])] if corners else []
    level = '<line class="grid" x1="0" x2="100%" y1="{0}" y2="{0}"/><text x="0" y="{1}">{2}</text>'
    return format_html(
        '<svg data-plot role="group" aria-label="{label}" width="100%" height="{height}">{bars}{levels}'
        '<svg x="0" y="0" width="100%" height="{height}" viewBox="0 0 100 {height}" preserveAspectRatio="none">'
        '<path class="line" d="{path}" vector-effect="non-scaling-stroke"/></svg><g data-handles>{dots}</g>'
        '<text data-low x="0" y="{foot}">{low}</text><text x="50%" y="{foot}" text-anchor="middle">{unit}</text>'
        '<text data-high x="100%" y="{foot}" text-anchor="end">{high}</text></svg>',
        label=_("Points by value"),
        height=HEIGHT,
        bars=_bars(spread, across),
        levels=format_html_join("", level, [(down(at), down(at) - 4, at) for at in (0, 40, 70, 100)]),
        path=drawing.path([(across(value), down(points)) for value, points in ends]),
        dots=format_html_join(
            "", '<circle class="dot" cx="{}%" cy="{}" r="5"/>', [(across(v), down(points)) for v, points in corners]
        ),
        foot=HEIGHT - 12,
        low=reader.number(low, _places(high - low)),
        high=reader.number(high, _places(high - low)),
        unit=unit,
    )


def _bars(spread: Mapping[str, Any], across: Any) -> SafeString:
    most, step = max(spread["bins"], default=0) or 1, (spread["high"] - spread["low"]) / len(spread["bins"])
    rows = []
    for place, count in enumerate(spread["bins"]):
        start, height = spread["low"] + place * step, round(count / most * (FLOOR - TOP) * 0.8, 1)
        rows.append(
            (start, start + step, across(start), round(100 / len(spread["bins"]) - 0.3, 2), FLOOR - height, height)
        )
    shape = '<rect class="area" data-from="{}" data-to="{}" x="{}%" width="{}%" y="{}" height="{}"/>'
    return format_html_join("", shape, rows)


def small(spread: Mapping[str, Any], *, width: int = 120, height: int = 32) -> SafeString:
    """How the values of real accounts lie, as small bars."""
    most, step = max(spread["bins"], default=0) or 1, width / len(spread["bins"])
    tall = [(place, round(count / most * height, 1)) for place, count in enumerate(spread["bins"]) if count]
    rects = [(round(place * step, 1), height - up, round(step * 0.85, 1), up) for place, up in tall]
    places = _places(spread["high"] - spread["low"])
    said = _("From %(low)s to %(high)s, half of them below %(median)s") % {
        "low": reader.number(spread["low"], places), "high": reader.number(spread["high"], places),
        "median": reader.NOTHING if spread["median"] is None else reader.number(spread["median"], places),
    }  # fmt: skip
    return format_html(
        '<svg class="health-spread" width="{w}" height="{h}" viewBox="0 0 {w} {h}" role="img" aria-label="{said}">'
        '<title>{said}</title>{rects}<line x1="0" x2="{w}" y1="{h}" y2="{h}"/></svg>',
        w=width, h=height, said=said,
        rects=format_html_join("", '<rect x="{}" y="{}" width="{}" height="{}"/>', rects),
    )  # fmt: skip


def two_shapes(before: Sequence[int], after: Sequence[int]) -> SafeString:
    """How many accounts have which score: as it is now as bars, by the draft as a line of steps."""
    height, floor, step = 180, 156, 100 / len(before)
    most = max([*before, *after, 1])

    def down(count: int) -> float:
        return round(floor - count / most * (floor - 10), 1)

    bars = [(round(i * step + 0.3, 2), round(step - 0.6, 2), down(n), floor - down(n)) for i, n in enumerate(before)]
    steps = [(round(at, 2), down(n)) for i, n in enumerate(after) for at in (i * step, (i + 1) * step)]
    width = 100 // len(before)
    pairs = enumerate(zip(before, after, strict=True))
    rows = [(f"{i * width}–{(i + 1) * width}", reader.number(now), reader.number(then)) for i, (now, then) in pairs]
    drawn = format_html(
        '{bars}<line class="axis" x1="0" x2="100%" y1="{floor}" y2="{floor}"/>{levels}'
        '<svg x="0" y="0" width="100%" height="{height}" viewBox="0 0 100 {height}" preserveAspectRatio="none">'
        '<path class="line" d="{path}" vector-effect="non-scaling-stroke"/></svg>',
        bars=format_html_join("", '<rect class="track health-now" x="{}%" width="{}%" y="{}" height="{}"/>', bars),
        floor=floor,
        height=height,
        path=drawing.path(steps),
        levels=format_html_join(
            "", '<text x="{}%" y="{}" text-anchor="{}">{}</text>',
            [(0, height - 6, "start", 0), (40, height - 6, "middle", 40), (70, height - 6, "middle", 70),
             (100, height - 6, "end", 100)],
        ),
    )  # fmt: skip
    said = _("Bars: as it is now. Line: by the draft.")
    numbers = ((_("Score"), _("Accounts now"), _("Accounts by the draft")), rows)
    return drawing.figure(drawn, label=_("Scores"), said=said, height=height, linked=False, numbers=numbers)


def _places(reach: float) -> int:
    """Decimals worth showing on an axis of this length."""
    return 2 if reach < 5 else 1 if reach < 50 else 0
