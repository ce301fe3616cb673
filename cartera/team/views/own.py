"""My own page: what I say about myself, and where I am signed in."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cartera.kit.clock import now
from cartera.team import forms
from cartera.team.devices import device
from cartera.team.models import Member
from cartera.team.operations import own
from cartera.team.views.answers import attempted


def me(request: HttpRequest) -> HttpResponse:
    member: Member = request.member  # type: ignore[attr-defined]
    form = forms.ProfileForm(request.POST or None, instance=member)
    done, _change = attempted(form, lambda: own.edit_profile(member, by=member, at=now(), **form.cleaned_data))
    if done:
        with translation.override(member.language or translation.get_language()):
            messages.success(request, _("Your details are saved."))
        return redirect("team:me")
    factors = Authenticator.objects.filter(user=member).values_list("type", flat=True).order_by("type")
    context = {"form": form, "sessions": _sessions(member), "factors": set(factors)}
    return render(request, "team/me.html", context)


def _sessions(member: Member) -> list[tuple[UserSession, str]]:
    """Where *member* is signed in, the latest first, with the name of each device."""
    sessions = sorted(UserSession.objects.purge_and_list(member), key=lambda one: one.last_seen_at, reverse=True)
    return [(one, device(one.user_agent)) for one in sessions]


@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign out elsewhere: one other session of mine, or with 0 all of them."""
    mine = UserSession.objects.filter(user=request.member).exclude(session_key=request.session.session_key)  # type: ignore[attr-defined]
    for session in mine.filter(pk=pk) if pk else mine:
        session.end()
    messages.success(request, _("Signed out there."))
    return redirect("team:me")
