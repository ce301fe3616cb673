"""Bringing in a chunk of contacts, or of stewardships."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from cartera.accounts.loading import found_accounts
from cartera.accounts.models import Account, Contact, Stewardship
from cartera.imports.offers import ImportContext, Problem, Result, Row
from cartera.kit import bulk
from cartera.search import operations as search
from cartera.team.models import Member

CONTACT = ("name", "email", "phone", "position", "role", "power", "support", "language", "consent", "left_on")
STEWARDSHIP = ("id", "account_id", "member_id", "role", "since", "until", "why")


def contact_key(values: Mapping[str, Any]) -> str | None:
    """A person in a file: their id, else their mail address at their company, else their name there."""
    if values.get("external_id"):
        return f"id:{values['external_id']}"
    return f"{values.get('account')}|{values.get('email') or values.get('name')}"


def stewardship_key(values: Mapping[str, Any]) -> str | None:
    return "|".join(str(values.get(name) or "") for name in ("account", "member", "role", "since"))


def with_accounts(rows: list[Row], context: ImportContext, result: Result) -> list[tuple[int, Row]]:
    """The rows whose account is known, with its id; the others are refused."""
    found = found_accounts({row.values["account"] for row in rows}, context)
    known = []
    for row in rows:
        name = row.values["account"]
        if pk := found.get(name):
            known.append((pk, row))
        elif name in found:
            result.problems.append(Problem(row.number, "account", _("fits several accounts; give the external id")))
        else:
            message = _("“%(text)s” is no account that you see") % {"text": name}
            result.problems.append(Problem(row.number, "account", message))
    return known


def load_contacts(rows: list[Row], context: ImportContext) -> Result:
    """Make the contacts that are new, edit those that the file says otherwise."""
    result = Result()
    known = with_accounts(rows, context, result)
    there = _contacts_there(known)
    new, old = [], {}
    for account, row in known:
        if contact := _same_person(account, row.values, there):
            old[contact.pk] = (contact, row.values)
        else:
            new.append((account, row.values))
    ids = bulk.reserve(Contact, len(new))
    bulk.insert(
        Contact, ("id", "account_id", "external_id", *CONTACT),
        [(pk, row[0], row[1].get("external_id"), *_filled(row[1])) for pk, row in zip(ids, new, strict=True)],
    )  # fmt: skip
    result.created, result.made = len(new), [("accounts.contact", ids)]
    result.account_ids = sorted({account for account, _values in new})
    _edit_contacts(old, result)
    search.index_many(Contact, [*ids, *(pk for _label, pk, _before, _after in result.edited)])
    return result


def _contacts_there(known: list[tuple[int, Row]]) -> dict[Any, Contact]:
    """The contacts of these accounts by external id, by mail address and by name."""
    found: dict[Any, Contact] = {}
    ids = [row.values["external_id"] for _account, row in known if row.values.get("external_id")]
    for contact in Contact.objects.filter(account__in={account for account, _row in known}).order_by("-pk"):
        found[contact.account_id, contact.name] = contact
        if contact.email:
            found[contact.account_id, contact.email] = contact
    for contact in Contact.objects.filter(external_id__in=ids):
        found[contact.external_id] = contact
    return found


def _same_person(account: int, values: dict[str, Any], there: dict[Any, Contact]) -> Contact | None:
    if external_id := values.get("external_id"):
        return there.get(external_id)
    return there.get((account, values.get("email") or values["name"]))


def _filled(values: dict[str, Any]) -> list[Any]:
    empty = {"power": None, "support": None, "consent": None, "left_on": None}
    return [values[name] if values.get(name) is not None else empty.get(name, "") for name in CONTACT]


def _edit_contacts(old: dict[int, tuple[Contact, dict[str, Any]]], result: Result) -> None:
    changed = []
    for contact, values in old.values():
        after = {name: values[name] for name in CONTACT if values.get(name) is not None}
        before = {name: getattr(contact, name) for name in after}
        differing = {name: value for name, value in after.items() if before[name] != value}
        if not differing:
            result.same += 1
            continue
        before = {name: before[name] for name in differing}
        result.edited.append(("accounts.contact", contact.pk, before, differing))
        for name, value in differing.items():
            setattr(contact, name, value)
        changed.append(contact)
    Contact.objects.bulk_update(changed, CONTACT, batch_size=250)
    result.changed = len(changed)


def load_stewardships(rows: list[Row], context: ImportContext) -> Result:
    """Write down who looks after which account, and since when; a new lead takes over from the one before."""
    result = Result()
    known = [(account, row) for account, row in with_accounts(rows, context, result)]
    mails = {row.values["member"] for _account, row in known}
    members = dict(Member.objects.filter(email__in=mails).values_list("email", "pk"))
    spans = _spans({account for account, _row in known})
    fresh: list[tuple[Any, ...]] = []
    for account, row in known:
        values = row.values
        span = _span(account, values, members, context)
        if problem := _wrong(row.number, span, values):
            result.problems.append(problem)
        elif _stands(span, spans.get(account, [])):
            result.same += 1
        elif problem := _overlap(row.number, span, spans.get(account, [])):
            result.problems.append(problem)
        else:
            fresh.append((*span, values.get("why") or ""))
            spans.setdefault(account, []).append((None, *span[1:]))
    _begin(fresh, result)
    return result


Span = tuple[Any, ...]


def _spans(accounts: set[int]) -> dict[int, list[Span]]:
    """For each account its stewardships: id, member, role, since, until."""
    found: dict[int, list[Span]] = {}
    rows = Stewardship.objects.filter(account__in=accounts).order_by("pk")
    for account, *span in rows.values_list("account", "pk", "member", "role", "since", "until"):
        found.setdefault(account, []).append(tuple(span))
    return found


def _span(account: int, values: dict[str, Any], members: dict[str, int], context: ImportContext) -> Span:
    since = values.get("since") or context.as_of
    return account, members.get(values["member"]), values.get("role") or "lead", since, values.get("until")


def _wrong(number: int, span: Span, values: dict[str, Any]) -> Problem | None:
    _account, member, _role, since, until = span
    if member is None:
        return Problem(number, "member", _("“%(text)s” is nobody of ours") % {"text": values["member"]})
    if until and until < since:
        return Problem(number, "until", _("lies before the day on which it began"))
    return None


def _stands(span: Span, there: list[Span]) -> bool:
    """Whether the same is written down already; without a day of its own a row means whoever has the role now."""
    _account, member, role, since, until = span
    return any(
        other[1:3] == (member, role)
        and (other[3] == since or (other[3] <= since and other[4] is None and until is None))
        for other in there
    )


def _overlap(number: int, span: Span, there: list[Span]) -> Problem | None:
    """An account has one lead at a time: a row may end the present one's time, not fall into a time that is over."""
    _account, _member, role, since, until = span
    if role != "lead":
        return None
    for pk, _other, other_role, other_since, other_until in there:
        if other_role != "lead" or (other_until and other_until <= since) or (until and until <= other_since):
            continue
        if pk is None or other_until is not None or other_since > since or until is not None:
            return Problem(
                number, "since", _("overlaps the time of another lead (from %(day)s)") % {"day": other_since}
            )
    return None


def _begin(fresh: list[Span], result: Result) -> None:
    """End the leads that are replaced, write the new stewardships, and keep each account's lead."""
    leads = {row[0]: row for row in fresh if row[2] == "lead" and row[4] is None}
    ended = Stewardship.objects.filter(account__in=leads, role="lead", until=None).order_by("pk")
    for stewardship in list(ended):
        until = leads[stewardship.account_id][3]
        result.edited.append(("accounts.stewardship", stewardship.pk, {"until": None}, {"until": until}))
        Stewardship.objects.filter(pk=stewardship.pk).update(until=until)
    ids = bulk.reserve(Stewardship, len(fresh))
    bulk.insert(Stewardship, STEWARDSHIP, [(pk, *row) for pk, row in zip(ids, fresh, strict=True)])
    accounts = list(Account.objects.filter(pk__in=leads))
    for account in accounts:
        lead = leads[account.pk][1]
        if account.lead_id != lead:
            result.edited.append(("accounts.account", account.pk, {"lead_id": account.lead_id}, {"lead_id": lead}))
            account.lead_id = lead
    Account.objects.bulk_update(accounts, ["lead"], batch_size=500)
    result.created = len(fresh)
    result.made.append(("accounts.stewardship", ids))
    result.account_ids = sorted({row[0] for row in fresh})
