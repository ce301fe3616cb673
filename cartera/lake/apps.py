from django.utils.translation import gettext_lazy as _

from cartera.kit.features import Feature


class Lake(Feature):
    name = "cartera.lake"
    verbose_name = _("Lake")
    jobs = "jobs.JOBS"
