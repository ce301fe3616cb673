"""The cells of the list, written directly: fifty rows of them are most of the page. Shapes stand once on the page."""

import re
from collections.abc import Callable
from functools import lru_cache
from html import escape
from itertools import pairwise
from math import floor
from typing import Any

from django.conf import settings
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cartera.accounts.columns import Column
from cartera.accounts.models import Account
from cartera.design import bands, reader
from cartera.design.templatetags import cartera as tags
from cartera.kit import clock

SHAPES = {
    "good": bands.GOOD.icon, "watch": bands.WATCH.icon, "bad": bands.BAD.icon, "up": "arrow-up-right",
    "down": "arrow-down-right", "ours": "arrow-up-from-line", "theirs": "arrow-down-to-line",
    "hand": "hand",
}  # fmt: skip
# Columns whose cells say by themselves what they are, so that phones need no label before them.
SPEAKING = {"health", "lead", "tags", "pulse"}


def shapes() -> SafeString:
    """The shapes that the cells refer to, drawn once."""
    return tags.drawn_once(tuple(SHAPES.items()))


def rows(accounts: list[Account], columns: list[Column]) -> SafeString:
    """A row of the table for each account. Attributes go without quotes where HTML allows: they are many."""
    drawn = _drawing(columns)
    return mark_safe("\n".join(f"{_head(account)}{drawn(account)}</tr>" for account in accounts))


def cell(account: Account, column: Column) -> SafeString:
    """One cell, as it stands in its row."""
    return mark_safe(_drawing([column])(account))


def _head(account: Account) -> str:
    """The box to pick the account by, and its name."""
    pk, name = account.pk, escape(account.name)
    revenue = f" data-revenue={account.revenue}" if account.revenue else ""
    return (
        f"<tr data-row data-id={pk}><td class=pick>"
        f"<input type=checkbox name=id value={pk} form=bulk data-key=x{revenue}"
        f' aria-label="{name}"></td><th scope=row><a href="/accounts/{pk}/" data-open>{name}</a></th>'
    )


def _drawing(columns: list[Column]) -> Callable[[Account], str]:
    framed = [(CELLS.get(column.key) or _own(column), *_frame(column)) for column in columns if column.key != "name"]
    return lambda account: "".join(f"{before}{draw(account)}{after}" for draw, before, after in framed)


def _frame(column: Column) -> tuple[str, str]:
    """What stands before and after each cell of *column*: a label for phones, and a way to edit it in place."""
    before = "<td class=num" if column.number else "<td"
    if column.key not in SPEAKING:
        before += f' data-label="{escape(str(column.label))}"'
    if not column.editable:
        return f"{before}>", "</td>"
    key = " data-key=e" if column.key == "tier" else ""
    name = f'"{escape(column.key)}"' if column.own_field else column.key
    return f"{before}><button class=set data-set={name}{key}>", "</button></td>"


def _shape(key: str) -> str:
    return f'<svg class=icon><use href="#s-{key}"/></svg>'


def _titled(text: str, title: str) -> str:
    return f'<span title="{title}">{text}</span>'


def _soft(text: str) -> str:
    return f"<span class=soft>{text}</span>"


def _nothing() -> str:
    return f"<span class=unseen>{_('nothing yet')}</span>"


def _health(account: Account) -> str:
    by_hand = "" if account.overriding is None else _by_hand(account)
    if account.health is None:
        return _soft(_("unknown")) + by_hand
    change = round(account.health_change or 0)
    return _score(floor(account.health), change, get_language()) + by_hand + _line(account.health_line)


def _by_hand(account: Account) -> str:
    """That someone set another score by hand, beside the computed one."""
    said = _("set by hand until %s; the computed score stands before it") % _last_day(account.override_until)
    shown = f"{_shape('hand')}{_number_plain(account.overriding)}<span class=unseen> {said}</span>"
    return f' <span class="badge by-hand" title="{said}">{shown}</span> '


def _last_day(day: Any) -> str:
    return reader.day(day) if day else reader.NOTHING


def _number_plain(value: Any) -> str:
    return reader.NOTHING if value is None else reader.number(value)


def _pulse(account: Account) -> str:
    return _nothing() if account.pulse is None else _colour(account.pulse, get_language())


@lru_cache(maxsize=50)
def _colour(pulse: int, _language: str) -> str:
    band = {1: bands.BAD, 2: bands.WATCH, 3: bands.GOOD}[pulse]
    word = escape(str(Account.Pulse(pulse).label))
    return f'<span class="health {band.key}">{_shape(band.key)}<span class=word>{word}</span></span>'


@lru_cache(maxsize=5000)
def _score(score: int, change: int, _language: str) -> str:
    band = bands.band(score)
    return (
        f'<span class="health {band.key}">{_shape(band.key)}<span class=score>{reader.number(score)}</span> '
        f"<span class=word>{band.word}</span>{_arrow(change)}</span>"
    )


def _arrow(points: int) -> str:
    if not points:
        return ""
    key, words = ("up", _("up by %s")) if points > 0 else ("down", _("down by %s"))
    size = reader.number(abs(points))
    return f' <span class="change {key}" title="{words % size}">{_shape(key)}{size}</span>'


def _line(values: list[float | None]) -> str:
    """The last dozen scores as a line of 48 by 16; charts.spark draws the same where weight matters less."""
    known = [float(value) for value in values[-12:] if value is not None]
    if len(known) < 2:
        return ""
    points = [(round(n * 48 / (len(known) - 1)), round(15 - value * 0.14)) for n, value in enumerate(known)]
    steps = [f"{x - left} {y - above}" for (left, above), (x, y) in pairwise(points)]
    return f'<svg class=line><path d="m0 {points[0][1]}l{" ".join(steps).replace(" -", "-")}"/></svg>'


def _next(account: Account) -> str:
    when = _day(account.next_touch_on)
    return f"<span>{_('was due %s') % when}</span>" if account.is_contact_late else when


def _touched(account: Account) -> str:
    at = account.last_touch_at
    if at is None:
        return _soft(_("never"))
    text = _titled(reader.distance((at - clock.now()).total_seconds()), reader.moment(at))
    return text if account.last_touch_ours is None else _from(account.last_touch_ours, get_language()) + text


@lru_cache(maxsize=50)
def _from(ours: bool, _language: str) -> str:
    who = _("we contacted them") if ours else _("they contacted us")
    return f'<span class=touch title="{who}">{_shape("ours" if ours else "theirs")}</span>'


def _lead(account: Account) -> str:
    lead = account.lead
    return (
        f'<span class="badge watch">{_("nobody")}</span>'
        if lead is None
        else _person(lead.pk, str(lead), lead.initials)
    )


@lru_cache(maxsize=5000)
def _person(pk: int, name: str, initials: str) -> str:
    """Whom the letters stand for, with their tint; the letters are not read aloud."""
    letters = f'<span class="avatar tint-{pk % 6}" aria-hidden=true>{escape(initials)}</span>'
    return f"<span class=person>{letters}<span>{escape(name)}</span></span>"


@lru_cache(maxsize=500)
def _stage(stage: str, _language: str) -> str:
    return escape(str(Account.Stage(stage).label))


def _money(amount: Any) -> str:
    return reader.NOTHING if amount is None else reader.money(amount, settings.CURRENCY, whole=True)


def _overdue(account: Account) -> str:
    return f"<span class=bad-text>{_money(account.overdue)}</span>" if account.overdue else reader.NOTHING


def _number(value: Any) -> str:
    return reader.NOTHING if value is None else reader.number(value, signed=True)


def _day(value: Any) -> str:
    return _distant(value, clock.today(), get_language()) if value else reader.NOTHING


@lru_cache(maxsize=5000)
def _distant(value: Any, today: Any, _language: str) -> str:
    """As the filter `ago` says it, without what only machines read."""
    return re.sub(r'<time datetime="[^"]*" title="([^"]*)">(.*)</time>', r'<span title="\1">\2</span>', tags.ago(value))


def _tags(account: Account) -> str:
    return format_html_join(" ", '<span class="badge">{}</span>', ((tag,) for tag in account.tags)) or _nothing()


def _own(column: Column) -> Callable[[Account], str]:
    key = column.own_field

    def drawn(account: Account) -> str:
        value = account.custom.get(key)
        return _nothing() if value in (None, "") else escape(str(value))

    return drawn


CELLS: dict[str, Callable[[Account], str]] = {
    "health": _health,
    "revenue": lambda a: _money(a.revenue),
    "touched": _touched,
    "next": _next,
    "tier": lambda a: a.tier or _nothing(),
    "stage": lambda a: _stage(a.stage, get_language()),
    "lead": _lead,
    "change": lambda a: _number(a.health_change),
    "risk": lambda a: reader.NOTHING if a.silence_risk is None else reader.percent(a.silence_risk),
    "pulse": _pulse,
    "pulse_on": lambda a: _day(a.pulse_on),
    "override": lambda a: _number_plain(a.overriding),
    "override_until": lambda a: _last_day(a.override_until if a.overriding is not None else None),
    "overdue": _overdue,
    "ordered": lambda a: _day(a.last_order_on),
    "tags": _tags,
    "country": lambda a: escape(a.country),
    "industry": lambda a: escape(a.industry),
    "group": lambda a: escape(str(a.parent or "")),
    "opened": lambda a: reader.day(a.opened_at.date(), "medium"),
    "external_id": lambda a: escape(a.external_id or ""),
    "domain": lambda a: escape(a.domain),
}
