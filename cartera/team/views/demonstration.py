"""Taking the demonstration company out, so that the real one can move in."""

from django.contrib.auth import logout
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cartera.kit import demo
from cartera.kit.clock import now
from cartera.kit.requests import Request
from cartera.team import forms
from cartera.team.operations import invitations
from cartera.team.queries import require
from cartera.team.views.answers import form_page


def demonstration(request: Request) -> HttpResponse:
    """Say what goes, ask for the company's name, empty everything and begin with the first run."""
    require(request.member, "set_up")
    if not demo.is_built():
        raise Http404
    form = forms.RemovalForm(request.POST or None)
    if form.is_valid():
        logout(request)  # before the sessions go, so that this one is not written back
        demo.remove()
        return redirect("team:found", invitations.open_first_invitation(at=now()))
    return form_page(
        request,
        form,
        title=_("Take the demonstration company out"),
        button=_("Take %(company)s out") % {"company": demo.COMPANY},
        back=reverse("team:settings"),
        note=_(
            "Everything goes: the made-up people, clients, invoices and scores, and all that was added to them,"
            " imported files included. Nobody can bring it back. You then become the administrator of an empty Cartera."
        ),
        danger=True,
    )
