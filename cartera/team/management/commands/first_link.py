from typing import Any

from django.core.management.base import CommandParser

from cartera.kit.clock import now
from cartera.kit.command import PreparedCommand
from cartera.team.operations.invitations import open_first_invitation


class Command(PreparedCommand):
    help = "Print the link by which the first administrator comes in, while there is none. Only the newest link works."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--base", help="the address of this installation, if it is not on this machine")

    def handle(self, *args: Any, **options: Any) -> None:
        token = open_first_invitation(at=now())
        if token is None:
            return
        base = (options["base"] or f"http://127.0.0.1:{options['port']}").rstrip("/")
        self.stdout.write("\nNobody administers this installation yet. Whoever opens this link becomes the")
        self.stdout.write("administrator; it works once, for 24 hours:\n")
        self.stdout.write(f"\n  {base}/welcome/{token}/\n\n")
