"""Charts drawn on the server as SVG, in the text's own ink: they print, follow the theme and need no script."""

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe


def spark(values: Sequence[float | None], *, width: int = 72, height: int = 20, label: str = "") -> SafeString:
    """A little history line of scores from 0 to 100; gaps where a value is None."""
    points = _points(values, width=width, height=height, low=0, high=100, margin=2)
    if not points:
        return mark_safe("")
    last = points[-1]
    naming = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="spark" width="{w}" height="{h}" viewBox="0 0 {w} {h}" {naming}><path d="{path}"/><circle cx="{x}" cy="{y}" r="2"/></svg>',
        w=width, h=height, naming=naming, path=_path(points), x=last[0], y=last[1],
    )  # fmt: skip


def _points(
    values: Sequence[float | None], *, width: float, height: float, low: float, high: float, margin: float
) -> list[tuple[float, float, bool]]:
    """Where each known value lies, and whether the value before it is known too."""
    step = (width - 2 * margin) / max(len(values) - 1, 1)
    scale = (height - 2 * margin) / ((high - low) or 1)
    found = []
    for place, value in enumerate(values):
        if value is not None:
            joined = place > 0 and values[place - 1] is not None
            found.append((round(margin + place * step, 1), round(height - margin - (value - low) * scale, 1), joined))
    return found


def _path(points: Sequence[tuple[float, float, bool]]) -> str:
    return "".join(f"{'L' if joined else 'M'}{x} {y}" for x, y, joined in points)
