from datetime import date, timedelta
from typing import Any

from django.core.management.base import CommandError, CommandParser
from rich.console import Console
from rich.table import Table

from cartera.health import operations
from cartera.health.models import Run
from cartera.kit.clock import now, pretending, today
from cartera.kit.command import PreparedCommand

BANDS = {"good": "healthy", "watch": "watch", "bad": "at risk", "unknown": "no score"}


class Command(PreparedCommand):
    help = "Score the health of every account."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-of", metavar="DATE", help="the day to score as of (YYYY-MM-DD); today if not given")
        parser.add_argument("--weeks", type=int, default=0, help="score so many past weeks first, for the history")

    def handle(self, *args: Any, **options: Any) -> None:
        day = day_of(options["as_of"])
        with pretending(day):
            for week in range(options["weeks"], 0, -1):
                operations.score(as_of=day - timedelta(weeks=week), by=None, at=now())
            run = operations.score(as_of=day, by=None, at=now())
        Console(file=self.stdout).print(table(run))  # type: ignore[arg-type]


def day_of(text: str | None) -> date:
    try:
        return date.fromisoformat(text) if text else today()
    except ValueError:
        raise CommandError(f"{text} is not a date; write it as 2011-12-10") from None


def table(run: Run) -> Table:
    """What a run did, as two columns."""
    found = Table(title=f"Health as of {run.on}", show_header=False, title_justify="left")
    found.add_column()
    found.add_column(justify="right")
    found.add_row("scored", f"{run.accounts - run.unknown:,}")
    found.add_row("unknown", f"{run.unknown:,}")
    found.add_row("changed", f"{run.changed:,}", end_section=True)
    for band, count in (run.bands or {}).items():
        if band != "unknown":
            found.add_row(BANDS[band], f"{count:,}")
    found.add_section()
    found.add_row("seconds", f"{run.seconds:.1f}")
    return found
