"""What apps offer to the lake: facts, the tables of what happened, and measures, columns calculated from them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db.models import QuerySet
from django.utils.functional import Promise
from numpy.typing import NDArray

if TYPE_CHECKING:
    from cartera.lake.queries import Facts

type Floats = NDArray[np.float64]
type Integers = NDArray[np.int64]


class Kind(Enum):
    """What a column holds: a whole number, a number, money (exact, four decimals), a moment, a day, a short code."""

    WHOLE = "whole"
    NUMBER = "number"
    MONEY = "money"
    MOMENT = "moment"
    DAY = "day"
    CODE = "code"


@dataclass(frozen=True)
class Column:
    """A column of a fact: a field's name or an expression over the fact's queryset, and what it holds.

    A code is text of which there are few different ones (a choice, a currency).
    """

    expression: Any
    kind: Kind


@dataclass(frozen=True, kw_only=True)
class History:
    """A table of things that happened, kept as Parquet by month: a Fact, or an AppendedFact.

    columns: by name; among them account_id (whole), happened_at and known_at (moments): when it happened, which
        decides its month, and when we could know of it, which decides what a question about the past may see
    """

    name: str
    columns: Mapping[str, Column]

    def __post_init__(self) -> None:
        wanted = {"account_id": Kind.WHOLE, "happened_at": Kind.MOMENT, "known_at": Kind.MOMENT}
        for name, kind in wanted.items():
            if name not in self.columns or self.columns[name].kind is not kind:
                raise ValueError(f"fact {self.name}: column {name} must be there and hold a {kind.value}")


@dataclass(frozen=True, kw_only=True)
class Fact(History):
    """A history that stands in the database, and is published from there.

    rows: gives the queryset of what stands; what was withdrawn is not in it and so leaves the lake. The same question
        every time it is asked
    """

    rows: Callable[[], QuerySet[Any]]


@dataclass(frozen=True, kw_only=True)
class AppendedFact(History):
    """A history that lives in the lake only, because it is too long for the database: see `lake.appending`.

    Its columns have no expression. sums: whole or other numbers that add up, and by which a row is taken back (with
    the opposite sign). Rows that differ in nothing else but the time of day at which they were known become one.
    """

    sums: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Measure:
    """Something that can be said in figures of each account at a moment.

    compute: (facts cut at the moment, the moment, account ids in rising order) -> columns by name, each of shape
        (accounts,), float64, NaN for unknown; among them `value` (in `unit`, what a scorecard's curve is drawn over)
        and `age` (days since the newest row behind it); the others are figures for the sentence
    direction: whether more of it is good ("up") or bad ("down"); source: which rows it comes from, in words
    rows_url: the page that lists the rows behind it for an account
    sentence: the columns of one account, None for unknown, said in the reader's language; asked only if value is known
    """

    key: str
    label: str | Promise
    unit: str | Promise
    direction: str
    source: str | Promise
    compute: Callable[["Facts", datetime, Integers], Mapping[str, Floats]]
    rows_url: Callable[[int], str]
    sentence: Callable[[Mapping[str, float | None]], str]
