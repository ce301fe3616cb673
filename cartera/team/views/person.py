"""One person: their page, and what is recorded about them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cartera.kit import undo
from cartera.kit.clock import now, today
from cartera.kit.features import offers
from cartera.team import careers, forms
from cartera.team.models import Absence, Member, Qualification
from cartera.team.operations import people, posts, records
from cartera.team.queries import may_for, require_for
from cartera.team.views.answers import attempted, form_page


def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Where somebody stands, what they can do, when they are away; more of it to themselves and those above."""
    person = _person(request, pk)
    asking: Member = request.member  # type: ignore[attr-defined]
    rights = {
        verb: may_for(asking, verb, person)
        for verb in ("see_details", "see_pay", "promote", "leave", "edit_person", "record_absence", "qualify")
    }
    panels = sorted(offers("member_panels"), key=lambda panel: panel.order)
    context = {
        "person": person,
        "rights": rights,
        "career": careers.career_of(person, today=today()),
        "panels": [(panel, reverse(panel.url_name, args=[pk])) for panel in panels if panel.visible(asking, person)],
        "is_me": person.pk == asking.pk,
        "today": today(),
    }
    return render(request, "team/member.html", context)


def new_post(request: HttpRequest, pk: int) -> HttpResponse:
    person = _person(request, pk)
    by: Member = request.member  # type: ignore[attr-defined]
    require_for(by, "promote", person)
    form = forms.PostForm(request.POST or None, by=by, person=person, post=posts.open_post(person))
    done, change = attempted(form, lambda: posts.promote(person, by=by, at=now(), **form.cleaned_data))
    if done:
        undo.offer(request, change, _("%(name)s has a new post.") % {"name": person})
        return redirect("team:member", pk)
    title = _("A new post for %(name)s") % {"name": person}
    return form_page(request, form, title=title, button=_("Give the post"), back=reverse("team:member", args=[pk]))


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    person = _person(request, pk)
    by: Member = request.member  # type: ignore[attr-defined]
    require_for(by, "edit_person", person)
    form = forms.PersonForm(request.POST or None, instance=person, by=by)
    done, _change = attempted(form, lambda: people.edit_person(person, by=by, at=now(), **form.cleaned_data))
    if done:
        return redirect("team:member", pk)
    title = _("Details of %(name)s") % {"name": person}
    return form_page(request, form, title=title, button=_("Save the details"), back=reverse("team:member", args=[pk]))


def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that somebody leaves; what they look after is shown beside, to be handed over."""
    person = _person(request, pk)
    by: Member = request.member  # type: ignore[attr-defined]
    require_for(by, "leave", person)
    form = forms.LeaveForm(request.POST or None, by=by, person=person)
    done, change = attempted(form, lambda: people.leave(person, by=by, at=now(), **form.cleaned_data))
    if done:
        undo.offer(request, change, _("%(name)s has left.") % {"name": person})
        return redirect("team:member", pk)
    panels = [
        (panel, reverse(panel.url_name, args=[pk]))
        for panel in offers("member_panels")
        if panel.on_leaving and panel.visible(by, person)
    ]
    return form_page(
        request,
        form,
        title=_("%(name)s leaves") % {"name": person},
        button=_("Record that they leave"),
        back=reverse("team:member", args=[pk]),
        danger=True,
        panels=panels,
        note=_("They can no longer sign in. Accounts that they look after stay theirs until you hand them over."),
    )


def new_absence(request: HttpRequest, pk: int) -> HttpResponse:
    person = _person(request, pk)
    by: Member = request.member  # type: ignore[attr-defined]
    require_for(by, "record_absence", person)
    form = forms.AbsenceForm(request.POST or None)
    done, result = attempted(form, lambda: records.record_absence(person, by=by, at=now(), **form.cleaned_data))
    if done:
        undo.offer(request, result[1], _("The absence is recorded."))
        return redirect("team:member", pk)
    title = _("An absence of %(name)s") % {"name": person}
    return form_page(request, form, title=title, button=_("Record the absence"), back=reverse("team:member", args=[pk]))


@require_POST
def cancel_absence(request: HttpRequest, pk: int) -> HttpResponse:
    by: Member = request.member  # type: ignore[attr-defined]
    people_seen = Member.objects.visible_to(by)
    absence = get_object_or_404(Absence.objects.select_related("member").filter(member__in=people_seen), pk=pk)
    change = records.cancel_absence(absence, by=by, at=now())
    undo.offer(request, change, _("The absence is cancelled."))
    return redirect("team:member", absence.member_id)


def qualify(request: HttpRequest, pk: int) -> HttpResponse:
    person = _person(request, pk)
    by: Member = request.member  # type: ignore[attr-defined]
    require_for(by, "qualify", person)
    asked = {key: request.GET[key] for key in ("kind", "name") if key in request.GET}
    form = forms.QualificationForm(request.POST or None, initial=asked)
    done, result = attempted(form, lambda: records.qualify(person, by=by, at=now(), **form.cleaned_data))
    if done:
        undo.offer(request, result[1], _("The qualification is recorded."))
        return redirect("team:member", pk)
    title = _("A qualification of %(name)s") % {"name": person}
    more: dict[str, Any] = {"suggestions": careers.known_names()}
    back = reverse("team:member", args=[pk])
    return form_page(request, form, title=title, button=_("Record the qualification"), back=back, **more)


@require_POST
def disqualify(request: HttpRequest, pk: int) -> HttpResponse:
    by: Member = request.member  # type: ignore[attr-defined]
    people_seen = Member.objects.visible_to(by)
    held = get_object_or_404(Qualification.objects.select_related("member").filter(member__in=people_seen), pk=pk)
    change = records.disqualify(held, by=by, at=now())
    undo.offer(request, change, _("The qualification is removed."))
    return redirect("team:member", held.member_id)


def _person(request: HttpRequest, pk: int) -> Member:
    people_seen = Member.objects.visible_to(request.member)  # type: ignore[attr-defined]
    return get_object_or_404(people_seen.select_related("team"), pk=pk)
