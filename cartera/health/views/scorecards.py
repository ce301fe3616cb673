"""The scorecards, which one an account gets, and the versions of each."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cartera.health import operations, queries
from cartera.health.forms import NewScorecardForm, ScorecardForm, SegmentForm
from cartera.health.jobs import score_everything
from cartera.health.models import Assignment, Family, Scorecard
from cartera.health.operations import Line
from cartera.health.views.rights import require_change, require_sight
from cartera.kit import undo
from cartera.kit.clock import now, today
from cartera.kit.models import Change
from cartera.kit.requests import Request

LISTS_SHOWN = 10


def scorecards(request: Request) -> HttpResponse:
    """All scorecards, and the order of segments that decides who gets which."""
    changes = require_sight(request)
    lists = Assignment.objects.select_related("by").prefetch_related("segments__family")
    return render(request, "health/scorecards.html", {
        "may_change": changes,
        "families": queries.families(now()),
        "catches": queries.catches(now()),
        "lists": lists[:LISTS_SHOWN],
        "last": queries.last_scoring(),
    })  # fmt: skip


def start(request: Request) -> HttpResponse:
    """Begin another scorecard."""
    require_change(request)
    form = NewScorecardForm(request.POST or None, initial={"copied_from": request.GET.get("from")})
    if request.method == "POST" and form.is_valid():
        card = operations.start_scorecard(**form.cleaned_data, by=request.member, at=now())
        return redirect("health:version", card.pk)
    return render(request, "health/scorecard_new.html", {"form": form}, status=422 if form.errors else 200)


def scorecard(request: Request, family_id: int) -> HttpResponse:
    """A scorecard with its versions: who switched which on, when and why."""
    changes = require_sight(request)
    family = get_object_or_404(Family, pk=family_id)
    form = ScorecardForm(request.POST or None, initial={"name": family.name, "about": family.about})
    if request.method == "POST":
        require_change(request)
        if form.is_valid():
            change = operations.rename(family, **form.cleaned_data, by=request.member, at=now())
            undo.offer(request, change, _("Saved %s.") % family)
            return redirect("health:scorecard", family.pk)
    versions = list(family.versions.select_related("made_by", "switched_on_by", "copied_from__family", "family"))
    return render(request, "health/scorecard.html", {
        "family": family, "form": form, "may_change": changes,
        "versions": [(card, state_of(card, versions, now())) for card in versions],
        "draft": next((card for card in versions if card.is_draft), None),
    }, status=422 if form.errors else 200)  # fmt: skip


def state_of(card: Scorecard, versions: list[Scorecard], at: datetime) -> str:
    """draft, to_come, in_force or replaced, among all *versions* of its family."""
    if card.switched_on_at is None:
        return "draft"
    if card.switched_on_at > at:
        return "to_come"
    begun = [other for other in versions if other.switched_on_at and other.switched_on_at <= at]
    newest = max(begun, key=lambda other: (other.switched_on_at, other.pk))
    return "in_force" if newest == card else "replaced"


def segment(request: Request, place: int | None = None) -> HttpResponse:
    """Add a line to the order of segments, or change one."""
    require_change(request)
    lines = _lines()
    present = _at(lines, place) if place is not None else None
    last = place is not None and place == len(lines) - 1
    initial = {**asdict(present), "family": present.family_id, "view": present.view_id} if present else {}
    form = SegmentForm(request.POST or None, member=request.member, last=last, initial=initial)
    if request.method == "POST" and form.is_valid():
        return _assigned(request, _with(lines, place, form.cleaned_data), form.cleaned_data["why"])
    context = {"form": form, "last": last, "present": present}
    return render(request, "health/segment.html", context, status=422 if form.errors else 200)


@require_POST
def drop_segment(request: Request, place: int) -> HttpResponse:
    """Take a line out of the order of segments; who was caught by it goes to the lines below."""
    require_change(request)
    lines = _lines()
    gone = _at(lines, place)
    return _assigned(request, [line for line in lines if line is not gone])


@require_POST
def order_segments(request: Request) -> HttpResponse:
    """Put the lines above the last into another order."""
    require_change(request)
    lines = _lines()
    *movable, last = lines
    order = ordered(request, [str(place) for place in range(len(movable))])
    return _assigned(request, [*(movable[int(place)] for place in order), last])


def ordered(request: Request, keys: list[str]) -> list[str]:
    """*keys* in the order that the form says (`order`, once each), after one step `up` or `down` of one of them."""
    wanted = [key for key in dict.fromkeys(request.POST.getlist("order")) if key in keys]
    order = [*wanted, *(key for key in keys if key not in wanted)]
    for name, step in (("up", -1), ("down", 1)):
        key = request.POST.get(name)
        if key in order and 0 <= (place := order.index(key) + step) < len(order):
            order.remove(key)
            order.insert(place, key)
    return order


@require_POST
def score_all(request: Request) -> HttpResponse:
    """Have every account scored by the worker."""
    require_change(request)
    score_everything.enqueue(today().isoformat())
    messages.success(request, _("Scoring has begun; scores appear in a moment."))
    page = reverse("health:scorecards")
    return redirect(page if request.POST.get("next") == page else "/")


def _lines() -> list[Line]:
    return operations.lines_of(Assignment.objects.in_force(now()))


def _at(lines: list[Line], place: int) -> Line:
    if place >= len(lines):
        raise Http404
    return lines[place]


def _with(lines: list[Line], place: int | None, fields: dict[str, Any]) -> list[Line]:
    """The lines with a new one, just above the last, or with the one at *place* changed."""
    view = fields.get("view")
    line = Line(
        family_id=fields["family"].pk, filter=fields.get("filter", ""), name=fields.get("name", ""),
        view_id=view.pk if view else None,
    )  # fmt: skip
    if place is None:
        return [*lines[:-1], line, lines[-1]]
    return [*lines[:place], line, *lines[place + 1 :]]


def _assigned(request: Request, lines: list[Line], why: str = "") -> HttpResponse:
    change: Change = operations.assign(lines, why=why, by=request.member, at=now())
    score_everything.enqueue(today().isoformat())
    undo.offer(request, change, _("Saved the order of segments; accounts are being scored by it."))
    return redirect("health:scorecards")
