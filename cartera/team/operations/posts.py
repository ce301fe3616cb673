"""Posts on the ladder and the reporting lines between them. A promotion is a new post; the old one ends."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import DateField, Q, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from cartera.kit import history
from cartera.kit.clock import today
from cartera.kit.errors import NotAllowed, Refused
from cartera.kit.models import Change
from cartera.team import rules
from cartera.team.models import Member, Post, Rung
from cartera.team.queries import below, forget_circle, require_for, superiors_planned

# What restoring needs to know: the posts that were made (to go) and the posts that were ended (to open again).
Journal = dict[str, list[Any]]


@transaction.atomic
def promote(
    member: Member,
    *,
    rung: Rung | None,
    reports_to: Member | None,
    since: date,
    by: Member,
    at: datetime,
    title: str = "",
) -> Change:
    """Give *member* a new post from *since*: another rung, another superior, or both. The present one ends that day."""
    _check_rights(member, rung, reports_to, by=by)
    _check_superior(member, reports_to)
    present = open_post(member)
    _check_since(present, since)
    before = (
        {"rung": str(present.rung or present.title), "reports_to": str(present.reports_to or "")} if present else {}
    )
    journal = _succeed(member, rung=rung, title=title, reports_to=reports_to, since=since)
    forget_circle(by)
    after = {**_told(rung, title, reports_to), "since": since}
    return history.record(
        _verb(present, rung), subject=member, by=by, at=at, before={**before, "journal": journal}, after=after
    )


def open_post(member: Member) -> Post | None:
    """The post that *member* holds until further notice."""
    return Post.objects.filter(member=member, until=None).select_related("rung", "reports_to").first()


def pass_on_reports(member: Member, *, to: Member | None, on: date, by: Member, at: datetime) -> Journal:
    """Let those who report to *member* report, from *on*, to *to* or else to *member*'s own superior."""
    present = open_post(member)
    own_superior = present.reports_to if present else None
    journal: Journal = {"made": [], "ended": []}
    for post in Post.objects.filter(reports_to=member, until=None).select_related("member", "rung"):
        above = own_superior if to in (None, post.member) else to
        _check_superior(post.member, above)
        made = _succeed(post.member, rung=post.rung, title=post.title, reports_to=above, since=max(on, post.since))
        journal = {key: journal[key] + made[key] for key in journal}
        history.record("team.pass_on", subject=post.member, by=by, at=at, after={"reports_to": str(above or "")})
    return journal


def end_posts(member: Member, *, on: date) -> Journal:
    """End every post of *member*'s that goes on after *on*; a post that would only have begun then is never held."""
    going_on = Post.objects.filter(Q(until=None) | Q(until__gt=on), member=member)
    journal: Journal = {"made": [], "ended": [[post.pk, post.until] for post in going_on]}
    going_on.update(until=Greatest("since", Value(on, DateField())))
    return journal


def restore(journal: Journal) -> None:
    """Take back what a journal tells: the posts made go, the posts ended go on as before."""
    made = Post.objects.filter(pk__in=journal["made"], until=None)
    if made.count() != len(journal["made"]):
        raise Refused(_("There is a newer post since; change that one instead."))
    made.delete()
    for pk, until in journal["ended"]:
        post = Post.objects.get(pk=pk)
        if until is None and Post.objects.filter(member=post.member_id, until=None).exists():
            raise Refused(_("There is a newer post since; change that one instead."))
        post.until = until
        post.save(update_fields=["until"])


def undo_promote(change: Change, *, by: Member, at: datetime) -> Change:
    member = Member.objects.get(pk=change.subject_id)
    require_for(by, "promote", member)
    restore(change.before["journal"])
    forget_circle(by)
    return history.record("team.undo_post", subject=member, by=by, at=at, before=change.after, undoes=change)


def _succeed(member: Member, *, rung: Rung | None, title: str, reports_to: Member | None, since: date) -> Journal:
    """End the open post on *since* and open the next one that day."""
    open_posts = Post.objects.filter(member=member, until=None)
    ended = [[pk, None] for pk in open_posts.values_list("pk", flat=True)]
    open_posts.update(until=since)
    made = Post.objects.create(member=member, rung=rung, title=title, reports_to=reports_to, since=since)
    return {"made": [made.pk], "ended": ended}


def _told(rung: Rung | None, title: str, superior: Member | None) -> dict[str, str]:
    return {"rung": str(rung or title), "reports_to": str(superior or "")}


def _verb(present: Post | None, rung: Rung | None) -> str:
    if present and present.rung and rung and present.rung != rung:
        return "team.promote" if rung.level > present.rung.level else "team.change_rung"
    return "team.move"


def _check_since(present: Post | None, since: date) -> None:
    if present and since < present.since:
        day = present.since.isoformat()
        raise Refused(_("A post begins on %(day)s already; the next one begins then or later.") % {"day": day})


def _check_rights(member: Member, rung: Rung | None, superior: Member | None, *, by: Member) -> None:
    """Those above move people within their own line, to rungs below their own; administrators anywhere."""
    require_for(by, "promote", member)
    if by.is_administrator:
        return
    if superior is None or (superior != by and superior.pk not in below(by)):
        raise NotAllowed(_("Choose a superior who is you or reports to you."))
    own = Post.objects.on(today()).filter(member=by).values_list("rung__level", flat=True).first()
    if rung and own is not None and rung.level >= own:
        raise NotAllowed(_("Choose a rung below your own."))


def _check_superior(member: Member, superior: Member | None) -> None:
    if superior and not superior.is_active:
        raise Refused(_("%(name)s no longer works here.") % {"name": superior})
    if rules.would_circle(superiors_planned(), person=member.pk, superior=superior.pk if superior else None):
        text = _("%(superior)s reports to %(person)s: the line would close a circle.")
        raise Refused(text % {"superior": superior, "person": member})
