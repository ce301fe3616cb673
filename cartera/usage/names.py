"""Who is who: the people and workspaces that messages name, written down and found again by their ids."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from typing import Any

from cartera.kit import bulk
from cartera.usage import rules, tying
from cartera.usage.gathering import Gathered, Who, told
from cartera.usage.models import Person, Seats, Workspace

CHUNK = 500
KINDS = Workspace.Kind


@dataclass
class People:
    """Finds the number of a person and the workspace that a message counts for."""

    people: dict[Who, Person]
    groups: dict[str, Workspace]
    alone: dict[str, Workspace]

    def of(self, who: Who, group: str) -> tuple[int, Workspace]:
        person = self.people[who]
        if group:
            return person.pk, self.groups[group]
        return person.pk, person.workspace or self.alone[alone_id(person)]


def keep(gathered: Gathered, *, at: datetime) -> People:
    """Write down who is new in *gathered*, and what was told of whom; tie to accounts what can be tied."""
    groups = _workspaces(KINDS.GROUP, {group: told(traits) for group, traits in gathered.groups.items()}, at=at)
    people = _people(gathered, groups)
    without = {who for who, group, *_rest in gathered.days if not group}
    lonely = {alone_id(p): {"name": p.name, "email": p.email}
              for who, p in people.items() if who in without and p.workspace_id is None}  # fmt: skip
    alone = _workspaces(KINDS.USER, lonely, at=at)
    tied = tying.tie([*groups.values(), *alone.values()])
    _count_new([workspace for workspace in tied if workspace.is_new])
    tying.tie_people({person.pk: (person, _account(person, alone)) for person in people.values()}.values())
    _keep_seats(gathered, groups, at=at)
    return People(people, groups, alone)


def _account(person: Person, alone: dict[str, Workspace]) -> int | None:
    place = person.workspace or alone.get(alone_id(person))
    return place.account_id if place else None


def alone_id(person: Person) -> str:
    """The id of the workspace of a user who is in no group; visitors' ids may be the same as users'."""
    return f"{'?' if person.anonymous else ''}{person.external_id or person.pk}"[: rules.LONGEST_ID]


def _workspaces(kind: str, given: dict[str, dict[str, str]], *, at: datetime) -> dict[str, Workspace]:
    found = _found(Workspace.objects.filter(kind=kind), given)
    times = {"first_seen_at": at, "last_seen_at": at}
    new = [Workspace(kind=kind, external_id=key, **times) for key in given if key not in found]
    for workspace in new:
        workspace.is_new = True
    Workspace.objects.bulk_create(new, batch_size=CHUNK)
    found |= {workspace.external_id: workspace for workspace in new}
    Workspace.objects.filter(pk__in=bulk.one_of(workspace.pk for workspace in found.values())).update(last_seen_at=at)
    changed = [found[key] for key, fields in given.items() if _set(found[key], fields)]
    bulk.update(Workspace, ("name", "email", "domain"), [(one.pk, one.name, one.email, one.domain) for one in changed])
    return found


def _people(gathered: Gathered, groups: dict[str, Workspace]) -> dict[Who, Person]:
    given = dict.fromkeys([*gathered.people, *((True, visitor) for visitor in gathered.same),
                           *((False, user) for user in gathered.same.values())])  # fmt: skip
    found: dict[Who, Person] = {}
    for kind in (False, True):
        rows = Person.objects.filter(anonymous=kind).select_related("workspace", "same_as__workspace")
        known = _found(rows, [key for anonymous, key in given if anonymous is kind])
        found |= {(kind, key): person for key, person in known.items()}
    new = [Person(anonymous=anonymous, external_id=key) for anonymous, key in given if (anonymous, key) not in found]
    Person.objects.bulk_create(new, batch_size=CHUNK)
    found |= {(person.anonymous, person.external_id or ""): person for person in new}
    changed = [person for who, person in found.items() if _tell(person, who, gathered, groups)]
    changed += _join(found, gathered.same)
    told = [(one.pk, one.name, one.email, one.workspace_id, one.same_as_id) for one in changed]
    bulk.update(Person, ("name", "email", "workspace_id", "same_as_id"), told)
    by_number = {person.pk: person for person in found.values()}
    return {who: by_number.get(person.same_as_id or 0) or person.same_as or person for who, person in found.items()}


def _tell(person: Person, who: Who, gathered: Gathered, groups: dict[str, Workspace]) -> bool:
    """Set what was told of *person*; return whether anything changed."""
    changed = _set(person, told(gathered.people.get(who, {})))
    group = gathered.member_of.get(who) or ("" if person.workspace_id else gathered.seen_in.get(who))
    if group and person.workspace_id != groups[group].pk:
        person.workspace = groups[group]
        return True
    return changed


def _join(found: dict[Who, Person], same: dict[str, str]) -> list[Person]:
    """Note which visitors turned out to be which users."""
    changed = []
    for visitor, user in same.items():
        person = found[True, visitor]
        if person.same_as_id != found[False, user].pk:
            person.same_as = found[False, user]
            changed.append(person)
    return changed


def _set(row: Any, fields: dict[str, str]) -> bool:
    changed = False
    for name, value in fields.items():
        if value and hasattr(row, name) and getattr(row, name) != value:
            setattr(row, name, value)
            changed = True
    return changed


def _count_new(workspaces: Sequence[Workspace]) -> None:
    """Count what is new for whose it is from the first day on: nothing has to be moved."""
    for workspace in workspaces:
        workspace.counted_for = workspace.account_id
    bulk.update(Workspace, ("counted_for",), [(workspace.pk, workspace.account_id) for workspace in workspaces])


def _keep_seats(gathered: Gathered, groups: dict[str, Workspace], *, at: datetime) -> None:
    said = {groups[group].pk: seats for group, traits in gathered.groups.items() if (seats := rules.seats_of(traits))}
    rows = Seats.objects.filter(workspace__in=said).order_by("workspace_id", "-known_at", "-pk")
    known: dict[int, int] = {}
    for workspace, seats in rows.values_list("workspace_id", "seats"):
        known.setdefault(workspace, seats)
    changed = {pk: seats for pk, seats in said.items() if known.get(pk) != seats}
    Seats.objects.bulk_create(Seats(workspace_id=pk, seats=n, since=at, known_at=at) for pk, n in changed.items())


def _found(rows: Any, ids: Iterable[str]) -> dict[str, Any]:
    """The rows with these external ids, by them."""
    return {row.external_id: row for some in batched(ids, CHUNK) for row in rows.filter(external_id__in=some)}
