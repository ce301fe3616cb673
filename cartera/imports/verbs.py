"""How the verbs of imports read in the history; bringing in is worded by the app whose kind it is."""

from django.utils.translation import gettext_lazy as _

from cartera.kit.verbs import Verb

VERBS = (Verb(key="imports.undo", label=_("Import taken back"), words={"kept": _("rows kept")}),)
