"""Whose is a workspace of the product? Found by ids, domains and mail addresses, where they leave no doubt."""

from collections.abc import Iterable

from cartera.accounts.models import Account, Contact
from cartera.kit import bulk
from cartera.usage import rules
from cartera.usage.models import Person, Workspace

CHUNK = 1_000

type Ties = dict[str, int]


def tie(workspaces: Iterable[Workspace]) -> list[Workspace]:
    """Give each of *workspaces* that is nobody's its account if one can be found; return which got one."""
    waiting = [workspace for workspace in workspaces if workspace.account_id is None and workspace.ignored_at is None]
    tied = []
    for start in range(0, len(waiting), CHUNK):
        tied += _tie(waiting[start : start + CHUNK])
    return tied


def tie_people(people: Iterable[tuple[Person, int | None]]) -> None:
    """Remember which contacts its users are, by their mail address: within an account (its id) if it is known."""
    open_ = [(person, account) for person, account in people if person.email and not person.contact_id]
    mails = {person.email for person, _account in open_}
    found = Contact.objects.known().filter(email__in=_written(mails)) if mails else Contact.objects.none()
    within = {(contact.account_id, contact.email.lower()): contact.pk for contact in found}
    anywhere = _without_doubt((contact.email.lower(), contact.pk) for contact in found)
    changed = []
    for person, account in open_:
        mail = person.email.lower()
        if contact_id := within.get((account, mail)) if account else anywhere.get(mail):
            changed.append((person.pk, contact_id))
    bulk.update(Person, ("contact_id",), changed)


def _tie(waiting: list[Workspace]) -> list[Workspace]:
    by_id = _accounts_by_id({workspace.external_id for workspace in waiting})
    contacts = _contacts_by_id({workspace.external_id for workspace in waiting})
    mails = _by_mail({workspace.email for workspace in waiting if workspace.email})
    domains = _by_domain({_domain(workspace) for workspace in waiting} - {""})
    tied = []
    for workspace in waiting:
        own = by_id if workspace.kind == Workspace.Kind.GROUP else contacts
        found = own.get(workspace.external_id) or mails.get(workspace.email.lower()) or domains.get(_domain(workspace))
        if found:
            workspace.account_id = found
            tied.append(workspace)
    bulk.update(Workspace, ("account_id",), [(workspace.pk, workspace.account_id) for workspace in tied])
    return tied


def _domain(workspace: Workspace) -> str:
    return workspace.domain or rules.own_domain(workspace.email)


def _accounts_by_id(ids: set[str]) -> Ties:
    """An account's external id is unique; of one that was merged into another, the other is meant."""
    rows = Account.objects.filter(external_id__in=ids).values_list("external_id", "pk", "merged_into")
    return {str(external): _at_last(pk) if merged else pk for external, pk, merged in rows}


def _at_last(pk: int) -> int:
    while into := Account.objects.filter(pk=pk).values_list("merged_into", flat=True).first():
        pk = into
    return pk


def _contacts_by_id(ids: set[str]) -> Ties:
    rows = Contact.objects.known().filter(external_id__in=ids, account__merged_into=None)
    return {str(external): account for external, account in rows.values_list("external_id", "account")}


def _by_mail(mails: set[str]) -> Ties:
    rows = Contact.objects.known().filter(email__in=_written(mails), account__merged_into=None)
    return _without_doubt((mail.lower(), account) for mail, account in rows.values_list("email", "account"))


def _written(mails: set[str]) -> set[str]:
    """The addresses as they came and in small letters: so the index on them can be used."""
    return mails | {mail.lower() for mail in mails}


def _by_domain(domains: set[str]) -> Ties:
    """By the accounts' web domains, whether they were written with www. or as an address."""
    written = {form for domain in domains for form in (domain, f"www.{domain}", f"https://{domain}",
                                                       f"https://www.{domain}")}  # fmt: skip
    rows = Account.objects.filter(domain__in=written, merged_into=None).values_list("domain", "pk")
    return _without_doubt((rules.domain_of(domain), pk) for domain, pk in rows)


def _without_doubt(pairs: Iterable[tuple[str, int]]) -> Ties:
    """What belongs to one account (or contact) only."""
    found: dict[str, set[int]] = {}
    for text, account in pairs:
        found.setdefault(text, set()).add(account)
    return {text: accounts.pop() for text, accounts in found.items() if len(accounts) == 1}
