"""A factor's curve as a small drawing: values across, points from 0 to 100 up."""

from collections.abc import Sequence
from itertools import pairwise

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cartera.design import reader

MARGIN = 4


def curve(corners: Sequence[Sequence[float]], value: float | None, *, width: int = 96, height: int = 36) -> SafeString:
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
        said=_("Points by value: %s") % "; ".join(f"{reader.number(of, 2)} → {reader.number(p)}" for of, p in corners),
    )


def points_at(corners: Sequence[Sequence[float]], value: float) -> float:
    """Points for *value*, by straight lines between corners."""
    if value <= corners[0][0]:
        return corners[0][1]
    for (left, before), (right, after) in pairwise(corners):
        if value <= right:
            return before + (after - before) * (value - left) / (right - left)
    return corners[-1][1]
