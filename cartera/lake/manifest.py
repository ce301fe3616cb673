"""Which files make up the lake. Readers see the files of one manifest, so a set that belongs together, or the next."""

import json
import os
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

FORMAT = 1
GRACE = 3600.0  # seconds that a reader may take who began before the last publication


@dataclass(frozen=True)
class Part:
    """The rows of one month of a fact: the file, relative to the lake, how many, and what they looked like."""

    file: str
    rows: int
    mark: str


@dataclass(frozen=True)
class Manifest:
    """`parts` by fact and month ("2026-03"); `number` counts publications; `before` are the files of the last one."""

    number: int = 0
    parts: dict[str, dict[str, Part]] = field(default_factory=dict)
    before: tuple[str, ...] = ()

    def files(self) -> tuple[str, ...]:
        return tuple(part.file for months in self.parts.values() for part in months.values())


def read(lake: Path) -> Manifest:
    """The manifest in force; an empty one when nothing was published yet, or by a version that wrote other files."""
    try:
        found = json.loads((lake / "manifest.json").read_text())
    except FileNotFoundError:
        return Manifest()
    if found["format"] != FORMAT:
        return Manifest(number=found["number"])
    parts = {fact: {month: Part(**part) for month, part in months.items()} for fact, months in found["parts"].items()}
    return Manifest(found["number"], parts, tuple(found["before"]))


def write(lake: Path, manifest: Manifest) -> None:
    """Put *manifest* in force, in one step that a power cut cannot halve, then drop files that no reader can need."""
    place = lake / "manifest.json.tmp"
    with place.open("w") as file:
        json.dump({"format": FORMAT, **asdict(manifest)}, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(place, lake / "manifest.json")
    sweep(lake, manifest)


def sweep(lake: Path, manifest: Manifest) -> None:
    """Remove files that are not in force and were not until an hour ago: a reader may be in the middle of those."""
    place = lake / "manifest.json"
    recent = place.exists() and time.time() - place.stat().st_mtime < GRACE
    needed = {*manifest.files(), *(manifest.before if recent else ())}
    for file in lake.glob("*/month=*/*.parquet*"):
        if str(file.relative_to(lake)) not in needed:
            file.unlink(missing_ok=True)
