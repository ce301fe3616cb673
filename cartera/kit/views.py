"""Undo, and what administrators look at: the history of all changes, and the jobs."""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from cartera.kit import filter_completion, filters, undo, wording
from cartera.kit.clock import now, today, true_now
from cartera.kit.errors import NotAllowed
from cartera.kit.filters import FilterContext, FilterError
from cartera.kit.history_filters import QUALIFIERS, by_label, changes_for_reading
from cartera.kit.jobs import offered
from cartera.kit.models import Change, JobRun
from cartera.kit.pagination import keyset_page
from cartera.kit.requests import Request


@require_POST
def undo_change(request: Request, change_id: int) -> HttpResponse:
    """Take a change back, and show the page it was made on as it now is."""
    undo.undo(change_id, by=request.member, at=now())
    messages.success(request, _("Undone."))
    if request.htmx:
        return HttpResponseClientRefresh()
    place = request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(place, {request.get_host()}, require_https=request.is_secure())
    return redirect(place if safe else "/")


def history(request: Request) -> HttpResponse:
    """Every verb that was ever done: who, when, to what, before and after."""
    asking = _asking(request)
    text, error = request.GET.get("q", ""), None
    changes = changes_for_reading()
    try:
        changes = changes.filter(filters.compile(text, QUALIFIERS, context=asking, free_text=by_label))
    except FilterError as wrong:
        changes, error = changes.none(), wrong
    page = keyset_page(changes, "-at", after=request.GET.get("after"))
    told = zip(page, wording.differences(page), strict=True)
    rows = [(change, undo.can_undo(change) and not _undone(change), fields) for change, fields in told]
    context = {"page": page, "rows": rows, "text": text, "error": error}
    return render(request, "kit/history.html", context)


def history_completion(request: Request) -> JsonResponse:
    """What may be typed next into the history's filter."""
    return filter_completion.answer(request, QUALIFIERS, _asking(request))


def jobs(request: Request) -> HttpResponse:
    """Every job: when it ran last, how that went, and when it runs next."""
    _asking(request)
    newest = {run.job: run for run in JobRun.newest()}
    rows = [(job, newest.get(job.key), job.next_due(true_now())) for job in offered()]
    return render(request, "kit/jobs.html", {"rows": rows})


def _undone(change: Change) -> bool:
    return getattr(change, "undone", None) is not None


def _asking(request: Request) -> FilterContext:
    """Who asks: an administrator, or nobody."""
    if not request.member.is_administrator:
        raise NotAllowed
    return FilterContext(request.member, today())
