"""How choices of looks read in the history."""

from django.utils.translation import gettext_lazy as _

from cartera.kit.verbs import Verb

VERBS = (Verb(key="design.choose", label=_("Language, theme or density chosen")),)
