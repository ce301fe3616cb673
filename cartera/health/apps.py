from typing import Any

from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from cartera.kit.features import SETTINGS, Feature, MenuItem


class Health(Feature):
    name = "cartera.health"
    verbose_name = _("Health")
    verbs = "verbs.VERBS"
    stylesheet = "health/health.css"
    menu = (
        MenuItem(
            label=_("Scorecard"),
            url_name="health:scorecard",
            icon="gauge",
            group=SETTINGS,
            order=40,
            visible=lambda member: member.is_administrator,
        ),
    )
    account_panels = "panels.PANELS"
    candidates = "candidates.CANDIDATES"
    jobs = "jobs.JOBS"
    demo = "demo.BUILDERS"

    def ready(self) -> None:
        post_migrate.connect(_first_scorecard, sender=self)


def _first_scorecard(**kwargs: Any) -> None:
    """An installation has a scorecard from its first day, also after it was emptied."""
    from cartera.health.operations import make_first_scorecard
    from cartera.kit.clock import now

    make_first_scorecard(at=now())
