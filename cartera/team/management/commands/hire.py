from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction

from cartera.kit.clock import now
from cartera.kit.command import PreparedCommand
from cartera.kit.errors import Refused
from cartera.team.operations.invitations import invite
from cartera.team.operations.people import hire


class Command(PreparedCommand):
    help = "Make a member, and print the link by which they choose a password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("mail", help="the address that they sign in with")
        parser.add_argument("--name", help="their name; the address stands in for it if not given")
        parser.add_argument("--administrator", action="store_true", help="may set all up, and sees every account")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        mail = options["mail"]
        try:
            validate_email(mail)
            with transaction.atomic():
                name, rank = options["name"] or mail, {"is_administrator": options["administrator"]}
                member = hire(name=name, email=mail, by=None, at=now(), **rank)
                token = invite(member, by=None, at=now())
        except ValidationError:
            raise CommandError(f"{mail} is not a mail address.") from None
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{member} can come in; this link works once, while Cartera runs:")
        self.stdout.write(f"  http://127.0.0.1:{options['port']}/invitation/{token}/")
