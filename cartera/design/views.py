from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cartera.design import gallery as sample
from cartera.design import operations
from cartera.kit.clock import now, today


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep the preference whose button was pressed, and stay on the page."""
    chosen = {name: request.POST[name] for name in operations.PREFERENCES if name in request.POST}
    operations.keep_preferences(request.member, by=request.member, at=now(), **chosen)  # type: ignore[attr-defined]
    return redirect(_back(request))


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Speak the chosen language to someone who has not signed in yet, on this device."""
    code = request.POST.get("language", "")
    if code not in operations.PREFERENCES["language"]:
        raise BadRequest("unknown language")
    response = redirect(_back(request))
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=31_536_000, samesite="Lax", secure=settings.SECURE)
    return response


def _back(request: HttpRequest) -> str:
    place = request.POST.get("next", "")
    here = url_has_allowed_host_and_scheme(place, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return place if here else "/"


def gallery(request: HttpRequest) -> HttpResponse:
    """Every component and chart in all its states."""
    if "toast" in request.GET:
        messages.success(request, _("Handed over 12 accounts"))
        messages.error(request, _("That did not work. Nothing was changed."))
    return render(request, "design/gallery.html", sample.context(today()))


def panel(request: HttpRequest) -> HttpResponse:
    """A panel's body, as an app would answer it."""
    return render(request, "design/gallery.html#panel")
