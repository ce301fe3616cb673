from typing import Any

from django.core.management.base import BaseCommand

from cartera.search.operations import reindex


class Command(BaseCommand):
    help = "Build the search index anew from what is in the database."

    def handle(self, *args: Any, **options: Any) -> None:
        count = reindex()
        if options["verbosity"]:
            self.stdout.write(f"{count} things can be found.")
