"""What can be found by typing: accounts, and the people in them."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cartera.accounts.models import Account, Contact
from cartera.search.offers import Searchable
from cartera.search.operations import Row, entry_of


def _words(*parts: Any) -> str:
    return " ".join(str(part) for part in parts if part)


def account_entry(pk: int, values: Mapping[str, Any]) -> Row:
    """How an account just opened is found, as below, without reading it again."""
    words = [values.get(name) for name in ("external_id", "domain", "tax_number")]
    return entry_of("account", pk, values["name"], text=_words(*words), detail=_words(*words[:2]), account_id=pk)


def contact_entry(pk: int, account: int, name: str, email: str, phone: str, position: str) -> Row:
    """The same for a person."""
    return entry_of("contact", pk, name, text=_words(email, phone, position), detail=email, account_id=account)


SEARCHABLES = [
    Searchable(
        key="account",
        label=_("Accounts"),
        model=Account,
        title=lambda account: account.name,
        text=lambda account: _words(account.external_id, account.domain, account.tax_number),
        detail=lambda account: _words(account.external_id, account.domain),
        account_id=lambda account: account.pk,
        url=lambda hit: reverse("accounts:page", args=[hit.pk]),
        visible=Account.objects.visible_to,
        icon="building-2",
    ),
    Searchable(
        key="contact",
        label=_("People"),
        model=Contact,
        title=lambda contact: contact.name,
        text=lambda contact: _words(contact.email, contact.phone, contact.position),
        detail=lambda contact: contact.email,
        account_id=lambda contact: contact.account_id,
        url=lambda hit: reverse("accounts:contact", args=[hit.account_id, hit.pk]),
        visible=Account.objects.visible_to,
        icon="user",
    ),
]
