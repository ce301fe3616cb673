from dataclasses import asdict

from django.tasks import task
from django.utils.translation import gettext_lazy as _

from cartera.kit.jobs import Job
from cartera.lake import operations


@task
def publish() -> dict[str, int]:
    """Bring the lake up to date with the database; returns how much was written."""
    return asdict(operations.publish())


JOBS = [
    Job(
        key="lake.publish",
        label=_("Publish what happened to the lake"),
        words=_("%(rows)s rows in %(months)s months written, %(gone)s months removed"),
        task=publish,
        cron="12 1 * * *",
    )
]
