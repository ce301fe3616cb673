"""Pages by cursor: the next page starts where this one ended, at the same cost however far down it lies."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.db.models.functions import Coalesce

COUNT_CAP = 10_000
# How many rows of an order are looked at for few that match, before they are looked for by what they match.
WALK = 3_000
_signer = signing.Signer(salt="kit.pagination")


class Count(int):
    """How many rows there are; `more` says that counting stopped there."""

    more: bool = False

    @classmethod
    def capped(cls, counted: int, cap: int) -> "Count":
        count = cls(min(counted, cap))
        count.more = counted > cap
        return count


@dataclass(frozen=True)
class _Position:
    """A row's place in the order: its value (None: among the unknown, which come last) and its id."""

    value: Any
    pk: int
    backwards: bool = False


@dataclass
class Page[Row: Model]:
    """Some rows in order; `next` and `previous` are the tokens of the pages beside it, or None at the ends."""

    rows: list[Row]
    next: str | None
    previous: str | None
    queryset: QuerySet[Row]
    sort: str
    size: int

    def count(self, cap: int = COUNT_CAP) -> Count:
        """How many rows there are in all, counted up to *cap*."""
        return Count.capped(self.queryset.order_by()[: cap + 1].count(), cap)

    @cached_property
    def total(self) -> Count:
        return self.count()

    def __bool__(self) -> bool:
        return bool(self.rows)

    def __iter__(self) -> Any:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def keyset_page[Row: Model](
    queryset: QuerySet[Row],
    sort: str,
    size: int = 50,
    after: str | None = None,
    *,
    filtered: bool = False,
    sparse: bool = False,
    few: QuerySet[Row] | None = None,
) -> Page[Row]:
    """The page of *queryset* that the token *after* points at (a wrong or old token: the first one).

    *sort* names a field or annotation, with "-" for descending. Unknown values come last either way; ties follow
    the id in the same direction. An index on (field, id) makes every page cost the same. Where *filtered* conditions
    may leave few rows of a large table, walking that index for them is given up after a while for asking them first,
    or not begun if they are known to be *sparse*. *few* gives the same rows, in the way that is quick for few.
    """
    order = _Order(queryset, sort, filtered, queryset if few is None else few)
    order.sparse = sparse
    position = order.read(after)
    backwards = position is not None and position.backwards
    rows = order.rows(position, size + 1)
    more = len(rows) > size
    rows = rows[:size]
    if backwards:
        rows.reverse()
    before, beyond = (more, True) if backwards else (position is not None, more)
    return Page(
        rows=rows,
        next=order.token(rows[-1]) if rows and beyond else None,
        previous=order.token(rows[0], backwards=True) if rows and before else None,
        queryset=queryset,
        sort=sort,
        size=size,
    )


class _Order[Row: Model]:
    """One order of one queryset: known values in their direction, then the unknown ones."""

    field: Any  # of the model, or what an annotation gives: it reads the value of a token

    def __init__(self, queryset: QuerySet[Row], sort: str, filtered: bool, few: QuerySet[Row]) -> None:
        self.queryset, self.sort, self.few = queryset, sort, few
        self.filtered = filtered and self._is_column(queryset, sort)
        self.sparse = False  # known once a walk was given up
        self.name, self.descending = sort.removeprefix("-"), sort.startswith("-")
        field: Any = queryset.query.annotations.get(self.name)
        if field is not None:
            self.field, self.nullable = field.output_field, True
            return
        meta = queryset.model._meta
        field = meta.pk if self.name == "pk" else meta.get_field(self.name)
        self.name, self.nullable = field.attname, field.null
        self.field = field.target_field if field.is_relation else field

    def rows(self, position: _Position | None, wanted: int) -> list[Row]:
        """Up to *wanted* rows from *position* on, away from it; backwards they come in reversed order."""
        rows: list[Row] = []
        stretches = self._stretches(self.queryset, position)
        if not self.filtered:
            for stretch in stretches:
                if len(rows) < wanted:
                    rows += stretch[: wanted - len(rows)]
            return rows
        everything = self._stretches(self.queryset.model._base_manager.all(), position)
        for whole, stretch, few in zip(everything, stretches, self._stretches(self.few, position), strict=True):
            if len(rows) < wanted:
                rows += self._found(whole, stretch, few, wanted - len(rows))[: wanted - len(rows)]
        return rows

    def _found(
        self, everything: QuerySet[Row], stretch: QuerySet[Row], few: QuerySet[Row], wanted: int
    ) -> QuerySet[Row] | list[Row]:
        """The first rows of *stretch*: among the next rows of the order, or else sorted out of all that match."""
        first = str(stretch.query.order_by[0])
        name, falling = first.removeprefix("-"), first.startswith("-")
        if not self.sparse:
            edge = everything.values_list(name, flat=True)[WALK : WALK + 1].first()
            if edge is None:
                return stretch
            near = list(stretch.filter(**{f"{name}__{'gte' if falling else 'lte'}": edge})[:wanted])
            if len(near) == wanted:
                return near
            self.sparse = True
        # No index is on this expression, so that the conditions are asked first and what matches is sorted.
        by = Coalesce(name, name)
        ties = "-pk" if falling else "pk"
        return few.order_by(by.desc() if falling else by.asc(), ties)

    def _stretches(self, queryset: QuerySet[Row], position: _Position | None) -> Iterator[QuerySet[Row]]:
        """The rest of the order in pieces that an index on (field, id) each answers by one walk from one place.

        (Row comparison, (field, id) > (value, id), would be one piece, but SQLite walks through all ties for it.)
        """
        backwards = position is not None and position.backwards
        falling = self.descending != backwards
        dash, beyond = ("-", "lt") if falling else ("", "gt")
        unknown = queryset.filter(**{f"{self.name}__isnull": True}).order_by(f"{dash}pk")
        known = queryset.order_by(f"{dash}{self.name}", f"{dash}pk")
        if position is None:
            yield known.filter(**{f"{self.name}__isnull": False}) if self.nullable else known
        elif position.value is None:
            yield unknown.filter(**{f"pk__{beyond}": position.pk})
            if backwards:
                yield known.filter(**{f"{self.name}__isnull": False})
        else:
            ties = queryset.filter(**{self.name: position.value, f"pk__{beyond}": position.pk})
            yield ties.order_by(f"{dash}pk")
            yield known.filter(**{f"{self.name}__{beyond}": position.value})
        if self.nullable and not backwards and (position is None or position.value is not None):
            yield unknown

    @staticmethod
    def _is_column(queryset: QuerySet[Row], sort: str) -> bool:
        """Whether *sort* is the table's own, so that it can be walked without what is filtered."""
        return sort.removeprefix("-") not in queryset.query.annotations

    def token(self, row: Row, *, backwards: bool = False) -> str:
        value = getattr(row, self.name)
        plain = value if value is None or isinstance(value, bool | int | float | str) else _text(value)
        return _signer.sign_object([self.sort, plain, row.pk, backwards])

    def read(self, token: str | None) -> _Position | None:
        if not token:
            return None
        try:
            sort, plain, pk, backwards = _signer.unsign_object(token)
            value = self.field.to_python(plain)
        except (signing.BadSignature, ValidationError, ValueError, TypeError):
            return None
        return _Position(value, pk, backwards) if sort == self.sort else None


def _text(value: Decimal | datetime | date | time) -> str:
    return str(value) if isinstance(value, Decimal) else value.isoformat()
