"""What runs when. The clock starts what is due, once; the table of runs is its memory, so that it survives restarts.

Every job can run twice without harm: a run whose process died is started again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cronsim import CronSim
from django.core.management import call_command
from django.db import transaction
from django.tasks import Task, TaskResultStatus, task
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from cartera.kit.clock import true_now
from cartera.kit.features import offers
from cartera.kit.locks import Busy, only_one
from cartera.kit.models import JobRun

ATTEMPTS = 3
KEEP_DAYS = 30


@dataclass(frozen=True, kw_only=True)
class Job:
    """*task* (of Django's tasks, taking nothing) runs whenever *cron* (in UTC) says.

    The task may return what it counted, {"scored": 400}; *words* says it to readers: "%(scored)s scored".
    """

    key: str
    task: Task
    cron: str
    label: str | Promise = ""
    words: str | Promise = ""

    def last_due(self, at: datetime) -> datetime:
        """The last moment, not after *at*, at which it should have started."""
        return next(CronSim(self.cron, at.replace(microsecond=0) + timedelta(seconds=1), reverse=True))

    def next_due(self, at: datetime) -> datetime:
        return next(CronSim(self.cron, at))


def offered() -> list[Job]:
    """The jobs of all apps."""
    return offers("jobs")


def tick(*, at: datetime) -> int:
    """Start what is due at *at* and was not started yet, and what died; return how many were started."""
    return sum(start_if_due(job, at=at) for job in offered()) + revive(at=at)


@transaction.atomic
def start_if_due(job: Job, *, at: datetime) -> bool:
    """Start *job* for its last due moment unless that was done. However many were missed, one run catches up."""
    if JobRun.objects.filter(job=job.key, started_at=None, finished_at=None).exists():
        return False
    run, is_new = JobRun.objects.get_or_create(job=job.key, due_at=job.last_due(at))
    if is_new:
        run_job.enqueue(run.pk)
    return is_new


@task
def run_job(run_id: int) -> None:
    """Do a job's task, as its only runner, and write down how it went."""
    run = JobRun.objects.get(pk=run_id)
    job = next((job for job in offered() if job.key == run.job), None)
    if job is None:
        run.end(JobRun.Outcome.GONE, at=true_now())
        return
    try:
        with only_one(f"job.{run.job}"):
            run.begin(at=true_now())
            run.end(JobRun.Outcome.DONE, told=job.task.call(), at=true_now())
    except Busy:
        run.end(JobRun.Outcome.BUSY, at=true_now())
    except Exception as error:
        run.end(JobRun.Outcome.FAILED, error=f"{type(error).__name__}: {error}", at=true_now())
        raise


def revive(*, at: datetime) -> int:
    """Put tasks whose worker died back into the queue, up to ATTEMPTS times; then call them failed."""
    revived = 0
    for dead in DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING):
        if is_alive(dead.worker_ids[-1]):
            continue
        again = len(dead.worker_ids) < ATTEMPTS
        state = {"status": TaskResultStatus.READY} if again else {"status": TaskResultStatus.FAILED, "finished_at": at}
        same = DBTaskResult.objects.filter(pk=dead.pk, status=TaskResultStatus.RUNNING, worker_ids=dead.worker_ids)
        revived += same.update(**state) if again else 0
        if not again:
            same.update(**state, exception_class_path="cartera.kit.jobs.WorkerDied", traceback="The worker died.")
    return revived


class WorkerDied(Exception):
    """The process that ran a task ended without a word, as often as it was tried."""


def is_alive(worker_id: str) -> bool:
    """Whether the worker still runs: it holds the lock of its name."""
    try:
        with only_one(f"worker.{worker_id}"):
            return False
    except Busy:
        return True


@task
def prune() -> None:
    """Forget finished tasks, runs and sessions that nobody looks at any more; look at the tables' sizes."""
    call_command("prune_db_task_results", min_age_days=KEEP_DAYS, verbosity=0)
    call_command("clearsessions")
    old = JobRun.objects.filter(due_at__lt=true_now() - timedelta(days=KEEP_DAYS))
    newest = {run.pk for run in JobRun.newest()}
    old.exclude(pk__in=newest).delete()


JOBS = [Job(key="kit.prune", label=_("Forget finished tasks and old sessions"), task=prune, cron="41 2 * * *")]
