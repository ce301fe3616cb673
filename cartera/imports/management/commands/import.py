"""`cartera import FILE --as KIND`: bring a file in from the terminal."""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from cartera.imports import terminal
from cartera.kit import clock
from cartera.kit.command import PreparedCommand


class Command(PreparedCommand):
    help = "Bring in a CSV file or a workbook. What is left out is kept in a file, with the reason for every row."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="CSV (also .gz), XLSX, XLS or ODS")
        parser.add_argument("--as", dest="kind", required=True, help="what its rows are: accounts, invoices, …")
        parser.add_argument("--as-of", type=date.fromisoformat, help="pretend this day (YYYY-MM-DD)")
        parser.add_argument("--currency", default="", help="of amounts that name none; else CARTERA_CURRENCY")
        parser.add_argument("--by", metavar="MAIL", help="the member who imports; else Cartera itself")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")
        parser.add_argument("--map", action="append", default=[], metavar="HEADING=COLUMN", help="what a column is")
        parser.add_argument("--dates", choices=["dmy", "mdy"], help="whether the day or the month comes first")
        parser.add_argument("--zone", default="", help="time zone of the times in the file; else the member's, or UTC")
        parser.add_argument("--encoding", default="", help="if it is recognised wrongly")
        parser.add_argument("--delimiter", default="", help="if it is recognised wrongly")
        parser.add_argument("--sheet", default="", help="of a workbook")
        parser.add_argument("--resume", action="store_true", help="go on where this file was stopped or interrupted")

    def handle(self, *args: Any, **options: Any) -> None:
        with clock.pretending(options["as_of"] or clock.pretended()):
            try:
                terminal.bring_in(options)
            except terminal.Failed as error:
                raise CommandError(str(error), returncode=2) from error
