"""The people in a client's company."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cartera.accounts.models import Account, Contact
from cartera.accounts.operations.rights import require
from cartera.kit import history
from cartera.kit.errors import Refused
from cartera.kit.models import Change
from cartera.search import operations as search
from cartera.team.models import Member


@transaction.atomic
def add_contact(account: Account, *, name: str, by: Member | None, at: datetime, **fields: Any) -> Contact:
    """Note a person of *account*."""
    require(by, "contact", account)
    contact = Contact(account=account, name=name.strip(), recorded_at=at, **fields)
    _check(contact)
    contact.save()
    search.index([contact])
    history.record(
        "accounts.add_contact", subject=contact, by=by, at=at, after={"name": contact.name}, account_ids=[account.pk]
    )
    return contact


@transaction.atomic
def edit_contact(contact: Contact, *, by: Member | None, at: datetime, **fields: Any) -> Change | None:
    """Set *fields* of *contact*; None when they were so already."""
    require(by, "contact", contact.account)
    if "reports_to" in fields:
        superior = fields.pop("reports_to")
        fields["reports_to_id"] = superior.pk if superior else None
    return _set(contact, fields, verb="accounts.edit_contact", by=by, at=at)


@transaction.atomic
def mark_left(contact: Contact, *, on: date, by: Member | None, at: datetime) -> Change | None:
    """The person left the client's company on a day; what was said with them stays."""
    require(by, "contact", contact.account)
    return _set(contact, {"left_on": on}, verb="accounts.contact_left", by=by, at=at)


@transaction.atomic
def leave_alone(contact: Contact, *, until: date | None, by: Member | None, at: datetime) -> Change | None:
    """Do not contact the person until a day; None lifts it."""
    require(by, "contact", contact.account)
    return _set(contact, {"do_not_contact_until": until}, verb="accounts.leave_alone", by=by, at=at)


@transaction.atomic
def undo_contact(change: Change, *, by: Member | None, at: datetime) -> Change:
    """Put back what *change* changed of a contact, unless it was changed again since."""
    contact = Contact.objects.select_related("account").filter(pk=change.subject_id or 0, merged_into=None).first()
    fields: Any = Contact._meta.get_field
    given = {name: fields(name.removesuffix("_id")).to_python(change.after[name]) for name in change.before}
    if contact is None or any(getattr(contact, name) != value for name, value in given.items()):
        raise Refused(_("It was changed again since; nothing was undone."))
    require(by, "contact", contact.account)
    before = {name: fields(name.removesuffix("_id")).to_python(value) for name, value in change.before.items()}
    undone = _set(contact, before, verb=change.verb, by=by, at=at, undoes=change)
    assert undone is not None
    return undone


def _set(
    contact: Contact, fields: dict[str, Any], *, verb: str, by: Member | None, at: datetime,
    undoes: Change | None = None,
) -> Change | None:  # fmt: skip
    before = {name: getattr(contact, name) for name, value in fields.items() if getattr(contact, name) != value}
    if not before:
        return None
    for name in before:
        setattr(contact, name, fields[name])
    _check(contact)
    contact.save(update_fields=list(before))
    search.index([contact])
    return history.record(
        verb, subject=contact, by=by, at=at, before=before, after={name: fields[name] for name in before},
        account_ids=[contact.account_id], undoes=undoes,
    )  # fmt: skip


def _check(contact: Contact) -> None:
    """Refuse someone who reports to themselves, to people they lead, or to another client's people."""
    superior, seen = contact.reports_to, {contact.pk}
    while superior is not None:
        if superior.pk in seen or superior.account_id != contact.account_id:
            raise Refused(_("They have to report to someone else of the same account, not in a circle."))
        seen.add(superior.pk)
        superior = superior.reports_to
