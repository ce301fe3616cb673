"""What can be done about usage: write keys, whose a workspace is, trying again what was put aside, erasing a user."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from cartera.accounts.models import Account
from cartera.kit import history
from cartera.kit.errors import NotAllowed, Refused
from cartera.kit.models import Change
from cartera.team.models import Member
from cartera.team.queries import may
from cartera.usage import journal, keys, tying
from cartera.usage.journal import Frame
from cartera.usage.models import Aside, Hour, Person, Workspace, WriteKey

TRIED_AT_ONCE = 1_000
KEPT_DAYS = 90  # what was put aside, and how much came in each hour


@transaction.atomic
def make_key(*, name: str, by: Member | None, at: datetime) -> tuple[WriteKey, str]:
    """Make a write key called *name*; the key itself is in nobody's hands but the caller's."""
    _require(by)
    key = keys.new()
    made = WriteKey.objects.create(name=name, digest=keys.digest(key), ending=key[-4:], made_at=at, made_by=by)
    history.record("usage.make_key", subject=made, by=by, at=at, after={"ending": made.ending})
    return made, key


@transaction.atomic
def revoke_key(key: WriteKey, *, by: Member | None, at: datetime) -> Change:
    """Refuse *key* from now on (other processes within ten seconds). What it sent in stays."""
    _require(by)
    if key.revoked_at:
        raise Refused(_("This key was revoked already."))
    key.revoked_at = at
    key.save(update_fields=["revoked_at"])
    transaction.on_commit(keys.forget)
    return history.record("usage.revoke_key", subject=key, by=by, at=at)


@transaction.atomic
def undo_revoke_key(change: Change, *, by: Member | None, at: datetime) -> Change:
    """Let the key be good again."""
    _require(by)
    key = WriteKey.objects.get(pk=change.subject_id or 0)
    key.revoked_at = None
    key.save(update_fields=["revoked_at"])
    return history.record("usage.revoke_key", subject=key, by=by, at=at, undoes=change)


@transaction.atomic
def tie(workspace: Workspace, *, to: Account | None, by: Member | None, at: datetime) -> Change:
    """Say whose *workspace* is (None: nobody's yet). Its days count there from the next fold on, the past ones too."""
    _require(by)
    if workspace.account_id == (to.pk if to else None):
        raise Refused(_("It belongs there already."))
    return _tie(workspace, to.pk if to else None, by=by, at=at)


@transaction.atomic
def undo_tie(change: Change, *, by: Member | None, at: datetime) -> Change:
    """Give a workspace back to whose it was before."""
    _require(by)
    workspace = Workspace.objects.get(pk=change.subject_id or 0)
    if workspace.account_id != change.after["account"]:
        raise Refused(_("It was changed again since; nothing was undone."))
    return _tie(workspace, change.before["account"], by=by, at=at, undoes=change)


@transaction.atomic
def ignore(workspace: Workspace, *, by: Member | None, at: datetime) -> Change:
    """*workspace* is no client's (our own people, a trial, a robot): do not ask again."""
    _require(by)
    if workspace.account_id or workspace.ignored_at:
        raise Refused(_("Only what is nobody's yet can be left out."))
    return _ignored(workspace, at, by=by, at=at)


@transaction.atomic
def undo_ignore(change: Change, *, by: Member | None, at: datetime) -> Change:
    """Ask again whose the workspace is."""
    _require(by)
    workspace = Workspace.objects.get(pk=change.subject_id or 0)
    return _ignored(workspace, None, by=by, at=at, undoes=change)


def tie_waiting() -> int:
    """Tie what can be tied by now: accounts and contacts may have come since; return how many workspaces."""
    tied, last = 0, 0
    while waiting := list(Workspace.objects.untied().filter(pk__gt=last).order_by("pk")[: tying.CHUNK]):
        with transaction.atomic():
            tied += len(tying.tie(waiting))
        last = waiting[-1].pk
    return tied


def try_again(aside: Iterable[Aside], *, by: Member | None, at: datetime) -> int:
    """Put messages back into the journal with the time they tell: the next fold tries them again; return how many.

    They are in the journal before they leave the list: who dies in between tries them twice, and the second time is
    recognised by the message's id.
    """
    _require(by)
    again = [one for one in aside if one.can_be_tried()]
    for one in again:
        journal.own().keep(Frame("again", one.key_id or 0, at, b'{"batch":[' + one.message.encode() + b"]}"))
    with transaction.atomic():
        Aside.objects.filter(pk__in=[one.pk for one in again]).delete()
        if again:
            history.record("usage.try_again", by=by, at=at, after={"messages": len(again)})
    return len(again)


@transaction.atomic
def forget(person: Person, *, by: Member | None, at: datetime) -> Change:
    """Erase who *person* is, everywhere: the lake knows a number only, which belongs to nobody then. Not undone."""
    _require(by)
    Workspace.objects.filter(kind=Workspace.Kind.USER, external_id=person.external_id or "").update(
        external_id=f"#{person.pk}", name="", email=""
    )
    for one in [person, *Person.objects.filter(same_as=person)]:
        one.external_id, one.name, one.email, one.contact, one.forgotten_at = None, "", "", None, at
        one.save(update_fields=["external_id", "name", "email", "contact", "forgotten_at"])
    return history.record("usage.forget", by=by, at=at, after={"person": person.pk})


def prune(*, at: datetime) -> None:
    """Forget what was put aside long ago, and how much came in then."""
    Aside.objects.filter(received_at__lt=at - timedelta(days=KEPT_DAYS)).delete()
    Hour.objects.filter(hour__lt=at - timedelta(days=KEPT_DAYS)).delete()


def _tie(
    workspace: Workspace, account_id: int | None, *, by: Member | None, at: datetime, undoes: Change | None = None
) -> Change:
    before = workspace.account_id
    workspace.account_id = account_id
    workspace.save(update_fields=["account"])
    return history.record(
        "usage.tie", subject=workspace, by=by, at=at, before={"account": before}, after={"account": account_id},
        account_ids=[pk for pk in (before, account_id) if pk], undoes=undoes,
    )  # fmt: skip


def _ignored(
    workspace: Workspace, ignored_at: datetime | None, *, by: Member | None, at: datetime, undoes: Change | None = None
) -> Change:
    workspace.ignored_at = ignored_at
    workspace.save(update_fields=["ignored_at"])
    return history.record("usage.ignore", subject=workspace, by=by, at=at, undoes=undoes)


def _require(by: Member | None) -> None:
    if by is not None and not may(by, "set_up"):
        raise NotAllowed(_("Only administrators set up what the product reports."))
