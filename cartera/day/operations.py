"""What a member decides about the reasons on their Today. Each decision can be undone."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from cartera.accounts.models import Account
from cartera.day import rules
from cartera.day.models import Dismissal
from cartera.kit import history
from cartera.kit.errors import NotAllowed, Refused
from cartera.kit.models import Change
from cartera.kit.undo import Undo
from cartera.team.models import Member
from cartera.team.queries import may
from cartera.timeline import operations as timeline
from cartera.timeline.models import Interaction


@transaction.atomic
def complete(
    account: Account, keys: Sequence[str], *, kind: str, direction: str = Interaction.Direction.OUTBOUND,
    minutes: int | None = None, subject: str = "", text: str = "", by: Member, at: datetime, today: date,
) -> Change:  # fmt: skip
    """Log what was done about the reasons *keys*; they come back in two weeks if they still stand then."""
    _require(by, account)
    interaction = timeline.log(
        account=account, kind=kind, direction=direction, happened_at=at, minutes=minutes, members=[by], contacts=[],
        subject=subject, text=text, by=by, at=at,
    )  # fmt: skip
    until = today + timedelta(days=rules.COMES_BACK)
    return _dismiss(
        account, keys, kind=Dismissal.Kind.DONE, until=until, why=subject, interaction=interaction, by=by, at=at
    )


@transaction.atomic
def snooze(
    account: Account, keys: Sequence[str], *, until: date, why: str, by: Member, at: datetime, today: date
) -> Change:
    """Keep the reasons *keys* off the plan until (not including) *until*."""
    _require(by, account)
    if until <= today:
        raise Refused(_("Choose a day after today."))
    return _dismiss(account, keys, kind=Dismissal.Kind.SNOOZE, until=until, why=why, by=by, at=at)


@transaction.atomic
def put_off(account: Account, keys: Sequence[str], *, why: str, by: Member, at: datetime, today: date) -> Change:
    """Keep the reasons *keys* off today's plan."""
    _require(by, account)
    tomorrow = today + timedelta(days=1)
    return _dismiss(account, keys, kind=Dismissal.Kind.NOT_TODAY, until=tomorrow, why=why, by=by, at=at)


@transaction.atomic
def undo_dismissal(change: Change, *, by: Member, at: datetime) -> Change:
    """Bring the reasons back onto the plan, and withdraw what was logged with them."""
    rows = Dismissal.objects.filter(pk__in=change.after["dismissals"]).select_related("account", "interaction")
    if by.pk != change.by_id:
        raise NotAllowed(_("Only who decided this can take it back."))
    for interaction in {row.interaction for row in rows if row.interaction}:
        timeline.withdraw(interaction, by=by, at=at)
    rows.update(withdrawn_at=at)
    ids = {row.account_id for row in rows}
    return history.record(change.verb, subject=rows[0].account, by=by, at=at, account_ids=ids, undoes=change)


def _require(by: Member, account: Account) -> None:
    if not may(by, "dismiss", sees_account=Account.objects.visible_to(by).filter(pk=account.pk).exists()):
        raise NotAllowed(_("You do not look after this account."))


def _dismiss(
    account: Account, keys: Sequence[str], *, kind: str, until: date, why: str, by: Member, at: datetime,
    interaction: Interaction | None = None,
) -> Change:  # fmt: skip
    if not keys:
        raise Refused(_("There is no such reason on the plan any more."))
    rows = [
        Dismissal.objects.create(
            account=account, key=key, member=by, kind=kind, since=at, until=until, why=why, interaction=interaction
        )
        for key in keys
    ]
    return history.record(
        f"day.{kind}",
        subject=account,
        by=by,
        at=at,
        account_ids=[account.pk],
        after={"dismissals": [row.pk for row in rows], "keys": list(keys), "until": until, "why": why},
    )


UNDO = [Undo(verb=f"day.{kind}", run=undo_dismissal) for kind in Dismissal.Kind.values]
