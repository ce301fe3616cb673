"""The clock's loop."""

import logging
import signal
from threading import Event
from typing import Any

from django.db import DatabaseError, close_old_connections, connection

from cartera.kit import jobs
from cartera.kit.clock import true_now

EVERY = 10  # seconds
logger = logging.getLogger(__name__)


def tick_until(stopped: Event) -> None:
    """Start what is due, every few seconds, until *stopped* is set. A database that is away is tried again."""
    while not stopped.is_set():
        close_old_connections()
        try:
            jobs.tick(at=true_now())
        except DatabaseError:
            logger.exception("The clock could not reach the database; it tries again.")
        stopped.wait(EVERY)
    connection.close()


def stop_on_signals(stopped: Event) -> None:
    """Set *stopped* on Ctrl-C and on a polite request to end."""

    def stop(_number: int, _frame: Any) -> None:
        stopped.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
