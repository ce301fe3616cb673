from datetime import date

from django.tasks import task
from django.utils.translation import gettext_lazy as _

from cartera.health import operations
from cartera.kit.clock import now, today
from cartera.kit.jobs import Job


@task
def score_everything(on: str = "") -> dict[str, int]:
    """Score every account, as of today or of the day given."""
    run = operations.score(as_of=date.fromisoformat(on) if on else today(), by=None, at=now())
    return {"scored": run.accounts, "changed": run.changed}


@task
def score_news() -> dict[str, int]:
    """Score those accounts anew that something happened to; nothing to do before everything was scored once."""
    run = operations.score_news(as_of=today(), at=now())
    return {"scored": run.accounts if run else 0}


@task
def keep_opinions() -> dict[str, int]:
    """Let what was set by hand until today end on the accounts too, and follow accounts that were merged."""
    return {"looked_at": operations.keep_opinions()}


JOBS = [
    Job(
        key="health.opinions",
        label=_("End what was set by hand"),
        words=_("%(looked_at)s looked at"),
        task=keep_opinions,
        cron="5 0 * * *",
    ),
    Job(
        key="health.score",
        label=_("Score every account"),
        words=_("%(scored)s scored, %(changed)s changed"),
        task=score_everything,
        cron="15 3 * * *",
    ),
    Job(
        key="health.news",
        label=_("Score accounts with news"),
        words=_("%(scored)s scored"),
        task=score_news,
        cron="*/10 * * * *",
    ),
]
