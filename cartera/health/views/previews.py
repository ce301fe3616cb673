"""What a draft would change, and switching it on."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cartera.accounts.models import Account
from cartera.design import bands
from cartera.health import curves, explaining, operations
from cartera.health.forms import SwitchOnForm
from cartera.health.jobs import score_everything
from cartera.health.models import Preview, Scorecard
from cartera.health.views.rights import require_change, require_sight
from cartera.kit import undo
from cartera.kit.clock import now, start_of, today
from cartera.kit.requests import Request
from cartera.team.models import Member

SHAPES = (bands.GOOD, bands.WATCH, bands.BAD, bands.UNKNOWN)


def preview(request: Request, card_id: int) -> HttpResponse:
    """The last preview of a version; by POST, a new one of the draft as it now is."""
    changes = require_sight(request)
    card = _card(card_id)
    if request.method == "POST":
        require_change(request)
        operations.preview(card, whole="whole" in request.POST, by=request.member, at=now())
        return redirect("health:preview", card.pk)
    return _shown(request, card, SwitchOnForm(), changes)


@require_POST
def switch_on(request: Request, card_id: int) -> HttpResponse:
    """Have the draft score its accounts, at once or from a day on."""
    require_change(request)
    card, form = _card(card_id), SwitchOnForm(request.POST)
    if not form.is_valid():
        return _shown(request, card, form, True, status=422)
    day = form.cleaned_data["from_day"]
    at_once = day is None or day <= today()
    change = operations.switch_on(
        card, why=form.cleaned_data["why"], from_moment=None if at_once else start_of(day), by=request.member, at=now()
    )
    if at_once:
        score_everything.enqueue(today().isoformat())
        undo.offer(request, change, _("%s is switched on; accounts are being scored by it.") % card)
    else:
        undo.offer(request, change, _("%s will be in force from that day on.") % card)
    return redirect("health:scorecard", card.family_id)


@require_POST
def call_off(request: Request, card_id: int) -> HttpResponse:
    """Make a version a draft again that nothing was scored by yet."""
    require_change(request)
    card = _card(card_id)
    change = operations.call_off(card, by=request.member, at=now())
    undo.offer(request, change, _("%s is a draft again.") % card)
    return redirect("health:version", card.pk)


def _card(card_id: int) -> Scorecard:
    return get_object_or_404(Scorecard.objects.select_related("family"), pk=card_id)


def _shown(
    request: Request, card: Scorecard, form: SwitchOnForm, may_change: bool, *, status: int = 200
) -> HttpResponse:
    found = card.previews.select_related("by").first()
    context = {
        "card": card, "form": form, "may_change": may_change and card.is_draft, "preview": found,
        "is_as_now": found is not None and found.at >= card.changed_at,
        **(_told(found, request.member) if found else {}),
    }  # fmt: skip
    return render(request, "health/preview.html", context, status=status)


def _told(preview: Preview, member: Member) -> dict[str, Any]:
    """What a preview found, for a page; accounts that *member* does not see are counted but not named."""
    found = preview.found
    numbers = [mover["account"] for mover in [*found["fell"], *found["rose"]]]
    seen = {account.pk: account for account in Account.objects.visible_to(member).filter(pk__in=numbers)}
    return {
        "found": found,
        "bands": SHAPES,
        "matrix": [
            (band, [(count, place == column) for column, count in enumerate(row)], sum(row))
            for place, (band, row) in enumerate(zip(SHAPES, found["matrix"], strict=True))
        ],
        "after": [sum(column) for column in zip(*found["matrix"], strict=True)],
        "changed_band": sum(map(sum, found["matrix"])) - sum(found["matrix"][i][i] for i in range(len(SHAPES))),
        "movers": [
            (_("Those that fall most"), _named(found["fell"], seen)),
            (_("Those that rise most"), _named(found["rose"], seen)),
        ],
        "shapes": curves.two_shapes(found["before"]["bins"], found["after"]["bins"]),
        "named_all": len(seen) == len(set(numbers)),
    }  # fmt: skip


def _named(movers: Sequence[Mapping[str, Any]], seen: Mapping[int, Account]) -> list[dict[str, Any]]:
    return [
        {
            "account": seen[mover["account"]], "before": mover["before"], "after": mover["after"],
            "change": round(mover["after"] - mover["before"], 1), "parts": explaining.name_parts(mover["parts"]),
        }
        for mover in movers
        if mover["account"] in seen
    ]  # fmt: skip
