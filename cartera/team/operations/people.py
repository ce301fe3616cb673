"""Who works here: hiring, letting go, shutting out, and who administers."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cartera.kit import history
from cartera.kit.clock import today
from cartera.kit.errors import Refused
from cartera.kit.models import Change
from cartera.search.operations import index
from cartera.team.models import Invitation, Member, Post, Rung, Team
from cartera.team.operations import posts
from cartera.team.queries import require, require_for

PERSONAL = ("name", "email", "team", "country", "joined_on", "hourly_cost", "hourly_cost_currency")


@transaction.atomic
def hire(
    *,
    name: str,
    email: str,
    by: Member | None,
    at: datetime,
    team: Team | None = None,
    rung: Rung | None = None,
    title: str = "",
    reports_to: Member | None = None,
    since: date | None = None,
    **details: Any,
) -> Member:
    """Make a member, who cannot sign in until invited, with a first post if a rung, a title or a superior is given."""
    require(by, "invite")
    refuse_taken(email)
    since = since or today()
    member = Member.objects.create_member(email=email, name=name, team=team, **{"joined_on": since, **details})
    index(member)
    if rung or title or reports_to:
        Post.objects.create(member=member, rung=rung, title=title, reports_to=reports_to, since=since)
    history.record("team.hire", subject=member, by=by, at=at, after={"email": member.email, "rung": str(rung or title)})
    return member


@transaction.atomic
def edit_person(member: Member, *, by: Member, at: datetime, **chosen: Any) -> Change | None:
    """Change what the company knows about *member*; the mail address, which opens the account, only administrators."""
    require_for(by, "edit_person", member)
    unknown = chosen.keys() - set(PERSONAL)
    if unknown:
        raise TypeError(f"not personal details: {unknown}")
    changed = {key: value for key, value in chosen.items() if getattr(member, key) != value}
    if "email" in changed:
        require_for(by, "change_mail", member)
        refuse_taken(changed["email"], but=member)
    if not changed:
        return None
    before = {key: _plain(getattr(member, key)) for key in changed}
    for key, value in changed.items():
        setattr(member, key, value)
    member.save(update_fields=list(changed))
    index(member)
    after = {key: _plain(value) for key, value in changed.items()}
    return history.record("team.edit_person", subject=member, by=by, at=at, before=before, after=after)


@transaction.atomic
def leave(member: Member, *, on: date, by: Member, at: datetime, successor: Member | None = None) -> Change:
    """End *member*'s work here on *on*, at the latest today; those who report to them report to *successor* instead.

    The accounts that they lead stay theirs until handed over; the pages list them.
    """
    require_for(by, "leave", member)
    if on > today():
        raise Refused(_("Record it on their last day: a member who has left can no longer sign in."))
    _keep_an_administrator(member)
    moved = posts.pass_on_reports(member, to=successor, on=on, by=by, at=at)
    ended = posts.end_posts(member, on=on)
    before = {"posts": ended, "passed_on": moved}
    Invitation.objects.filter(member=member, used_at=None).update(used_at=at)
    Member.objects.filter(pk=member.pk).update(is_active=False, is_administrator=False, left_on=on)
    member.refresh_from_db()
    return history.record("team.leave", subject=member, by=by, at=at, before=before, after={"on": on})


@transaction.atomic
def deactivate(member: Member, *, by: Member, at: datetime) -> Change:
    """Shut *member* out at once, their open sessions too; they keep their post."""
    require_for(by, "deactivate", member)
    if member.pk == by.pk:
        raise Refused(_("You cannot shut yourself out."))
    _keep_an_administrator(member)
    Member.objects.filter(pk=member.pk).update(is_active=False)
    member.refresh_from_db()
    return history.record("team.deactivate", subject=member, by=by, at=at)


@transaction.atomic
def reactivate(member: Member, *, by: Member, at: datetime, undoes: Change | None = None) -> Change:
    """Let *member* sign in again."""
    require_for(by, "deactivate", member)
    Member.objects.filter(pk=member.pk).update(is_active=True, left_on=None)
    member.refresh_from_db()
    return history.record("team.reactivate", subject=member, by=by, at=at, undoes=undoes)


@transaction.atomic
def set_administrator(
    member: Member, value: bool, *, by: Member, at: datetime, undoes: Change | None = None
) -> Change | None:
    """Make *member* an administrator, or no longer one; the last one stays."""
    require_for(by, "set_administrator", member)
    if member.is_administrator == value:
        return None
    if value and not member.is_active:
        raise Refused(_("%(name)s cannot sign in, so cannot administer.") % {"name": member})
    if not value:
        _keep_an_administrator(member)
    Member.objects.filter(pk=member.pk).update(is_administrator=value)
    member.refresh_from_db()
    verb = "team.make_administrator" if value else "team.end_administrator"
    return history.record(verb, subject=member, by=by, at=at, undoes=undoes)


def _keep_an_administrator(member: Member) -> None:
    """Refuse to lose the last administrator; the rows are locked, so that two cannot go at the same moment."""
    left = set(Member.objects.administrators().select_for_update().order_by("pk").values_list("pk", flat=True))
    if member.pk in left and len(left) == 1:
        raise Refused(_("%(name)s is the only administrator. Make someone else one first.") % {"name": member})


def refuse_taken(email: str, *, but: Member | None = None) -> None:
    others = Member.objects.filter(email__iexact=email.strip())
    if (others.exclude(pk=but.pk) if but else others).exists():
        raise Refused(_("Someone with the address %(email)s is here already.") % {"email": email.strip()})


def _plain(value: Any) -> Any:
    """*value* as history keeps it."""
    return str(value) if isinstance(value, Team | Decimal) else value


def undo_leave(change: Change, *, by: Member, at: datetime) -> Change:
    """Take a leaving back: the posts open again, the reports return."""
    member = Member.objects.get(pk=change.subject_id)
    require_for(by, "deactivate", member)
    posts.restore(change.before["passed_on"])
    posts.restore(change.before["posts"])
    return reactivate(member, by=by, at=at, undoes=change)


def undo_deactivate(change: Change, *, by: Member, at: datetime) -> Change:
    return reactivate(Member.objects.get(pk=change.subject_id), by=by, at=at, undoes=change)


def undo_administrator(change: Change, *, by: Member, at: datetime) -> Change:
    member = Member.objects.get(pk=change.subject_id)
    undone = set_administrator(member, change.verb == "team.end_administrator", by=by, at=at, undoes=change)
    if undone is None:
        raise Refused(_("This has changed since."))
    return undone
