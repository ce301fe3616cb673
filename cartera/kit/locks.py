"""One at a time, across threads, processes and machines; whoever dies lets go."""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection


class Busy(Exception):
    """Someone else is at it."""


@contextmanager
def only_one(name: str) -> Iterator[None]:
    """Run the block as the only holder of *name*; raises Busy at once when there is another.

    PostgreSQL keeps the lock for as long as a connection of its own lives; with SQLite, which lives on one machine,
    the operating system keeps it on a file for as long as the process lives. So nothing has to be cleaned up.
    """
    with _on_postgresql(name) if connection.vendor == "postgresql" else _on_file(name):
        yield


@contextmanager
def _on_postgresql(name: str) -> Iterator[None]:
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
    own = connection.copy()
    try:
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
            if not cursor.fetchone()[0]:
                raise Busy(name)
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [number])
    finally:
        own.close()


@contextmanager
def _on_file(name: str) -> Iterator[None]:
    folder = settings.HOME / "locks"
    folder.mkdir(exist_ok=True, mode=0o700)
    with (folder / hashlib.sha256(name.encode()).hexdigest()[:32]).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(name) from None
        yield
