"""Invoices can be found by their number."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cartera.accounts.models import Account
from cartera.contracts.models import Invoice
from cartera.search.offers import Searchable

SEARCHABLES = (
    Searchable(
        key="invoice",
        label=_("Invoices"),
        model=Invoice,
        icon="receipt",
        title=lambda invoice: invoice.number,
        account_id=lambda invoice: invoice.account_id,
        url=lambda hit: reverse("contracts:invoice", args=[hit.pk]),
        visible=Account.objects.visible_to,
    ),
)
