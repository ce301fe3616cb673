"""How the verbs of the catalogue read in the history."""

from django.utils.translation import gettext_lazy as _

from cartera.imports.offers import COUNTS
from cartera.kit.verbs import Verb

VERBS = (
    Verb(key="catalogue.add", label=_("Product added")),
    Verb(key="catalogue.edit", label=_("Product edited")),
    Verb(key="catalogue.archive", label=_("Product archived")),
    Verb(key="catalogue.restore", label=_("Product brought back")),
    Verb(key="catalogue.import", label=_("Products taken from a file"), words=COUNTS),
)
