"""The health of one account: its panel, and its page."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cartera.accounts.models import Account
from cartera.accounts.queries import get_visible
from cartera.design import charts
from cartera.health import explaining, operations, queries
from cartera.kit.clock import now, today

HISTORY = 400  # days of history drawn


def panel(request: HttpRequest, account_id: int) -> HttpResponse:
    """Why this health: the panel of the account's page."""
    return render(request, "health/panel.html", _standing(request, account_id))


def account(request: HttpRequest, account_id: int) -> HttpResponse:
    """Health in full: bars, factors with their curves, history, and what changed last."""
    found = _standing(request, account_id)
    history = queries.history(found["account"].pk, since=today() - timedelta(days=HISTORY), until=today())
    changed = queries.last_change(found["account"].pk, until=today())
    return render(
        request,
        "health/account.html",
        {
            **found,
            "history": charts.history_line(history, label=_("Health over time")) if len(history) > 1 else "",
            "changed": changed,
            "changed_parts": explaining.name_parts(changed.parts) if changed else [],
        },
    )


@require_POST
def again(request: HttpRequest, account_id: int) -> HttpResponse:
    """Score this account anew, now."""
    found = get_visible(request.member, account_id)  # type: ignore[attr-defined]
    operations.score(as_of=today(), by=request.member, at=now(), account_ids=[found.pk])  # type: ignore[attr-defined]
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "health/panel.html", _standing(request, account_id))
    return redirect("health:account", found.pk)


def _standing(request: HttpRequest, account_id: int) -> dict[str, Any]:
    found: Account = get_visible(request.member, account_id)  # type: ignore[attr-defined]
    standing = queries.standing(found.pk)
    factors = explaining.explain(standing, found.pk) if standing else []
    return {
        "account": found,
        "standing": standing,
        "factors": factors,
        "waterfall": explaining.waterfall(standing, factors) if standing and standing.score is not None else "",
        "stale": standing is not None and queries.is_stale(standing),
    }
