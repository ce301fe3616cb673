"""Several connections that all see the database as it stood at one moment, each in a thread of its own.

What reads here must not come from other libraries that bring their own SQLite: two copies of it in one process lose
each other's locks on the same file.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any, cast

from django.db import connection

READERS = 2


class Moment:
    """Work on the database as it stood at one moment."""

    def __init__(self, readers: ThreadPoolExecutor | None) -> None:
        self._readers = readers

    def alone[Made](self, work: Callable[[], Made]) -> Made:
        """What *work* makes, on one of the connections."""
        return self._readers.submit(work).result() if self._readers else work()

    def each[Given, Made](self, work: Callable[[Given], Made], given: Iterable[Given]) -> Iterator[Made]:
        """What *work* makes of each, in order, side by side; at most one more than there are readers wait."""
        if self._readers is None:
            yield from map(work, given)
            return
        waiting: deque[Future[Made]] = deque()
        try:
            for one in given:
                waiting.append(self._readers.submit(work, one))
                if len(waiting) > READERS + 1:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for left in waiting:
                left.cancel()


@contextmanager
def one_moment() -> Iterator[Moment]:
    """Yield what reads the database as of one moment without keeping anybody from writing meanwhile.

    Within a transaction its own connection reads, alone: nobody else sees what it has not committed.
    """
    if connection.in_atomic_block:
        yield Moment(None)
    elif connection.vendor == "sqlite" and cast(Any, connection).is_in_memory_db():
        with _transaction("BEGIN DEFERRED"):
            yield Moment(None)
    else:
        with ThreadPoolExecutor(READERS, thread_name_prefix="lake") as readers:
            try:
                with _held() as snapshot:
                    _everywhere(readers, lambda: _begin(snapshot))
                yield Moment(readers)
            finally:
                _everywhere(readers, _end)


@contextmanager
def _transaction(begin: str) -> Iterator[None]:
    """A transaction that only reads; Django's own would take the writers' lock on SQLite."""
    with connection.cursor() as cursor:
        cursor.execute(begin)
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


READ_ONLY = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


@contextmanager
def _held() -> Iterator[str]:
    """Hold a moment until the readers have begun: PostgreSQL names it; on SQLite nobody writes for as long."""
    if connection.vendor == "postgresql":
        with _transaction(READ_ONLY), connection.cursor() as cursor:
            cursor.execute("SELECT pg_export_snapshot()")
            yield cursor.fetchone()[0]
    else:
        with _transaction("BEGIN IMMEDIATE"):
            yield ""


def _begin(snapshot: str) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(READ_ONLY)
            cursor.execute("SET TRANSACTION SNAPSHOT %s", [snapshot])
            cursor.execute("SET LOCAL jit = off")  # compiling takes longer than it saves in a statement a chunk
            cursor.execute("SET LOCAL work_mem = '128MB'")  # a table joined in each statement is not written to files
        else:
            cursor.execute("BEGIN DEFERRED")
            cursor.execute("SELECT count(*) FROM sqlite_master")  # the moment is that of the first read


def _end() -> None:
    if connection.connection is not None:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")
        connection.close()


def _everywhere(readers: ThreadPoolExecutor, work: Callable[[], Any]) -> None:
    """Run *work* once in each of the threads: none begins before all are there."""
    all_here = Barrier(READERS)

    def run() -> None:
        all_here.wait()
        work()

    for done in [readers.submit(run) for _reader in range(READERS)]:
        done.result()
