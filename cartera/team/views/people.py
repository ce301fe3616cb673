"""Everyone: the organisation chart and the list."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cartera.kit.clock import today
from cartera.team import organisation
from cartera.team.models import Team
from cartera.team.queries import may

SORTS = {
    "name": lambda one: one.member.name.casefold(),
    "rung": lambda one: (one.post.rung.level if one.post and one.post.rung else 0, one.member.name.casefold()),
    "team": lambda one: (str(one.member.team or "~"), one.member.name.casefold()),
    "superior": lambda one: (str(one.post.reports_to or "~") if one.post else "~", one.member.name.casefold()),
    "since": lambda one: (str(one.member.joined_on or "~"), one.member.name.casefold()),
}


def chart(request: HttpRequest) -> HttpResponse:
    """Who reports to whom, the other teams beside; a search keeps those found and the line above them."""
    words = request.GET.get("q", "").strip()
    everyone = organisation.people(request.member, today=today())  # type: ignore[attr-defined]
    rows = organisation.tree(everyone)
    others = organisation.outside(everyone, rows)
    found = everyone
    if words:
        found = organisation.matching(everyone, words)
        rows = organisation.with_those_above(rows, found)
        kept = {person.member.pk for person in found}
        others = [(team, [one for one in them if one.member.pk in kept]) for team, them in others]
    context = {
        "words": words,
        "rows": rows,
        "others": [(team, them) for team, them in others if them],
        "found": {person.member.pk for person in found} if words else set(),
        "count": len(found),
        "away": sum(1 for person in everyone if person.back_on),
        "may_invite": may(request.member, "invite"),  # type: ignore[attr-defined]
    }
    return render(request, "team/chart.html#chart" if _is_fragment(request) else "team/chart.html", context)


def list_(request: HttpRequest) -> HttpResponse:
    """Everyone as a list that filters and sorts."""
    words, team, away = request.GET.get("q", "").strip(), request.GET.get("team", ""), request.GET.get("away", "")
    sort = request.GET.get("sort", "name")
    key = sort.removeprefix("-") if sort.removeprefix("-") in SORTS else "name"
    everyone = organisation.people(request.member, today=today())  # type: ignore[attr-defined]
    found = organisation.matching(everyone, words)
    if team:
        found = [one for one in found if str(one.member.team_id or "") == team]
    if away:
        found = [one for one in found if one.back_on]
    found.sort(key=SORTS[key], reverse=sort.startswith("-"))
    context = {
        "words": words,
        "people": found,
        "count": len(found),
        "labels": [label for label, _text in next((one.figures for one in everyone if one.figures), [])],
        "teams": Team.objects.all(),
        "team": team,
        "away": away,
        "sort": sort,
        "may_invite": may(request.member, "invite"),  # type: ignore[attr-defined]
    }
    return render(request, "team/list.html#people" if _is_fragment(request) else "team/list.html", context)


def _is_fragment(request: HttpRequest) -> bool:
    return bool(request.htmx) and not request.htmx.boosted  # type: ignore[attr-defined]
