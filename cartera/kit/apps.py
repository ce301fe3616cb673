from django.utils.translation import gettext_lazy as _

from cartera.kit.features import SETTINGS, Feature, MenuItem


class Kit(Feature):
    name = "cartera.kit"
    verbose_name = _("Workings")
    jobs = "jobs.JOBS"
    verbs = "verbs.VERBS"
    stylesheet = "kit/kit.css"
    menu = (
        MenuItem(
            label=_("History"), url_name="kit:history", icon="history", group=SETTINGS, order=80,
            visible=lambda member: member.is_administrator,
        ),
        MenuItem(
            label=_("Jobs"), url_name="kit:jobs", icon="timer", group=SETTINGS, order=90,
            visible=lambda member: member.is_administrator,
        ),
    )  # fmt: skip
