"""The list of accounts whose computed health and pulse disagree."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cartera.accounts.filters import qualifiers
from cartera.accounts.models import Account
from cartera.design import charts, reader
from cartera.health import disagreements
from cartera.kit import filters
from cartera.kit.clock import today
from cartera.kit.filters import FilterContext, FilterError
from cartera.kit.pagination import keyset_page
from cartera.kit.requests import Request
from cartera.search.queries import matching

SORTS = ("apart", "revenue", "health", "pulse_on", "name")


def page(request: Request) -> HttpResponse:
    """Filtered as text, sorted, paged, with what it all comes to."""
    text, error = request.GET.get("q", "").strip(), None
    seen = Account.objects.visible_to(request.member)
    try:
        context = FilterContext(request.member, today())
        asked = filters.compile(text, qualifiers(), context=context, free_text=lambda words: matching(words, "account"))
        seen = seen.filter(asked)
    except FilterError as wrong:
        seen, error = seen.none(), wrong
    sort = request.GET.get("sort", "")
    sort = sort if sort.removeprefix("-") in SORTS else "-apart"
    found = keyset_page(
        disagreements.disagreements(seen, today()).select_related("lead"), sort, after=request.GET.get("after")
    )
    come_to = disagreements.totals(seen, today())
    return render(request, "health/disagreements.html", {
        "page": found, "rows": disagreements.explained(found.rows), "text": text, "error": error, "heads": _heads(sort),
        "totals": come_to, "drawn": _drawn(come_to) if come_to.count else "", "currency": settings.CURRENCY,
    })  # fmt: skip


def _drawn(found: disagreements.Totals) -> SafeString:
    """The money on both sides."""
    sides: list[tuple[str, int, Decimal, str]] = [
        (_("The score is better"), found.milder, found.milder_revenue, "bad"),
        (_("The score is worse"), found.harsher, found.harsher_revenue, "watch"),
    ]
    bars = [
        charts.Bar(
            label=f"{label} ({reader.number(count)})", value=max(float(revenue), 0.0),
            text=reader.money_short(revenue, settings.CURRENCY), tone=tone,
        )
        for label, count, revenue, tone in sides
    ]  # fmt: skip
    return charts.bars(bars, label=_("Revenue where score and opinion disagree"))


def _heads(sort: str) -> list[tuple[str, str, str, bool]]:
    """Each column's name, what a click on it sorts by, how it is sorted now, and whether it holds numbers."""
    columns: list[tuple[str, Any, bool, bool]] = [
        ("name", _("Account"), False, False), ("apart", _("Apart"), True, True), ("health", _("Health"), False, False),
        ("pulse_on", _("Pulse"), True, False), ("revenue", _("Revenue"), True, True),
    ]  # fmt: skip
    state = {name: "ascending", f"-{name}": "descending"} if (name := sort.removeprefix("-")) else {}
    heads = []
    for name, label, falling, number in columns:
        usual = f"-{name}" if falling else name
        other = name if falling else f"-{name}"
        now = state.get(sort, "") if sort.removeprefix("-") == name else ""
        heads.append((label, other if sort == usual else usual, now, number))
    return heads
