"""The `cartera` command: Django's commands with Cartera's settings. Each app's commands lie in its own folder."""

import os
import sys
from typing import Any

from django.core.management import call_command, execute_from_command_line
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


class PreparedCommand(BaseCommand):
    """A command that works from the first minute: it brings the database up to date before it begins.

    Django's checks of the code are left to `serve` and the tests: they would load every page of every app.
    """

    requires_system_checks = []

    def execute(self, *args: Any, **options: Any) -> str | None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0)
        return super().execute(*args, **options)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    execute_from_command_line(["cartera", *sys.argv[1:]])
