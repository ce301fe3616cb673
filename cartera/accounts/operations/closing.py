"""A client leaves, and perhaps comes back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cartera.accounts.models import Account, Closing
from cartera.accounts.operations.rights import require
from cartera.kit import history
from cartera.kit.errors import Refused
from cartera.kit.models import Change
from cartera.team.models import Member


@transaction.atomic
def close(account: Account, *, reason: str, by: Member | None, at: datetime, note: str = "") -> Change:
    """The client has left us, for *reason*. The account stays with its steward, in the stage "lost"."""
    require(by, "close", account)
    if account.stage == Account.Stage.LOST:
        raise Refused(_("This account is closed already."))
    closing = Closing(account=account, reason=reason, note=note, closed_at=at, stage_before=account.stage)
    closing.full_clean()
    closing.save()
    account.stage = Account.Stage.LOST
    account.save(update_fields=["stage"])
    return history.record(
        "accounts.close", subject=account, by=by, at=at, before={"stage": closing.stage_before},
        after={"closing": closing.pk, "reason": reason, "note": note}, account_ids=[account.pk],
    )  # fmt: skip


@transaction.atomic
def reopen(account: Account, *, by: Member | None, at: datetime) -> Change:
    """The client came back: to the stage it had before it left."""
    require(by, "close", account)
    closing = account.closings.filter(reopened_at=None).first()
    if account.stage != Account.Stage.LOST:
        raise Refused(_("This account is open already."))
    account.stage = closing.stage_before if closing else Account.Stage.ACTIVE
    account.save(update_fields=["stage"])
    if closing:
        closing.reopened_at = at
        closing.save(update_fields=["reopened_at"])
    return history.record(
        "accounts.reopen", subject=account, by=by, at=at, before={"closing": closing.pk if closing else None},
        after={"stage": account.stage}, account_ids=[account.pk],
    )  # fmt: skip


@transaction.atomic
def undo_close(change: Change, *, by: Member | None, at: datetime) -> Change:
    """The account was never closed."""
    closing = Closing.objects.filter(pk=change.after["closing"], reopened_at=None).select_related("account").first()
    if closing is None or closing.account.stage != Account.Stage.LOST:
        raise Refused(_("It was reopened since."))
    account = closing.account
    require(by, "close", account)
    account.stage = closing.stage_before
    account.save(update_fields=["stage"])
    closing.delete()
    return history.record("accounts.close", subject=account, by=by, at=at, account_ids=[account.pk], undoes=change)


@transaction.atomic
def undo_reopen(change: Change, *, by: Member | None, at: datetime) -> Change:
    """The account stays closed after all."""
    account = Account.objects.get(pk=change.subject_id or 0)
    require(by, "close", account)
    if account.stage != change.after["stage"]:
        raise Refused(_("It was changed again since; nothing was undone."))
    account.stage = Account.Stage.LOST
    account.save(update_fields=["stage"])
    Closing.objects.filter(pk=change.before["closing"]).update(reopened_at=None)
    return history.record("accounts.reopen", subject=account, by=by, at=at, account_ids=[account.pk], undoes=change)
