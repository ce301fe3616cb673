"""Evidence: how good the score and the risk were on past days that are over."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from cartera.health import operations
from cartera.health.forms import BacktestForm
from cartera.health.jobs import do_backtest
from cartera.health.judged import shown
from cartera.health.models import Backtest
from cartera.kit.clock import now, today
from cartera.kit.errors import NotAllowed
from cartera.team.queries import leads_others, may

OLDER = 12  # backtests listed
PATIENCE = timedelta(hours=6)  # after which an unfinished backtest has failed and is not waited for


def page(request: HttpRequest, test_id: int | None = None) -> HttpResponse:
    """The newest backtest, or an older one."""
    _require_leader(request)
    tests = Backtest.objects.select_related("by")
    finished = tests.filter(found__isnull=False)
    test = get_object_or_404(finished, pk=test_id) if test_id else finished.first()
    may_run = may(request.member, "set_up")  # type: ignore[attr-defined]
    return render(
        request,
        "health/evidence.html",
        {
            "test": test,
            "shown": shown(test, request.member) if test else None,  # type: ignore[attr-defined]
            "running": tests.filter(found__isnull=True, at__gt=now() - PATIENCE).first(),
            "tests": finished[:OLDER],
            "form": BacktestForm() if may_run else None,
        },
    )


@require_POST
def run(request: HttpRequest) -> HttpResponse:
    """Have a backtest done by the worker."""
    form = BacktestForm(request.POST)
    if not form.is_valid():
        return render(request, "health/backtest_form.html", {"form": form}, status=422)
    test = operations.begin_backtest(
        **form.cleaned_data,
        as_of=today(),
        by=request.member,  # type: ignore[attr-defined]
        at=now(),
    )
    do_backtest.enqueue(test.pk)
    return redirect("health:evidence")


def progress(request: HttpRequest, test_id: int) -> HttpResponse:
    """How far a backtest has come; tells the page to load anew once it is finished."""
    _require_leader(request)
    test = get_object_or_404(Backtest, pk=test_id)
    answer = render(request, "health/evidence.html#progress", {"running": test})
    if test.found is not None:
        answer["HX-Refresh"] = "true"
    return answer


def _require_leader(request: HttpRequest) -> None:
    member = request.member  # type: ignore[attr-defined]
    if not (leads_others(member) or may(member, "set_up")):
        raise NotAllowed
