"""From the rows of an aggregate to columns aligned to one array of accounts."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from cartera.lake.offers import Floats, Integers


def as_numpy(table: pa.Table) -> dict[str, np.ndarray]:
    """The rows of *table* as numpy columns; whole numbers stay whole, all else is float64 with NaN for unknown."""
    found = {}
    for name in table.column_names:
        column = table[name].combine_chunks()
        found[name] = column.to_numpy(zero_copy_only=False)
        if not (found[name].dtype == np.int64 or found[name].dtype == object):
            found[name] = found[name].astype(np.float64)
    return found


def aligned(
    accounts: Integers, ids: Integers, columns: Mapping[str, Floats], *, fill: float = np.nan
) -> dict[str, Floats]:
    """Columns given for *ids* (a row an account, any order), for *accounts* (rising); *fill* where there is no row."""
    place = np.searchsorted(accounts, ids)
    place[place == len(accounts)] = 0
    here = accounts[place] == ids if len(accounts) else np.zeros(len(ids), bool)
    found = {}
    for name, column in columns.items():
        found[name] = np.full((len(accounts), *column.shape[1:]), fill)
        found[name][place[here]] = column[here]
    return found
