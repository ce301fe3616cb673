"""Who may do what, decided here and nowhere else. Pure: facts in, answer out."""

from collections.abc import Mapping, Set
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
