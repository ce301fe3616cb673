from django.tasks import task
from django.utils.translation import gettext_lazy as _

from cartera.kit.clock import now
from cartera.kit.jobs import Job
from cartera.usage import folding, operations


@task
def fold() -> str:
    """Add what came in to the daily totals."""
    return str(folding.fold(at=now()))


@task
def tie() -> str:
    """Look again for whose the workspaces are that are nobody's yet, and forget what is old."""
    operations.prune(at=now())
    return f"{operations.tie_waiting()} workspaces tied"


JOBS = [
    Job(key="usage.fold", label=_("Add up what the product reported"), task=fold, cron="* * * * *"),
    Job(key="usage.tie", label=_("Find whose the workspaces of the product are"), task=tie, cron="23 * * * *"),
]
