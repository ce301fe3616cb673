"""Saying something beside the computed score, and where the two disagree."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cartera.accounts.models import Account
from cartera.accounts.queries import get_visible
from cartera.health.operations import opinions
from cartera.health.opinion_forms import OverrideForm, PulseForm
from cartera.kit import undo
from cartera.kit.clock import now
from cartera.kit.errors import NotAllowed
from cartera.kit.models import Change
from cartera.kit.requests import Request


def pulse(request: Request, account_id: int) -> HttpResponse:
    """Say how the client stands in the opinion of who looks after it."""
    account = get_visible(request.member, account_id)
    form = PulseForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _asking(request, account, form, _("Your pulse"), "health/pulse_fields.html")
    change = opinions.give_pulse(account, **form.cleaned_data, by=request.member, at=now())
    return _done(request, account, change, _("Noted: %s.") % Account.Pulse(form.cleaned_data["colour"]).label)


def override(request: Request, account_id: int) -> HttpResponse:
    """Set the account's health by hand for a while."""
    account = get_visible(request.member, account_id)
    if not opinions.may_override(request.member, account):
        raise NotAllowed
    form = OverrideForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _asking(request, account, form, _("Set health by hand"), "health/override_fields.html")
    change = opinions.override(account, **form.cleaned_data, by=request.member, at=now())
    return _done(request, account, change, _("Set by hand. It ends by itself on the day you chose."))


@require_POST
def end_override(request: Request, account_id: int) -> HttpResponse:
    """Let the computed score stand alone again."""
    account = get_visible(request.member, account_id)
    change = opinions.end_override(account, by=request.member, at=now())
    return _done(request, account, change, _("The computed score stands alone again."))


def _asking(request: Request, account: Account, form: forms.Form, title: str, fields: str) -> HttpResponse:
    context: dict[str, Any] = {
        "account": account, "form": form, "title": title, "fields": fields, "back": request.POST.get("back", ""),
    }  # fmt: skip
    return render(request, "health/opinion.html", context, status=422 if form.errors else 200)


def _done(request: Request, account: Account, change: Change, message: str) -> HttpResponse:
    undo.offer(request, change, message)
    return redirect("health:account" if request.POST.get("back") == "health" else "accounts:page", account.pk)
