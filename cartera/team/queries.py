"""Questions about people that span tables."""

from datetime import date

from cartera.kit.clock import today
from cartera.team import rules
from cartera.team.models import Member, Post, Team


def circle(member: Member, *, on: date | None = None) -> rules.Circle:
    """Whose books *member* sees, themselves and those below or "everyone"; asked once per member object."""
    if on is None and (kept := member.__dict__.get("_circle")) is not None:
        return kept
    posts = Post.objects.on(on or today()).values_list("member_id", "reports_to_id", "member__team__kind")
    superiors = {person: superior for person, superior, _kind in posts}
    leading = {superior for superior in superiors.values() if superior}
    top = {p for p, s, kind in posts if s is None and p in leading and kind == Team.Kind.ACCOUNT_MANAGEMENT}
    found = rules.circle_of(
        member.pk, superiors=superiors, leads_everyone=top, is_administrator=member.is_administrator
    )
    if on is None:
        member.__dict__["_circle"] = found
    return found


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


def can_manage(superior: Member, person: Member) -> bool:
    """Whether *superior* stands above *person* (or administers): may see pay and record on their behalf."""
    if superior.pk == person.pk:
        return False
    found = circle(superior)
    return found == "everyone" or person.pk in found
