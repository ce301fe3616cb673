from django.utils.translation import gettext_lazy as _

from cartera.kit.features import SETTINGS, Feature, MenuItem


class Usage(Feature):
    name = "cartera.usage"
    verbose_name = _("Usage")
    menu = (
        MenuItem(
            label=_("Product usage"), url_name="usage:settings", icon="activity", group=SETTINGS, order=60,
            visible=lambda member: member.is_administrator,
        ),
    )  # fmt: skip
    account_panels = "panels.PANELS"
    facts = "facts.FACTS"
    feed = "feed.KINDS"
    jobs = "jobs.JOBS"
    measures = "measures.MEASURES"
    undo = "undoing.UNDO"
    verbs = "verbs.VERBS"
    demo = "demo.BUILDERS"
