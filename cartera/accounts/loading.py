"""Bringing in a chunk of accounts, and finding the accounts that other files speak of.

An empty cell leaves what is there: a file says what it knows, and does not erase.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from cartera.accounts.models import Account, Contact, Stewardship
from cartera.accounts.search import account_entry, contact_entry
from cartera.imports.offers import ImportContext, Problem, Result, Row
from cartera.kit import bulk
from cartera.search import operations as search
from cartera.team.models import Member
from cartera.team.queries import circle

PLAIN = (
    "external_id", "name", "tier", "stage", "industry", "country", "language", "time_zone", "currency", "tax_number",
    "domain",
)  # fmt: skip
WATCHED = (*PLAIN, "parent_id", "lead_id", "tags", "custom", "merged_into_id")
ACCOUNT = ("id", *PLAIN, "tags", "custom", "opened_at", "lead_id")
CONTACT = ("id", "account_id", "name", "email", "phone", "position")
Values = dict[str, Any]


def account_key(values: Mapping[str, Any]) -> str | None:
    """What tells a client from another within a file: its id, else its tax number, else its name."""
    for name in ("external_id", "tax_number", "name"):
        if value := values.get(name):
            return f"{name}:{value}"
    return None


def find_or_open(wanted: Mapping[str, Values], context: ImportContext, result: Result) -> dict[str, int]:
    """The account for each external id; those that are missing are opened with the name and country in their values."""
    known = context.known("accounts")
    unknown = [key for key in wanted if key not in known]
    rows = Account.objects.filter(external_id__in=bulk.one_of_texts(unknown)).values_list(
        "external_id", "pk", "merged_into"
    )
    known.update({key: merged or pk for key, pk, merged in rows})
    missing = [key for key in unknown if key not in known]
    ids = bulk.reserve(Account, len(missing))
    bulk.insert(
        Account, ACCOUNT, [_opened(pk, key, wanted[key], context) for pk, key in zip(ids, missing, strict=True)]
    )
    for pk, key in zip(ids, missing, strict=True):
        known.add(key, pk)
    if ids:
        result.made.append(("accounts.account", ids))
        result.extra["accounts"] += len(ids)
        result.account_ids += ids
        search.index_many(Account, ids)
    return {key: known[key] for key in wanted}


def _opened(pk: int, key: str, values: Values, context: ImportContext) -> tuple[Any, ...]:
    """A client known by its invoices only: named by its id, opened on the day of its first invoice."""
    name = values.get("account_name") or str(_("Client %(id)s") % {"id": key})
    currency = (values.get("currency") or context.options.get("currency") or "").upper()
    empty = {"stage": "active", "country": values.get("country") or "", "currency": currency}
    plain = [{"external_id": key, "name": name, **empty}.get(column, "") for column in PLAIN]
    return (pk, *plain, [], {}, min(values.get("issued_at") or context.at, context.at), None)


def found_accounts(names: Iterable[str], context: ImportContext) -> dict[str, int | None]:
    """The account that each name means, by external id or else by its only bearer; None where several bear it.

    Names that mean nothing, or an account that the importing member does not see, are missing.
    """
    wanted = set(names)
    visible = Account.objects.all() if context.by is None else Account.objects.visible_to(context.by)
    found: dict[str, int | None] = {}
    for pk, name in visible.filter(name__in=bulk.one_of_texts(wanted), merged_into=None).values_list("pk", "name"):
        found[name] = None if name in found else pk
    by_id = visible.filter(external_id__in=bulk.one_of_texts(wanted)).values_list("external_id", "pk", "merged_into")
    return found | {str(key): merged or pk for key, pk, merged in by_id}


def load_accounts(rows: list[Row], context: ImportContext) -> Result:
    """Open the accounts that are new, edit those that the file says otherwise, with leads and first contacts."""
    result = Result()
    for row in rows:
        if row.values.get("domain"):
            row.values["domain"] = _domain(row.values["domain"])
    there = _there(rows)
    members = _members(rows)
    parents = found_accounts({row.values["parent"] for row in rows if row.values.get("parent")}, context)
    good = [row for row in rows if _is_sound(row, there, members, parents, context, result)]
    new = [row for row in good if account_key(row.values) not in there]
    old = {there[account_key(row.values)].pk: row for row in good if account_key(row.values) in there}
    ids = _open(new, members, parents, context, result)
    changed = _edit(
        old, {account.pk: account for account in there.values() if account}, members, parents, context, result
    )
    accounts = {row.number: pk for pk, row in zip(ids, new, strict=True)} | {row.number: pk for pk, row in old.items()}
    touched = _contacts(good, accounts, set(ids), result)
    search.index_many(Account, changed)
    result.created = len(new)
    result.changed = len(changed | {pk for pk in touched if pk in old})
    result.same = len(old) - result.changed
    result.memo = {"parents": _waiting(good, accounts, parents)}
    return result


def _there(rows: list[Row]) -> dict[str | None, Any]:
    """The accounts that the rows mean, by key; False where several would fit."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        name, _colon, value = (account_key(row.values) or "").partition(":")
        wanted[name].add(value)
    found: dict[str | None, Any] = {}
    for name in ("external_id", "tax_number", "name"):
        if values := wanted.get(name):
            for account in Account.objects.filter(
                **{f"{name}__in": bulk.one_of_texts(values)}, merged_into=None
            ).order_by("pk"):
                key = f"{name}:{getattr(account, name)}"
                found[key] = False if key in found else account
    return found


def _members(rows: list[Row]) -> dict[str, int]:
    mails = {row.values["lead"] for row in rows if row.values.get("lead")}
    return dict(Member.objects.filter(email__in=mails, is_active=True).values_list("email", "pk"))


def _is_sound(
    row: Row,
    there: dict[str | None, Any],
    members: dict[str, int],
    parents: dict[str, int | None],
    context: ImportContext,
    result: Result,
) -> bool:
    values, account = row.values, there.get(account_key(row.values))
    problem = None
    if account is False:
        problem = Problem(row.number, "name", _("fits several accounts; give the external id"))
    elif account and context.by is not None and account.pk not in _seen(there, context):
        problem = Problem(row.number, "", _("means an account of a book that you do not see"))
    elif (lead := values.get("lead")) and lead not in members:
        problem = Problem(row.number, "lead", _("“%(text)s” is nobody of ours") % {"text": lead})
    elif (parent := values.get("parent")) and parents.get(parent) is None and not _line_of(parent, context):
        problem = Problem(row.number, "parent", _("“%(text)s” is no account, here or in the file") % {"text": parent})
    elif values.get("opened_at") and values["opened_at"].date() > context.as_of:
        problem = Problem(row.number, "opened_at", _("lies after the day that is today"))
    if problem:
        result.problems.append(problem)
    return problem is None


def _seen(there: dict[str | None, Any], context: ImportContext) -> set[int]:
    """Which accounts of this chunk the importing member sees, asked once."""
    kept = context.bag.setdefault("seen", {})
    key = id(there)
    if key not in kept:
        kept.clear()
        ids = [account.pk for account in there.values() if account]
        kept[key] = set(
            Account.objects.visible_to(context.by)
            .filter(pk__in=bulk.one_of(ids))
            .order_by()
            .values_list("pk", flat=True)
        )
    return kept[key]


def _line_of(parent: str, context: ImportContext) -> int | None:
    return context.line_of(f"external_id:{parent}") or context.line_of(f"name:{parent}")


def _open(
    rows: list[Row], members: dict[str, int], parents: dict[str, int | None], context: ImportContext, result: Result
) -> list[int]:
    ids = bulk.reserve(Account, len(rows))
    own = context.by.pk if context.by is not None and circle(context.by) != "everyone" else None
    accounts, stewardships = [], []
    for pk, row in zip(ids, rows, strict=True):
        values = row.values
        lead = members[values["lead"]] if values.get("lead") else own
        opened = min(values.get("opened_at") or context.at, context.at)
        plain = [values.get(name) or _DEFAULTS.get(name, "") for name in PLAIN]
        parent = parents.get(values.get("parent") or "")
        accounts.append((pk, *plain, _tags(values), _own_fields(values), opened, lead, parent))
        if lead:
            stewardships.append((pk, lead, "lead", opened.date()))
    bulk.insert(Account, (*ACCOUNT, "parent_id"), accounts)
    steward_ids = bulk.reserve(Stewardship, len(stewardships))
    names = ("id", "account_id", "member_id", "role", "since")
    bulk.insert(Stewardship, names, [(pk, *row) for pk, row in zip(steward_ids, stewardships, strict=True)])
    search.add(account_entry(pk, row.values) for pk, row in zip(ids, rows, strict=True))
    result.made += [("accounts.account", ids), ("accounts.stewardship", steward_ids)]
    result.account_ids += ids
    return ids


_DEFAULTS: dict[str, Any] = {"external_id": None, "stage": "active"}


def _tags(values: Values) -> list[str]:
    return [tag.strip() for tag in (values.get("tags") or "").replace(";", ",").split(",") if tag.strip()]


def _own_fields(values: Values) -> dict[str, Any]:
    own = [(key, value) for key, value in values.items() if key.startswith("custom.") and value is not None]
    return {key.removeprefix("custom."): value if isinstance(value, str) else str(value) for key, value in own}


def _domain(text: str) -> str:
    return text.lower().removeprefix("https://").removeprefix("http://").removeprefix("www.").split("/")[0]


def _edit(
    old: dict[int, Row],
    accounts: dict[int, Account],
    members: dict[str, int],
    parents: dict[str, int | None],
    context: ImportContext,
    result: Result,
) -> set[int]:
    """Write what the file says otherwise; return which accounts changed."""
    changed, led = [], []
    for pk, row in old.items():
        account, values = accounts[pk], row.values
        after = {name: values[name] for name in PLAIN if values.get(name)}
        if tags := _tags(values):
            after["tags"] = tags
        if own := _own_fields(values):
            after["custom"] = {**account.custom, **own}
        if parent := parents.get(values.get("parent") or ""):
            after["parent_id"] = parent
        if values.get("lead"):
            after["lead_id"] = members[values["lead"]]
        before = {name: getattr(account, name) for name in after}
        differing = {name: value for name, value in after.items() if before[name] != value}
        if not differing:
            continue
        result.edited.append(("accounts.account", pk, {name: before[name] for name in differing}, differing))
        for name, value in differing.items():
            setattr(account, name, value)
        changed.append(account)
        if "lead_id" in differing:
            led.append(account)
    names = [
        name.removesuffix("_id") if name in ("parent_id", "lead_id") else name
        for name in (*PLAIN, "tags", "custom", "parent_id", "lead_id")
    ]
    Account.objects.bulk_update(changed, names, batch_size=250)
    _hand_over(led, context, result)
    result.account_ids += [account.pk for account in changed]
    return {account.pk for account in changed}


def _hand_over(accounts: list[Account], context: ImportContext, result: Result) -> None:
    """End the present leads' stewardships and begin the new ones, as of the import's day."""
    day = context.as_of
    open_leads = Stewardship.objects.filter(account__in=accounts, role="lead", until=None)
    for pk, since in open_leads.values_list("pk", "since"):
        result.edited.append(("accounts.stewardship", pk, {"until": None}, {"until": max(day, since)}))
    open_leads.filter(since__lte=day).update(until=day)
    open_leads.filter(since__gt=day).update(until=F("since"))
    ids = bulk.reserve(Stewardship, len(accounts))
    rows = [(pk, account.pk, account.lead_id, "lead", day) for pk, account in zip(ids, accounts, strict=True)]
    bulk.insert(Stewardship, ("id", "account_id", "member_id", "role", "since"), rows)
    result.made.append(("accounts.stewardship", ids))


def _contacts(rows: list[Row], accounts: dict[int, int], fresh: set[int], result: Result) -> set[int]:
    """Make the contact named in a row unless the account has one of that mail or name; return the accounts."""
    wanted = [
        (accounts[row.number], row.values)
        for row in rows
        if row.values.get("contact_name") or row.values.get("contact_email")
    ]
    old = [account for account, _values in wanted if account not in fresh]
    there = set()
    for account, name, email in Contact.objects.filter(account__in=bulk.one_of(old)).values_list(
        "account", "name", "email"
    ):
        there |= {(account, name), (account, email)}
    new = []
    for account, values in wanted:
        email = values.get("contact_email") or ""
        name = values.get("contact_name") or email
        if (account, email or name) not in there:
            phone, position = values.get("contact_phone") or "", values.get("contact_position") or ""
            new.append((account, name, email, phone, position))
    ids = bulk.reserve(Contact, len(new))
    bulk.insert(Contact, CONTACT, [(pk, *row) for pk, row in zip(ids, new, strict=True)])
    if ids:
        result.made.append(("accounts.contact", ids))
        result.extra["contacts"] += len(ids)
        search.add(contact_entry(pk, *row) for pk, row in zip(ids, new, strict=True))
    return {row[0] for row in new}


def _waiting(rows: list[Row], accounts: dict[int, int], parents: dict[str, int | None]) -> list[tuple[int, str]]:
    """The accounts whose parent stands elsewhere in the file, to be tied at the end."""
    wanted = [(accounts[row.number], row.values.get("parent")) for row in rows]
    return [(pk, parent) for pk, parent in wanted if parent and parents.get(parent) is None]


def finish_accounts(context: ImportContext) -> Result:
    """Tie the accounts to parents that came later in the file."""
    waiting = [pair for memo in context.memos() for pair in memo.get("parents", ())]
    found = found_accounts({parent for _pk, parent in waiting}, context)
    result = Result()
    groups: dict[int, list[int]] = defaultdict(list)
    for pk, parent in waiting:
        if (above := found.get(parent)) and above != pk:
            groups[above].append(pk)
            result.edited.append(("accounts.account", pk, {"parent_id": None}, {"parent_id": above}))
    for above, below in groups.items():
        Account.objects.filter(pk__in=below).update(parent=above)
    return result


def search_again(label: str, ids: list[int]) -> None:
    """Of these rows of an undone import, find what is back as it was, and what is gone no more."""
    if model := {"accounts.account": Account, "accounts.contact": Contact}.get(label):
        there = set(model._default_manager.filter(pk__in=bulk.one_of(ids)).order_by().values_list("pk", flat=True))
        search.index_many(model, sorted(there))
        search.forget(model, [pk for pk in ids if pk not in there])
