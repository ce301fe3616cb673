"""What health is made of, and having everything scored."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cartera.health import explaining, queries
from cartera.health.jobs import score_everything
from cartera.kit.clock import now, today
from cartera.kit.errors import NotAllowed
from cartera.team.queries import may


def scorecard(request: HttpRequest) -> HttpResponse:
    """What health is made of."""
    _require_administrator(request)
    card = next((card for _segment, card in queries.cards_in_force(now())), None)
    return render(
        request,
        "health/scorecard.html",
        {"card": card, "factors": explaining.shown(card) if card else [], "last": queries.last_scoring()},
    )


@require_POST
def score_all(request: HttpRequest) -> HttpResponse:
    """Have every account scored by the worker."""
    _require_administrator(request)
    score_everything.enqueue(today().isoformat())
    messages.success(request, _("Scoring has begun; scores appear in a moment."))
    scorecard_page = reverse("health:scorecard")
    return redirect(scorecard_page if request.POST.get("next") == scorecard_page else "/")


def _require_administrator(request: HttpRequest) -> None:
    if not may(request.member, "set_up"):  # type: ignore[attr-defined]
        raise NotAllowed
