"""The company as people see it: the reporting tree and the list, each person with post, team and absence."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cartera.kit.features import offers
from cartera.team.models import Absence, Member, Post, Qualification
from cartera.team.offers import figures_of


@dataclass
class Person:
    """A member as the chart and the list show them. `opens` and `closes` say how the
    branches of the tree are nested around a row."""

    member: Member
    post: Post | None
    back_on: date | None = None
    figures: list[tuple[Any, Any]] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    below: int = 0
    depth: int = 0
    opens: bool = False
    closes: range = range(0)

    @property
    def role(self) -> str:
        return str(self.post.title or self.post.rung or "") if self.post else ""


def people(asking: Member, *, today: date) -> list[Person]:
    """Everyone who works here, by name, in a constant number of queries."""
    members = list(Member.objects.visible_to(asking).current().select_related("team"))
    posts = {post.member_id: post for post in Post.objects.on(today).select_related("rung", "reports_to")}
    away = dict(Absence.objects.on(today).order_by("last_day").values_list("member_id", "last_day"))
    spoken: dict[int, list[str]] = {}
    for pk, name in Qualification.objects.filter(kind="language").values_list("member_id", "name"):
        spoken.setdefault(pk, []).append(name)
    figures = figures_of(offers("member_figures"), [one.pk for one in members], asking=asking, today=today)
    return [
        Person(
            member=one,
            post=posts.get(one.pk),
            back_on=away.get(one.pk),
            figures=figures.get(one.pk, []),
            languages=spoken.get(one.pk, []),
        )
        for one in members
    ]


def tree(everyone: Iterable[Person]) -> list[Person]:
    """The people in the reporting lines, superiors before those below them, with the depth of each."""
    known = {person.member.pk: person for person in everyone}
    under: dict[int | None, list[Person]] = {}
    for person in known.values():
        superior = person.post.reports_to_id if person.post else None
        under.setdefault(superior if superior in known else None, []).append(person)
    rows: list[Person] = []
    tops = [one for one in under.get(None, ()) if one.post or one.member.pk in under]
    for top in sorted(tops, key=_by_rung):
        _plant(top, under, rows, depth=0)
    return laid_out(rows)


def laid_out(rows: list[Person]) -> list[Person]:
    """Say of each row whether a branch opens below it and how many end after it."""
    for row, next_depth in zip(rows, [*(row.depth for row in rows[1:]), 0], strict=False):
        row.opens, row.closes = next_depth > row.depth, range(row.depth - next_depth)
    return rows


def outside(everyone: Iterable[Person], rows: Iterable[Person]) -> list[tuple[str, list[Person]]]:
    """Those who stand in no reporting line, by team."""
    placed = {row.member.pk for row in rows}
    teams: dict[str, list[Person]] = {}
    for person in everyone:
        if person.member.pk not in placed:
            teams.setdefault(str(person.member.team or ""), []).append(person)
    return sorted(teams.items(), key=lambda pair: (not pair[0], pair[0]))


def matching(everyone: Iterable[Person], words: str) -> list[Person]:
    """Those in whose name, address, role, team or languages every word occurs."""
    wanted = words.casefold().split()
    return [person for person in everyone if all(word in _text(person) for word in wanted)]


def with_those_above(rows: list[Person], found: Iterable[Person]) -> list[Person]:
    """The rows of the tree that were found, and those above them, so that the tree still hangs together."""
    kept = {person.member.pk for person in found}
    by_id = {row.member.pk: row for row in rows}
    for pk in list(kept):
        post = by_id[pk].post if pk in by_id else None
        while post and post.reports_to_id in by_id and post.reports_to_id not in kept:
            kept.add(post.reports_to_id)
            post = by_id[post.reports_to_id].post
    return laid_out([row for row in rows if row.member.pk in kept])


def _plant(person: Person, under: dict[int | None, list[Person]], rows: list[Person], *, depth: int) -> None:
    person.depth = depth
    rows.append(person)
    before = len(rows)
    for one in sorted(under.pop(person.member.pk, ()), key=_by_rung):
        _plant(one, under, rows, depth=depth + 1)
    person.below = len(rows) - before


def _by_rung(person: Person) -> tuple[int, str]:
    return (-(person.post.rung.level if person.post and person.post.rung else 0), person.member.name)


def _text(person: Person) -> str:
    parts = (person.member.name, person.member.email, person.role, person.member.team or "", *person.languages)
    return " ".join(map(str, parts)).casefold()
