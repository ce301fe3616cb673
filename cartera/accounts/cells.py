"""The cells of the list, written directly: fifty rows of them are most of the page. Shapes stand once on the page."""

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cartera.accounts.columns import Column
from cartera.accounts.models import Account
from cartera.design import bands, reader
from cartera.design.templatetags import cartera as tags

CHANGES = {"up": "arrow-up-right", "down": "arrow-down-right"}
# Columns whose cells say by themselves what they are, so that phones need no label before them.
SPEAKING = {"health", "stage", "lead", "tags"}
TOUCHES = {True: "arrow-up-from-line", False: "arrow-down-to-line"}


def shapes() -> SafeString:
    """The shapes that the cells refer to, drawn once."""
    names = {*CHANGES.values(), *TOUCHES.values(), bands.GOOD.icon, bands.WATCH.icon, bands.BAD.icon}
    symbols = (
        re.sub(r"^<svg[^>]*>", f'<symbol id="s-{n}" viewBox="0 0 24 24">', str(tags.icon(n))) for n in sorted(names)
    )
    drawn = "".join(symbol.replace("</svg>", "</symbol>") for symbol in symbols)
    return mark_safe(f'<svg class="accounts-shapes" width="0" height="0" aria-hidden="true">{drawn}</svg>')


def row(account: Account, columns: list[Column]) -> SafeString:
    """All cells of *account* but that of its name."""
    return mark_safe("".join(cell(account, column) for column in columns if column.key != "name"))


def cell(account: Account, column: Column) -> SafeString:
    """One cell, with its label for phones, and a way to edit it in place where it can be."""
    drawn = CELLS[column.key](account) if column.key in CELLS else _own(account, column)
    if column.editable:
        key = mark_safe(' data-key="e"') if column.key == "tier" else ""
        words = format_html('<span class="unseen">{}</span>', _("nothing yet")) if drawn == "" else ""
        drawn = format_html('<button class="set" data-set="{}"{}>{}{}</button>', column.key, key, drawn, words)
    number = mark_safe(' class="num"') if column.number else ""
    if column.key in SPEAKING:
        return format_html("<td{}>{}</td>", number, drawn)
    return format_html('<td{} data-label="{}">{}</td>', number, column.label, drawn)


def _shape(name: str) -> SafeString:
    return mark_safe(f'<svg class="icon" aria-hidden="true"><use href="#s-{name}"/></svg>')


def _health(account: Account) -> SafeString | str:
    if account.health is None:
        return format_html('<span class="soft">{}</span>', _("unknown"))
    band = bands.band(float(account.health))
    line = _line(account.health_line)
    return format_html(
        '<span class="health {}">{}<span class="score">{}</span> <span class="word">{}</span>{}</span>{}',
        band.key, _shape(band.icon), reader.number(account.health), band.word, _arrow(account), line,
    )  # fmt: skip


def _line(values: list[float | None]) -> SafeString | str:
    """The last dozen scores as a line of 48 by 16; charts.spark draws the same where weight matters less."""
    known = [float(value) for value in values[-12:] if value is not None]
    if len(known) < 2:
        return ""
    step = 48 / (len(known) - 1)
    points = " ".join(f"{round(n * step)},{round(15 - value * 0.14)}" for n, value in enumerate(known))
    return mark_safe(f'<svg class="line" width="48" height="16" aria-hidden="true"><polyline points="{points}"/></svg>')


def _arrow(account: Account) -> SafeString | str:
    points = round(account.health_change or 0)
    if not points:
        return ""
    key, words = ("up", _("up by %s")) if points > 0 else ("down", _("down by %s"))
    size = reader.number(abs(points))
    return format_html(' <span class="change {}" title="{}">{}{}</span>', key, words % size, _shape(CHANGES[key]), size)


def _touched(account: Account) -> SafeString | str:
    if account.last_touch_at is None:
        return format_html('<span class="soft">{}</span>', _("never"))
    ours = account.last_touch_ours
    if ours is None:
        return tags.ago(account.last_touch_at)
    who = _("we contacted them") if ours else _("they contacted us")
    return format_html(
        '<span class="touch" title="{}">{}</span>{}', who, _shape(TOUCHES[ours]), tags.ago(account.last_touch_at)
    )


def _lead(account: Account) -> SafeString | str:
    if account.lead is None:
        return format_html('<span class="badge watch">{}</span>', _("nobody"))
    return format_html(
        '<span class="person"><span class="avatar tint-{}" aria-hidden="true">{}</span><span>{}</span></span>',
        account.lead.pk % 6, account.lead.initials, account.lead,
    )  # fmt: skip


def _money(amount: Any) -> str:
    return reader.NOTHING if amount is None else reader.money(amount, settings.CURRENCY, whole=True)


def _overdue(account: Account) -> SafeString | str:
    return (
        format_html('<span class="bad-text">{}</span>', _money(account.overdue)) if account.overdue else reader.NOTHING
    )


def _number(value: Any) -> str:
    return reader.NOTHING if value is None else reader.number(value, signed=True)


def _own(account: Account, column: Column) -> Any:
    value = account.custom.get(column.own_field)
    return "" if value is None else value


CELLS: dict[str, Callable[[Account], Any]] = {
    "health": _health,
    "revenue": lambda a: _money(a.revenue),
    "touched": _touched,
    "next": lambda a: tags.ago(a.next_touch_on),
    "tier": lambda a: a.tier,
    "stage": lambda a: a.get_stage_display(),
    "lead": _lead,
    "change": lambda a: _number(a.health_change),
    "risk": lambda a: reader.NOTHING if a.silence_risk is None else reader.percent(a.silence_risk),
    "overdue": _overdue,
    "ordered": lambda a: tags.ago(a.last_order_on),
    "tags": lambda a: format_html_join(" ", '<span class="badge">{}</span>', ((tag,) for tag in a.tags)),
    "country": lambda a: a.country,
    "industry": lambda a: a.industry,
    "group": lambda a: a.parent or "",
    "opened": lambda a: reader.day(a.opened_at.date(), "medium"),
    "external_id": lambda a: a.external_id or "",
    "domain": lambda a: a.domain,
}
