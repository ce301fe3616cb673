"""Which key stands on which line of a file, kept on disk beside it so that memory does not grow with the file."""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path


class Keys:
    """The first line of every key, and the lines that repeat one."""

    def __init__(self, path: Path, *, anew: bool = False) -> None:
        self.path = path
        if anew:
            with suppress(FileNotFoundError):
                path.unlink()
        self._file = sqlite3.connect(path, isolation_level=None)
        self._file.execute("PRAGMA synchronous=OFF")
        self._file.execute("CREATE TABLE IF NOT EXISTS keys (key TEXT PRIMARY KEY, line INTEGER) WITHOUT ROWID")
        self._file.execute("CREATE TABLE IF NOT EXISTS repeats (line INTEGER PRIMARY KEY, first INTEGER)")

    def add(self, found: Sequence[tuple[str, int]]) -> None:
        """Note keys with their lines, in the order of the file."""
        with self._file:
            self._file.execute("BEGIN")
            if self._file.executemany("INSERT OR IGNORE INTO keys VALUES (?, ?)", found).rowcount == len(found):
                return
            firsts = dict(
                self._file.execute(
                    "SELECT key, line FROM keys WHERE key IN (SELECT value FROM json_each(?))",
                    [json.dumps([key for key, _line in found])],
                )
            )
            repeats = [(line, firsts[key]) for key, line in found if firsts[key] != line]
            self._file.executemany("INSERT OR REPLACE INTO repeats VALUES (?, ?)", repeats)

    def repeats(self, first: int, last: int) -> dict[int, int]:
        """The lines from *first* to *last* whose key stood before, with the line where it stood."""
        return dict(self._file.execute("SELECT line, first FROM repeats WHERE line BETWEEN ? AND ?", [first, last]))

    def line_of(self, key: str) -> int | None:
        found = self._file.execute("SELECT line FROM keys WHERE key = ?", [key]).fetchone()
        return found[0] if found else None

    def close(self) -> None:
        self._file.close()
