"""Facts most of whose columns stand in one other table, as what is said of an invoice's lines stands in the invoice.

Joined by the database, each line would bring its invoice's moments along once more, which costs more than all else.
So the rows and those of the other table are read apart, each once, and put together here.
"""

from collections.abc import Collection
from typing import Any

import numpy as np
import pyarrow as pa
from django.db.models import ForeignKey

from cartera.lake import extracting
from cartera.lake.offers import Column, Fact, Kind

# How many of the other table's keys may lie between the first and the last that are wanted, for each row.
WIDEST = 4
_LINK = "link"


def between(fact: Fact, low: int, high: int, months: Collection[str] = ()) -> pa.Table:
    """As `extracting.between`, in whichever way is quicker."""
    relation = None if months else _relation(fact)
    found = _put_together(fact, relation, low, high) if relation else None
    return extracting.between(fact, low, high, months) if found is None else found


def _relation(fact: Fact) -> ForeignKey[Any, Any] | None:
    """The one that columns of *fact* are taken across, if its rows come from one table and each has such a row."""
    rows = fact.rows()
    names = {across.split("__")[0] for column in fact.columns.values() if (across := _across(column))}
    if len(names) != 1 or len(rows.query.alias_map) > 1:
        return None
    field = rows.model._meta.get_field(names.pop())
    return field if isinstance(field, ForeignKey) and not field.null and field.target_field.primary_key else None


def _across(column: Column) -> str | None:
    """The path of a *column* that is another table's field, named alone or by an F."""
    path = getattr(column.expression, "name", column.expression)
    return path if isinstance(path, str) and path.count("__") == 1 else None


def _put_together(fact: Fact, relation: ForeignKey[Any, Any], low: int, high: int) -> pa.Table | None:
    """The rows, or None where what they belong to lies too far apart to be read as one stretch, or is gone."""
    theirs = {
        name: Column(across.split("__")[1], column.kind)
        for name, column in fact.columns.items()
        if (across := _across(column))
    }
    own = {name: column for name, column in fact.columns.items() if name not in theirs}
    rows = extracting.taken(fact.rows(), {_LINK: Column(relation.attname, Kind.WHOLE), **own}, low, high)
    if not len(rows):
        return extracting.schema(fact).empty_table()
    wanted = rows[_LINK].to_numpy()
    first, last = int(wanted.min()), int(wanted.max())
    if last - first > WIDEST * len(rows):
        return None
    there = relation.remote_field.model._base_manager.all()
    others = extracting.taken(there, {_LINK: Column("pk", Kind.WHOLE), **theirs}, first, last + 1)
    places = places_of(others[_LINK].to_numpy(), wanted)
    if places is None:
        return None
    columns = {**_by_name(rows), **_by_name(others.take(places))}
    return pa.Table.from_arrays([columns[name] for name in fact.columns], schema=extracting.schema(fact))


def places_of(keys: Any, wanted: Any) -> Any:
    """Where each of *wanted* stands in *keys*, in which each stands once, in any order; None if one is not there.

    That happens to who reads within a transaction of its own, when another has removed something in between.
    """
    order = np.argsort(keys, kind="stable")
    found = np.searchsorted(keys, wanted, sorter=order)
    if not len(keys) or found.max() >= len(keys) or (keys[order[found]] != wanted).any():
        return None
    return order[found]


def _by_name(table: pa.Table) -> dict[str, pa.ChunkedArray]:
    return dict(zip(table.column_names, table.columns, strict=True))
