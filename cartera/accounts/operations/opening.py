"""New accounts, one or a hundred thousand."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from operator import itemgetter
from typing import Any

from django.db import transaction

from cartera.accounts.models import Account, Stewardship
from cartera.accounts.operations.rights import day_of, require
from cartera.accounts.search import account_entry
from cartera.kit import bulk, history
from cartera.search import operations as search
from cartera.team.models import Member

FIELDS: dict[str, Any] = {
    "external_id": None, "name": "", "parent_id": None, "tier": "", "stage": Account.Stage.ACTIVE, "industry": "",
    "country": "", "language": "", "time_zone": "", "currency": "", "tax_number": "", "domain": "", "tags": [],
    "custom": {}, "opened_at": None, "lead_id": None,
}  # fmt: skip


@transaction.atomic
def open_account(
    *, name: str, by: Member | None, at: datetime, lead: Member | None = None, why: str = "", **fields: Any
) -> Account:
    """Begin to look after a new client, led by *lead*."""
    require(by, "open")
    account = Account(name=name.strip(), lead=lead, **{"opened_at": at} | fields)
    account.domain = account.domain.lower().removeprefix("www.")
    account.save()
    change = history.record("accounts.open", subject=account, by=by, at=at, account_ids=[account.pk])
    if lead:
        Stewardship.objects.create(account=account, member=lead, since=day_of(at), why=why, begun_by=change)
    search.index([account])
    return account


@transaction.atomic
def open_many(rows: Iterable[Mapping[str, Any]], *, by: Member | None, at: datetime) -> list[int]:
    """Open an account for each row of field names and values (`lead_id` and `parent_id` as ids); return their ids."""
    require(by, "open")
    given = [{**FIELDS, "opened_at": at, **row} for row in rows]
    if not given:
        return []
    ids = bulk.insert(Account, list(FIELDS), [itemgetter(*FIELDS)(row) for row in given])
    change = history.record("accounts.open_many", by=by, at=at, after={"count": len(ids)}, account_ids=ids)
    led = (
        (pk, row["lead_id"], "lead", day_of(at), change.pk, "")
        for pk, row in zip(ids, given, strict=True)
        if row["lead_id"]
    )
    bulk.insert(Stewardship, ["account", "member", "role", "since", "begun_by", "why"], led)
    search.add(account_entry(pk, row) for pk, row in zip(ids, given, strict=True))
    return ids
