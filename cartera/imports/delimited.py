"""Text with separators: finding the separator, and reading rows with their lines."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from cartera.imports.errors import Unreadable

DELIMITERS = ",;\t|"
# More characters than this in one cell, or in one line, is an accident and not a table.
LONGEST_CELL, LONGEST_LINE = 131_072, 4_000_000


class _Raw(io.RawIOBase):
    """What io.BufferedReader needs to read from anything that has read() and close()."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._source.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._source.close()
        super().close()


def lines(opened: Callable[[], BinaryIO], encoding: str) -> Iterator[str]:
    """Yield the lines of a file with their ends; the part of a line beyond LONGEST_LINE comes as one more."""
    source = opened()
    buffered = source if isinstance(source, io.BufferedReader) else io.BufferedReader(_Raw(source), 1 << 18)
    number = 0
    with io.TextIOWrapper(buffered, encoding, newline="") as text:
        try:
            for line in iter(partial(text.readline, LONGEST_LINE), ""):
                number += 1
                yield line
        except UnicodeError as error:
            raise Unreadable(
                _("This is not written in %(encoding)s.") % {"encoding": encoding}, line=number + 1
            ) from error


def delimiter_of(source: Iterator[str]) -> str:
    """The separator under which the first lines agree most on how many cells they have."""
    head = [line for line in islice(source, 100) if line.strip()]
    if head and head[0].lower().startswith("sep=") and len(head[0].strip()) == 5:
        return head[0].strip()[4]
    return max(DELIMITERS, key=lambda delimiter: _agreement(head, delimiter))


def _agreement(head: list[str], delimiter: str) -> tuple[int, int]:
    try:
        widths = Counter(len(row) for row in csv.reader(head, delimiter=delimiter) if row)
    except csv.Error:
        return 0, 0
    widths.pop(1, None)
    if not widths:
        return 0, 0
    width, rows = widths.most_common(1)[0]
    return rows, width


def rows(opened: Callable[[], Iterator[str]], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with the line on which it begins; *opened* opens the file anew."""
    source = opened()
    reader = csv.reader(source, delimiter=delimiter)
    begins = 1
    last = (1, 1)
    try:
        for cells in reader:
            if begins > 1 or not _is_separator_line(cells, delimiter):
                yield begins, cells
            last = (begins, reader.line_num)
            begins = reader.line_num + 1
    except csv.Error as error:
        raise _placed(opened, begins, delimiter) from error
    finally:
        source.close()  # type: ignore[attr-defined]
    if last[1] > last[0]:
        _refuse_open_quote(opened, last[0])


def _is_separator_line(cells: list[str], delimiter: str) -> bool:
    """The line `sep=;` that Excel understands as the separator to use."""
    return delimiter.join(cells).lower().strip() == f"sep={delimiter}".strip()


def _placed(opened: Callable[[], Iterator[str]], begins: int, delimiter: str) -> Unreadable:
    """The error for a cell that is too long: its line and column, or the quotation mark that was never closed."""
    start = "".join(islice(opened(), begins - 1, begins + 2000))
    prefix = start[: LONGEST_CELL // 2]
    column = len(next(csv.reader(io.StringIO(prefix, newline=""), delimiter=delimiter), [""]))
    if "\n" in prefix.rstrip("\r\n"):
        return Unreadable(
            _("A quotation mark is opened here and never closed, so that all that follows reads as one cell."),
            line=begins,
            column=column,
        )
    return Unreadable(
        _("This cell holds more than %(most)s characters.") % {"most": f"{LONGEST_CELL:,}"}, line=begins, column=column
    )


def _refuse_open_quote(opened: Callable[[], Iterator[str]], begins: int) -> None:
    """The last record runs over several lines: right if its quotation marks come in pairs."""
    if "".join(islice(opened(), begins - 1, None)).count('"') % 2:
        raise Unreadable(
            _("A quotation mark is opened here and never closed, so that all that follows reads as one cell."),
            line=begins,
        )
