"""XLSX, XLS and ODS workbooks. A sheet is held in memory as a whole while it is read: at most 1,048,576 rows."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import python_calamine
from django.utils.translation import gettext as _

from cartera.imports.errors import Unreadable


def _load(path: Path) -> python_calamine.CalamineWorkbook:
    try:
        return python_calamine.load_workbook(path)
    except python_calamine.PasswordError as error:
        raise Unreadable(_("The workbook is protected by a password. Save it without one.")) from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise Unreadable(_("The workbook cannot be read: %(error)s") % {"error": error}) from error


def sheets(path: Path) -> list[str]:
    """The names of the sheets that hold cells, in order."""
    return list(_load(path).sheet_names)


def fullest(path: Path, names: list[str]) -> str:
    """The first sheet that has more than one row; else the first."""
    if len(names) < 2:
        return names[0] if names else ""
    workbook = _load(path)
    return next((name for name in names if workbook.get_sheet_by_name(name).height > 1), names[0])


def rows(path: Path, sheet: str) -> Iterator[tuple[int, list[Any]]]:
    """Yield line and cells (text, numbers, dates as the workbook holds them) of every row."""
    try:
        opened = _load(path).get_sheet_by_name(sheet)
    except python_calamine.CalamineError as error:
        raise Unreadable(_("The sheet cannot be read: %(error)s") % {"error": error}) from error
    yield from enumerate(opened.iter_rows(), 1)
