"""The share of contracts in the account page."""

from django.utils.translation import gettext_lazy as _

from cartera.accounts.offers import Panel

PANELS = (Panel(key="money", title=_("Money"), url_name="contracts:money", order=150),)
