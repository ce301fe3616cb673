"""The composer, the feed, one conversation, and how often each tier should hear from us."""

import json
from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from cartera.accounts.models import Account
from cartera.kit import undo
from cartera.kit.clock import now
from cartera.kit.errors import NotAllowed
from cartera.kit.pagination import keyset_page
from cartera.kit.requests import Request
from cartera.search.queries import matching
from cartera.team.queries import may
from cartera.timeline import in_touch, operations, queries
from cartera.timeline.contact_columns import WINDOW
from cartera.timeline.forms import CadenceForm, ConversationForm
from cartera.timeline.models import Event, Interaction
from cartera.timeline.touches import cadence


def composer(request: Request, account_id: int) -> HttpResponse:
    """The form that logs a conversation with an account, and the logging itself."""
    account = _account(request, account_id)
    form = ConversationForm(request.POST or None, account=account, me=request.member, initial=_asked(request))
    if request.method == "POST" and form.is_valid():
        interaction = operations.log(account=account, by=request.member, at=now(), **form.cleaned_data)
        undo.offer(request, interaction.change, _("Logged: %s") % interaction)
        if not request.htmx:
            return redirect("timeline:feed", account.pk)
        fresh = ConversationForm(account=account, me=request.member)
        return _changed(render(request, "timeline/composer.html#form", _composer(account, fresh, saved=True)))
    template = "timeline/composer.html#form" if request.htmx else "timeline/composer.html"
    context = _composer(account, form) | {"alone": not request.htmx}
    return render(request, template, context, status=422 if form.errors else 200)


def log(request: Request) -> HttpResponse:
    """Log from anywhere: first, with whom?"""
    text = request.GET.get("q", "").strip()
    accounts = Account.objects.visible_to(request.member)
    found: Iterable[Account]
    if text:
        found = accounts.filter(matching(text, "account"))[:20]
    else:
        found = queries.recently_talked_to(request.member, accounts) or accounts[:8]
    template = "timeline/log.html#found" if request.htmx else "timeline/log.html"
    return render(request, template, {"accounts": found, "text": text})


def feed(request: Request, account_id: int) -> HttpResponse:
    """Everything that happened to an account: a page of its own, and the panel on the account's."""
    account = _account(request, account_id)
    group = request.GET.get("group", "")
    group = group if group in Event.Group.values else ""
    text = request.GET.get("q", "").strip()[:100]
    page = queries.feed_page(account, group=group, text=text, after=request.GET.get("after"))
    context = {
        "account": account, "page": page, "readings": queries.readings(page), "group": group, "text": text,
        "groups": [("", pgettext("events", "All")), *Event.Group.choices], "panel": bool(request.htmx),
    }  # fmt: skip
    return render(request, "timeline/feed.html#feed" if request.htmx else "timeline/feed.html", context)


def contact(request: Request, account_id: int) -> HttpResponse:
    """What the measures of contact are made of: the people and their rhythms, and each touch."""
    account = _account(request, account_id)
    facts = in_touch.facts_now(account, now())
    touches = Interaction.objects.touches().filter(account=account).prefetch_related("contacts")
    context = {
        "account": account, "said": in_touch.said(account, facts), "people": in_touch.people(account, facts),
        "page": keyset_page(touches, "-happened_at", after=request.GET.get("after")), "window": WINDOW,
    }  # fmt: skip
    return render(request, "timeline/contact.html", context)


def interaction(request: Request, interaction_id: int) -> HttpResponse:
    """One conversation, with what was said before it was corrected."""
    found = _interaction(request, interaction_id)
    return render(request, "timeline/interaction.html", {"interaction": found, "edits": queries.edits(found)})


def before(request: Request, interaction_id: int) -> HttpResponse:
    """What a conversation said before it was corrected."""
    found = _interaction(request, interaction_id)
    template = "timeline/interaction.html#before" if request.htmx else "timeline/interaction.html"
    return render(request, template, {"interaction": found, "edits": queries.edits(found)})


def edit(request: Request, interaction_id: int) -> HttpResponse:
    found = _interaction(request, interaction_id)
    form = ConversationForm(request.POST or None, account=found.account, me=request.member, interaction=found)
    if request.method == "POST" and form.is_valid():
        change = operations.edit(found, by=request.member, at=now(), **_kept_seconds(form, found))
        if change:
            undo.offer(request, change, _("Saved what was said."))
        return redirect("timeline:interaction", found.pk)
    context = {"form": form, "interaction": found, "account": found.account}
    return render(request, "timeline/edit.html", context, status=422 if form.errors else 200)


@require_POST
def withdraw(request: Request, interaction_id: int) -> HttpResponse:
    found = _interaction(request, interaction_id)
    change = operations.withdraw(found, by=request.member, at=now())
    undo.offer(request, change, _("Withdrawn: %s") % found)
    return redirect("timeline:feed", found.account_id)


def rhythm(request: Request) -> HttpResponse:
    """How many days may pass between two contacts."""
    if not may(request.member, "set_up"):
        raise NotAllowed(_("Only administrators set this."))
    form = CadenceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        change = operations.set_cadence(form.cleaned_data, by=request.member, at=now())
        if change:
            undo.offer(request, change, _("Saved; the next contact of every account was worked out anew."))
        return redirect("timeline:rhythm")
    context = {"form": form, "untiered": cadence()[""]}
    return render(request, "timeline/rhythm.html", context, status=422 if form.errors else 200)


def _account(request: Request, account_id: int) -> Account:
    return get_object_or_404(Account.objects.visible_to(request.member), pk=account_id)


def _interaction(request: Request, interaction_id: int) -> Interaction:
    mine = Interaction.objects.visible_to(request.member).select_related("account")
    return get_object_or_404(mine.prefetch_related("members", "contacts"), pk=interaction_id)


def _asked(request: Request) -> dict[str, str]:
    """What the link to the composer asked for: `?kind=mail&subject=…`."""
    return {name: request.GET[name] for name in ("kind", "direction", "subject") if request.GET.get(name)}


def _composer(account: Account, form: ConversationForm, *, saved: bool = False) -> dict[str, Any]:
    return {"account": account, "form": form, "saved": saved, "kinds": KIND_ICONS}


def _kept_seconds(form: ConversationForm, found: Interaction) -> dict[str, Any]:
    """The form knows minutes only: a moment that was not touched keeps its seconds."""
    data = dict(form.cleaned_data)
    if "happened_at" not in form.changed_data or data["happened_at"] == found.happened_at.replace(
        second=0, microsecond=0
    ):
        data["happened_at"] = found.happened_at
    return data


def _changed(response: HttpResponse) -> HttpResponse:
    """Tell the page that something happened to the account: the feed listens."""
    response["HX-Trigger"] = json.dumps({"timeline-changed": {"target": "body"}})
    return response


KIND_ICONS = {
    "call": "phone", "mail": "mail", "meeting": "users", "visit": "map-pin", "chat": "message-circle",
    "note": "sticky-note",
}  # fmt: skip
