from django.utils.translation import gettext_lazy as _

from cartera.kit.features import Feature


class Contracts(Feature):
    name = "cartera.contracts"
    verbose_name = _("Contracts")
    facts = "facts.FACTS"
    measures = "measures.MEASURES"
    demo = "demo.BUILDERS"
    imports = "imports.KINDS"
    undo = "undoing.UNDO"
