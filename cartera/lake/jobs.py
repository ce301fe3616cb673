from django.tasks import task
from django.utils.translation import gettext_lazy as _

from cartera.kit.jobs import Job
from cartera.lake import operations


@task
def publish() -> str:
    """Bring the lake up to date with the database."""
    return str(operations.publish())


JOBS = [Job(key="lake.publish", label=_("Publish what happened to the lake"), task=publish, cron="12 1 * * *")]
