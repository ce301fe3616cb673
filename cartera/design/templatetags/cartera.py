"""Tags and filters that every template has without loading them."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from math import floor
from typing import Any

import lucide
from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cartera.design import bands, charts, reader
from cartera.kit import clock, verbs

register = template.Library()


@register.simple_tag
def icon(name: str, size: int = 16) -> SafeString:
    """An icon of lucide's by its name, in the text's own colour; it says nothing to a screen reader."""
    return _icon(str(name), int(size))


@cache
def _icon(name: str, size: int) -> SafeString:
    """What icons share (stroke, fill, the usual size) stands once, in the styles: a page holds a hundred of them."""
    drawn = lucide._render_icon(name, None)
    shapes = re.sub(r"\s*\n\s*", "", drawn[drawn.index(">") + 1 :]).replace(" />", "/>")
    measures = "" if size == 16 else f" width={size} height={size}"
    return mark_safe(f'<svg class=icon{measures} viewBox="0 0 24 24" aria-hidden=true>{shapes}')


@register.simple_tag
def shapes(*names: str) -> SafeString:
    """Icons that a list repeats, drawn once and out of sight; `shape` shows one."""
    return drawn_once(tuple((name, name) for name in names))


@cache
def drawn_once(named: tuple[tuple[str, str], ...]) -> SafeString:
    """The same under names of one's own: (name, icon) each; they are `s-` and the name on the page."""
    drawn = "".join(
        re.sub(r"^<svg[^>]*>", f'<symbol id="s-{name}" viewBox="0 0 24 24">', _icon(icon, 16)) for name, icon in named
    )
    symbols = drawn.replace("</svg>", "</symbol>")
    return mark_safe(f'<svg class="shapes" width="0" height="0" aria-hidden="true">{symbols}</svg>')


@register.simple_tag
def shape(name: str, size: int = 16) -> SafeString:
    """One of the icons that `shapes` has drawn on this page."""
    measures = "" if size == 16 else f" width={size} height={size}"
    return mark_safe(f'<svg class=icon{measures} aria-hidden=true><use href="#s-{name}"/></svg>')


@register.simple_tag
def wrong_place(text: str, column: int, length: int = 1) -> SafeString:
    """A filter with the characters marked that are wrong in it; to a screen reader the message says it."""
    start = int(column) - 1
    pieces = text[:start], text[start : start + int(length)] or " ", text[start + int(length) :]
    return format_html('<p class="wrong-place" aria-hidden="true"><code>{}<mark>{}</mark>{}</code></p>', *pieces)


@register.filter
def verb(key: str) -> str:
    """What a verb of the history did, in words."""
    return str(verbs.label(key))


@register.filter
def number(value: Any, decimals: int = 0) -> str:
    return reader.NOTHING if value in (None, "") else reader.number(value, int(decimals))


@register.filter
def filled(words: str, counts: Mapping[str, int]) -> str:
    """*words* ("%(rows)s rows") with *counts* as the reader writes them; nothing where one is not known."""
    try:
        return str(words) % {name: reader.number(count) for name, count in counts.items()}
    except KeyError:
        return ""


@register.filter
def signed(value: Any, decimals: int = 0) -> str:
    return reader.NOTHING if value in (None, "") else reader.number(value, int(decimals), signed=True)


@register.filter
def percent(value: Any, decimals: int = 0) -> str:
    """A share of 1 as a percentage."""
    return reader.NOTHING if value in (None, "") else reader.percent(value, int(decimals))


@register.filter
def money(amount: Any, currency: str) -> str:
    """An amount with the currency's own decimals."""
    return reader.NOTHING if amount in (None, "") else reader.money(amount, currency)


@register.filter
def money_whole(amount: Any, currency: str) -> str:
    """An amount without decimals, for lists."""
    return reader.NOTHING if amount in (None, "") else reader.money(amount, currency, whole=True)


@register.filter
def money_short(amount: Any, currency: str) -> str:
    """An amount in thousands or millions, for headlines."""
    return reader.NOTHING if amount in (None, "") else reader.money_short(amount, currency)


@register.filter
def day(value: date | None, form: str = "medium") -> str:
    """A date; `form` is short, medium, long, full, or a CLDR pattern."""
    return reader.day(value, form) if value else reader.NOTHING


@register.filter
def moment(value: datetime | None) -> str:
    """A date and time of day in the reader's zone."""
    return reader.moment(value) if value else reader.NOTHING


@register.filter
def time_of_day(value: datetime | None) -> str:
    return reader.clock_time(value) if value else reader.NOTHING


@register.filter
def ago(value: date | datetime | None) -> str:
    """How long ago, or how long until, with the exact moment on the element."""
    if not value:
        return reader.NOTHING
    if isinstance(value, datetime):
        text, exact = reader.distance((value - clock.now()).total_seconds()), reader.moment(value)
    else:
        days = (value - clock.today()).days
        near = {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}
        text, exact = near.get(days) or reader.distance(days * 86400), reader.day(value)
    # Babel's words and ISO's digits hold nothing to escape.
    return mark_safe(f'<time datetime="{value.isoformat()}" title="{exact}">{text}</time>')


@register.filter
def minutes(value: float | None) -> str:
    """A length of work: "45 min", "5 h 20 min"."""
    if value is None:
        return reader.NOTHING
    hours, rest = divmod(round(value), 60)
    return " ".join(part for part, shown in ((f"{hours} h", hours), (f"{rest} min", rest or not hours)) if shown)


@register.simple_tag
def health(score: float | None, change: float | None = None, coverage: float | None = None) -> SafeString:
    """A health score as shape, word and number, with its change and how much of it is known."""
    points = None if change is None else round(change)
    share = None if coverage is None else round(coverage, 2)
    shown = None if score is None else floor(score)  # never shown as 70 while below it
    return _health(shown, points, share, get_language())


@lru_cache(maxsize=5000)
def _health(score: int | None, points: int | None, share: float | None, language: str | None) -> SafeString:
    band = bands.band(score)
    known = "" if share is None else _("%s known") % reader.percent(share)
    return format_html(
        '<span class="health {}">{}<span class="score">{}</span> <span class="word">{}</span>{}{}</span>',
        band.key,
        _icon(band.icon, 16),
        "" if score is None else reader.number(score),
        band.word,
        "" if points is None else _change(points),
        format_html(' <span class="coverage">{}</span>', known) if known else "",
    )


def _change(points: int) -> SafeString:
    size = reader.number(abs(points))
    if points == 0:
        key, shape, words, size = "same", "arrow-right", _("unchanged"), ""
    elif points > 0:
        key, shape, words = "up", "arrow-up-right", _("up by %s") % size
    else:
        key, shape, words = "down", "arrow-down-right", _("down by %s") % size
    return format_html(
        ' <span class="change {}">{}<span aria-hidden="true">{}</span><span class="unseen">{}</span></span>',
        key, _icon(shape, 14), size, words,
    )  # fmt: skip


@register.simple_tag
def avatar(member: Any, size: str = "") -> SafeString:
    """The initials of *member* in a circle, always the same tint for the same person; the name is for the title."""
    return format_html(
        '<span class="avatar tint-{} {}" title="{}" aria-hidden="true">{}</span>',
        (member.pk or 0) % 6, size, member, member.initials,
    )  # fmt: skip


@register.simple_tag
def spark(values: Any, label: str = "") -> SafeString:
    """A little history line."""
    return charts.spark(values or (), label=label)


@register.filter
def is_here(place: str, path: str) -> bool:
    """Whether the page at *path* belongs to the navigation's *place*."""
    return bool(place) and (path == place or (place != "/" and path.startswith(place)))


@register.filter
def strip(text: Any) -> str:
    return mark_safe(str(text).strip()) if isinstance(text, SafeString) else str(text).strip()


@register.filter
def unlocalized(value: Any) -> str:
    """A number as HTML attributes want it, whatever the language."""
    return str(value)


@register.filter
def undo_address(tags: str | None) -> str:
    """Where a message marked "undo:12" by kit.undo can be undone."""
    words = [tag for tag in (tags or "").split() if tag.startswith("undo:")]
    return reverse("kit:undo", args=[int(words[0].removeprefix("undo:"))]) if words else ""


@register.filter
def toast_icon(tone: str) -> str:
    return {"error": "circle-alert", "warning": "triangle-alert", "info": "info"}.get(tone, "check")
