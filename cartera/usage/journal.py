"""The journal: what was received, safely on disk before it is acknowledged, until it is folded into daily totals.

A file for each process that receives. Requests that arrive together share one trip to the disk. A message is framed
by its length and a checksum, so that one that was cut short by a death is recognised, and nothing of it is read.
"""

import fcntl
import os
import secrets
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from cartera.lake.manifest import keep_names

LARGEST = 64 * 1024 * 1024  # bytes after which a process begins a new file
OLDEST = 600.0  # seconds after which it does
_HEAD = b"%08x %010d %016d %010d %-8s\n"
HEAD = len(_HEAD % (0, 0, 0, 0, b""))


@dataclass(frozen=True, slots=True)
class Frame:
    """What one request brought: by which call and key, when (UTC), and its body as it came."""

    call: str
    key_id: int
    received: datetime
    body: bytes

    def written(self) -> bytes:
        micros = round(self.received.timestamp() * 1_000_000)
        head = (_HEAD % (0, len(self.body), micros, self.key_id, self.call.encode()))[8:]
        return b"%08x" % zlib.crc32(self.body, zlib.crc32(head)) + head + self.body


class Journal:
    """One process's file. `keep` returns when the frame is safely on disk; OSError when it could not be written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._turn = threading.Condition()
        self._next, self._writing = _Group(), False
        self._file, self._size, self._begun = -1, 0, 0.0

    def keep(self, frame: Frame) -> None:
        written = frame.written()
        with self._turn:
            group = self._next
            group.frames.append(written)
            while self._writing and not group.done:
                self._turn.wait()
            if not group.done:  # nobody writes: this thread does, for all who came meanwhile
                self._next, self._writing = _Group(), True
        if not group.done:
            self._write_for(group)
        if group.failed:
            raise OSError(f"the journal could not be written: {group.failed}") from group.failed

    def close(self) -> None:
        """Let go of the file; the next frame begins another."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _write_for(self, group: "_Group") -> None:
        try:
            self._write(b"".join(group.frames))
        except OSError as error:
            group.failed = error
            self.close()  # what was half written ends this file: the reader recognises it
        finally:
            with self._turn:
                group.done, self._writing = True, False
                self._turn.notify_all()

    def _write(self, data: bytes) -> None:
        if self._file >= 0 and (self._size > LARGEST or time.monotonic() - self._begun > OLDEST):
            self.close()
        if self._file < 0:
            self._open()
        self._size += len(data)
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._file, rest) :]
        os.fdatasync(self._file)

    def _open(self) -> None:
        """Begin a file. It gets its name when its lock is held: who finds it unlocked knows that its writer is gone."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = f"{time.time_ns()}-{socket.gethostname()[:40]}-{os.getpid()}-{secrets.token_hex(3)}"
        place = self.folder / f"{name}.new"
        self._file = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX)
        os.rename(place, place.with_suffix(".journal"))
        keep_names(self.folder)
        self._size, self._begun = 0, time.monotonic()


class _Group:
    """Frames that go to disk together."""

    def __init__(self) -> None:
        self.frames: list[bytes] = []
        self.done = False
        self.failed: OSError | None = None


_journals: dict[tuple[int, Path], Journal] = {}
_opening = threading.Lock()


def folder() -> Path:
    return settings.HOME / "usage" / "journal"


def own() -> Journal:
    """This process's journal."""
    place = (os.getpid(), folder())
    with _opening:
        if place not in _journals:
            _journals[place] = Journal(place[1])
        return _journals[place]


def files() -> list[Path]:
    """All files of the journal, oldest first."""
    return sorted(folder().glob("*.journal"))


def frames(place: Path, offset: int, most: int) -> Iterator[tuple[Frame, int]]:
    """The whole frames of a file from *offset* on, each with where the next one begins, until *most* bytes are read."""
    with place.open("rb") as file:
        file.seek(offset)
        end = offset + most
        while offset < end and (found := _frame(file.read(HEAD), file.read)):
            offset += HEAD + len(found.body)
            yield found, offset


def _frame(head: bytes, read: Callable[[int], bytes]) -> Frame | None:
    """The frame that begins with *head*, or None if it is not whole."""
    parts = head.split()
    if len(head) < HEAD or len(parts) != 5 or head[-1:] != b"\n":
        return None
    try:
        crc, size, micros, key_id = int(parts[0], 16), int(parts[1]), int(parts[2]), int(parts[3])
        body = read(size)
    except (ValueError, OverflowError):
        return None
    if len(body) < size or zlib.crc32(body, zlib.crc32(head[8:])) != crc:
        return None
    return Frame(parts[4].decode(), key_id, datetime.fromtimestamp(micros / 1_000_000, UTC), body)


@contextmanager
def abandoned(place: Path) -> Iterator[bool]:
    """Whether the process that wrote the file is gone, or has begun another; nobody writes to it within the block."""
    with place.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
