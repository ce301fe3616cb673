"""A version of a scorecard: shown, and as long as it is a draft, edited."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cartera.health import curves, explaining, operations, queries
from cartera.health.comparing import distribution, proposed
from cartera.health.forms import FactorForm, WeightsForm
from cartera.health.models import Factor, Family, Scorecard
from cartera.health.views.rights import require_change, require_sight
from cartera.health.views.scorecards import ordered, state_of
from cartera.kit import undo
from cartera.kit.clock import now, today
from cartera.kit.folding import folded
from cartera.kit.requests import Request

NEW_WEIGHT = 5
SPARE = 2  # empty rows for corners, for who has no script


@require_POST
def draft(request: Request, family_id: int) -> HttpResponse:
    """Begin the next version: a copy of the version named, or of what Cartera proposes."""
    require_change(request)
    family = get_object_or_404(Family, pk=family_id)
    number = request.POST.get("from", "")
    source = get_object_or_404(Scorecard, pk=int(number)) if number.isdecimal() else None
    card = operations.draft(family, copied_from=source, by=request.member, at=now())
    return redirect("health:version", card.pk)


def version(request: Request, card_id: int) -> HttpResponse:
    """The factors of a version; of a draft, with the means to change them."""
    changes = require_sight(request)
    card = _card(card_id)
    form = WeightsForm(request.POST or None, factors=list(card.factors.all()))
    if request.method == "POST":
        require_change(request)
        if form.is_valid():
            change = operations.weigh_factors(card, form.cleaned_data, by=request.member, at=now())
            undo.offer(request, change, _("Saved the weights."))
            return redirect("health:version", card.pk)
    return render(request, "health/version.html", {
        "card": card, "form": form, "may_change": changes and card.is_draft, "may_copy": changes,
        "state": state_of(card, list(card.family.versions.all()), now()),
        "factors": [(*row, form[row[0].measure]) for row in explaining.shown(card)],
        "previewed": card.is_draft and card.is_previewed(),
    }, status=422 if form.errors else 200)  # fmt: skip


@require_POST
def order(request: Request, card_id: int) -> HttpResponse:
    """Put the factors of a draft into another order."""
    require_change(request)
    card = _card(card_id)
    measures = ordered(request, [factor.measure for factor in card.factors.all()])
    change = operations.order_factors(card, measures, by=request.member, at=now())
    undo.offer(request, change, _("Saved the order of factors."))
    return redirect("health:version", card.pk)


@require_POST
def throw_away(request: Request, card_id: int) -> HttpResponse:
    """Throw a draft away."""
    require_change(request)
    card = _card(card_id)
    change = operations.throw_away(card, by=request.member, at=now())
    undo.offer(request, change, _("Threw %s away.") % card)
    still_there = Family.objects.filter(pk=card.family_id).exists()
    return redirect("health:scorecard", card.family_id) if still_there else redirect("health:scorecards")


def measures(request: Request, card_id: int) -> HttpResponse:
    """Everything that the apps measure, by app, to be put on a draft."""
    require_change(request)
    card, text = _draft(card_id), request.GET.get("q", "").strip()[:80]
    taken = {factor.measure for factor in card.factors.all()}
    groups = [(app, [(one, one.key in taken) for one in found]) for app, found in queries.measures_by_app()]
    wanted = folded(text)
    shown = [(app, [row for row in rows if wanted in _searched(row[0])]) for app, rows in groups]
    context = {"card": card, "groups": [group for group in shown if group[1]], "text": text}
    return render(request, "health/measures.html", context)


def spread(request: Request, card_id: int, measure: str) -> HttpResponse:
    """How the values of real accounts lie, for one row of the page of measures."""
    require_change(request)
    found = distribution(queries.everybody(today()).columns(_offered(measure).key).value)
    return render(request, "health/spread.html", {"spread": found, "drawn": curves.small(found)})


def factor(request: Request, card_id: int, measure: str) -> HttpResponse:
    """A factor of a draft, its curve drawn over how real accounts lie; or a measure to become one."""
    require_change(request)
    card = _draft(card_id)
    present = card.factors.filter(measure=measure).first()
    known = queries.offered().get(measure)
    if present is None and known is None:
        raise Http404
    values = queries.everybody(today()).columns(measure).value
    initial = _initial(present, proposed(values, known.direction if known else "up"))
    form = FactorForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        change = operations.put_factor(card, measure, **form.cleaned_data, by=request.member, at=now())
        undo.offer(request, change, _("Saved %s.") % explaining.label_of(None, known, measure))
        return redirect("health:version", card.pk)
    corners = form.cleaned_data.get("curve") if form.is_bound else initial["curve"]
    found = distribution(values, corners or initial["curve"])
    return render(request, "health/factor.html", {
        "card": card, "factor": present, "measure": known, "form": form, "key": measure, "spread": found,
        "label": explaining.label_of(present, known, measure),
        "plot": curves.plot(corners or initial["curve"], found, known.unit if known else ""),
        "rows": [*(form["curve"].value() or ()), *([("", "")] * SPARE)],
    }, status=422 if form.errors else 200)  # fmt: skip


@require_POST
def drop_factor(request: Request, card_id: int, measure: str) -> HttpResponse:
    """Take a factor off a draft."""
    require_change(request)
    card = _card(card_id)
    change = operations.drop_factor(card, measure, by=request.member, at=now())
    undo.offer(request, change, _("Took %s off.") % explaining.label_of(None, queries.offered().get(measure), measure))
    return redirect("health:version", card.pk)


def _card(card_id: int) -> Scorecard:
    return get_object_or_404(Scorecard.objects.select_related("family", "switched_on_by"), pk=card_id)


def _draft(card_id: int) -> Scorecard:
    return get_object_or_404(Scorecard.objects.drafts().select_related("family"), pk=card_id)


def _offered(measure: str) -> Any:
    if measure not in queries.offered():
        raise Http404
    return queries.offered()[measure]


def _searched(measure: Any) -> str:
    return folded(f"{measure.label} {measure.source} {measure.unit} {measure.key}")


def _initial(factor: Factor | None, curve: list[list[float]]) -> dict[str, Any]:
    if factor is None:
        return {"curve": curve, "weight": NEW_WEIGHT, "unknown": Factor.Unknown.REDISTRIBUTE}
    names = ("curve", "weight", "unknown", "fresh_days", "label", "actionable", "effort")
    return {name: getattr(factor, name) for name in names}
