"""Reading a table from a file row by row, whatever a spreadsheet wrote: dialect, encoding, compression, workbook."""

import gzip
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from cartera.imports import delimited, workbooks
from cartera.imports.encodings import encoding_of
from cartera.imports.errors import Unreadable
from cartera.imports.headings import looks_like_data, normal

HEADING_WITHIN = 20
# A file that unpacks to more than this, or grows more than RATIO times beyond SMALL, is taken for a bomb.
LARGEST, SMALL, RATIO = 8 << 30, 64 << 20, 250

Cells = Sequence[Any]


@dataclass(kw_only=True)
class Format:
    """How a file is to be read: found by looking, or said by a person."""

    kind: str = ""  # "text" or "workbook"
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: list[str] = field(default_factory=list)
    packed: bool = False
    heading_line: int = 0


@dataclass(kw_only=True)
class Table:
    """A file opened for reading: its headings, and how its rows are found again."""

    path: Path
    format: Format
    headings: list[str]

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """Yield line and cells of every row below the headings that is not empty."""
        for line, cells in _all_rows(self.path, self.format):
            if line > self.format.heading_line and any(cells):
                yield line, cells

    def sample(self, count: int) -> list[Cells]:
        return [cells for _line, cells in islice(self.rows(), count)]


class Unpacked:
    """A gzip stream that refuses to grow without end."""

    def __init__(self, path: Path) -> None:
        self._file = gzip.open(path)  # noqa: SIM115 (closed by close)
        self._limit = min(LARGEST, max(SMALL, path.stat().st_size * RATIO))
        self._read = 0

    def read(self, size: int = -1) -> bytes:
        try:
            data = self._file.read(min(size, 1 << 20) if size >= 0 else 1 << 20)
        except (EOFError, gzip.BadGzipFile, OSError) as error:
            raise Unreadable(_("The compressed file is damaged or was cut off.")) from error
        self._read += len(data)
        if self._read > self._limit:
            raise Unreadable(_("The compressed file grows beyond all measure when it is unpacked; it is not read."))
        return data

    def close(self) -> None:
        self._file.close()


def open_table(path: Path, *, wanted: Format | None = None, known: frozenset[str] = frozenset()) -> Table:
    """Look at the file at *path* and return it as a table.

    *wanted* says what a person decided; the rest is found. *known* are normalised headings that help to find the row
    of headings below a title. Raise Unreadable with the place if it is no table.
    """
    found = wanted or Format()
    if path.stat().st_size == 0:
        raise Unreadable(_("The file is empty."))
    with path.open("rb") as file:
        magic = file.read(8)
    if magic.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        found.kind = "workbook"
        _refuse_bomb(path, magic)
        found.sheets = workbooks.sheets(path)
        found.sheet = found.sheet if found.sheet in found.sheets else workbooks.fullest(path, found.sheets)
    else:
        found.kind, found.packed = "text", magic.startswith(b"\x1f\x8b")
        found.encoding = found.encoding or _encoding(path, found)
        found.delimiter = found.delimiter or delimited.delimiter_of(_lines(path, found))
    found.heading_line, headings = _headings(path, found, known)
    return Table(path=path, format=found, headings=headings)


def _refuse_bomb(path: Path, magic: bytes) -> None:
    if not magic.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(path) as archive:
            names, size = set(archive.namelist()), sum(part.file_size for part in archive.infolist())
    except zipfile.BadZipFile as error:
        raise Unreadable(_("The workbook is damaged or was cut off.")) from error
    if not names & {"xl/workbook.xml", "content.xml", "xl/workbook.bin"}:
        raise Unreadable(_("This is a ZIP archive, not a table. Unpack it and bring the table itself."))
    if size > max(SMALL, min(LARGEST, path.stat().st_size * RATIO)):
        raise Unreadable(_("The workbook grows beyond all measure when it is unpacked; it is not read."))


def _open(path: Path, found: Format) -> BinaryIO:
    return Unpacked(path) if found.packed else path.open("rb")  # type: ignore[return-value]


def _encoding(path: Path, found: Format) -> str:
    file = _open(path, found)
    try:
        return encoding_of(file)
    finally:
        file.close()


def _lines(path: Path, found: Format) -> Iterator[str]:
    return delimited.lines(partial(_open, path, found), found.encoding)


def _all_rows(path: Path, found: Format) -> Iterator[tuple[int, Cells]]:
    if found.kind == "workbook":
        return workbooks.rows(path, found.sheet)
    return delimited.rows(lambda: _lines(path, found), found.delimiter)


def _headings(path: Path, found: Format, known: frozenset[str]) -> tuple[int, list[str]]:
    """The line of the headings: among the first rows, the one with most known names; else the first."""
    first = [row for row in islice(_all_rows(path, found), HEADING_WITHIN) if any(_text(cell) for cell in row[1])]
    if not first:
        raise Unreadable(_("The file has no rows."))
    best = max(first, key=lambda row: sum(normal(_text(cell)) in known for cell in row[1]))
    if not any(normal(_text(cell)) in known for cell in best[1]):
        best = first[0]
        if looks_like_data(best[1]):
            raise Unreadable(
                _("The first row holds data, not headings. Put a row above it that says what each column is."),
                line=best[0],
            )
    headings = [_text(cell) for cell in best[1]]
    while headings and not headings[-1]:
        headings.pop()
    return best[0], headings


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell).replace("\xa0", " ").replace("\ufeff", "").strip()
