"""A person's way on the ladder: where they stand, what the next rung asks for, and what they can do."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F

from cartera.team import rules
from cartera.team.models import Absence, Member, Post, Qualification, Requirement, Rung


@dataclass(frozen=True)
class Owned:
    """A qualification with how good it still is."""

    held: Qualification
    state: str


@dataclass(frozen=True)
class Career:
    posts: list[Post]
    present: Post | None
    planned: Post | None
    ladder: list[Rung]
    next_rung: Rung | None
    asked: list[rules.Standing]
    owned: list[Owned]
    absences: list[Absence]
    away: Absence | None
    reports: list[Post]

    @property
    def missing(self) -> int:
        """How many of the asked qualifications do not count at present."""
        return sum(one.state in ("missing", "expired") for one in self.asked)

    @property
    def languages(self) -> list[Owned]:
        return [one for one in self.owned if one.held.kind == Qualification.Kind.LANGUAGE]

    @property
    def skills(self) -> list[Owned]:
        return [one for one in self.owned if one.held.kind == Qualification.Kind.SKILL]

    @property
    def credentials(self) -> list[Owned]:
        kinds = (Qualification.Kind.DEGREE, Qualification.Kind.CERTIFICATE)
        return [one for one in self.owned if one.held.kind in kinds]


def career_of(person: Member, *, today: date) -> Career:
    """All of it, in a constant number of queries."""
    held_posts = Post.objects.filter(member=person).exclude(until=F("since"))
    posts = list(held_posts.select_related("rung", "reports_to").order_by("-since"))
    present = next((one for one in posts if one.since <= today and (one.until is None or one.until > today)), None)
    ladder = list(Rung.objects.all())
    next_rung = _next(ladder, present)
    owned = list(Qualification.objects.filter(member=person))
    absences = list(Absence.objects.filter(member=person))
    return Career(
        posts=posts,
        present=present,
        planned=next((one for one in posts if one.since > today), None),
        ladder=ladder,
        next_rung=next_rung,
        asked=_standings(next_rung, owned, today=today),
        owned=[Owned(one, rules.validity(one.expires_on, today=today)) for one in owned],
        absences=absences,
        away=next((one for one in absences if one.first_day <= today <= one.last_day), None),
        reports=list(
            Post.objects.on(today).filter(reports_to=person).select_related("member", "rung").order_by("member__name")
        ),
    )


def known_names() -> list[str]:
    """The names of qualifications that rungs ask for or somebody has, to choose from while typing."""
    asked = Requirement.objects.order_by("name").values_list("name", flat=True)
    held = Qualification.objects.order_by("name").values_list("name", flat=True)
    return sorted({*asked, *held})


def _next(ladder: list[Rung], present: Post | None) -> Rung | None:
    """The rung above the present one; somebody without a rung has no next one."""
    if present is None or present.rung is None:
        return None
    level = present.rung.level
    return next((rung for rung in ladder if rung.level > level), None)


def _standings(rung: Rung | None, owned: list[Qualification], *, today: date) -> list[rules.Standing]:
    """What *rung* and those below it ask for, against what somebody has."""
    if rung is None:
        return []
    asked = Requirement.objects.filter(rung__level__lte=rung.level).order_by("-rung__level", "kind", "name")
    return rules.standings(
        [rules.Held(one.kind, one.name) for one in asked],
        [rules.Held(one.kind, one.name, one.expires_on) for one in owned],
        today=today,
    )
