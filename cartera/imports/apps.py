from django.utils.translation import gettext_lazy as _

from cartera.kit.features import Feature


class Imports(Feature):
    name = "cartera.imports"
    verbose_name = _("Imports")
