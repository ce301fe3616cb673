"""The first pass over a file: how many rows, how its columns write numbers and dates, which keys repeat."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from cartera.imports import amounts, dates
from cartera.imports.cells import Bad, Converter, Reading
from cartera.imports.errors import Undecided
from cartera.imports.keys import Keys
from cartera.imports.offers import Column, ImportKind
from cartera.imports.reading import Cells, Table

CHUNK = 5_000
NUMERIC, DATED = ("decimal", "integer"), ("date", "datetime")
Told = Callable[[int], None]


@dataclass(kw_only=True)
class Evidence:
    """What a column's cells prove: for each way of writing, the first line that shows it, and how many do."""

    first: dict[str, tuple[int, str]] = field(default_factory=dict)
    count: dict[str, int] = field(default_factory=dict)
    open: tuple[int, str] | None = None
    currencies: set[str] = field(default_factory=set)
    seen: set[Any] = field(default_factory=set)

    def look(self, kind: str, cell: Any, cells: Sequence[Any], lines: Sequence[int]) -> None:
        """See what *cell* proves; its line is found among those of the chunk's *cells*."""
        if not isinstance(cell, str) or cell in self.seen:
            return
        if len(self.seen) < 100_000:
            self.seen.add(cell)
        text = cell.replace("\xa0", " ").strip()
        proved = amounts.mark_of(text) if kind in NUMERIC else dates.order_of(text)
        if kind in NUMERIC and (currency := amounts.currency_of(text)):
            self.currencies.add(currency)
        if proved:
            self.count[proved] = self.count.get(proved, 0) + 1
            if proved not in self.first:
                self.first[proved] = (lines[cells.index(cell)], text)
        elif self.open is None and kind in DATED and dates.is_open(text):
            self.open = (lines[cells.index(cell)], text)


@dataclass(kw_only=True)
class Scan:
    rows: int = 0
    evidence: dict[str, Evidence] = field(default_factory=dict)


def chunks(rows: Iterator[tuple[int, Cells]], size: int = CHUNK) -> Iterator[tuple[list[int], list[Cells]]]:
    """Yield lines and cells, *size* rows at a time."""
    while taken := list(islice(rows, size)):
        yield [line for line, _cells in taken], [cells for _line, cells in taken]


def ahead[Item](items: Iterator[Item]) -> Iterator[Item]:
    """The same, each made by another thread while its predecessor is being used: the database leaves Python time."""
    context = copy_context()  # which holds the language

    def made() -> Item | None:
        return next(items, None)

    with ThreadPoolExecutor(1, thread_name_prefix="ahead") as thread:
        waiting = thread.submit(lambda: context.run(made))
        while (item := waiting.result()) is not None:
            waiting = thread.submit(lambda: context.run(made))
            yield item


def _column(cells: Sequence[Cells], place: int) -> list[Any]:
    return [row[place] if place < len(row) else "" for row in cells]


def scan(table: Table, places: dict[str, int], columns: Sequence[Column], tell: Told = lambda rows: None) -> Scan:
    """Read the whole file once and gather what its number and date columns prove."""
    found = Scan()
    looked = [
        (column, places[column.key]) for column in columns if column.kind in NUMERIC + DATED and column.key in places
    ]
    found.evidence = {column.key: Evidence() for column, _place in looked}
    for lines, cells in chunks(table.rows()):
        for column, place in looked:
            column_cells = _column(cells, place)
            evidence = found.evidence[column.key]
            for cell in dict.fromkeys(column_cells):
                evidence.look(column.kind, cell, column_cells, lines)
        found.rows += len(lines)
        tell(found.rows)
    return found


def decide(
    found: Scan, columns: Sequence[Column], *, zone: str, wanted: dict[str, str], comma: bool
) -> dict[str, Reading]:
    """Return how each column is read. Raise Undecided, with both lines, if a date column proves both orders.

    *wanted* says by hand, for a column's key, "dmy" or "mdy", "point" or "comma"; *comma* says which mark to believe
    when nothing is proved, as in a file separated by semicolons.
    """
    marks = {key: _mark(evidence, comma) for key, evidence in found.evidence.items()}
    readings = {}
    for column in columns:
        if (evidence := found.evidence.get(column.key)) is None:
            readings[column.key] = Reading(zone=zone)
        elif column.kind in NUMERIC:
            said = wanted.get(column.key)
            readings[column.key] = Reading(mark=said if said in ("point", "comma") else marks[column.key], zone=zone)  # type: ignore[arg-type]
        else:
            readings[column.key] = Reading(order=_order(column, evidence, wanted.get(column.key, "")), zone=zone)
    return readings


def _mark(evidence: Evidence, comma: bool) -> amounts.Mark:
    points, commas = evidence.count.get("point", 0), evidence.count.get("comma", 0)
    if points == commas:
        return "comma" if comma else "point"
    return "comma" if commas > points else "point"


def _order(column: Column, evidence: Evidence, wanted: str) -> dates.Order:
    if wanted in ("dmy", "mdy"):
        return wanted  # type: ignore[return-value]
    if len(evidence.first) == 2:
        (day_line, day), (month_line, month) = evidence.first["dmy"], evidence.first["mdy"]
        raise Undecided(
            _(
                "Dates in two formats: line %(day_line)s says %(day)s (day first), "
                "line %(month_line)s says %(month)s (month first). Say which is meant."
            )
            % {"day_line": day_line, "day": day, "month_line": month_line, "month": month},
            heading=str(column.label),
            line=max(day_line, month_line),
        )
    return "mdy" if "mdy" in evidence.first else "dmy"


def note_keys(
    table: Table, kind: ImportKind, places: dict[str, int], converters: dict[str, Converter], keys: Keys
) -> None:
    """Note which key stands on which line, for kinds whose rows have one."""
    wanted = [(key, places[key], converters[key].__getitem__) for key in kind.key_columns if key in places]
    names = [key for key, _place, _convert in wanted]
    for lines, cells in chunks(table.rows()):
        columns = [map(convert, _column(cells, place)) for _key, place, convert in wanted]
        found = []
        for line, values in zip(lines, zip(*columns, strict=True), strict=False):
            if Bad not in map(type, values) and (key := kind.key_of(dict(zip(names, values, strict=True)))):
                found.append((key, line))
        keys.add(found)
