from django.utils.translation import gettext_lazy as _

from cartera.accounts.offers import Panel

PANELS = [Panel(key="health", title=_("Why this health"), url_name="health:panel", order=100)]
