"""The `cartera` command: Django's commands with Cartera's settings. Each app's commands lie in its own folder."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["cartera", *sys.argv[1:]])
