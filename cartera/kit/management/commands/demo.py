from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cartera.kit import demo


class Command(BaseCommand):
    help = "Run Cartera with a demonstration company in it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--build-only", action="store_true", help="make the company, but do not serve")
        parser.add_argument("--remove", action="store_true", help="take the demonstration company out again")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        if options["remove"]:
            self.remove()
            return
        if demo.is_empty():
            demo.build(say=self.stdout.write)
        elif not demo.is_built():
            raise CommandError("This installation holds a real company; set CARTERA_HOME to a new folder for the demo.")
        self.tell(options["port"])
        if not options["build_only"]:
            call_command("serve", port=options["port"])

    def remove(self) -> None:
        if not demo.is_built():
            raise CommandError("There is no demonstration company here.")
        demo.remove()
        self.stdout.write("The demonstration company is gone. Start afresh with: make run")

    def tell(self, port: int) -> None:
        self.stdout.write(
            f"\n{demo.COMPANY} is ready: http://127.0.0.1:{port}/   Password of everyone: {demo.PASSWORD}"
        )
        for mail, who in (
            ("ana@faro.example", "account manager"),
            ("diego@faro.example", "account director"),
            ("vera@faro.example", "VP of account management"),
            ("ada@faro.example", "administrator"),
        ):
            self.stdout.write(f"  {mail:<20} {who}")
        self.stdout.write("")
