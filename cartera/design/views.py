from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from cartera.design import operations
from cartera.kit.clock import now


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep the preference whose button was pressed, and stay on the page."""
    chosen = {name: request.POST[name] for name in operations.PREFERENCES if name in request.POST}
    operations.keep_preferences(request.member, by=request.member, at=now(), **chosen)  # type: ignore[attr-defined]
    place = request.POST.get("next", "")
    here = url_has_allowed_host_and_scheme(place, allowed_hosts={request.get_host()})
    return redirect(place if here else "/")


def gallery(request: HttpRequest) -> HttpResponse:
    """Every component and chart in all its states."""
    return render(request, "design/gallery.html")
