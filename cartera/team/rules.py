"""Who may do what, decided here and nowhere else. Pure: facts in, answer out."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

# Whose books a member sees: the ids of the members in their circle (themselves and those below), or everyone's.
Circle = frozenset[int] | Literal["everyone"]

STEWARD_VERBS = frozenset({"look", "log", "edit", "move_stage", "contact", "export", "dismiss"})
MANAGER_VERBS = frozenset({"hand_over", "merge", "open", "close", "share_view", "import"})
ADMINISTRATOR_VERBS = frozenset({"administer", "set_up", "invite", "set_rates", "set_ladder"})


def circle_of(
    member_id: int, *, superiors: Mapping[int, int | None], leads_everyone: Set[int], is_administrator: bool
) -> Circle:
    """Return whose books *member_id* sees.

    *superiors* maps each member with a post to the member they report to (None at the top); *leads_everyone* are
    the members of account management at its top, who also see accounts that nobody looks after.
    """
    if is_administrator or member_id in leads_everyone:
        return "everyone"
    below: dict[int, list[int]] = {}
    for person, superior in superiors.items():
        if superior is not None:
            below.setdefault(superior, []).append(person)
    found, waiting = {member_id}, [member_id]
    while waiting:
        for person in below.get(waiting.pop(), ()):
            if person not in found:
                found.add(person)
                waiting.append(person)
    return frozenset(found)


def may(verb: str, *, is_administrator: bool, sees_account: bool, leads_others: bool) -> bool:
    """Whether a member may do *verb*: stewards work on what they see, superiors also move it, administrators set up."""
    if verb in ADMINISTRATOR_VERBS:
        return is_administrator
    if verb in MANAGER_VERBS:
        return is_administrator or (leads_others and sees_account)
    if verb in STEWARD_VERBS:
        return sees_account
    raise ValueError(f"unknown verb {verb!r}")


# What is done about a person: some of it they may do themselves, some those above them, the rest administrators only.
# To override the health of an account is for the one who leads it, and for those above them.
OWN_VERBS = frozenset({"see_details", "record_absence", "qualify", "override_health"})
SUPERIOR_VERBS = frozenset({"see_pay", "promote", "leave", "edit_person"})
HIRING_VERBS = frozenset({"hire", "change_mail", "deactivate", "set_administrator"})


def may_for(verb: str, *, is_self: bool, stands_above: bool, is_administrator: bool) -> bool:
    """Return whether a member may do *verb* about a person: themselves, someone below, or neither."""
    if verb in HIRING_VERBS:
        return is_administrator
    if verb in SUPERIOR_VERBS:
        return is_administrator or (stands_above and not is_self)
    if verb in OWN_VERBS:
        return is_administrator or stands_above or is_self
    raise ValueError(f"unknown verb {verb!r}")


def below(member_id: int, superiors: Mapping[int, int | None]) -> frozenset[int]:
    """Return the ids of those who report to *member_id*, directly or further down (see `circle_of` for *superiors*)."""
    found = circle_of(member_id, superiors=superiors, leads_everyone=frozenset(), is_administrator=False)
    assert not isinstance(found, str)
    return found - {member_id}


def would_circle(superiors: Mapping[int, int | None], *, person: int, superior: int | None) -> bool:
    """Return whether *person* reporting to *superior* would close a circle in the reporting lines."""
    return superior is not None and (superior == person or superior in below(person, superiors))


@dataclass(frozen=True)
class Held:
    """A qualification that someone has, or that a rung asks for; without `expires_on` it lasts."""

    kind: str
    name: str
    expires_on: date | None = None


@dataclass(frozen=True)
class Standing:
    """How someone stands with one qualification that a rung asks for: "met", "expiring", "expired" or "missing"."""

    kind: str
    name: str
    state: Literal["met", "expiring", "expired", "missing"]
    expires_on: date | None = None


SOON = timedelta(days=90)


def validity(expires_on: date | None, *, today: date) -> Literal["met", "expiring", "expired"]:
    """Return how good a qualification still is: it counts on its last day, and expires soon within 90 days."""
    if expires_on is None or expires_on > today + SOON:
        return "met"
    return "expiring" if expires_on >= today else "expired"


def standings(asked: Iterable[Held], held: Iterable[Held], *, today: date) -> list[Standing]:
    """Return, for each qualification *asked*, how someone who has the *held* ones stands. Names that differ only in
    capitals are the same."""
    having = {(one.kind, one.name.strip().casefold()): one.expires_on for one in held}
    found = []
    for one in asked:
        key = (one.kind, one.name.strip().casefold())
        state = validity(having[key], today=today) if key in having else "missing"
        found.append(Standing(one.kind, one.name, state, having.get(key)))
    return found


def works_on(day: date, *, working_days: str, absences: Iterable[tuple[date, date]]) -> bool:
    """Return whether someone works on *day*: one of their week's *working_days* ("12345", Monday is 1) and not away."""
    return str(day.isoweekday()) in working_days and not any(first <= day <= last for first, last in absences)
