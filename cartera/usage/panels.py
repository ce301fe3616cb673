"""Usage's share of the account page."""

from django.utils.translation import gettext_lazy as _

from cartera.accounts.offers import Panel

PANELS = (Panel(key="usage", title=_("Usage"), url_name="usage:account", order=160),)
