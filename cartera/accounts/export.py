"""The list as a file, written row by row: memory stays the same for a hundred accounts and for a million."""

import csv
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO, Any

import xlsxwriter
from django.utils import timezone

from cartera.accounts.columns import Column
from cartera.accounts.models import AccountQuerySet

CHUNK = 2_000
# What a spreadsheet would take for a formula.
LIVE = ("=", "+", "-", "@", "\t", "\r")
# The most rows that a sheet of XLSX holds, without its heading.
SHEET = 1_048_575


class _Line:
    """Something to write to that gives back what is written."""

    def write(self, line: str) -> str:
        return line


def csv_lines(accounts: AccountQuerySet, columns: list[Column]) -> Iterator[str]:
    """The lines of a CSV file, with the mark by which spreadsheets know UTF-8."""
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow([str(column.label) for column in columns])
    for account in accounts.iterator(CHUNK):
        yield writer.writerow([plain(column.value(account)) for column in columns])


def xlsx_file(accounts: AccountQuerySet, columns: list[Column]) -> IO[bytes]:
    """An XLSX file, lying on the disk."""
    file = TemporaryFile()  # noqa: SIM115 - the answer closes it
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, [str(column.label) for column in columns], book.add_format({"bold": True}))
    for number, account in enumerate(accounts[:SHEET].iterator(CHUNK), 1):
        for place, column in enumerate(columns):
            _write(sheet, number, place, column.value(account))
    book.close()
    file.seek(0)
    return file


def plain(value: Any) -> str:
    """*value* as text that no spreadsheet runs as a formula; numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, int | float | Decimal):
        return str(value)
    text = str(value)
    return f"'{text}" if text.startswith(LIVE) else text


def _write(sheet: Any, number: int, place: int, value: Any) -> None:
    if isinstance(value, int | float | Decimal):
        sheet.write_number(number, place, value)
    elif value is not None:
        sheet.write_string(number, place, plain(value))
