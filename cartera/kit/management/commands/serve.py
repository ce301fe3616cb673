import os
import socket
import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections


class Command(BaseCommand):
    help = "Run everything: pages, tasks and the clock. Brings the database up to date first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=1, help="web processes")

    def handle(self, *args: Any, **options: Any) -> None:
        if not is_free(options["host"], options["port"]):
            raise CommandError(f"Port {options['port']} is in use; choose another one with --port.")
        call_command("migrate", verbosity=0)
        if not settings.DEBUG:
            call_command("collectstatic", interactive=False, verbosity=0)
        call_command("first_link", port=options["port"], stdout=self.stdout)
        connections.close_all()
        sys.stdout.flush()
        given = [options["host"], str(options["port"]), str(options["workers"])]
        # In place of this process: the one that waits for the others needs no Django in memory.
        os.execv(sys.executable, [sys.executable, "-m", "cartera.kit.supervisor", *given])  # noqa: S606


def is_free(host: str, port: int) -> bool:
    """Whether nobody listens at *host* and *port*."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
