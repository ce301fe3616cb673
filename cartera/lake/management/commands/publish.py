from typing import Any

from django.core.management.base import CommandParser
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from cartera.kit.command import PreparedCommand
from cartera.lake import operations


class Command(PreparedCommand):
    help = "Bring the lake's Parquet files up to date with the database; only months that changed are written."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("facts", nargs="*", help="the facts to publish; all of them unless named")

    def handle(self, *args: Any, **options: Any) -> None:
        columns = (SpinnerColumn(), TextColumn("{task.description}"), TextColumn("{task.completed:,} rows"))
        with Progress(*columns, TimeElapsedColumn(), transient=True) as progress:
            bars: dict[str, Any] = {}

            def say(name: str, rows: int) -> None:
                if name not in bars:
                    bars[name] = progress.add_task(name, total=None)
                progress.advance(bars[name], rows)

            done = operations.publish(options["facts"] or None, say=say)
        self.stdout.write(f"{done.rows:,} rows in {done.months:,} months written, {done.gone:,} months removed.")
