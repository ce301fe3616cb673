"""What rows look like, in one number each: whether a month's rows are those that were published is told by their sum.

A row's number mixes all of its columns, so rows that come, go, are edited or swap a value change the sum; two different
months have the same count and sum by a chance of about 2^-64.
"""

from collections.abc import Iterator
from hashlib import sha256

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from cartera.lake import months

type Marks = NDArray[np.uint64]

_ODD = np.uint64(0x9E3779B97F4A7C15)  # 2^64 / golden ratio: spreads neighbouring numbers over all bits
_HALF = np.uint64(32)
_UNKNOWN = np.uint64(0xB7E151628AED2A6B)


def of_rows(table: pa.Table) -> Marks:
    """A number for each row of *table*, (rows,)."""
    mixed = np.full(len(table), _UNKNOWN)
    for column in table.columns:
        mixed ^= _numbers(column.combine_chunks())
        mixed *= _ODD
        mixed ^= mixed >> _HALF
    return mixed


def by_month(table: pa.Table) -> Iterator[tuple[str, pa.Table, int]]:
    """The rows of each month and the sum of their numbers; what happened at no known moment is left out."""
    for month, rows in months.by_month(table):
        yield month, rows, int(of_rows(rows).sum())


def _numbers(column: pa.Array) -> Marks:
    if pa.types.is_string(column.type):
        return _words(column.dictionary_encode())
    if pa.types.is_decimal(column.type):  # 128 bits, of which 18 digits fill the lower half
        found = np.frombuffer(column.buffers()[1], np.uint64)[2 * column.offset :: 2][: len(column)]
    elif pa.types.is_date(column.type):
        found = column.view(pa.int32()).fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64).view(np.uint64)
    else:
        found = column.view(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False).view(np.uint64)
    return np.where(np.asarray(column.is_null()), _UNKNOWN, found) if column.null_count else found


def _words(column: pa.DictionaryArray) -> Marks:
    """The same word has the same number in every chunk."""
    digests = [sha256(word.encode()).digest()[:8] for word in column.dictionary.to_pylist()]
    known = np.frombuffer(b"".join([*digests, _UNKNOWN.tobytes()]), np.uint64)
    return known[column.indices.fill_null(len(digests)).to_numpy(zero_copy_only=False)]
