"""Which messages were folded already: sorted digests of their ids, in files by day, kept for as long as clients retry.

A digest has 64 bits: among a hundred million of them, a new message is taken for an old one once in 10¹¹ times.
"""

import os
from datetime import date, timedelta
from hashlib import blake2b
from pathlib import Path

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

DAYS = 30
MANY = 16  # files of a day

type Digests = NDArray[np.uint64]


def digest(message_id: str) -> int:
    return int.from_bytes(blake2b(message_id.encode(errors="surrogatepass"), digest_size=8).digest())


def unseen(ids: Digests, last: int) -> NDArray[np.bool_]:
    """Which of *ids* (sorted) are in no file of the folds up to *last*; a later file is of a fold that did not hold."""
    fresh = np.ones(len(ids), bool)
    for place in _files():
        if _number(place) <= last and len(ids):
            known = np.load(place, mmap_mode="r")
            at = np.searchsorted(known, ids)
            at[at == len(known)] = 0
            fresh &= known[at] != ids
    return fresh


def add(ids: Digests, on: date, number: int) -> None:
    """Remember *ids* (sorted), folded on a day by fold *number*."""
    if len(ids):
        _write(_folder() / f"{on}-{number:012}.npy", ids)


def tidy(today: date, last: int) -> None:
    """Forget what is older than DAYS; make one file of a past day's, and of today's when they are many."""
    by_day: dict[str, list[Path]] = {}
    for place in _files():
        by_day.setdefault(place.name[:10], []).append(place)
    for day, places in by_day.items():
        if date.fromisoformat(day) < today - timedelta(days=DAYS):
            for place in places:
                place.unlink()
        elif len(places) > (MANY if day == str(today) else 1) and _number(places[-1]) <= last:
            _write(places[-1], np.unique(np.concatenate([np.load(place) for place in places])))
            for place in places[:-1]:
                place.unlink()


def _folder() -> Path:
    return settings.HOME / "usage" / "seen"


def _files() -> list[Path]:
    return sorted(_folder().glob("*.npy"))


def _number(place: Path) -> int:
    return int(place.stem[11:])


def _write(place: Path, ids: Digests) -> None:
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = place.with_suffix(".tmp")
    with temporary.open("wb") as file:
        np.save(file, ids)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, place)
