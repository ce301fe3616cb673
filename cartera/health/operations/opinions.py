"""What people say beside the computed score: giving a pulse, setting health by hand for a while, ending that early."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from cartera.accounts import operations as accounts
from cartera.accounts.models import Account
from cartera.accounts.operations.rights import day_of, require
from cartera.design import reader
from cartera.health import rules
from cartera.health.models import Override, Pulse
from cartera.kit import history
from cartera.kit.clock import today
from cartera.kit.errors import NotAllowed, Refused
from cartera.kit.models import Change
from cartera.team.models import Member
from cartera.team.queries import circle, may_for


def may_override(member: Member, account: Account) -> bool:
    """Whether *member* leads *account* or stands above its lead; without a lead, whether they see everything."""
    if account.lead is None:
        return member.is_active and circle(member) == "everyone"
    return may_for(member, "override_health", account.lead)


@transaction.atomic
def give_pulse(
    account: Account, *, colour: int, by: Member | None, at: datetime, why: str = Pulse.Why.FEELING, text: str = ""
) -> Change:
    """Say what *by* thinks of *account* now; the opinions before stay in its history."""
    require(by, "log", account)
    pulse = Pulse(account=account, colour=colour, why=why, text=text.strip(), on=day_of(at), by=by, at=at)
    pulse.full_clean(exclude=["account", "by"])
    pulse.save()
    keep_opinions([account.pk])
    after = {"colour": colour, "why": why, "text": pulse.text}
    return history.record("health.pulse", subject=pulse, by=by, at=at, after=after, account_ids=[account.pk])


@transaction.atomic
def undo_pulse(change: Change, *, by: Member | None, at: datetime) -> Change:
    """Take an opinion back: it leaves the account's history, not the audit."""
    pulse = Pulse.objects.standing().select_related("account").filter(pk=change.subject_id or 0).first()
    if pulse is None:
        raise Refused(_("This opinion was taken back already."))
    require(by, "log", pulse.account)
    pulse.withdrawn_at = at
    pulse.save()
    keep_opinions([pulse.account_id])
    return history.record(
        "health.pulse", subject=pulse, by=by, at=at, before=change.after, account_ids=[pulse.account_id], undoes=change
    )


@transaction.atomic
def override(account: Account, *, score: Decimal, why: str, until: date, by: Member | None, at: datetime) -> Change:
    """Set the health of *account* by hand until (not including) the day *until*; one in force before ends."""
    _require_override(by, account)
    since = day_of(at)
    if not since < until <= since + rules.LONGEST_OVERRIDE:
        raise Refused(
            _("It has to end between tomorrow and %s, so that someone looks at it again.")
            % reader.day(since + rules.LONGEST_OVERRIDE)
        )
    replaced = list(Override.objects.in_force(since).filter(account=account))
    for former in replaced:
        former.ended_on, former.ended_by = since, by
        former.save()
    fresh = Override(account=account, score=score, why=why.strip(), since=since, until=until, by=by, at=at)
    fresh.full_clean(exclude=["account", "by"])
    fresh.save()
    keep_opinions([account.pk])
    return history.record(
        "health.override", subject=fresh, by=by, at=at, before={"replaced": [former.pk for former in replaced]},
        after={"score": score, "until": until, "why": fresh.why}, account_ids=[account.pk],
    )  # fmt: skip


@transaction.atomic
def undo_override(change: Change, *, by: Member | None, at: datetime) -> Change:
    """Take it back as if it had not been set; what it replaced goes on."""
    found = Override.objects.standing().select_related("account__lead").filter(pk=change.subject_id or 0).first()
    if found is None or found.ended_on is not None:
        raise Refused(_("It was ended or replaced since; nothing was undone."))
    _require_override(by, found.account)
    found.withdrawn_at = at
    found.save()
    Override.objects.filter(pk__in=change.before["replaced"]).update(ended_on=None, ended_by=None)
    keep_opinions([found.account_id])
    return history.record(
        "health.override", subject=found, by=by, at=at, before=change.after, account_ids=[found.account_id],
        undoes=change,
    )  # fmt: skip


@transaction.atomic
def end_override(account: Account, *, by: Member | None, at: datetime) -> Change:
    """Let the computed score of *account* stand alone again from today on."""
    _require_override(by, account)
    found = Override.objects.in_force(day_of(at)).filter(account=account).first()
    if found is None:
        raise Refused(_("Nothing is set by hand here; it may have ended in the meantime."))
    found.ended_on, found.ended_by = day_of(at), by
    found.save()
    keep_opinions([account.pk])
    after = {"score": found.score, "until": found.until}
    return history.record("health.end_override", subject=found, by=by, at=at, after=after, account_ids=[account.pk])


@transaction.atomic
def undo_end_override(change: Change, *, by: Member | None, at: datetime) -> Change:
    """Let what was ended early go on, unless another one was set since."""
    found = Override.objects.standing().select_related("account__lead").filter(pk=change.subject_id or 0).first()
    if found is None or Override.objects.in_force(day_of(at)).filter(account=found.account_id).exists():
        raise Refused(_("It was ended or replaced since; nothing was undone."))
    _require_override(by, found.account)
    found.ended_on = found.ended_by = None
    found.save()
    keep_opinions([found.account_id])
    return history.record(
        "health.end_override", subject=found, by=by, at=at, before=change.after, account_ids=[found.account_id],
        undoes=change,
    )  # fmt: skip


def keep_opinions(account_ids: Iterable[int] | None = None) -> int:
    """Keep on the accounts (all, unless given) what is in force today: the score set by hand, and the latest pulse."""
    found = Account.objects.order_by()
    if account_ids is None:
        said = [Q(pk__in=model.objects.order_by().values("account")) for model in (Pulse, Override)]
        found = found.filter(said[0] | said[1] | Q(pulse__isnull=False) | Q(override_until__isnull=False))
    else:
        found = found.filter(pk__in=list(account_ids))
    pulses = Pulse.objects.standing().filter(account=OuterRef("pk")).order_by("-at", "-pk")
    by_hand = Override.objects.in_force(today()).filter(account=OuterRef("pk")).order_by("-at", "-pk")
    rows = found.values_list(
        "pk", *(Subquery(pulses.values(name)[:1]) for name in ("colour", "on")),
        *(Subquery(by_hand.values(name)[:1]) for name in ("score", "until")),
    )  # fmt: skip
    names = ("account_id", "pulse", "pulse_on", "override", "override_until")
    return accounts.keep_figures(dict(zip(names, row, strict=True)) for row in rows)


def _require_override(by: Member | None, account: Account) -> None:
    require(by, "edit", account)
    if by is not None and not may_override(by, account):
        raise NotAllowed(_("Only who leads this account, or stands above them, sets its health by hand."))
