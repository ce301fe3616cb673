"""The company's own fields, and accounts that may be the same client."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cartera.accounts import duplicates as looking
from cartera.accounts import operations
from cartera.accounts.forms import FieldForm
from cartera.accounts.models import Account, CustomField
from cartera.accounts.queries import get_visible
from cartera.design import reader
from cartera.kit import undo
from cartera.kit.clock import now
from cartera.kit.errors import NotAllowed
from cartera.kit.requests import Request
from cartera.team.queries import leads_others, may

PAIRS = 50
COMPARED = (
    "name", "external_id", "domain", "tax_number", "country", "industry", "tier", "stage", "revenue", "opened_at",
    "last_order_on", "lead",
)  # fmt: skip


def fields(request: Request) -> HttpResponse:
    """The fields that the company adds to its accounts."""
    if not may(request.member, "set_up"):
        raise NotAllowed(_("Only administrators set up fields."))
    form = FieldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        operations.define_field(**form.cleaned_data, by=request.member, at=now())
        return redirect("accounts:fields")
    return render(request, "accounts/fields.html", {"form": form, "fields": CustomField.objects.all()})


@require_POST
def drop_field(request: Request, field_id: int) -> HttpResponse:
    operations.drop_field(get_object_or_404(CustomField, pk=field_id), by=request.member, at=now())
    return redirect("accounts:fields")


def duplicates(request: Request) -> HttpResponse:
    """Pairs that may be one client, side by side."""
    visible = Account.objects.visible_to(request.member)
    wanted = request.GET.get("with", "")
    if wanted.isdecimal():
        one = get_visible(request.member, int(wanted))
        text = request.GET.get("other", "").strip()
        other = (
            (visible.filter(external_id=text) or visible.filter(name__iexact=text)).exclude(pk=one.pk).first()
            if text
            else None
        )
        alone = [(one, other, None)] if other else []
        return render(request, "accounts/duplicates.html", {
            "one": one, "text": text, "pairs": _compared(alone), "may_merge": leads_others(request.member),
        })  # fmt: skip
    pairs = looking.in_bulk(looking.pairs(visible, limit=PAIRS))
    return render(
        request, "accounts/duplicates.html", {"pairs": _compared(pairs), "may_merge": leads_others(request.member)}
    )


@require_POST
def merge(request: Request) -> HttpResponse:
    """The two are one: what points at the first points at the second."""
    account, into = (get_visible(request.member, _number(request, name)) for name in ("account", "into"))
    change = operations.merge(account, into=into, by=request.member, at=now())
    undo.offer(request, change, _("%(one)s is now part of the history of %(other)s.") % {"one": account, "other": into})
    return redirect("accounts:page", into.pk) if request.POST.get("then") == "page" else redirect("accounts:duplicates")


@require_POST
def keep_apart(request: Request) -> HttpResponse:
    """The two are two."""
    first, second = (get_visible(request.member, _number(request, name)) for name in ("account", "into"))
    change = operations.keep_apart(first, second, by=request.member, at=now())
    undo.offer(request, change, _("Noted: these are two clients."))
    return redirect("accounts:duplicates")


def _compared(pairs: list[tuple]) -> list[tuple]:
    """Each pair with the fields in which they can be compared: label, both values, whether they differ."""
    return [(first, second, pair, list(_rows(first, second))) for first, second, pair in pairs]


def _rows(first: Account, second: Account) -> Iterator[tuple[Any, ...]]:
    field: Any = Account._meta.get_field
    for name in COMPARED:
        one, other = _told(first, name), _told(second, name)
        if one or other:
            yield field(name).verbose_name, one, other, one != other


def _told(account: Account, name: str) -> str:
    """The value of a field as the reader writes it; nothing for what is unknown."""
    value = getattr(account, name)
    if value is None:
        return ""
    if isinstance(value, date):
        return reader.day(value)
    if isinstance(value, Decimal):
        return reader.money(value, settings.CURRENCY, whole=True)
    return str(getattr(account, f"get_{name}_display", lambda: value)())


def _number(request: Request, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isdecimal() else 0
