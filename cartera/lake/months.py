"""The lake keeps rows by the month in which they happened."""

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc


def by_month(table: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    """The rows of each month; what happened at no known moment is left out."""
    month = pc.floor_temporal(table["happened_at"].cast(pa.timestamp("us")), unit="month")
    starts = pc.unique(month)
    for start in starts:
        if start.is_valid:
            yield f"{start.as_py():%Y-%m}", table if len(starts) == 1 else table.filter(pc.equal(month, start))
