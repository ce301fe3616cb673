from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone, translation
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cartera.day import queries
from cartera.design import reader
from cartera.design.templatetags.cartera import minutes
from cartera.kit.clock import now, pretending, today
from cartera.kit.command import PreparedCommand
from cartera.team.models import Member

MOST = 1_000  # lines of one day in a terminal


class Command(PreparedCommand):
    help = "Print a member's day: which clients need them now, why, and what is at stake."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--member", required=True, metavar="MAIL", help="whose day")
        parser.add_argument("--as-of", metavar="DATE", help="pretend to live on this day (YYYY-MM-DD)")
        parser.add_argument("--all", action="store_true", help="also what does not fit into the day")

    def handle(self, *args: Any, **options: Any) -> None:
        member = _member(options["member"])
        with (
            pretending(_date(options["as_of"])),
            translation.override(member.language or settings.LANGUAGE_CODE),
            timezone.override(member.time_zone),
        ):
            plan = queries.plan(member, accounts=queries.in_charge_of(member), today=today(), at=now(), most=MOST)
            self.tell(member, plan, everything=options["all"])

    def tell(self, member: Member, plan: queries.Plan, *, everything: bool) -> None:
        console = Console(file=self.stdout, width=None if self.stdout.isatty() else 140)  # type: ignore[arg-type]
        console.print(Text(_head(member, plan), style="bold"))
        if plan.is_empty:
            console.print(_why_empty(member))
            return
        console.print(_table(plan, plan.planned))
        if plan.rest:
            console.print(f"If time remains: {len(plan.rest) + plan.further:,} more.")
            if everything:
                console.print(_table(plan, plan.rest))


def _head(member: Member, plan: queries.Plan) -> str:
    free = minutes(plan.day.free) if plan.day else "no time"
    when = reader.day(plan.day.on, "full") if plan.day else reader.day(today(), "full")
    covered, stake = (reader.money(amount, plan.currency, whole=True) for amount in (plan.covered, plan.at_stake))
    return f"{member} · {when} · {free} free · plan covers {covered} of {stake} at stake"


def _why_empty(member: Member) -> str:
    accounts = queries.in_charge_of(member).count()
    if not accounts:
        return f"{member} looks after no accounts. Import some (cartera import FILE --as accounts), or hand some over."
    return f"None of {accounts:,} accounts needs anyone now. If nothing was scored yet: cartera score"


def _table(plan: queries.Plan, lines: list[queries.Line]) -> Table:
    found = Table(show_lines=True)
    for name in ("Account", "Why"):
        found.add_column(name, overflow="fold")
    for name in ("At stake", "Probability", "Minutes"):
        found.add_column(name, justify="right", no_wrap=True)
    for line in lines:
        reasons = "\n+ ".join(str(candidate.reason) for candidate in line.candidates)
        found.add_row(
            Text(str(line.account)),
            Text(f"{line.main.title}\n{reasons}"),
            "unknown" if line.money is None else reader.money(line.money, plan.currency, whole=True),
            reader.percent(line.main.probability),
            str(line.minutes),
        )
    return found


def _member(mail: str) -> Member:
    found = Member.objects.filter(email__iexact=mail.strip(), is_active=True).first()
    if found is None:
        raise CommandError(
            f"Nobody signs in with {mail}. Make someone with: cartera hire {mail} --name NAME (--administrator to see "
            "every account), or import members with: cartera import FILE --as members"
        )
    return found


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise CommandError(f"{text} is not a date; write it as 2011-12-10") from None
