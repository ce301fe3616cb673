"""The file of rows that were left out: as they came, with the problem beside them, to be corrected and brought back."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cartera.imports.cells import neutral

# A column with this heading is ours, and an import passes over it.
PROBLEM = "problem"
BOM = b"\xef\xbb\xbf"


class LeftOut:
    """Appends to the file; `size` goes to the journal, and what was written after it is cut off on resuming."""

    def __init__(self, path: Path, headings: Sequence[str], *, delimiter: str, size: int = 0) -> None:
        self.path, self.delimiter = path, delimiter
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        with path.open("r+b") as file:
            file.truncate(size)
        self.size = size
        if not size:
            self._append(BOM + self._lines([[*headings, PROBLEM]]))

    def add(self, rows: Sequence[Sequence[Any]]) -> None:
        """Write rows of cells; under our own heading stands the problem."""
        if rows:
            self._append(self._lines([list(map(neutral, row)) for row in rows]))

    def _lines(self, rows: Sequence[Sequence[str]]) -> bytes:
        text = io.StringIO()
        csv.writer(text, delimiter=self.delimiter, lineterminator="\r\n").writerows(rows)
        return text.getvalue().encode()

    def _append(self, data: bytes) -> None:
        with self.path.open("ab") as file:
            file.write(data)
        self.size += len(data)


def read(path: Path, delimiter: str, limit: int) -> tuple[list[str], list[list[str]]]:
    """The headings and the first *limit* rows of the file."""
    if not path.exists():
        return [], []
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, delimiter=delimiter)
        headings = next(reader, [])
        return headings, [row for row, _n in zip(reader, range(limit), strict=False)]
