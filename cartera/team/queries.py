"""Questions about people that span tables."""

from datetime import date

from cartera.kit.clock import today
from cartera.kit.errors import NotAllowed
from cartera.team import rules
from cartera.team.models import Member, Post, Team


def circle(member: Member, *, on: date | None = None) -> rules.Circle:
    """Whose books *member* sees, themselves and those below or "everyone"; asked once per member object."""
    if on is None and (kept := member.__dict__.get("_circle")) is not None:
        return kept
    if on is None and member.is_administrator:
        return "everyone"
    posts = Post.objects.on(on or today()).values_list("member_id", "reports_to_id", "member__team__kind")
    superiors = {person: superior for person, superior, _kind in posts}
    leading = {superior for superior in superiors.values() if superior}
    top = {p for p, s, kind in posts if s is None and p in leading and kind == Team.Kind.ACCOUNT_MANAGEMENT}
    found = rules.circle_of(
        member.pk, superiors=superiors, leads_everyone=top, is_administrator=member.is_administrator
    )
    if on is None:
        member.__dict__["_circle"] = found
        member.__dict__["_below"] = rules.below(member.pk, superiors)
    return found


def below(member: Member) -> frozenset[int]:
    """The ids of those who report to *member*, directly or further down; asked once per member object."""
    if "_below" not in member.__dict__:
        superiors = dict(Post.objects.on(today()).values_list("member_id", "reports_to_id"))
        member.__dict__["_below"] = rules.below(member.pk, superiors)
    return member.__dict__["_below"]


def forget_circle(member: Member) -> None:
    """Ask anew the next time: the lines have changed under this member object."""
    member.__dict__.pop("_circle", None)
    member.__dict__.pop("_below", None)


def superiors_planned() -> dict[int, int | None]:
    """Whom each member with an open post reports to, posts that begin later included; None at the top."""
    return dict(Post.objects.filter(until=None).values_list("member_id", "reports_to_id"))


def leads_others(member: Member) -> bool:
    """Whether someone reports to *member*, directly or further down."""
    found = circle(member)
    return found == "everyone" or len(found) > 1


def may(member: Member, verb: str, *, sees_account: bool = True) -> bool:
    """Whether *member* may do *verb*, on an account that they see unless said otherwise."""
    return rules.may(
        verb,
        is_administrator=member.is_administrator,
        sees_account=sees_account,
        leads_others=leads_others(member),
    )


def may_for(member: Member, verb: str, person: Member) -> bool:
    """Whether *member* may do *verb* about *person* (see `rules.may_for`)."""
    return member.is_active and rules.may_for(
        verb,
        is_self=member.pk == person.pk,
        stands_above=person.pk in below(member),
        is_administrator=member.is_administrator,
    )


def can_manage(superior: Member, person: Member) -> bool:
    """Whether *superior* stands above *person* (or administers): may see pay and record on their behalf."""
    return superior.pk != person.pk and may_for(superior, "see_pay", person)


def require(member: Member | None, verb: str) -> None:
    """Raise NotAllowed unless *member* may do *verb*; None is whoever runs Cartera, in the terminal."""
    if member is None:
        return
    if not member.is_active or not may(member, verb):
        raise NotAllowed


def require_for(member: Member, verb: str, person: Member) -> None:
    """Raise NotAllowed unless *member* may do *verb* about *person*."""
    if not may_for(member, verb, person):
        raise NotAllowed
