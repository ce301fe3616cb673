"""Two accounts that are one, and two contacts that are one person. Every reference is kept; all of it can be undone."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cartera.accounts.models import Account, Contact, NotDuplicate, Stewardship
from cartera.accounts.operations import references
from cartera.accounts.operations.rights import day_of, require
from cartera.accounts.operations.stewarding import keep_leads
from cartera.accounts.rules import added, filled, later, sooner
from cartera.kit import history
from cartera.kit.errors import Refused
from cartera.kit.models import Change
from cartera.search import operations as search
from cartera.team.models import Member

STAYING = frozenset({"accounts.account.merged_into", "accounts.notduplicate.first", "accounts.notduplicate.second"})
FILLED = (
    "tier", "industry", "country", "language", "time_zone", "currency", "tax_number", "domain", "custom", "tags",
)  # fmt: skip
COUNTED: dict[str, Callable[[Any, Any], Any]] = {
    "revenue": added, "overdue": added, "last_touch_at": later, "last_order_on": later, "next_touch_on": sooner,
}  # fmt: skip
FILLED_OF_CONTACT = ("email", "phone", "position", "role", "power", "support", "language", "consent")


@transaction.atomic
def merge(account: Account, *, into: Account, by: Member | None, at: datetime) -> Change:
    """Make *account* and *into* one: what points at *account* points at *into*, whose empty fields it fills."""
    _require_two(account, into)
    require(by, "merge", Account.objects.filter(pk__in=[account.pk, into.pk]))
    before = {name: getattr(into, name) for name in (*FILLED, *COUNTED, "parent_id")}
    if Account.objects.above(into).filter(pk=account.pk).exists():
        Account.objects.filter(pk=into.pk).update(parent=account.parent_id)
    ended = _end_second_lead(account, into, at)
    journal = references.move(account, into, except_for=STAYING)
    Account.objects.filter(pk=into.pk).update(**_filled(account, into, FILLED), **_counted(account, into))
    Account.objects.filter(pk=account.pk).update(merged_into=into)
    keep_leads([account.pk, into.pk])
    _reread(account, into)
    search.forget(Account, [account.pk])
    search.index([into])
    search.index_many(Contact, list(into.contacts.values_list("pk", flat=True)))
    return history.record(
        "accounts.merge", subject=into, by=by, at=at, before={"fields": before, "ended": ended},
        after={"merged": account.pk, "name": account.name, "moved": journal}, account_ids=[into.pk],
    )  # fmt: skip


@transaction.atomic
def undo_merge(change: Change, *, by: Member | None, at: datetime) -> Change:
    """Make two accounts of them again, each with the rows that it had."""
    account = Account.objects.get(pk=change.after["merged"])
    into = Account.objects.get(pk=change.subject_id or 0)
    if account.merged_into_id != into.pk or into.merged_into_id is not None:
        raise Refused(_("One of the two was merged again since; undo that first."))
    require(by, "merge", into)
    references.move_back(change.after["moved"], from_=account, to=into)
    Account.objects.filter(pk=account.pk).update(merged_into=None)
    Account.objects.filter(pk=into.pk).update(**_as_they_were(into, change))
    for pk, until in change.before["ended"].items():
        Stewardship.objects.filter(pk=pk).update(until=until)
    keep_leads([account.pk, into.pk])
    _reread(account, into)
    search.index([account, into])
    search.index_many(Contact, list(Contact.objects.filter(account__in=[account, into]).values_list("pk", flat=True)))
    return history.record(
        "accounts.merge", subject=into, by=by, at=at, account_ids=[into.pk, account.pk], undoes=change
    )


@transaction.atomic
def merge_contacts(contact: Contact, *, into: Contact, by: Member | None, at: datetime) -> Change:
    """Make two entries of one person one."""
    if contact.account_id != into.account_id:
        raise Refused(_("Only people of the same account can be merged."))
    _require_two(contact, into)
    require(by, "contact", into.account)
    before = {name: getattr(into, name) for name in (*FILLED_OF_CONTACT, "reports_to_id")}
    if into.reports_to_id == contact.pk:
        Contact.objects.filter(pk=into.pk).update(reports_to=None)
    journal = references.move(contact, into, except_for=frozenset({"accounts.contact.merged_into"}))
    Contact.objects.filter(pk=into.pk).update(**_filled(contact, into, FILLED_OF_CONTACT))
    Contact.objects.filter(pk=contact.pk).update(merged_into=into)
    _reread(contact, into)
    search.forget(Contact, [contact.pk])
    search.index([into])
    return history.record(
        "accounts.merge_contacts", subject=into, by=by, at=at, before={"fields": before},
        after={"merged": contact.pk, "name": contact.name, "moved": journal}, account_ids=[into.account_id],
    )  # fmt: skip


@transaction.atomic
def undo_merge_contacts(change: Change, *, by: Member | None, at: datetime) -> Change:
    """Make two people of them again."""
    contact = Contact.objects.get(pk=change.after["merged"])
    into = Contact.objects.select_related("account").get(pk=change.subject_id or 0)
    if contact.merged_into_id != into.pk or into.merged_into_id is not None:
        raise Refused(_("One of the two was merged again since; undo that first."))
    require(by, "contact", into.account)
    references.move_back(change.after["moved"], from_=contact, to=into)
    Contact.objects.filter(pk=contact.pk).update(merged_into=None)
    Contact.objects.filter(pk=into.pk).update(**_as_they_were(into, change))
    _reread(contact, into)
    search.index([contact, into])
    return history.record(
        "accounts.merge_contacts", subject=into, by=by, at=at, account_ids=[into.account_id], undoes=change
    )


@transaction.atomic
def keep_apart(first: Account, second: Account, *, by: Member | None, at: datetime) -> Change:
    """Remember that the two are not the same client, so that nobody is asked again."""
    require(by, "edit", Account.objects.filter(pk__in=[first.pk, second.pk]))
    low, high = sorted([first, second], key=lambda account: account.pk)
    NotDuplicate.objects.get_or_create(first=low, second=high, defaults={"by": by, "at": at})
    after = {"first": low.pk, "second": high.pk, "name": high.name}
    return history.record("accounts.keep_apart", subject=low, by=by, at=at, after=after, account_ids=[low.pk, high.pk])


@transaction.atomic
def undo_keep_apart(change: Change, *, by: Member | None, at: datetime) -> Change:
    """Ask again about the two."""
    ids = [change.after["first"], change.after["second"]]
    require(by, "edit", Account.objects.filter(pk__in=ids))
    NotDuplicate.objects.filter(first=ids[0], second=ids[1]).delete()
    return history.record("accounts.keep_apart", by=by, at=at, account_ids=ids, undoes=change)


def _require_two(one: Account | Contact, other: Account | Contact) -> None:
    if one.pk == other.pk:
        raise Refused(_("Nothing can be merged with itself."))
    if one.merged_into_id or other.merged_into_id:
        raise Refused(_("One of the two was merged already."))


def _end_second_lead(account: Account, into: Account, at: datetime) -> dict[str, Any]:
    """Two leads cannot both stay: that of *into* does. Return the ended stewardship with its former end."""
    leads = Stewardship.objects.filter(role=Stewardship.Role.LEAD, until=None)
    second = leads.filter(account=account).first()
    if second is None or not leads.filter(account=into).exists():
        return {}
    second.until = max(day_of(at), second.since)
    second.save(update_fields=["until"])
    return {str(second.pk): None}


def _filled(one: Account | Contact, into: Account | Contact, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: filled(getattr(into, name), getattr(one, name)) for name in names}


def _counted(account: Account, into: Account) -> dict[str, Any]:
    return {name: combine(getattr(account, name), getattr(into, name)) for name, combine in COUNTED.items()}


def _as_they_were(into: Account | Contact, change: Change) -> dict[str, Any]:
    field: Any = into._meta.get_field
    before = change.before["fields"]
    return {name: field(name.removesuffix("_id")).to_python(value) for name, value in before.items()}


def _reread(*objects: Account | Contact) -> None:
    for one in objects:
        one.refresh_from_db()
