"""The strokes that charts are made of."""

from collections.abc import Iterable, Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

# How high a row of bars or of a waterfall is: a line of text, the bar under it, and air.
ROW = 40
LETTERS = 46  # of a row's name and number together that fit beside each other on a phone


def row(place: int, label: str, text: str, url: str, *shapes: SafeString | str) -> SafeString:
    y = place * ROW + 14
    shown = shortened(label, LETTERS - len(text))
    whole = format_html("<title>{}</title>", label) if shown != label else ""
    name = linked(format_html('<text class="strong" x="0" y="{}">{}{}</text>', y, whole, shown), url, "")
    number = format_html('<text x="100%" y="{}" text-anchor="end">{}</text>', y, text)
    return format_html("{}{}{}", name, number, format_html_join("", "{}", ((shape,) for shape in shapes)))


def shortened(label: str, most: int) -> str:
    """*label*, or its beginning if it has more than *most* letters."""
    return label if len(label) <= most else label[: most - 1].rstrip() + "…"


def rect(start: float, end: float, place: int, tone: str) -> SafeString:
    left, right = sorted((min(max(start, 0), 1), min(max(end, 0), 1)))
    return format_html(
        '<rect class="{}" x="{}%" y="{}" width="{}%" height="9" rx="2"/>',
        tone, round(left * 100, 2), place * ROW + 20, max(round((right - left) * 100, 2), 0.4),
    )  # fmt: skip


def joint(at: float, place: int) -> SafeString:
    """Where one bar hands over to the next: a short line under the one and over the other, clear of the words."""
    x, y = round(at * 100, 2), place * ROW + 29
    return format_html(
        '<line class="joint" x1="{x}%" x2="{x}%" y1="{y}" y2="{a}"/>'
        '<line class="joint" x1="{x}%" x2="{x}%" y1="{b}" y2="{c}"/>',
        x=x, y=y, a=y + 6, b=y + ROW - 12, c=y + ROW - 9,
    )  # fmt: skip


def linked(shape: SafeString, url: str, label: str) -> SafeString:
    if not url:
        return shape
    naming = format_html(' aria-label="{}"', label) if label else ""
    return format_html('<a href="{}"{}>{}</a>', url, naming, shape)


def down(value: float, low: float, high: float, top: float, floor: float) -> float:
    share = (float(value) - low) / ((high - low) or 1)
    return round(floor - min(max(share, 0), 1) * (floor - top), 1)


def path(places: Iterable[tuple[float, float] | None]) -> str:
    """SVG path commands through *places*, lifted where there is none; a lone one is a point (a line of no length)."""
    steps, drawing = [], False
    for place in places:
        if place is not None:
            steps.append(f"{'L' if drawing else 'M'}{place[0]} {place[1]}{'' if drawing else 'h0'}")
        drawing = place is not None
    return "".join(steps)


def figure(
    drawing: SafeString,
    *,
    label: str,
    said: str,
    height: int,
    linked: bool,
    numbers: tuple[Sequence[str], Sequence[Sequence[str]]] | None = None,
) -> SafeString:
    """The drawing with its names; a group where there are links in it, an image where there are none."""
    return format_html(
        '<figure class="chart"><svg role="{role}" aria-label="{label}" width="100%" height="{height}">'
        "<title>{label}</title><desc>{said}</desc>{drawing}</svg>{table}</figure>",
        role="group" if linked else "img",
        label=label,
        height=height,
        said=said,
        drawing=drawing,
        table=table(label, *numbers) if numbers else "",
    )


def table(label: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> SafeString:
    return format_html(
        '<details><summary>{}</summary><div class="table-scroll" tabindex="0"><table aria-label="{}">'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div></details>",
        _("The numbers"),
        label,
        format_html_join("", '<th scope="col">{}</th>', ((head,) for head in heads)),
        format_html_join(
            "", "<tr>{}</tr>", ((format_html_join("", "<td>{}</td>", ((c,) for c in row)),) for row in rows)
        ),
    )
