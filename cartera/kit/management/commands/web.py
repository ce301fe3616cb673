import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cartera.kit.supervisor import web_command


class Command(BaseCommand):
    help = "Serve the pages. Put as many of these behind a load balancer as you like."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=1, help="processes; each answers with several threads")

    def handle(self, *args: Any, **options: Any) -> None:
        command = web_command(host=options["host"], port=options["port"], workers=options["workers"])
        sys.stdout.flush()
        os.execv(command[0], command)  # noqa: S606 - our own server, in place of this process
