from django.utils.translation import gettext_lazy as _

from cartera.kit.features import Feature


class Catalogue(Feature):
    name = "cartera.catalogue"
    verbose_name = _("Catalogue")
    demo = "demo.BUILDERS"
    imports = "imports.KINDS"
