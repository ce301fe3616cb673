"""Adding rows to a history that lives in the lake only.

Rows are never changed: what turns out wrong is taken back by the same row with the opposite sums, known from then on,
so that a question about the past finds what was known then. Each batch becomes a file in each of its months; when a
month has many, the younger ones become one. Everything comes into force with the manifest, in one step.
"""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from django.conf import settings

from cartera.kit.features import offers
from cartera.lake import extracting, manifest
from cartera.lake.manifest import Appended, Part
from cartera.lake.months import by_month
from cartera.lake.offers import AppendedFact

MANY = 8  # files of a month that a reader may have to open
REMEMBERED = 100  # batches by which a second try is recognised
GROUP_ROWS = 122_880  # rows of a group in a file: DuckDB's own
MEMORY = "160MB"


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
        old = manifest.read(lake)
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
    """The rows of the appended fact *name* for which *where* holds, known at any time; quick if it is by account."""
    fact = _offered(name)
    files = [str(settings.LAKE / file) for file in manifest.read(settings.LAKE).files_of(name)]
    if not files:
        return extracting.schema(fact).empty_table()
    return ds.dataset(files, schema=extracting.schema(fact), format="parquet").to_table(filter=where)


def rows_of(name: str, account_ids: Sequence[int]) -> pa.Table:
    """The rows of a few accounts."""
    account = pc.field("account_id")
    low, high = min(account_ids, default=0), max(account_ids, default=0)  # by which whole groups of rows are left out
    return rows(name, (account >= low) & (account <= high) & account.isin(account_ids))


def taken_back(name: str, rows: pa.Table) -> pa.Table:
    """The same rows with the opposite sums."""
    for column in _offered(name).sums:
        place = rows.column_names.index(column)
        rows = rows.set_column(place, rows.schema.field(place), pc.negate(rows[column]))
    return rows


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
    keys = [f'"{name}"' for name in fact.columns if name not in {*fact.sums, "known_at"}]
    told = {**{name: f'"{name}"' for name in fact.columns}, "known_at": "max(known_at)"}
    told |= {name: f'sum("{name}")' for name in fact.sums}
    types = extracting.schema(fact)
    chosen = ", ".join(f'CAST({told[name]} AS {_SQL[types.field(name).type]}) AS "{name}"' for name in fact.columns)
    left = " OR ".join(f'sum("{name}") <> 0' for name in sorted(fact.sums))
    statement = (
        f"SELECT {chosen} FROM read_parquet($files, hive_partitioning = false) "  # noqa: S608
        f"GROUP BY {', '.join(keys)}, epoch_us(known_at) // 86400000000 HAVING {left} ORDER BY account_id, happened_at"
    )

    def write(path: Path) -> None:
        import duckdb  # not needed by those who only read

        with duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": str(settings.HOME / "tmp")}) as engine:
            engine.execute(
                f"COPY ({statement}) TO '{_quoted(path)}' (FORMAT parquet, ROW_GROUP_SIZE {GROUP_ROWS})",
                {"files": list(files)},
            )

    file = place.settled("added-many", write)
    return Part(file, pq.read_metadata(place.lake / file).num_rows)


_SQL = {
    pa.int64(): "BIGINT",
    pa.float64(): "DOUBLE",
    pa.decimal128(18, 4): "DECIMAL(18, 4)",
    pa.timestamp("us", "UTC"): "TIMESTAMPTZ",
    pa.date32(): "DATE",
    pa.string(): "VARCHAR",
}


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
