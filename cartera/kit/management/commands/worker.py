from threading import Event, Thread
from typing import Any
from uuid import uuid4

from django.core.management.base import BaseCommand, CommandParser
from django_tasks_db.management.commands.db_worker import Worker

from cartera.kit.locks import only_one
from cartera.kit.ticking import tick_until


class Command(BaseCommand):
    help = "Do the tasks that wait in the queue. Start as many as you like."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--clock", action="store_true", help="be the clock too, which saves a process")
        parser.add_argument("--batch", action="store_true", help="stop when nothing waits any more")

    def handle(self, *args: Any, **options: Any) -> None:
        name = uuid4().hex
        worker = Worker(
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
