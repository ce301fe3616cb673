"""Undo."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from cartera.kit import undo
from cartera.kit.clock import now


@require_POST
def undo_change(request: HttpRequest, change_id: int) -> HttpResponse:
    """Take a change back, and show the page it was made on as it now is."""
    undo.undo(change_id, by=request.member, at=now())
    messages.success(request, _("Undone."))
    if request.htmx:
        return HttpResponseClientRefresh()
    place = request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(place, {request.get_host()}, require_https=request.is_secure())
    return redirect(place if safe else "/")
