"""Publishing: what changed in the database since the last time is written to the lake, month by month."""

import os
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from cartera.kit.features import offers
from cartera.lake import extracting, joining, manifest, marks
from cartera.lake.manifest import Part
from cartera.lake.moments import Moment, one_moment
from cartera.lake.offers import Fact

WAITING_ROWS = 1_000_000  # rows of all months that are kept until there are enough of one month for a group
GROUP_ROWS = 122_880  # rows of a group in a file: DuckDB's own

type Say = Callable[[str, int], None]


@dataclass(frozen=True)
class Published:
    """What a publication wrote: rows and months rewritten, and months that are gone."""

    rows: int = 0
    months: int = 0
    gone: int = 0

    def __str__(self) -> str:
        return f"{self.rows} rows in {self.months} months written, {self.gone} months removed"


def publish(names: Sequence[str] | None = None, *, say: Say | None = None) -> Published:
    """Write the months of the facts (all of them, or *names*) that changed since they were last published.

    Facts are read as of one moment; readers see the lake as it was until all of it is written. *say* hears the fact's
    name and how many rows were written since it was last told. Waits while another process publishes.
    """
    known = [fact for fact in offers("facts") if isinstance(fact, Fact)]
    wanted = [fact for fact in known if names is None or fact.name in names]
    with manifest.turn(), one_moment() as moment:
        return _publish(moment, wanted, known, say or (lambda name, rows: None))


def _publish(moment: Moment, facts: Sequence[Fact], known: Sequence[Fact], say: Say) -> Published:
    lake: Path = settings.LAKE
    old = manifest.read(lake)
    manifest.sweep(lake, old)  # what a publication that died left behind
    parts = {fact.name: old.parts[fact.name] for fact in known if fact.name in old.parts}
    total = Published()
    for fact in facts:
        before = parts.get(fact.name, {})
        parts[fact.name], done = _publish_fact(moment, lake, fact, before, old.number + 1, say)
        total = Published(total.rows + done.rows, total.months + done.months, total.gone + done.gone)
    if parts != old.parts:
        manifest.write(lake, old.followed_by(parts=parts))
    return total


def _publish_fact(
    moment: Moment, lake: Path, fact: Fact, before: dict[str, Part], number: int, say: Say
) -> tuple[dict[str, Part], Published]:
    """Rows are read once to see which months changed, and those months' again; only once where no month can stay."""
    version = sha256(str(extracting.schema(fact)).encode()).hexdigest()[:8]
    ranges = moment.alone(lambda: list(extracting.ranges(fact)))
    files = _Files(lake / fact.name, extracting.schema(fact), number)
    if any(part.mark.startswith(version) for part in before.values()):
        now = _marked(version, _read(moment, fact, ranges))
        stay = {month: part for month, part in before.items() if now.get(month) == part.mark}
        if changed := now.keys() - stay.keys():
            with files:
                _read(moment, fact, ranges, months=changed, files=files, say=say)
    else:
        stay = {}
        with files:
            now = _marked(version, _read(moment, fact, ranges, files=files, say=say))
    fresh = {
        month: Part(str(place.relative_to(lake)), rows, now[month]) for month, (place, rows) in files.written.items()
    }
    rows = sum(part.rows for part in fresh.values())
    return dict(sorted((stay | fresh).items())), Published(rows, len(fresh), len(before.keys() - now.keys()))


type Looks = dict[str, tuple[int, int]]  # by month, how many rows there are and the sum of their marks


def _read(
    moment: Moment,
    fact: Fact,
    ranges: Sequence[tuple[int, int]],
    *,
    months: Collection[str] = (),
    files: "_Files | None" = None,
    say: Say | None = None,
) -> Looks:
    """Read the rows of *ranges*, of *months* only if given, into *files*, if given, and say what they look like."""
    looks: Looks = {}
    for pieces in moment.each(lambda keys: list(marks.by_month(joining.between(fact, *keys, months))), ranges):
        for month, rows, mark in pieces:
            count, total = looks.get(month, (0, 0))
            looks[month] = (count + len(rows), (total + mark) % 2**64)
            if files is not None:
                files.add(month, rows)
        if say is not None:
            say(fact.name, sum(len(rows) for _month, rows, _mark in pieces))
    return looks


def _marked(version: str, looks: Looks) -> dict[str, str]:
    return {month: f"{version}:{count:x}-{total:x}" for month, (count, total) in looks.items()}


class _Files:
    """One file for each month, open at the same time; each gets its real name once it is whole."""

    def __init__(self, folder: Path, schema: pa.Schema, number: int) -> None:
        self.folder, self.schema, self.number = folder, schema, number
        self.written: dict[str, tuple[Path, int]] = {}
        self._writers: dict[str, pq.ParquetWriter] = {}
        self._waiting: dict[str, list[pa.Table]] = {}
        self._rows: dict[str, int] = {}

    def __enter__(self) -> "_Files":
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is None:
            for month in list(self._waiting):
                self._flush(month)
        for month, writer in self._writers.items():
            writer.close()
            if kind is None:
                self._settle(month)

    def add(self, month: str, rows: pa.Table) -> None:
        """Take rows of a month; they are written once there are enough for a group."""
        self._waiting.setdefault(month, []).append(rows)
        self._rows[month] = self._rows.get(month, 0) + len(rows)
        if self._rows[month] >= GROUP_ROWS:
            self._flush(month)
        while sum(self._rows.values()) > WAITING_ROWS:
            self._flush(max(self._rows, key=lambda month: self._rows[month]))

    def _flush(self, month: str) -> None:
        rows = pa.concat_tables(self._waiting.pop(month))
        self._rows.pop(month)
        if month not in self._writers:
            place = self._place(month).with_suffix(".parquet.tmp")
            place.parent.mkdir(parents=True, exist_ok=True)
            self._writers[month] = pq.ParquetWriter(
                place, self.schema, compression="snappy", version="2.6", store_decimal_as_integer=True
            )
        self._writers[month].write_table(rows, row_group_size=GROUP_ROWS)
        self.written[month] = (self._place(month), self.written.get(month, (None, 0))[1] + len(rows))

    def _place(self, month: str) -> Path:
        return self.folder / f"month={month}" / f"part-{self.number}.parquet"

    def _settle(self, month: str) -> None:
        place = self._place(month)
        temporary = place.with_suffix(".parquet.tmp")
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(temporary, place)
