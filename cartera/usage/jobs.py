from dataclasses import asdict

from django.tasks import task
from django.utils.translation import gettext_lazy as _

from cartera.kit.clock import now
from cartera.kit.jobs import Job
from cartera.usage import folding, operations


@task
def fold() -> dict[str, int]:
    """Add what came in to the daily totals; returns how much that was."""
    return asdict(folding.fold(at=now()))


@task
def tie() -> dict[str, int]:
    """Look again for whose the workspaces are that are nobody's yet, and forget what is old."""
    operations.prune(at=now())
    return {"tied": operations.tie_waiting()}


JOBS = [
    Job(
        key="usage.fold",
        label=_("Add up what the product reported"),
        words=_("%(events)s messages, %(twice)s came twice, %(aside)s put aside, %(moved)s workspaces moved"),
        task=fold,
        cron="* * * * *",
    ),
    Job(
        key="usage.tie",
        label=_("Find whose the workspaces of the product are"),
        words=_("%(tied)s workspaces tied"),
        task=tie,
        cron="23 * * * *",
    ),
]
