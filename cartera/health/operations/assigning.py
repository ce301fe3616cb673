"""Saying which scorecard an account gets: the order of segments."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cartera.accounts.models import SavedView
from cartera.health.models import Assignment, Scorecard, Segment
from cartera.health.queries.scorecards import condition
from cartera.kit import history
from cartera.kit.errors import Refused
from cartera.kit.models import Change
from cartera.team.models import Member
from cartera.team.queries import require


@dataclass(frozen=True, kw_only=True)
class Line:
    """A segment as it shall be: ids of its scorecard (family) and of the saved view that its filter comes from."""

    family_id: int
    filter: str = ""
    name: str = ""
    view_id: int | None = None

    @classmethod
    def of(cls, segment: Segment) -> "Line":
        return cls(family_id=segment.family_id, filter=segment.filter, name=segment.name, view_id=segment.view_id)


def lines_of(assignment: Assignment | None) -> list[Line]:
    """The lines of a list, to make the next one from."""
    return [Line.of(segment) for segment in assignment.segments.all()] if assignment else []


@transaction.atomic
def assign(lines: Sequence[Line], *, by: Member | None, at: datetime, why: str = "") -> Change:
    """From *at* on, an account gets the scorecard of the first of *lines* that matches it.

    The last line has no filter and catches everyone; every other one has. Raises FilterError for a filter that makes
    no sense, Refused for a scorecard of which no version is in force.
    """
    require(by, "set_up")
    return _assigned(lines, "health.assign", why, by=by, at=at)


@transaction.atomic
def undo_assign(change: Change, *, by: Member | None, at: datetime) -> Change:
    """Bring the list back that was in force before *change*, unless another was made since."""
    require(by, "set_up")
    present = Assignment.objects.in_force(at)
    if present is None or present.pk != change.subject_id:
        raise Refused(_("It was changed again since; nothing was undone."))
    return _assigned([Line(**line) for line in change.before["lines"]], change.verb, "", by=by, at=at, undoes=change)


def _assigned(
    lines: Sequence[Line], verb: str, why: str, *, by: Member | None, at: datetime, undoes: Change | None = None
) -> Change:
    _check(lines, at)
    before = lines_of(Assignment.objects.in_force(at))
    assignment = Assignment.objects.create(since=at, by=by, why=why)
    views = set(SavedView.objects.filter(pk__in=[line.view_id for line in lines]).values_list("pk", flat=True))
    Segment.objects.bulk_create(
        Segment(**{**asdict(line), "view_id": line.view_id if line.view_id in views else None},
                assignment=assignment, place=place)
        for place, line in enumerate(lines)
    )  # fmt: skip
    told = {"lines": [asdict(line) for line in lines], "why": why}
    earlier = {"lines": [asdict(line) for line in before]}
    return history.record(verb, subject=assignment, by=by, at=at, before=earlier, after=told, undoes=undoes)


def _check(lines: Sequence[Line], at: datetime) -> None:
    if not lines or lines[-1].filter:
        raise Refused(_("The last line catches everyone else, so it has no filter."))
    if not all(line.filter.strip() for line in lines[:-1]):
        raise Refused(_("A line without a filter would catch everyone; only the last one may."))
    for line in lines[:-1]:
        condition(line.filter)
    ready = set(Scorecard.objects.in_force(at).values_list("family", flat=True))
    if any(line.family_id not in ready for line in lines):
        raise Refused(_("No version of this scorecard is in force yet. Switch one on first."))
