"""What can be done with conversations: log, edit, withdraw; and how often each tier should hear from us."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cartera.accounts.models import Account, Contact
from cartera.accounts.operations.rights import require
from cartera.kit import bulk, history
from cartera.kit.errors import Refused
from cartera.kit.models import Change
from cartera.team.models import Member
from cartera.timeline import touches
from cartera.timeline.models import Cadence, Event, Interaction

FIELDS = ("kind", "direction", "happened_at", "minutes", "subject", "text")
IN_BULK = {
    "account_id": None, "external_id": None, "kind": "call", "direction": "out", "happened_at": None,
    "recorded_at": None, "minutes": None, "subject": "", "text": "", "source": "imported",
}  # fmt: skip
EVENT = ("account", "at", "kind", "group", "by", "interaction", "change", "subject", "data")


@transaction.atomic
def log(
    *,
    account: Account,
    kind: str,
    happened_at: datetime,
    by: Member | None,
    at: datetime,
    direction: str = Interaction.Direction.OUTBOUND,
    minutes: int | None = None,
    members: Sequence[Member] = (),
    contacts: Sequence[Contact] = (),
    subject: str = "",
    text: str = "",
    source: str = "typed",
) -> Interaction:
    """Write down a call, mail, meeting, visit, chat or note with *account*; `.change` is its history row."""
    require(by, "log", account)
    if any(contact.account_id != account.pk for contact in contacts):
        raise Refused(_("One of these people does not belong to this account."))
    interaction = Interaction(
        account=account, kind=kind, direction=direction, happened_at=happened_at, recorded_at=at, minutes=minutes,
        subject=subject, text=text, source=source,
    )  # fmt: skip
    interaction.full_clean(exclude=["account"], validate_unique=False)
    interaction.save()
    interaction.members.set(members)
    interaction.contacts.set(contacts)
    interaction.change = history.record("timeline.log", subject=interaction, by=by, at=at, after=_said(interaction))
    Event.objects.create(
        account=account, at=happened_at, kind="timeline.log", group=Event.Group.CONVERSATION, by=by,
        interaction=interaction, change=interaction.change,
    )  # fmt: skip
    touches.keep_touches([account.pk])
    return interaction


@transaction.atomic
def log_many(rows: Iterable[Mapping[str, Any]], *, by: Member | None, at: datetime) -> list[int]:
    """Write down many conversations at once and return their ids.

    A row has the fields of IN_BULK (`recorded_at` is *at* unless given), and may have `member_ids`, `contact_ids`, and
    `by_id` (the first member unless given): whose name the feed shows.
    """
    given = [{**IN_BULK, "recorded_at": at, **row} for row in rows]
    accounts = {row["account_id"] for row in given}
    require(by, "log", Account.objects.filter(pk__in=bulk.one_of(accounts)))
    if not given:
        return []
    change = history.record("timeline.log_many", by=by, at=at, after={"count": len(given), "accounts": len(accounts)})
    ids = bulk.insert(Interaction, list(IN_BULK), ([row[name] for name in IN_BULK] for row in given))
    _join(Interaction.members.through, "member", "member_ids", ids, given)
    _join(Interaction.contacts.through, "contact", "contact_ids", ids, given)
    bulk.insert(Event, EVENT, (_event_row(pk, row, by, change) for pk, row in zip(ids, given, strict=True)))
    touches.keep_touches(accounts)
    return ids


@transaction.atomic
def edit(
    interaction: Interaction, *, by: Member | None, at: datetime,
    members: Sequence[Member] | None = None, contacts: Sequence[Contact] | None = None, **fields: Any,
) -> Change | None:  # fmt: skip
    """Correct what was written down; what was before is kept and shown. None when it was so already."""
    if unknown := set(fields) - set(FIELDS):
        raise TypeError(f"not editable: {sorted(unknown)}")
    require(by, "log", interaction.account)
    if interaction.withdrawn_at:
        raise Refused(_("This was withdrawn; bring it back before you edit it."))
    wanted = {**fields}
    if members is not None:
        wanted["members"] = sorted(member.pk for member in members)
    if contacts is not None:
        if any(contact.account_id != interaction.account_id for contact in contacts):
            raise Refused(_("One of these people does not belong to this account."))
        wanted["contacts"] = sorted(contact.pk for contact in contacts)
    return _set(interaction, wanted, by=by, at=at)


@transaction.atomic
def withdraw(interaction: Interaction, *, by: Member | None, at: datetime) -> Change:
    """Take an interaction off the feed: it was written down by mistake."""
    require(by, "log", interaction.account)
    if interaction.withdrawn_at:
        raise Refused(_("This has been withdrawn already."))
    return _stand(interaction, withdrawn_at=at, by=by, at=at)


@transaction.atomic
def undo_log(change: Change, *, by: Member | None, at: datetime) -> Change:
    """What was just logged never happened."""
    interaction = _interaction_of(change)
    require(by, "log", interaction.account)
    if interaction.withdrawn_at or interaction.edited_at:
        raise Refused(_("It was changed since; nothing was undone."))
    return _stand(interaction, withdrawn_at=at, by=by, at=at, undoes=change)


@transaction.atomic
def undo_withdraw(change: Change, *, by: Member | None, at: datetime) -> Change:
    """Put a withdrawn interaction back on the feed."""
    interaction = _interaction_of(change)
    require(by, "log", interaction.account)
    if not interaction.withdrawn_at:
        raise Refused(_("It is back already."))
    return _stand(interaction, withdrawn_at=None, by=by, at=at, undoes=change)


@transaction.atomic
def undo_edit(change: Change, *, by: Member | None, at: datetime) -> Change:
    """Put back what an edit changed, unless it was changed again since."""
    interaction = _interaction_of(change)
    require(by, "log", interaction.account)
    present = _said(interaction)
    if interaction.withdrawn_at or any(present[name] != value for name, value in _typed(change.after).items()):
        raise Refused(_("It was changed again since; nothing was undone."))
    undone = _set(interaction, _typed(change.before), by=by, at=at, undoes=change)
    assert undone is not None
    return undone


@transaction.atomic
def set_cadence(days: Mapping[str, int], *, by: Member | None, at: datetime) -> Change | None:
    """Let accounts of each tier hear from us every so many days."""
    require(by, "set_up")
    before = touches.cadence()
    wanted = {tier: number for tier, number in days.items() if before[tier] != number}
    if not wanted:
        return None
    for tier, number in wanted.items():
        Cadence.objects.update_or_create(tier=tier, defaults={"days": number})
    touches.keep_touches()
    return history.record(
        "timeline.set_cadence", by=by, at=at, before={tier: before[tier] for tier in wanted}, after=wanted
    )


def _set(
    interaction: Interaction, wanted: Mapping[str, Any], *, by: Member | None, at: datetime,
    undoes: Change | None = None,
) -> Change | None:  # fmt: skip
    present = _said(interaction)
    before = {name: present[name] for name, value in wanted.items() if present[name] != value}
    if not before:
        return None
    after = {name: wanted[name] for name in before}
    for name, value in after.items():
        if name in FIELDS:
            setattr(interaction, name, value)
        else:
            getattr(interaction, name).set(value)
    interaction.edited_at = at
    interaction.full_clean(exclude=["account"], validate_unique=False)
    interaction.save(update_fields=[*(name for name in after if name in FIELDS), "edited_at"])
    touches.keep_touches([interaction.account_id])
    return history.record("timeline.edit", subject=interaction, by=by, at=at, before=before, after=after, undoes=undoes)


def _stand(
    interaction: Interaction, *, withdrawn_at: datetime | None, by: Member | None, at: datetime,
    undoes: Change | None = None,
) -> Change:  # fmt: skip
    interaction.withdrawn_at = withdrawn_at
    interaction.save(update_fields=["withdrawn_at"])
    touches.keep_touches([interaction.account_id])
    verb = "timeline.withdraw" if withdrawn_at else "timeline.restore"
    return history.record(verb, subject=interaction, by=by, at=at, undoes=undoes)


def _said(interaction: Interaction) -> dict[str, Any]:
    people = {
        name: sorted(getattr(interaction, name).order_by().values_list("pk", flat=True))
        for name in ("members", "contacts")
    }
    return {name: getattr(interaction, name) for name in FIELDS} | people


def _typed(values: Mapping[str, Any]) -> dict[str, Any]:
    """*values* as they came out of the history, of their own types again."""
    return {
        name: Interaction._meta.get_field(name).to_python(value) if name in FIELDS else value  # type: ignore[union-attr]
        for name, value in values.items()
    }


def _interaction_of(change: Change) -> Interaction:
    assert change.subject_id is not None
    return Interaction.objects.select_related("account").select_for_update(of=("self",)).get(pk=change.subject_id)


def _join(through: Any, column: str, key: str, ids: Sequence[int], rows: Sequence[Mapping[str, Any]]) -> None:
    pairs = [(pk, other) for pk, row in zip(ids, rows, strict=True) for other in dict.fromkeys(row.get(key) or ())]
    bulk.insert(through, ("interaction", column), pairs)


def _event_row(pk: int, row: Mapping[str, Any], by: Member | None, change: Change) -> tuple[Any, ...]:
    who = row.get("by_id") or next(iter(row.get("member_ids") or ()), by and by.pk)
    return (row["account_id"], row["happened_at"], "timeline.log", Event.Group.CONVERSATION, who, pk, change.pk, "", {})
