"""Settings of people, for administrators: who comes in, the teams, the ladder."""

from django.db.models import Count, Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from cartera.kit import undo
from cartera.kit.clock import now
from cartera.team import forms
from cartera.team.models import Invitation, Member, Requirement, Rung, Team
from cartera.team.operations import company, invitations, people
from cartera.team.queries import require
from cartera.team.views.answers import attempted, form_page


def people_settings(request: HttpRequest) -> HttpResponse:
    """Everyone who signs in, could, or did; who is invited; who administers."""
    require(request.member, "administer")  # type: ignore[attr-defined]
    words = request.GET.get("q", "").strip()
    open_ones = Invitation.objects.filter(member=OuterRef("pk"), used_at=None, expires_at__gt=now())
    members = Member.objects.visible_to(request.member).annotate(invited=Exists(open_ones)).select_related("team")  # type: ignore[attr-defined]
    if words:
        members = members.filter(name__icontains=words) | members.filter(email__icontains=words)
    context = {"members": members.order_by("-is_active", "name", "pk"), "words": words, "section": "people"}
    return render(request, "team/settings.html", context)


def hire(request: HttpRequest) -> HttpResponse:
    """Take somebody in, and show the link by which they come in."""
    by: Member = request.member  # type: ignore[attr-defined]
    require(by, "invite")
    form = forms.HireForm(request.POST or None, by=by)
    done, member = attempted(form, lambda: people.hire(by=by, at=now(), **form.cleaned_data))
    if done:
        return _show_link(request, member)
    note = _("You get a link to give to them. It works once, for seven days.")
    return form_page(
        request,
        form,
        title=_("Invite someone"),
        button=_("Make the invitation"),
        back=reverse("team:settings"),
        note=note,
    )


@require_POST
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """A new link for somebody who has none, or lost theirs, or forgot their password."""
    require(request.member, "invite")  # type: ignore[attr-defined]
    return _show_link(request, get_object_or_404(Member, pk=pk))


@require_POST
def shut_out(request: HttpRequest, pk: int) -> HttpResponse:
    member = _member(request, pk)
    change = people.deactivate(member, by=request.member, at=now())  # type: ignore[attr-defined]
    undo.offer(request, change, _("%(name)s can no longer sign in.") % {"name": member})
    return redirect("team:settings")


@require_POST
def let_in(request: HttpRequest, pk: int) -> HttpResponse:
    member = _member(request, pk)
    change = people.reactivate(member, by=request.member, at=now())  # type: ignore[attr-defined]
    undo.offer(request, change, _("%(name)s can sign in again.") % {"name": member})
    return redirect("team:settings")


@require_POST
def administrator(request: HttpRequest, pk: int) -> HttpResponse:
    """Make somebody an administrator, or no longer one."""
    member = _member(request, pk)
    value = request.POST.get("value") == "yes"
    change = people.set_administrator(member, value, by=request.member, at=now())  # type: ignore[attr-defined]
    said = _("%(name)s is an administrator.") if value else _("%(name)s is no longer an administrator.")
    if change:
        undo.offer(request, change, said % {"name": member})
    return redirect("team:settings" if request.member.pk != member.pk or value else "team:chart")  # type: ignore[attr-defined]


def ladder(request: HttpRequest) -> HttpResponse:
    """The rungs from the top, each with its band, what it asks for and how many stand on it."""
    require(request.member, "set_ladder")  # type: ignore[attr-defined]
    rungs = Rung.objects.order_by("-level").prefetch_related("requirements")
    return render(request, "team/ladder.html", {"rungs": rungs, "section": "ladder"})


def rung(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add or change a rung."""
    by: Member = request.member  # type: ignore[attr-defined]
    require(by, "set_ladder")
    present = get_object_or_404(Rung, pk=pk) if pk else Rung()
    form = forms.RungForm(request.POST or None, instance=present)
    kept = get_object_or_404(Rung, pk=pk) if pk else Rung()
    done, _change = attempted(form, lambda: company.save_rung(kept, by=by, at=now(), **form.cleaned_data))
    if done:
        return redirect("team:ladder")
    title = _("Change the rung %(name)s") % {"name": kept} if pk else _("A new rung")
    return form_page(request, form, title=title, button=_("Save the rung"), back=reverse("team:ladder"))


@require_POST
def remove_rung(request: HttpRequest, pk: int) -> HttpResponse:
    require(request.member, "set_ladder")  # type: ignore[attr-defined]
    company.remove_rung(get_object_or_404(Rung, pk=pk), by=request.member, at=now())  # type: ignore[attr-defined]
    return redirect("team:ladder")


def requirement(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a rung ask for one more qualification."""
    by: Member = request.member  # type: ignore[attr-defined]
    require(by, "set_ladder")
    asking = get_object_or_404(Rung, pk=pk)
    form = forms.RequirementForm(request.POST or None)
    done, _made = attempted(form, lambda: company.ask_for(asking, by=by, at=now(), **form.cleaned_data))
    if done:
        return redirect("team:ladder")
    title = _("What %(rung)s asks for") % {"rung": asking}
    return form_page(request, form, title=title, button=_("Ask for it"), back=reverse("team:ladder"))


@require_POST
def remove_requirement(request: HttpRequest, pk: int) -> HttpResponse:
    require(request.member, "set_ladder")  # type: ignore[attr-defined]
    asked = get_object_or_404(Requirement.objects.select_related("rung"), pk=pk)
    change = company.ask_no_more(asked, by=request.member, at=now())  # type: ignore[attr-defined]
    undo.offer(request, change, _("%(rung)s asks for it no more.") % {"rung": asked.rung})
    return redirect("team:ladder")


def teams(request: HttpRequest) -> HttpResponse:
    require(request.member, "set_ladder")  # type: ignore[attr-defined]
    sizes: dict[int, int] = dict(
        Member.objects.visible_to(request.member)  # type: ignore[attr-defined]
        .current()
        .exclude(team=None)
        .values_list("team")
        .annotate(size=Count("pk"))
        .order_by("team")
    )
    rows = [(team, sizes.get(team.pk, 0)) for team in Team.objects.all()]
    return render(request, "team/teams.html", {"teams": rows, "section": "teams"})


def team(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add or change a team."""
    by: Member = request.member  # type: ignore[attr-defined]
    require(by, "set_ladder")
    kept = get_object_or_404(Team, pk=pk) if pk else Team()
    form = forms.TeamForm(request.POST or None, instance=get_object_or_404(Team, pk=pk) if pk else Team())
    done, _change = attempted(form, lambda: company.save_team(kept, by=by, at=now(), **form.cleaned_data))
    if done:
        return redirect("team:teams")
    title = _("Change the team %(name)s") % {"name": kept} if pk else _("A new team")
    return form_page(request, form, title=title, button=_("Save the team"), back=reverse("team:teams"))


@require_POST
def remove_team(request: HttpRequest, pk: int) -> HttpResponse:
    require(request.member, "set_ladder")  # type: ignore[attr-defined]
    company.remove_team(get_object_or_404(Team, pk=pk), by=request.member, at=now())  # type: ignore[attr-defined]
    return redirect("team:teams")


@never_cache
def _show_link(request: HttpRequest, member: Member) -> HttpResponse:
    """The link is shown in answer to the POST and never again: only its hash is kept."""
    token = invitations.invite(member, by=request.member, at=now())  # type: ignore[attr-defined]
    link = request.build_absolute_uri(reverse("team:accept", args=[token]))
    return render(request, "team/invited.html", {"person": member, "link": link, "section": "people"})


def _member(request: HttpRequest, pk: int) -> Member:
    require(request.member, "administer")  # type: ignore[attr-defined]
    return get_object_or_404(Member, pk=pk)
