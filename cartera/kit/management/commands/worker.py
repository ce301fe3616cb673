import os
from pathlib import Path
from threading import Event, Thread
from typing import Any
from uuid import uuid4

from django.core.management.base import BaseCommand, CommandParser
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from cartera.kit.locks import only_one
from cartera.kit.ticking import tick_until

# Megabytes. Calculations over columns leave a process large; a new one is small again.
GROWTH = 100


class LeanWorker(Worker):
    """Ends once tasks have left it large; whoever watches over it (`cartera serve`, systemd) starts a new one."""

    def run(self) -> None:
        self.small = megabytes()
        super().run()

    def run_task(self, db_task_result: DBTaskResult) -> None:
        super().run_task(db_task_result)
        if megabytes() > self.small + GROWTH:
            self.running = False


def megabytes() -> int:
    """How much memory this process holds now; 0 where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1_000_000
    except OSError:
        return 0


class Command(BaseCommand):
    help = "Do the tasks that wait in the queue. Start as many as you like."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--clock", action="store_true", help="be the clock too, which saves a process")
        parser.add_argument("--batch", action="store_true", help="stop when nothing waits any more")

    def handle(self, *args: Any, **options: Any) -> None:
        name = uuid4().hex
        worker = LeanWorker(
            queue_names=["*"], interval=1, batch=options["batch"], backend_name="default", startup_delay=False,
            max_tasks=None, worker_id=name, excluded_queue_names=[],
        )  # fmt: skip
        worker.configure_signals()
        stopped = Event()
        clock = Thread(target=tick_until, args=[stopped], daemon=True)
        if options["clock"]:
            clock.start()
        try:
            with only_one(f"worker.{name}"):  # while it is held, the clock knows that this worker lives
                worker.run()
        finally:
            stopped.set()
