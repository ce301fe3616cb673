"""The demonstration company: built by every app's share, from one seed, so that it is the same every time."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import transaction

from cartera.kit.clock import now, start_of, today
from cartera.kit.features import offers
from cartera.kit.history import record
from cartera.kit.models import Change

COMPANY = "Faro Coffee"
PASSWORD = "lighthouse-demo"  # noqa: S105 - of a made-up company, and printed by the command that makes it
DAYS = 548


@dataclass
class World:
    """What the apps' builders share, lowest floor first: the dice, the calendar, and who has been made so far."""

    today: date
    random: Random = field(default_factory=lambda: Random(1882))  # noqa: S311 - dice, not secrets
    members: dict[str, Any] = field(default_factory=dict)
    accounts: list[Any] = field(default_factory=list)
    say: Callable[[str], None] = lambda text: None

    def day(self, ago: int) -> date:
        """The date *ago* days before today."""
        return self.today - timedelta(days=ago)

    def moment(self, ago: int, hour: int = 10, minute: int = 0) -> datetime:
        """A moment of the working day *ago* days before today, in UTC, never later than now."""
        return min(start_of(self.day(ago)) + timedelta(hours=hour, minutes=minute), now())


def build(say: Callable[[str], None] = lambda text: None) -> None:
    """Build the demonstration company in an empty database; *say* is told of each step."""
    world = World(today=today(), say=say)
    for builder in offers("demo"):
        with transaction.atomic():
            builder(world)
    if "reindex" in get_commands():  # search lies on a higher floor, and the builders write in bulk
        call_command("reindex", verbosity=0)
    record("kit.demo_built", by=None, at=now(), after={"company": COMPANY})
    _mark().touch()


def is_built() -> bool:
    """Whether what this installation holds is the demonstration company."""
    return Change.objects.filter(verb="kit.demo_built").exists()


def is_marked() -> bool:
    """As is_built, without asking the database: for the navigation of every page."""
    return _mark().exists()


def is_empty() -> bool:
    """Whether nobody has been made a member yet."""
    return not apps.get_model(settings.AUTH_USER_MODEL)._default_manager.exists()


def remove() -> None:
    """Take everything out of the database and the installation's folder, as on the day of installation."""
    call_command("flush", interactive=False, verbosity=0)
    for folder in (settings.LAKE, settings.MEDIA_ROOT, settings.HOME / "mail", settings.HOME / "usage"):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700, exist_ok=True)
    _mark().unlink(missing_ok=True)


def _mark() -> Path:
    return settings.HOME / "demonstration"
