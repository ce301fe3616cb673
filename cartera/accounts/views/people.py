"""The people in a client's company."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cartera.accounts import operations
from cartera.accounts.forms import ContactForm
from cartera.accounts.models import Account, Contact
from cartera.accounts.queries import get_visible
from cartera.kit import undo
from cartera.kit.clock import now, today
from cartera.kit.requests import Request


def panel(request: Request, account_id: int) -> HttpResponse:
    """Panel: who decides and who supports, as they report to one another."""
    account = get_visible(request.member, account_id)
    people = list(account.contacts.known()[:300])
    present = [person for person in people if person.left_on is None]
    return render(request, "accounts/people.html", {
        "account": account, "tree": _tree(present), "left": [person for person in people if person.left_on],
    })  # fmt: skip


def add(request: Request, account_id: int) -> HttpResponse:
    """A new person."""
    account = get_visible(request.member, account_id)
    form = ContactForm(request.POST or None, account=account)
    if request.method == "POST" and form.is_valid():
        contact = operations.add_contact(account, **form.values(), by=request.member, at=now())
        return redirect("accounts:contact", account.pk, contact.pk)
    return render(request, "accounts/contact.html", {"account": account, "form": form})


def contact(request: Request, account_id: int, contact_id: int) -> HttpResponse:
    """One person: what is known, and what can be changed."""
    account, person = _person(request, account_id, contact_id)
    form = ContactForm(request.POST or None, instance=person, account=account)
    if request.method == "POST" and form.is_valid():
        if change := operations.edit_contact(person, **form.values(), by=request.member, at=now()):
            undo.offer(request, change, _("Saved."))
        return redirect("accounts:contact", account.pk, person.pk)
    others = account.contacts.known().exclude(pk=person.pk)
    return render(
        request, "accounts/contact.html", {"account": account, "contact": person, "form": form, "others": others}
    )


@require_POST
def left(request: Request, account_id: int, contact_id: int) -> HttpResponse:
    """The person left the company today."""
    account, person = _person(request, account_id, contact_id)
    if change := operations.mark_left(person, on=today(), by=request.member, at=now()):
        undo.offer(request, change, _("%(name)s has left.") % {"name": person})
    return redirect("accounts:page", account.pk)


@require_POST
def merge(request: Request, account_id: int, contact_id: int) -> HttpResponse:
    """This entry and another are one person: the other stays."""
    account, person = _person(request, account_id, contact_id)
    number = request.POST.get("into", "")
    into = get_object_or_404(account.contacts.known(), pk=number if number.isdecimal() else 0)
    change = operations.merge_contacts(person, into=into, by=request.member, at=now())
    undo.offer(request, change, _("%(one)s and %(other)s are one person now.") % {"one": person, "other": into})
    return redirect("accounts:contact", account.pk, into.pk)


def _person(request: Request, account_id: int, contact_id: int) -> tuple[Account, Contact]:
    account = get_visible(request.member, account_id)
    return account, get_object_or_404(account.contacts.known().select_related("account"), pk=contact_id)


def _tree(people: list[Contact]) -> list[dict[str, Any]]:
    """The people under those they report to, the most powerful first."""
    known = {person.pk for person in people}
    below: dict[int | None, list[Contact]] = {}
    for person in sorted(people, key=lambda person: (-(person.power or 0), person.name)):
        below.setdefault(person.reports_to_id if person.reports_to_id in known else None, []).append(person)

    def under(superior: int | None) -> list[dict[str, Any]]:
        return [{"person": person, "below": under(person.pk)} for person in below.get(superior, [])]

    return under(None)
