"""Which files make up the lake. Readers see the files of one manifest, so a set that belongs together, or the next."""

import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from cartera.kit.locks import Busy, only_one

FORMAT = 2  # of what is published; what was appended is read whatever it says
GRACE = 3600.0  # seconds that a reader may take who began before the last change
PATIENCE = 120.0  # seconds to wait for another writer


class Lost(Exception):
    """The lake holds rows that live nowhere else, and does not know which of its files are in force."""


@dataclass(frozen=True)
class Part:
    """The rows of one month of a fact: the file, relative to the lake, how many, and what they looked like."""

    file: str
    rows: int
    mark: str = ""


@dataclass(frozen=True)
class Appended:
    """A fact that lives in the lake only: its parts by month, oldest first, and the last batches that are in them."""

    parts: Mapping[str, tuple[Part, ...]] = field(default_factory=dict)
    batches: tuple[str, ...] = ()

    def files(self) -> list[str]:
        return [part.file for parts in self.parts.values() for part in parts]


@dataclass(frozen=True)
class Manifest:
    """`parts` by published fact and month ("2026-03"), `appended` by fact; `number` counts the manifests.

    `before` are the files that were in force, and when they ceased to be (seconds since 1970).
    """

    number: int = 0
    parts: dict[str, dict[str, Part]] = field(default_factory=dict)
    appended: dict[str, Appended] = field(default_factory=dict)
    before: dict[str, float] = field(default_factory=dict)

    def files(self) -> tuple[str, ...]:
        return tuple(file for fact in {*self.parts, *self.appended} for file in self.files_of(fact))

    def files_of(self, fact: str) -> tuple[str, ...]:
        """The files that hold the rows of *fact*."""
        published = [part.file for part in self.parts.get(fact, {}).values()]
        return (*published, *self.appended.get(fact, Appended()).files())

    def followed_by(self, **changes: Any) -> "Manifest":
        """The next manifest, in which *changes* (parts, appended) hold."""
        after = replace(self, number=self.number + 1, **changes)
        recent = {file: left for file, left in self.before.items() if left > time.time() - GRACE}
        gone = dict.fromkeys(set(self.files()) - set(after.files()), time.time())
        return replace(after, before=recent | gone)


def read(lake: Path) -> Manifest:
    """The manifest in force; an empty one when nothing was published yet.

    What was published by a version that wrote other files counts as never published; what was appended stays. Raises
    Lost when there is no manifest though something was appended.
    """
    try:
        found = json.loads((lake / "manifest.json").read_text())
    except FileNotFoundError:
        if next(lake.glob("*/month=*/added-*.parquet"), None):
            raise Lost(f"{lake}/manifest.json is missing: put it back from a backup of the same day") from None
        return Manifest()
    appended = {fact: _appended(**kept) for fact, kept in found.get("appended", {}).items()}
    if found["format"] != FORMAT:
        return Manifest(found["number"], appended=appended)
    parts = {fact: {month: Part(**part) for month, part in months.items()} for fact, months in found["parts"].items()}
    return Manifest(found["number"], parts, appended, found["before"])


def _appended(parts: dict[str, list[dict[str, Any]]], batches: list[str]) -> Appended:
    return Appended({month: tuple(Part(**part) for part in kept) for month, kept in parts.items()}, tuple(batches))


def write(lake: Path, manifest: Manifest) -> None:
    """Put *manifest* in force, in one step that a power cut cannot halve, then drop files that no reader can need."""
    place = lake / "manifest.json.tmp"
    with place.open("w") as file:
        json.dump({"format": FORMAT, **asdict(manifest)}, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(place, lake / "manifest.json")
    keep_names(lake)
    sweep(lake, manifest)


def keep_names(folder: Path) -> None:
    """Bring the names in *folder* safely to disk: a file is lost to a power cut as long as only its rows are there."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(lake: Path, manifest: Manifest) -> None:
    """Remove files that are not in force and were not until an hour ago: a reader may be in the middle of those."""
    recent = {file for file, left in manifest.before.items() if left > time.time() - GRACE}
    needed = {*manifest.files(), *recent}
    for file in lake.glob("*/month=*/*.parquet*"):
        if str(file.relative_to(lake)) not in needed:
            file.unlink(missing_ok=True)


@contextmanager
def turn() -> Iterator[None]:
    """Run the block as the only one who changes the lake; wait for the one who does. Raises Busy in the end."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            with only_one("lake.publish"):
                yield
            return
        except Busy:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
