"""The page of one account, its panels, and what can be done with it there."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cartera.accounts import operations
from cartera.accounts.columns import all_columns
from cartera.accounts.forms import AccountForm, AssignForm, CloseForm, HandOverForm
from cartera.accounts.models import Account, Stewardship
from cartera.accounts.queries import above, book, children, get_visible, group_health
from cartera.design import bands
from cartera.kit import undo
from cartera.kit.clock import now, today
from cartera.kit.features import offers
from cartera.kit.requests import Request
from cartera.team.models import Member
from cartera.team.queries import leads_others, may


def page(request: Request, account_id: int) -> HttpResponse:
    """Everything about an account: the header here, the panels from the apps that know more."""
    account = get_visible(request.member, account_id)
    panels = [
        (panel, reverse(panel.url_name, args=[account.pk]))
        for panel in sorted(offers("account_panels"), key=lambda panel: panel.order)
    ]
    return render(request, "accounts/page.html", {
        **_head(request, account), "middle": [one for one in panels if one[0].order < 100],
        "right": [one for one in panels if one[0].order >= 100], "stages": Account.Stage.choices[:-1],
        "hand_over_form": HandOverForm(), "assign_form": AssignForm(auto_id="assign_%s"),
        "close_form": CloseForm(auto_id="close_%s"), "closing": account.closings.filter(reopened_at=None).first(),
        "above": above(account, request.member),
        "heads": [head(request, account) for head in offers("account_heads")],
    })  # fmt: skip


def peek(request: Request, account_id: int) -> HttpResponse:
    """The account beside the list."""
    return render(request, "accounts/list.html#peek", _head(request, get_visible(request.member, account_id)))


def create(request: Request) -> HttpResponse:
    """Open an account."""
    form = AccountForm(request.POST or None, member=request.member)
    lead = HandOverForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and lead.is_valid():
        account = operations.open_account(
            **form.values(), lead=lead.cleaned_data["to"], why=lead.cleaned_data["why"], by=request.member, at=now()
        )
        return redirect("accounts:page", account.pk)
    may_open = may(request.member, "open")
    return render(request, "accounts/form.html", {"form": form, "lead_form": lead, "may_open": may_open})


def edit(request: Request, account_id: int) -> HttpResponse:
    """Everything that can be typed about an account."""
    account = get_visible(request.member, account_id)
    form = AccountForm(request.POST or None, instance=account, member=request.member)
    if request.method == "POST" and form.is_valid():
        if change := operations.edit(account, **form.values(), by=request.member, at=now()):
            undo.offer(request, change, _("Saved."))
        return redirect("accounts:page", account.pk)
    return render(request, "accounts/form.html", {"form": form, "account": account, "may_open": True})


@require_POST
def move_stage(request: Request, account_id: int) -> HttpResponse:
    account = get_visible(request.member, account_id)
    if change := operations.move_stage(account, to=request.POST.get("to", ""), by=request.member, at=now()):
        undo.offer(
            request,
            change,
            _("%(account)s is now: %(stage)s.") % {"account": account, "stage": account.get_stage_display()},
        )
    return redirect("accounts:page", account.pk)


@require_POST
def hand_over(request: Request, account_id: int) -> HttpResponse:
    account = get_visible(request.member, account_id)
    form = HandOverForm(request.POST)
    if form.is_valid():
        to = form.cleaned_data["to"]
        if change := operations.hand_over(account, to=to, why=form.cleaned_data["why"], by=request.member, at=now()):
            undo.offer(
                request, change, _("%(account)s handed over to %(to)s.") % {"account": account, "to": to or _("nobody")}
            )
    return _back(request, account)


@require_POST
def assign(request: Request, account_id: int) -> HttpResponse:
    account = get_visible(request.member, account_id)
    form = AssignForm(request.POST, auto_id="assign_%s")
    if not form.is_valid():
        return render(request, "accounts/refused_form.html", {"account": account, "form": form}, status=422)
    change = operations.assign(account, **form.cleaned_data, by=request.member, at=now())
    undo.offer(
        request,
        change,
        _("%(member)s now looks after %(account)s too.") % {"member": form.cleaned_data["member"], "account": account},
    )
    return redirect("accounts:page", account.pk)


@require_POST
def end_stewardship(request: Request, account_id: int, stewardship_id: int) -> HttpResponse:
    account = get_visible(request.member, account_id)
    stewardship = get_object_or_404(account.stewardships.select_related("member", "account"), pk=stewardship_id)
    change = operations.end_stewardship(stewardship, by=request.member, at=now())
    undo.offer(request, change, _("%(member)s no longer looks after it.") % {"member": stewardship.member})
    return _back(request, account)


@require_POST
def close(request: Request, account_id: int) -> HttpResponse:
    account = get_visible(request.member, account_id)
    form = CloseForm(request.POST)
    if form.is_valid():
        change = operations.close(account, **form.cleaned_data, by=request.member, at=now())
        undo.offer(request, change, _("%(account)s is closed.") % {"account": account})
    return redirect("accounts:page", account.pk)


@require_POST
def reopen(request: Request, account_id: int) -> HttpResponse:
    account = get_visible(request.member, account_id)
    change = operations.reopen(account, by=request.member, at=now())
    undo.offer(request, change, _("%(account)s is open again.") % {"account": account})
    return redirect("accounts:page", account.pk)


def group(request: Request, account_id: int) -> HttpResponse:
    """Panel: the group above and the parts below, with the worst of them and how much of the value is in red."""
    account = get_visible(request.member, account_id)
    parts = list(children(account, request.member)[:200])
    return render(request, "accounts/group.html", {
        "currency": settings.CURRENCY, "account": account, "parts": parts,
        "group": group_health(account, request.member) if parts else None,
        "above": above(account, request.member),
    })  # fmt: skip


def details(request: Request, account_id: int) -> HttpResponse:
    """Panel: what is known, the company's own fields editable in place."""
    account = get_visible(request.member, account_id)
    own = [(column, account.custom.get(column.own_field)) for column in all_columns() if column.own_field]
    return render(request, "accounts/details.html", {"account": account, "own": own})


def stewards(request: Request, account_id: int) -> HttpResponse:
    """Panel: who looks after it now, and who did before."""
    account = get_visible(request.member, account_id)
    rows = list(account.stewardships.select_related("member").order_by("-since", "-pk")[:40])
    current = [row for row in rows if row.since <= today() and (row.until is None or row.until > today())]
    return render(request, "accounts/stewards.html", {
        "account": account, "current": current, "past": [row for row in rows if row not in current],
        "may_move": leads_others(request.member),
    })  # fmt: skip


def member_book(request: Request, member_id: int) -> HttpResponse:
    """Panel of a member's page: the accounts they lead."""
    person = get_object_or_404(Member, pk=member_id)
    found = book(person, request.member)
    counted: dict[str, Any] = {}
    for health in found["healths"]:
        band = bands.band(None if health is None else float(health))
        counted.setdefault(band.key, [band, 0])[1] += 1
    order = [counted[key] for key in ("bad", "watch", "good", "neutral") if key in counted]
    return render(
        request,
        "accounts/book.html",
        {"currency": settings.CURRENCY, "person": person, "count": len(found["healths"]), "bands": order, **found},
    )


def _head(request: Request, account: Account) -> dict[str, Any]:
    current = Stewardship.objects.current().filter(account=account).select_related("member").order_by("pk")
    return {
        "currency": settings.CURRENCY,
        "account": account,
        "stewards": current,
        "may_move": leads_others(request.member),
    }


def _back(request: Request, account: Account) -> HttpResponse:
    """The account's page, or the list if whoever asked gave the account out of their sight."""
    if Account.objects.visible_to(request.member).filter(pk=account.pk).exists():
        return redirect("accounts:page", account.pk)
    return redirect("accounts:list")
