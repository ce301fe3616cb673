"""The health of one account: its panel, and its page, which takes the score apart and compares any two days."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cartera.accounts.models import Account
from cartera.accounts.queries import children, get_visible, group_health
from cartera.design import charts
from cartera.health import differences, explaining, happenings, operations, queries, rules, story, turns
from cartera.health.models import Override, Standing
from cartera.health.opinion_forms import DatesForm, OverrideForm, PulseForm
from cartera.kit.clock import now, today
from cartera.kit.requests import Request

HISTORY = 400  # days of history drawn
SHOWN = 200  # accounts of a group that are listed

type Line = list[tuple[date, float | None]]


def panel(request: Request, account_id: int) -> HttpResponse:
    """Why this health: the panel of the account's page."""
    account = get_visible(request.member, account_id)
    return render(request, "health/panel.html", _standing(account))


def account(request: Request, account_id: int) -> HttpResponse:
    """Health in full: in words, bars, what would turn it, factors with their curves, history, and two days compared."""
    found = get_visible(request.member, account_id)
    context = _standing(found)
    standing: Standing | None = context["standing"]
    if standing is None:
        return render(request, "health/account.html", {**context, **_opinions(request, found)})
    since = today() - timedelta(days=HISTORY)
    line = queries.history(found.pk, since=since, until=today())
    opinions = _opinions(request, found)
    return render(
        request,
        "health/account.html",
        {
            **context,
            **opinions,
            "told": story.standing(standing, context["factors"]),
            "turn": turns.turn(standing, found.pk),
            **_past(request, found, line, opinions),
            **_group(request, found),
        },
    )


@require_POST
def again(request: Request, account_id: int) -> HttpResponse:
    """Score this account anew, now."""
    found = get_visible(request.member, account_id)
    operations.score(as_of=today(), by=request.member, at=now(), account_ids=[found.pk])
    if request.htmx:
        return render(request, "health/panel.html", _standing(get_visible(request.member, account_id)))
    return redirect("health:account", found.pk)


def _standing(account: Account) -> dict[str, Any]:
    standing = queries.standing(account.pk)
    factors = explaining.explain(standing, account.pk) if standing else []
    return {
        "account": account,
        "standing": standing,
        "factors": factors,
        "waterfall": explaining.waterfall(standing, factors) if standing and standing.score is not None else "",
        "stale": standing is not None and queries.is_stale(standing),
    }


def _opinions(request: Request, account: Account) -> dict[str, Any]:
    """What people say beside the score, now and before."""
    pulses, overrides = queries.pulses(account.pk), queries.overrides(account.pk)
    return {
        "pulses": pulses, "pulse": pulses[0] if pulses else None, "overrides": overrides,
        "by_hand": queries.in_force_on(overrides, today()), "back": "health",
        "may_override": operations.may_override(request.member, account),
        "pulse_form": PulseForm(auto_id="pulse_%s"), "override_form": OverrideForm(auto_id="override_%s"),
    }  # fmt: skip


def _past(request: Request, account: Account, line: Line, opinions: dict[str, Any]) -> dict[str, Any]:
    """The line of health with its marks, and the two days of the address side by side."""
    if len(line) < 2:
        return {"history": ""}
    first, last = line[0][0], line[-1][0]
    before, after, form = _days(request, first, last)
    happened = happenings.happenings(
        account.pk, since=first, until=last, pulses=opinions["pulses"], overrides=opinions["overrides"]
    )
    history = charts.history_line(
        line, label=_("Health over time"), marks=happenings.marks(happened), chosen=(before, after),
        choose=lambda day: _choosing(request, day, before, after),
    )  # fmt: skip
    compared = _compared(account, before, after, opinions["overrides"])
    return {
        "history": history, "happened": happened, "dates_form": form, "first": first, "compared": compared,
        "difference_told": story.difference(compared) if compared else "",
    }  # fmt: skip


def _days(request: Request, first: date, last: date) -> tuple[date, date, DatesForm]:
    """The days of the address in their order; those of the last 30 days unless it names others."""
    usual = {"before": max(first, last - timedelta(days=rules.CHANGE_DAYS)), "after": last}
    given = {name: request.GET.get(name) or day.isoformat() for name, day in usual.items()}
    form = DatesForm(given, auto_id="dates_%s")
    days = form.cleaned_data if form.is_valid() else usual
    before, after = sorted((days["before"], days["after"]))
    return before, after, form


def _choosing(request: Request, day: date, before: date, after: date) -> str:
    """Where a click on *day* leads: the first one sets one end, the second one the other."""
    second = request.GET.get("pick") == "after"
    chosen = {"before": before, "after": day} if second else {"before": day, "after": after}
    return f"?{urlencode({**chosen, 'pick': 'before' if second else 'after'})}#compare"


def _compared(account: Account, before: date, after: date, overrides: list[Override]) -> differences.Difference | None:
    """The two days side by side; None when nothing is known of the first one."""
    stood = queries.stood_on(account.pk, (before, after))
    ends = [
        differences.End(day, snapshot, queries.in_force_on(overrides, day))
        for day, snapshot in zip((before, after), stood, strict=True)
        if snapshot is not None
    ]
    return differences.difference(ends[0], ends[1], account.pk) if len(ends) == 2 else None


def _group(request: Request, account: Account) -> dict[str, Any]:
    """How the accounts below this one stand."""
    group = group_health(account, request.member)
    parts = list(children(account, request.member)[:SHOWN]) if group else []
    return {"group": group, "parts": parts, "currency": settings.CURRENCY}
