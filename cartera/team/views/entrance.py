"""Coming in: the first administrator's link, invitations, and the first steps."""

from typing import Any

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from cartera.kit.clock import now
from cartera.team import forms
from cartera.team.models import Member
from cartera.team.operations import invitations
from cartera.team.views.answers import attempted

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@login_not_required
@never_cache
@sensitive_post_parameters("password")
def found(request: HttpRequest, token: str) -> HttpResponse:
    """The first link: who opens it becomes the administrator."""
    if invitations.find(token, at=now(), first=True) is None:
        return render(request, "team/link_gone.html", status=410)
    form = forms.FoundingForm(request.POST or None, initial=_guess(request))
    done, member = attempted(form, lambda: invitations.found(token=token, at=now(), **form.cleaned_data))
    return _come_in(request, member) if done else _ask(request, form, first=True)


@login_not_required
@never_cache
@sensitive_post_parameters("password")
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """An invitation: its member chooses a password and comes in."""
    invitation = invitations.find(token, at=now(), first=False)
    if invitation is None or invitation.member is None:
        return render(request, "team/link_gone.html", status=410)
    guess = {"name": invitation.member.name, **_guess(request)}
    form = forms.ArrivalForm(request.POST or None, initial=guess, email=invitation.member.email)
    done, member = attempted(form, lambda: invitations.accept(token=token, at=now(), **form.cleaned_data))
    return _come_in(request, member) if done else _ask(request, form, first=False, email=invitation.member.email)


def welcome(request: HttpRequest) -> HttpResponse:
    """The first steps: bring in the clients, let the others in, look at the book."""
    member: Member = request.member  # type: ignore[attr-defined]
    others = Member.objects.visible_to(member).exclude(pk=member.pk).exists()
    return render(request, "team/welcome.html", {"others": others})


def _guess(request: HttpRequest) -> dict[str, Any]:
    return {"language": translation.get_language(), "time_zone": "UTC"}


def _ask(request: HttpRequest, form: forms.ArrivalForm, **context: Any) -> HttpResponse:
    return render(request, "team/arrival.html", {"form": form, **context})


def _come_in(request: HttpRequest, member: Member) -> HttpResponse:
    login(request, member, backend=BACKEND)
    return redirect("team:welcome")
