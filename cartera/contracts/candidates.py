"""What invoices say should be done now: ask for money that is overdue."""

from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cartera.accounts.models import AccountQuerySet
from cartera.accounts.offers import Candidate, Evidence
from cartera.contracts import queries, rules
from cartera.contracts.rates import RateTable
from cartera.design import reader
from cartera.team.models import Member

KEY = "contracts.overdue"
MINUTES = 10


def overdue(member: Member, today: date, accounts: AccountQuerySet) -> list[Candidate]:
    """One for each account that owes money beyond the due date: two queries, however many there are.

    The probability is a prior by how many days the oldest invoice is late (rules.LATENESS): up to 30 days 2 %, 60 days
    6 %, 90 days 12 %, 180 days 25 %, beyond 45 %. The deadline is the day on which it grows.
    """
    rows = sorted(queries.late(accounts, today), key=attrgetter("account_id"))
    rates = RateTable(settings.CURRENCY)
    return [_candidate(list(group), rates, today) for _pk, group in groupby(rows, key=attrgetter("account_id"))]


def _candidate(rows: list[queries.Late], rates: RateTable, today: date) -> Candidate:
    total = rates.total((row.currency, today, row.amount) for row in rows)
    biggest = max(rows, key=attrgetter("amount"))
    amount, currency = (biggest.amount, biggest.currency) if total is None else (total, settings.CURRENCY)
    count, days = sum(row.count for row in rows), max((today - row.oldest).days for row in rows)
    chance, grows_in = rules.chance_of_loss(days)
    reason = ngettext(
        "%(amount)s overdue in %(count)s invoice, %(days)s days late.",
        "%(amount)s overdue in %(count)s invoices, the oldest %(days)s days late.",
        count,
    )
    asked = f"?account={rows[0].account_id}&q=state%3Aoverdue"
    return Candidate(
        account_id=rows[0].account_id,
        key=KEY,
        kind="risk",
        title=_("Ask about overdue invoices"),
        reason=reason % {"amount": reader.money(amount, currency), "count": count, "days": days},
        minutes=MINUTES,
        value=amount,
        currency=currency,
        probability=chance,
        deadline=today + timedelta(days=grows_in) if grows_in else None,
        evidence=[Evidence(label=_("Overdue invoices"), url=reverse("contracts:invoices") + asked)],
    )


CANDIDATES = (overdue,)
