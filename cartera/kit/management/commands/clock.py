from threading import Event
from typing import Any

from django.core.management.base import BaseCommand

from cartera.kit.ticking import stop_on_signals, tick_until


class Command(BaseCommand):
    help = "Start the jobs that are due. Several clocks do no harm: a job starts once."

    def handle(self, *args: Any, **options: Any) -> None:
        stopped = Event()
        stop_on_signals(stopped)
        tick_until(stopped)
