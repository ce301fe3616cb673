from typing import Any

from django.core.management.base import BaseCommand

from cartera.search.operations import reindex


class Command(BaseCommand):
    help = "Build the search index anew from what is in the database."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{reindex()} things can be found.")
