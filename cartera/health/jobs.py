from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.tasks import task
from django.utils.translation import gettext_lazy as _

from cartera.health import operations
from cartera.health.models import Backtest, RiskModel
from cartera.kit.clock import now, pretending, today
from cartera.kit.jobs import Job
from cartera.team.models import Member


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


@task
def learn_risk(on: str, period: int, base: str, admitted: Sequence[str], by: int | None) -> dict[str, int]:
    """Learn a version of the risk model; nothing uses it until a person switches it on."""
    day = date.fromisoformat(on)
    member = Member.objects.filter(pk=by).first()
    with pretending(day):
        operations.learn(as_of=day, period=period, base=Decimal(base), admitted=admitted, by=member, at=now())
    return {"versions": 1}


@task
def learn_again() -> dict[str, int]:
    """Learn a version as the last one was learned, for someone to look at and switch on; nothing before the first."""
    last = RiskModel.objects.first()
    if last is None:
        return {"versions": 0}
    operations.learn(as_of=today(), period=last.period, base=last.base, admitted=last.admitted, by=None, at=now())
    return {"versions": 1}


@task
def do_backtest(test_id: int) -> str:
    """Do a backtest that somebody asked for, writing down how far it has come."""
    test = Backtest.objects.get(pk=test_id)

    def say(done: int, of: int) -> None:
        Backtest.objects.filter(pk=test.pk).update(done=done, of=of)

    with pretending(test.on):
        found = operations.backtest(test, say=say)
    return str(found["score"]["verdict"])


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
    Job(
        key="health.learn",
        label=_("Learn the risk model anew"),
        words=_("%(versions)s versions learned"),
        task=learn_again,
        cron="30 4 1 * *",
    ),
]
