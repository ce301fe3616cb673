"""Who of us looks after an account. Account.lead is a kept copy of the open lead stewardship; all of it is set here."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F, OuterRef, Subquery
from django.utils.translation import gettext as _

from cartera.accounts.models import Account, AccountQuerySet, Stewardship
from cartera.accounts.operations.rights import day_of, require
from cartera.kit import bulk, history
from cartera.kit.errors import Refused
from cartera.kit.models import Change
from cartera.team.models import Member

LEAD = Stewardship.Role.LEAD


@transaction.atomic
def hand_over(
    accounts: AccountQuerySet | Account, *, to: Member | None, by: Member | None, at: datetime, why: str = ""
) -> Change | None:
    """Give *accounts* to *to* as their lead (None: to nobody). One change, however many; None if none differs."""
    if isinstance(accounts, Account):
        accounts = Account.objects.filter(pk=accounts.pk)
    require(by, "hand_over", accounts)
    _require_working(to)
    ids = list(accounts.exclude(lead=to).order_by().values_list("pk", flat=True))
    if not ids:
        return None
    return _give(ids, to=to, by=by, at=at, why=why)


@transaction.atomic
def hand_over_each(leads: Mapping[int, int | None], *, by: Member | None, at: datetime, why: str = "") -> Change | None:
    """Give each account (id) of *leads* to its own member (id): what an import or a balancing of books needs."""
    accounts = Account.objects.filter(pk__in=bulk.one_of(leads))
    require(by, "hand_over", accounts)
    present = dict(accounts.order_by().values_list("pk", "lead_id"))
    moved = {pk: leads[pk] for pk, lead in present.items() if leads[pk] != lead}
    if not moved:
        return None
    after = {"to_each": {str(pk): lead for pk, lead in moved.items()}, "why": why}
    change = history.record("accounts.hand_over", by=by, at=at, after=after, account_ids=list(moved))
    _end_leads(list(moved), change, at)
    rows = ((pk, lead, LEAD, day_of(at), why[:200], change.pk) for pk, lead in moved.items() if lead)
    bulk.insert(Stewardship, ["account", "member", "role", "since", "why", "begun_by"], rows)
    keep_leads(list(moved))
    return change


@transaction.atomic
def assign(
    account: Account, *, member: Member, role: str, by: Member | None, at: datetime, since: date | None = None,
    until: date | None = None, why: str = "",
) -> Change:  # fmt: skip
    """Give *member* a part beside the lead: associate, specialist, or cover from a day until another, not included."""
    require(by, "hand_over", account)
    _require_working(member)
    if role == LEAD:
        raise Refused(_("An account gets a lead by handing it over."))
    since = since or day_of(at)
    if until is not None and until <= since:
        raise Refused(_("It has to end after it begins."))
    if role == Stewardship.Role.COVER and until is None:
        raise Refused(_("A cover needs a day on which it ends."))
    if account.stewardships.filter(member=member, role=role, until=None).exists():
        raise Refused(_("%(member)s has this role already.") % {"member": member})
    change = history.record(
        "accounts.assign", subject=account, by=by, at=at, account_ids=[account.pk],
        after={"member": member.pk, "name": str(member), "role": role, "since": since, "until": until, "why": why},
    )  # fmt: skip
    Stewardship.objects.create(
        account=account, member=member, role=role, since=since, until=until, why=why, begun_by=change
    )
    return change


@transaction.atomic
def end_stewardship(stewardship: Stewardship, *, by: Member | None, at: datetime, why: str = "") -> Change:
    """End a stewardship today. Ending the lead's leaves the account with nobody."""
    require(by, "hand_over", stewardship.account)
    day = max(day_of(at), stewardship.since)
    if stewardship.until is not None and stewardship.until <= day:
        raise Refused(_("This has ended already."))
    after = {"member": stewardship.member_id, "name": str(stewardship.member), "role": stewardship.role, "why": why}
    change = history.record(
        "accounts.end_stewardship", subject=stewardship.account, by=by, at=at, after=after,
        before={"stewardship": stewardship.pk, "until": stewardship.until}, account_ids=[stewardship.account_id],
    )  # fmt: skip
    stewardship.until, stewardship.ended_by = day, change
    stewardship.save(update_fields=["until", "ended_by"])
    keep_leads([stewardship.account_id])
    return change


@transaction.atomic
def undo_stewards(change: Change, *, by: Member | None, at: datetime) -> Change:
    """Take back a handing over, an assignment or an ending, if nobody moved the accounts again since."""
    begun, ended = Stewardship.objects.filter(begun_by=change), Stewardship.objects.filter(ended_by=change)
    touched = Account.objects.filter(pk__in=begun.values("account")) | Account.objects.filter(
        pk__in=ended.values("account")
    )
    ids = list(touched.order_by().values_list("pk", flat=True))
    require(by, "hand_over", Account.objects.filter(pk__in=bulk.one_of(ids)))
    taken = Stewardship.objects.filter(account__in=ended.filter(role=LEAD).values("account"), role=LEAD, until=None)
    if begun.exclude(ended_by=None).exists() or taken.exclude(begun_by=change).exists():
        raise Refused(_("Some of these accounts were moved again since; nothing was undone."))
    begun.delete()
    ended.update(until=change.before.get("until"), ended_by=None)
    keep_leads(ids)
    return history.record(change.verb, by=by, at=at, after={"undone": len(ids)}, account_ids=ids, undoes=change)


def keep_leads(ids: list[int]) -> None:
    """Copy the open lead stewardship of each account into Account.lead."""
    open_lead = Stewardship.objects.filter(account=OuterRef("pk"), role=LEAD, until=None).order_by()
    Account.objects.filter(pk__in=bulk.one_of(ids)).update(lead=Subquery(open_lead.values("member")[:1]))


def with_wrong_lead() -> AccountQuerySet:
    """Accounts whose kept lead is not their open lead stewardship's member; there should never be one."""
    open_lead = Stewardship.objects.filter(account=OuterRef("pk"), role=LEAD, until=None).order_by()
    stated = Account.objects.annotate(stated=Subquery(open_lead.values("member")[:1]))
    right = stated.filter(lead=F("stated")) | stated.filter(lead=None, stated=None)
    return Account.objects.exclude(pk__in=right.values("pk"))


def _give(ids: list[int], *, to: Member | None, by: Member | None, at: datetime, why: str) -> Change:
    after: dict[str, Any] = {"to": to.pk if to else None, "name": str(to or ""), "count": len(ids), "why": why}
    subject = Account.objects.get(pk=ids[0]) if len(ids) == 1 else None
    if subject and subject.lead_id:
        after["from"] = str(subject.lead)
    change = history.record("accounts.hand_over", subject=subject, by=by, at=at, after=after, account_ids=ids)
    _end_leads(ids, change, at)
    if to:
        _begin_leads(ids, to, change, at, why)
    Account.objects.filter(pk__in=bulk.one_of(ids)).update(lead=to)
    return change


def _end_leads(ids: list[int], change: Change, at: datetime) -> None:
    leads = Stewardship.objects.filter(account__in=bulk.one_of(ids), role=LEAD, until=None)
    leads.filter(since__gt=day_of(at)).update(until=F("since"), ended_by=change)
    leads.update(until=day_of(at), ended_by=change)


def _begin_leads(ids: list[int], to: Member, change: Change, at: datetime, why: str) -> None:
    wanted = bulk.one_of(ids)
    one_of, parameters = f"({wanted.sql})", wanted.params
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_stewardship (account_id, member_id, role, since, why, begun_by_id) "  # noqa: S608 - our own text
            f"SELECT id, %s, 'lead', %s, %s, %s FROM accounts_account WHERE id IN {one_of}",
            [to.pk, day_of(at), why[:200], change.pk, *parameters],
        )


def _require_working(member: Member | None) -> None:
    if member and not member.is_active:
        raise Refused(_("%(member)s does not work here any more.") % {"member": member})
