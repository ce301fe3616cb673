"""What a chunk made, so small that it can be kept for every row: ranges of ids, and a sum over the watched fields."""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.apps import apps
from django.db.models import JSONField, Model, TextField
from django.db.models.functions import Cast

Made = list[dict[str, Any]]


def ranges(ids: Iterable[int]) -> list[list[int]]:
    """*ids* as ranges, both ends included: [1, 2, 3, 7] is [[1, 3], [7, 7]]."""
    found: list[list[int]] = []
    for number in sorted(ids):
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return found


def spread(found: Sequence[Sequence[int]]) -> Iterator[int]:
    """The ids in *found*, one by one."""
    for first, last in found:
        yield from range(first, last + 1)


class Ids:
    """A set of ids as bits, so that it stays small however many there are."""

    PAGE = 4096

    def __init__(self, found: Iterable[Sequence[Sequence[int]]] = ()) -> None:
        self._pages: dict[int, int] = {}
        for several in found:
            self.add(spread(several))

    def add(self, ids: Iterable[int]) -> None:
        waiting: dict[int, bytearray] = {}
        for number in ids:
            page, bit = divmod(number, self.PAGE)
            if page not in waiting:
                waiting[page] = bytearray(self.PAGE // 8)
            waiting[page][bit >> 3] |= 1 << (bit & 7)
        for page, bits in waiting.items():
            self._pages[page] = self._pages.get(page, 0) | int.from_bytes(bits, "little")

    def __contains__(self, number: int) -> bool:
        page, bit = divmod(number, self.PAGE)
        return bool(self._pages.get(page, 0) >> bit & 1)


def made(rows: Sequence[tuple[str, Sequence[int]]], watched: dict[str, tuple[str, ...]]) -> Made:
    """The journal's entry for what was made: ids, and for watched models the sum of each row as it was made."""
    entries = []
    for label, ids in rows:
        if ids:
            fields = watched.get(label, ())
            sums = fingerprints(label, ids, fields) if fields else {}
            entries.append({"model": label, "ids": ranges(ids), "sums": [sums[pk] for pk in sorted(sums)]})
    return entries


def fingerprints(label: str, ids: Iterable[int], fields: Sequence[str]) -> dict[int, int]:
    """A sum over *fields* for each row that still exists."""
    model = apps.get_model(label)
    rows = model._base_manager.order_by().values_list("pk", *(_compared(model, name) for name in fields))
    return {
        row[0]: zlib.crc32(repr(row[1:]).encode())
        for first, last in ranges(ids)
        for row in rows.filter(pk__range=(first, last))
    }


def _compared(model: type[Model], name: str) -> str | Cast:
    """Only whether it changes matters: JSON need not be taken apart for that."""
    return Cast(name, TextField()) if isinstance(model._meta.get_field(name), JSONField) else name
