from datetime import date

from django.tasks import task
from django.utils.translation import gettext_lazy as _

from cartera.health import operations
from cartera.kit.clock import now, today
from cartera.kit.jobs import Job


@task
def score_everything(on: str = "") -> str:
    """Score every account, as of today or of the day given."""
    run = operations.score(as_of=date.fromisoformat(on) if on else today(), by=None, at=now())
    return f"{run.accounts} scored, {run.changed} changed"


@task
def score_news() -> str:
    """Score those accounts anew that something happened to; nothing to do before everything was scored once."""
    run = operations.score_news(as_of=today(), at=now())
    return f"{run.accounts if run else 0} scored"


@task
def keep_opinions() -> str:
    """Let what was set by hand until today end on the accounts too, and follow accounts that were merged."""
    return f"{operations.keep_opinions()} looked at"


JOBS = [
    Job(key="health.opinions", label=_("End what was set by hand"), task=keep_opinions, cron="5 0 * * *"),
    Job(key="health.score", label=_("Score every account"), task=score_everything, cron="15 3 * * *"),
    Job(key="health.news", label=_("Score accounts with news"), task=score_news, cron="*/10 * * * *"),
]
