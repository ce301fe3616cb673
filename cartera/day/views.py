from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from cartera.accounts.models import Account, AccountQuerySet
from cartera.accounts.queries import get_visible
from cartera.day import operations, queries, sidelights
from cartera.day.forms import DoneForm, NotTodayForm, SnoozeForm
from cartera.kit import clock, undo
from cartera.kit.models import Change
from cartera.team.models import Member
from cartera.team.queries import can_manage, leads_others

SNOOZE_DAYS = 7
EVERY = 500  # lines of a day that is asked for whole


def home(request: HttpRequest) -> HttpResponse:
    return redirect("day:today")


def today(request: HttpRequest) -> HttpResponse:
    """What to do now, and why; with `?of=` the day of someone who reports to the member, to look at."""
    me: Member = request.member  # type: ignore[attr-defined]
    viewed = _whose(request)
    accounts = queries.in_charge_of(viewed)
    plan = _plan(viewed, accounts, most=EVERY if request.GET.get("all") else queries.SHOWN)
    return render(
        request,
        "day/today.html",
        {
            "viewed": viewed,
            "is_mine": viewed == me,
            "leads": leads_others(me),
            "plan": plan,
            "today": clock.today(),
            "start": sidelights.first_steps(me, accounts) if plan.is_empty else None,
        },
    )


def beside(request: HttpRequest) -> HttpResponse:
    """What stands beside the plan, after the plan has come."""
    viewed = _whose(request)
    accounts = queries.in_charge_of(viewed)
    context = {
        "since_yesterday": sidelights.since_yesterday(viewed, accounts, today=clock.today()),
        "unowned": sidelights.unowned(viewed, accounts) if viewed == request.member else None,  # type: ignore[attr-defined]
        "currency": settings.CURRENCY,
    }
    return render(request, "day/today.html#beside", context)


def people(request: HttpRequest) -> HttpResponse:
    """Whose day the member may look at: the menu's list."""
    me: Member = request.member  # type: ignore[attr-defined]
    viewed = _whose(request)
    context = {"people": sidelights.people_of(me), "viewed": viewed, "is_mine": viewed == me}
    return render(request, "day/today.html#people", context)


def done(request: HttpRequest, account_id: int) -> HttpResponse:
    """Log what was done about an account's reasons."""

    def run(account: Account, data: dict[str, Any]) -> Change:
        return operations.complete(account, **data, **_by(request))

    first = {
        "kind": request.GET.get("kind") or "call",
        "direction": "out",
        "minutes": request.GET.get("minutes"),
        "subject": request.GET.get("subject", "")[:200],
    }
    return _decide(
        request, account_id, DoneForm, first, run, title=_("Done"), button=_("Log it"), said=_("Logged for %s.")
    )


def snooze(request: HttpRequest, account_id: int) -> HttpResponse:
    """Keep an account's reasons off the plan until a day."""

    def run(account: Account, data: dict[str, Any]) -> Change:
        return operations.snooze(account, **data, **_by(request))

    first = {"until": clock.today() + timedelta(days=SNOOZE_DAYS)}
    return _decide(
        request, account_id, SnoozeForm, first, run, title=_("Snooze"), button=_("Snooze"), said=_("%s is snoozed.")
    )


def not_today(request: HttpRequest, account_id: int) -> HttpResponse:
    """Keep an account's reasons off today's plan."""

    def run(account: Account, data: dict[str, Any]) -> Change:
        return operations.put_off(account, **data, **_by(request))

    return _decide(
        request, account_id, NotTodayForm, {}, run,
        title=_("Not today"), button=_("Take it off today"), said=_("%s comes back tomorrow."),
    )  # fmt: skip


def _decide(
    request: HttpRequest, account_id: int, kind: type[Form], first: dict[str, Any],
    run: Callable[[Account, dict[str, Any]], Change], *, title: str, button: str, said: str,
) -> HttpResponse:  # fmt: skip
    """Show the form of a decision, or carry it out and show the plan as it is then."""
    account = get_visible(request.member, account_id)  # type: ignore[attr-defined]
    if request.method == "POST":
        form = kind(request.POST)
        if form.is_valid():
            undo.offer(request, run(account, form.cleaned_data), said % account)
            return _after(request)
    else:
        form = kind(initial={**first, "keys": request.GET.get("keys", "")})
    context = {"account": account, "form": form, "title": title, "button": button}
    if not request.htmx:  # type: ignore[attr-defined]
        return render(request, "day/decide.html", context)
    response = render(request, "day/decide.html#dialog", context)
    return _into(response, "#today-dialog") if request.method == "POST" else response


def _after(request: HttpRequest) -> HttpResponse:
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("day:today")
    me = request.member  # type: ignore[attr-defined]
    return render(
        request, "day/today.html#plan", {"viewed": me, "is_mine": True, "plan": _plan(me, queries.in_charge_of(me))}
    )


def _into(response: HttpResponse, target: str) -> HttpResponse:
    response["HX-Retarget"], response["HX-Reswap"] = target, "innerHTML"
    return response


def _plan(member: Member, accounts: AccountQuerySet, most: int = queries.SHOWN) -> queries.Plan:
    return queries.plan(member, accounts=accounts, today=clock.today(), at=clock.now(), most=most)


def _by(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.member, "at": clock.now(), "today": clock.today()}  # type: ignore[attr-defined]


def _whose(request: HttpRequest) -> Member:
    me: Member = request.member  # type: ignore[attr-defined]
    wanted = request.GET.get("of", "")
    if not wanted or wanted == str(me.pk):
        return me
    if not wanted.isdecimal():
        raise Http404
    person = get_object_or_404(Member, pk=wanted, is_active=True)
    if not can_manage(me, person):
        raise Http404
    return person
