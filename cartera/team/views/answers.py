"""What the views of people share: a page with one form, and refusals said beside it."""

from collections.abc import Callable
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise

from cartera.kit.errors import Refused
from cartera.kit.models import Change


def attempted(form: BaseForm, act: Callable[[], Any]) -> tuple[bool, Any]:
    """Do *act* if the form is right; whether it was done, and what it gave. A refusal becomes the form's error."""
    if not form.is_valid():
        return False, None
    try:
        return True, act()
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False, None


def form_page(
    request: HttpRequest, form: BaseForm, *, title: str | Promise, button: str | Promise, back: str, **more: Any
) -> HttpResponse:
    """A page with one form: what will happen stands on the button."""
    context = {"form": form, "title": title, "button": button, "back": back, **more}
    return render(request, "team/form.html", context)


def change_of(result: Any) -> Change | None:
    """The history row among what an operation gave."""
    return result[1] if isinstance(result, tuple) else result
