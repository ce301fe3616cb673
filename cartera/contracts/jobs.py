"""What contracts does every day: twelve months roll on, and invoices become overdue."""

from django.tasks import task
from django.utils.translation import gettext_lazy as _

from cartera.contracts import operations
from cartera.kit.jobs import Job


@task
def keep_account_figures() -> None:
    operations.keep_account_figures()


JOBS = (
    Job(
        key="contracts.figures",
        task=keep_account_figures,
        cron="10 0 * * *",
        label=_("Revenue, overdue money and last orders of accounts"),
    ),
)
