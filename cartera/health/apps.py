from typing import Any

from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from cartera.kit.features import SETTINGS, TEAM, Feature, MenuItem


class Health(Feature):
    name = "cartera.health"
    verbose_name = _("Health")
    verbs = "verbs.VERBS"
    stylesheet = "health/health.css"
    scripts = ("health/curve.js", "health/order.js")
    menu = (
        MenuItem(label=_("Disagreements"), url_name="health:disagreements", icon="scale", group=TEAM, order=40),
        MenuItem(
            label=_("Evidence"),
            url_name="health:evidence",
            icon="microscope",
            group=TEAM,
            order=60,
            visible=lambda member: _may_look(member),
        ),
        MenuItem(
            label=_("Risk"),
            url_name="health:risk",
            icon="trending-down",
            group=SETTINGS,
            order=42,
            visible=lambda member: member.is_administrator,
        ),
        MenuItem(
            label=_("Scorecards"),
            url_name="health:scorecards",
            icon="gauge",
            group=SETTINGS,
            order=40,
            visible=lambda member: _may_look(member),
        ),
    )
    account_panels = "panels.PANELS"
    account_heads = "heads.HEADS"
    candidates = "candidates.CANDIDATES"
    feed = "feed.KINDS"
    filters = "filters.QUALIFIERS"
    jobs = "jobs.JOBS"
    demo = "demo.BUILDERS"
    undo = "undoing.UNDO"

    def ready(self) -> None:
        post_migrate.connect(_first_scorecard, sender=self)


def _may_look(member: Any) -> bool:
    from cartera.team.queries import leads_others

    return member.is_administrator or leads_others(member)


def _first_scorecard(**kwargs: Any) -> None:
    """An installation has a scorecard from its first day, also after it was emptied."""
    from cartera.health.operations import make_first_scorecard
    from cartera.kit.clock import now

    make_first_scorecard(at=now())
