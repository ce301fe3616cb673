"""Timeline's share of the account page."""

from django.utils.translation import gettext_lazy as _

from cartera.accounts.offers import Panel
from cartera.kit.features import MY_WORK, MenuItem

PANELS = (
    Panel(key="composer", title=_("Log a conversation"), url_name="timeline:composer", order=10),
    Panel(key="feed", title=_("What happened"), url_name="timeline:feed", order=20),
)
ADDS = (
    MenuItem(label=_("Log a conversation"), url_name="timeline:log", icon="phone", group=MY_WORK, order=10, key="l"),
)
