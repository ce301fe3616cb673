"""Refusals become readable answers, and notes reach the page that asked through htmx."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from cartera.kit.errors import NotAllowed, Refused


class AnswerMiddleware:
    """Stands last, inside the messages and htmx middlewares."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if _takes_toasts(request, response) and (notes := list(messages.get_messages(request))):
            response.content += render_to_string("kit/toasts.html", {"notes": notes}, request).encode()
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refused):
            return self._refuse(request, str(exception), status=409)
        if isinstance(exception, NotAllowed) and request.htmx:  # type: ignore[attr-defined]
            return self._refuse(request, str(exception) or _("You may not do this."), status=403)
        return None

    def _refuse(self, request: HttpRequest, message: str, *, status: int) -> HttpResponse:
        if not request.htmx:  # type: ignore[attr-defined]
            return render(request, "kit/refused.html", {"message": message}, status=status)
        messages.error(request, message)
        return HttpResponse(status=status, headers={"HX-Reswap": "none"})


def _takes_toasts(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether *response* is a fragment that htmx puts into a page; elsewhere the shell shows the notes itself."""
    return (
        bool(request.htmx)  # type: ignore[attr-defined]
        and not response.streaming
        and response.status_code not in (204, 304)
        and not 300 <= response.status_code < 400
        and response.headers.get("Content-Type", "").startswith("text/html")
        and not response.headers.keys() & {"HX-Refresh", "HX-Redirect", "HX-Location"}
    )
