"""What is known about an account, changed for one or for many at once, with what was before."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cartera.accounts import rules
from cartera.accounts.models import Account, AccountQuerySet, CustomField
from cartera.accounts.operations.rights import require
from cartera.kit import bulk, history
from cartera.kit.errors import Refused
from cartera.kit.models import Change
from cartera.search import operations as search
from cartera.team.models import Member

EDITABLE = frozenset({
    "external_id", "name", "parent_id", "tier", "industry", "country", "language", "time_zone", "currency",
    "tax_number", "domain", "tags", "custom",
})  # fmt: skip


@transaction.atomic
def edit(account: Account, *, by: Member | None, at: datetime, **fields: Any) -> Change | None:
    """Set *fields* of *account* (`custom` adds to what is there); None when they were so already."""
    if unknown := set(fields) - EDITABLE:
        raise TypeError(f"not editable: {sorted(unknown)}")
    require(by, "edit", account)
    if "custom" in fields:
        fields["custom"] = rules.merged_custom(account.custom, fields["custom"])
    if "tags" in fields:
        fields["tags"] = rules.tidy_tags(fields["tags"])
    if fields.get("parent_id"):
        _refuse_circle(account, fields["parent_id"])
    return _set(account, fields, verb="accounts.edit", by=by, at=at)


@transaction.atomic
def move_stage(account: Account, *, to: str, by: Member | None, at: datetime, why: str = "") -> Change | None:
    """Move *account* to the stage *to*. Becoming lost is `close`, because it asks for a reason."""
    require(by, "move_stage", account)
    if Account.Stage.LOST in (to, account.stage):
        raise Refused(_("An account becomes lost by closing it, and comes back by reopening it."))
    return _set(account, {"stage": to}, verb="accounts.move_stage", by=by, at=at, why=why)


@transaction.atomic
def set_many(
    accounts: AccountQuerySet, *, field: str, value: str, by: Member | None, at: datetime
) -> tuple[Change | None, int]:
    """Set the tier or the stage of all *accounts*; return the change and how many were different before."""
    verb = {"tier": "edit", "stage": "move_stage"}[field]
    require(by, verb, accounts)
    if value == Account.Stage.LOST:
        raise Refused(_("An account becomes lost by closing it, and comes back by reopening it."))
    differing = accounts.exclude(**{field: value}).exclude(stage=Account.Stage.LOST)
    before: dict[str, list[int]] = defaultdict(list)
    for pk, present in differing.order_by().values_list("pk", field).iterator():
        before[present].append(pk)
    ids = [pk for group in before.values() for pk in group]
    if not ids:
        return None, 0
    Account.objects.filter(pk__in=bulk.one_of(ids)).update(**{field: value})
    change = history.record(
        "accounts.set_many", by=by, at=at, before={field: before}, after={field: value}, account_ids=ids
    )
    return change, len(ids)


@transaction.atomic
def tag(
    accounts: AccountQuerySet, *, add: list[str], remove: list[str], by: Member | None, at: datetime
) -> tuple[Change | None, int]:
    """Add and take away tags on all *accounts*; return the change and how many accounts it changed."""
    require(by, "edit", accounts)
    present = dict(accounts.order_by().values_list("pk", "tags"))
    wanted = {pk: rules.retagged(tags, add=add, remove=remove) for pk, tags in present.items()}
    changed = {pk: tags for pk, tags in wanted.items() if tags != present[pk]}
    if not changed:
        return None, 0
    bulk.update(Account, ["tags"], changed.items())
    before = {str(pk): present[pk] for pk in changed}
    after = {str(pk): tags for pk, tags in changed.items()}
    change = history.record(
        "accounts.tag", by=by, at=at, before={"tags": before}, after={"tags": after, "add": add, "remove": remove},
        account_ids=list(changed),
    )  # fmt: skip
    return change, len(changed)


@transaction.atomic
def undo_edit(change: Change, *, by: Member | None, at: datetime) -> Change:
    """Put back what *change* (an edit or a move of stage) changed, unless it was changed again since."""
    account = Account.objects.select_for_update().filter(pk=change.subject_id or 0, merged_into=None).first()
    if account is None or any(_value(account, name) != change.after[name] for name in change.before):
        raise Refused(_("It was changed again since; nothing was undone."))
    require(by, "edit", account)
    undone = _set(account, dict(change.before), verb=change.verb, by=by, at=at, undoes=change)
    assert undone is not None
    return undone


@transaction.atomic
def undo_set_many(change: Change, *, by: Member | None, at: datetime) -> Change:
    """Put back the tier or stage of each account that still has what *change* gave it."""
    [(field, groups)] = change.before.items()
    ids = [pk for group in groups.values() for pk in group]
    require(by, "edit", Account.objects.filter(pk__in=bulk.one_of(ids)))
    for value, group in groups.items():
        Account.objects.filter(pk__in=bulk.one_of(group), **{field: change.after[field]}).update(**{field: value})
    return history.record("accounts.set_many", by=by, at=at, after={"undone": len(ids)}, account_ids=ids, undoes=change)


@transaction.atomic
def undo_tag(change: Change, *, by: Member | None, at: datetime) -> Change:
    """Put back the tags of each account that still has what *change* gave it."""
    ids = [int(pk) for pk in change.before["tags"]]
    accounts = Account.objects.filter(pk__in=bulk.one_of(ids))
    require(by, "edit", accounts)
    same = [pk for pk, tags in accounts.order_by().values_list("pk", "tags") if tags == change.after["tags"][str(pk)]]
    bulk.update(Account, ["tags"], ((pk, change.before["tags"][str(pk)]) for pk in same))
    return history.record("accounts.tag", by=by, at=at, after={"undone": len(same)}, account_ids=same, undoes=change)


@transaction.atomic
def define_field(
    *, key: str, label: str, kind: str, choices: list[str], order: int, by: Member | None, at: datetime
) -> CustomField:
    """Add a field of the company's own, or change the one that has this key."""
    require(by, "set_up")
    fields = {"label": label, "kind": kind, "choices": choices, "order": order}
    field, _made = CustomField.objects.update_or_create(key=key, defaults=fields)
    history.record("accounts.define_field", subject=field, by=by, at=at, after=fields)
    return field


@transaction.atomic
def drop_field(field: CustomField, *, by: Member | None, at: datetime) -> Change:
    """Take the field from every page; the values that accounts have stay where they are."""
    require(by, "set_up")
    before = {"key": field.key, "label": field.label, "kind": field.kind, "choices": field.choices}
    change = history.record("accounts.drop_field", subject=field, by=by, at=at, before=before)
    field.delete()
    return change


def _set(
    account: Account, fields: Mapping[str, Any], *, verb: str, by: Member | None, at: datetime, why: str = "",
    undoes: Change | None = None,
) -> Change | None:  # fmt: skip
    before = {name: _value(account, name) for name, value in fields.items() if _value(account, name) != value}
    if not before:
        return None
    after = {name: fields[name] for name in before}
    for name, value in after.items():
        setattr(account, name, value)
    account.full_clean(exclude=["parent", "merged_into", "lead"], validate_constraints=False)
    account.save(update_fields=list(after))
    search.index([account])
    return history.record(
        verb, subject=account, by=by, at=at, before=before, after=after | ({"why": why} if why else {}),
        account_ids=[account.pk], undoes=undoes,
    )  # fmt: skip


def _value(account: Account, name: str) -> Any:
    return getattr(account, name)


def _refuse_circle(account: Account, parent_id: int) -> None:
    parent = Account.objects.get(pk=parent_id)
    if parent.pk == account.pk or Account.objects.above(parent).filter(pk=account.pk).exists():
        raise Refused(_("A group cannot be part of itself."))
