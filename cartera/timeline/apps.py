from django.utils.translation import gettext_lazy as _

from cartera.kit.features import Feature


class Timeline(Feature):
    name = "cartera.timeline"
    verbose_name = _("Timeline")
