"""Recognising columns by their headings, however they are written."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.utils import translation

from cartera.imports.offers import Column

_NOT_LETTER = re.compile(r"[^0-9a-z]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_STOP = {"de", "del", "la", "el", "of", "the"}
_LOOKS_LIKE_DATA = re.compile(r"[-+]?[\d.,:/ -]*\d[\d.,:/ -]*|[^@\s]+@[^@\s]+\.[a-z]+", re.IGNORECASE)


@lru_cache(maxsize=4096)
def normal(heading: str) -> str:
    """*heading* without case, accents, punctuation and small words: "Nº de Factura" and "no factura" are one."""
    text = unicodedata.normalize("NFKD", _CAMEL.sub(" ", heading.strip()))
    plain = "".join(letter for letter in text if not unicodedata.combining(letter)).lower()
    words = [word for word in _NOT_LETTER.split(plain) if word]
    return "".join(word for word in words if word not in _STOP) or "".join(words)


def names_of(column: Column) -> set[str]:
    """All normalised names of *column*: its key, its label in both languages, its headings."""
    labels = []
    for language in ("en", "es"):
        with translation.override(language):
            labels.append(str(column.label))
    return {normal(name) for name in (column.key, *labels, *column.headings)}


def recognise(headings: Sequence[str], columns: Sequence[Column]) -> dict[int, str]:
    """Return which column each heading (by its place) stands for; a column is given to the first that names it."""
    names: dict[str, str] = {}
    for column in columns:
        for name in names_of(column):
            names.setdefault(name, column.key)
    found: dict[int, str] = {}
    for place, heading in enumerate(headings):
        key = names.get(normal(heading))
        if key and key not in found.values():
            found[place] = key
    return found


def signature(headings: Sequence[str]) -> str:
    """What a set of headings is remembered by."""
    return hashlib.sha256("\x1f".join(normal(heading) for heading in headings).encode()).hexdigest()


def looks_like_data(cells: Sequence[Any]) -> bool:
    """Whether a row holds numbers, dates or mail addresses, and so is no row of headings."""
    texts = [cell.strip() if isinstance(cell, str) else cell for cell in cells]
    filled = [text for text in texts if text not in ("", None)]
    data = [text for text in filled if not isinstance(text, str) or _LOOKS_LIKE_DATA.fullmatch(text)]
    return bool(data)
