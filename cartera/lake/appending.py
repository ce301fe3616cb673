"""Adding rows to a history that lives in the lake only.

Rows are never changed: what turns out wrong is taken back by the same row with the opposite sums, known from then on,
so that a question about the past finds what was known then. Each batch becomes a file in each of its months; when a
month has many, the younger ones become one. Everything comes into force with the manifest, in one step.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from django.conf import settings

from cartera.kit.features import offers
from cartera.lake import extracting, manifest
from cartera.lake.manifest import Appended, Part
from cartera.lake.months import by_month
from cartera.lake.offers import AppendedFact, Kind

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MANY = 8  # files of a month that a reader may have to open
REMEMBERED = 100  # batches by which a second try is recognised
GROUP_ROWS = 122_880  # rows of a group in a file: DuckDB's own
MEMORY, MERGED_AT_ONCE = "160MB", 1_000_000  # rows


def append(name: str, rows: pa.Table, *, batch: str) -> int:
    """Add *rows* to the appended fact *name*, safely on disk, and return how many; 0 if *batch* is in it already.

    So whoever does not know whether an append came through just appends again. Raises Busy when another process has
    been changing the lake for minutes, KeyError when no app offers the fact or one of its columns is missing, and
    ValueError for a row that happened at no known moment, of which no month could be kept.
    """
    fact = _offered(name)
    rows = rows.select(list(fact.columns)).cast(extracting.schema(fact))
    if rows["happened_at"].null_count:
        raise ValueError(f"fact {name}: happened_at is unknown in {rows['happened_at'].null_count} rows")
    with manifest.turn():
        lake: Path = settings.LAKE
        old = _begun(lake)
        before = old.appended.get(name, Appended())
        if batch in before.batches:
            return 0
        parts = dict(before.parts)
        for month, its in by_month(rows):
            place = _Place(lake, name, month, old.number + 1)
            parts[month] = _compacted((*parts.get(month, ()), _added(its, place)), fact, place)
        after = Appended(dict(sorted(parts.items())), (*before.batches, batch)[-REMEMBERED:])
        manifest.write(lake, old.followed_by(appended={**old.appended, name: after}))
    return len(rows)


def rows(name: str, where: pc.Expression) -> pa.Table:
    """The rows of the appended fact *name* for which *where* holds, whenever they were known."""
    fact = _offered(name)
    files = _files(name)
    if not files:
        return extracting.schema(fact).empty_table()
    return ds.dataset(files, schema=extracting.schema(fact), format="parquet").to_table(filter=where)


def rows_of(name: str, account_ids: Sequence[int], engine: "DuckDBPyConnection") -> pa.Table:
    """The rows of a few accounts, of whose files DuckDB reads the least."""
    fact = _offered(name)
    files = _files(name)
    if not files or not account_ids:
        return extracting.schema(fact).empty_table()
    columns = ", ".join(f'"{column}"' for column in fact.columns)
    ids = ", ".join(str(int(pk)) for pk in account_ids)
    statement = f"SELECT {columns} FROM read_parquet($files, hive_partitioning = false) WHERE account_id IN ({ids})"  # noqa: S608
    return engine.sql(statement, params={"files": files}).to_arrow_table()


def taken_back(name: str, rows: pa.Table) -> pa.Table:
    """The same rows with the opposite sums."""
    for column in _offered(name).sums:
        place = rows.column_names.index(column)
        rows = rows.set_column(place, rows.schema.field(place), pc.negate(rows[column]))
    return rows


def _begun(lake: Path) -> manifest.Manifest:
    """The manifest in force, which there is before the first file is: without one, files count as lost."""
    found = manifest.read(lake)
    if not found.number:
        found = found.followed_by()
        manifest.write(lake, found)
    return found


def _files(name: str) -> list[str]:
    return [str(settings.LAKE / file) for file in manifest.read(settings.LAKE).files_of(name)]


def _offered(name: str) -> AppendedFact:
    return {fact.name: fact for fact in offers("facts") if isinstance(fact, AppendedFact)}[name]


class _Place:
    """Where the files of one fact and month go that come into force with the manifest *number*."""

    def __init__(self, lake: Path, fact: str, month: str, number: int) -> None:
        self.lake, self.number = lake, number
        self.folder = lake / fact / f"month={month}"

    def settled(self, kind: str, write: Callable[[Path], None]) -> str:
        """Write a file under another name, give it its own when it is safely on disk, and return that."""
        self.folder.mkdir(parents=True, exist_ok=True)
        place = self.folder / f"{kind}-{self.number}.parquet"
        temporary = place.with_suffix(".parquet.tmp")
        write(temporary)
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(temporary, place)
        for folder in (self.folder, self.folder.parent):
            manifest.keep_names(folder)
        return str(place.relative_to(self.lake))


def _added(rows: pa.Table, place: _Place) -> Part:
    """A file of its own for *rows*, by account, so that a few accounts' rows lie together."""
    rows = rows.sort_by([("account_id", "ascending"), ("happened_at", "ascending")])

    def write(path: Path) -> None:
        pq.write_table(rows, path, row_group_size=GROUP_ROWS, compression="snappy", version="2.6")

    return Part(place.settled("added-one", write), len(rows))


def _compacted(parts: tuple[Part, ...], fact: AppendedFact, place: _Place) -> tuple[Part, ...]:
    """The parts of a month, of which the younger became one if there were too many."""
    young = _young(parts)
    if not young:
        return parts
    files = [str(place.lake / part.file) for part in young]
    return (*parts[: -len(young)], _merged(files, fact, place))


def _young(parts: Sequence[Part]) -> Sequence[Part]:
    """The youngest parts, up to one larger than all that are younger: so each row is rewritten seldom, but few stay."""
    if len(parts) <= MANY:
        return ()
    count, rows = 2, parts[-1].rows + parts[-2].rows
    while count < len(parts) and parts[-count - 1].rows <= rows:
        count += 1
        rows += parts[-count].rows
    return parts[-count:]


def _merged(files: Sequence[str], fact: AppendedFact, place: _Place) -> Part:
    """One file of the rows of *files*: what differs only in its sums and in the time of day it was known is one row.

    It is known from the latest of them: nobody sees a row before it was known, and as of any day's end nothing changes.
    """
    import duckdb  # not needed by those who only read

    options = {"memory_limit": MEMORY, "temp_directory": str(settings.HOME / "tmp")}

    def write(path: Path) -> None:
        with (
            duckdb.connect(config={**options, "preserve_insertion_order": False}) as engine,
            pq.ParquetWriter(path, extracting.schema(fact), compression="snappy", version="2.6") as writer,
        ):
            for low, high in _ranges(files):
                found = engine.sql(_merging(fact, low, high), params={"files": list(files)}).to_arrow_table()
                rows = found.cast(extracting.schema(fact))
                writer.write_table(rows, row_group_size=GROUP_ROWS)

    file = place.settled("added-many", write)
    return Part(file, pq.read_metadata(place.lake / file).num_rows)


def _merging(fact: AppendedFact, low: int, high: int | None) -> str:
    """The statement that sums up the rows of the accounts from *low* to below *high*; without that, nobody's too."""
    told = {name: f'"{name}"' for name in fact.columns} | {"known_at": "max(known_at)"}
    told |= {name: f'CAST(sum("{name}") AS {_SQL[fact.columns[name].kind]})' for name in fact.sums}
    keys = [f'"{name}"' for name in fact.columns if name not in {*fact.sums, "known_at"}]
    end = f"AND account_id < {high}" if high is not None else "OR account_id IS NULL"
    return (
        f"SELECT {', '.join(f'{expression} AS "{name}"' for name, expression in told.items())} "  # noqa: S608
        f"FROM read_parquet($files, hive_partitioning = false) WHERE account_id >= {low} {end} "
        f"GROUP BY {', '.join(keys)}, epoch_us(known_at) // 86400000000 "
        f"HAVING {' OR '.join(f'sum("{name}") <> 0' for name in sorted(fact.sums))} ORDER BY account_id, happened_at"
    )


def _ranges(files: Sequence[str]) -> Iterator[tuple[int, int | None]]:
    """Ranges of accounts that together hold every row, each about as many as fit into memory."""
    groups = sorted(_groups(files))
    low, rows = 0, 0
    for first, count in groups:
        if rows >= MERGED_AT_ONCE and first > low:
            yield low, first
            low, rows = first, 0
        rows += count
    yield low, None


def _groups(files: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The lowest account of each group of rows that has one, and how many rows it has."""
    for file in files:
        found = pq.read_metadata(file)
        account = found.schema.names.index("account_id")
        for number in range(found.num_row_groups):
            group = found.row_group(number)
            looks = group.column(account).statistics
            if looks is not None and looks.has_min_max:
                yield looks.min, group.num_rows


_SQL = {Kind.WHOLE: "BIGINT", Kind.NUMBER: "DOUBLE", Kind.MONEY: "DECIMAL(18, 4)"}
