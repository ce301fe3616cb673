"""Pages by cursor: the next page starts where this one ended, at the same cost however far down it lies."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import BooleanField, F, Field, Func, Model, QuerySet, Value

COUNT_CAP = 10_000
_signer = signing.Signer(salt="kit.pagination")


class Count(int):
    """How many rows there are; `more` says that counting stopped there."""

    more: bool = False

    @classmethod
    def capped(cls, counted: int, cap: int) -> "Count":
        count = cls(min(counted, cap))
        count.more = counted > cap
        return count


class _Beyond(Func):
    """Row comparison, (column, id) > (value, id), which both databases answer from an index on the two columns."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, *expressions: Any, sign: str = ">") -> None:
        super().__init__(*expressions)
        self.extra["sign"] = sign

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:
        compiled = [compiler.compile(expression) for expression in self.get_source_expressions()]
        (column, column_id, value, value_id), params = (
            [sql for sql, _ in compiled],
            [p for _, ps in compiled for p in ps],
        )
        return f"({column}, {column_id}) {self.extra['sign']} ({value}, {value_id})", params


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


def keyset_page[Row: Model](queryset: QuerySet[Row], sort: str, size: int = 50, after: str | None = None) -> Page[Row]:
    """The page of *queryset* that the token *after* points at (a wrong or old token: the first one).

    *sort* names a field or annotation, with "-" for descending. Unknown values come last either way; ties follow
    the id in the same direction. An index on (field, id) makes every page cost the same.
    """
    order = _Order(queryset, sort)
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

    def __init__(self, queryset: QuerySet[Row], sort: str) -> None:
        self.queryset, self.sort = queryset, sort
        self.name, self.descending = sort.removeprefix("-"), sort.startswith("-")
        annotation = queryset.query.annotations.get(self.name)
        self.field: Field[Any, Any] = (
            annotation.output_field if annotation is not None else queryset.model._meta.get_field(self.name)  # type: ignore[assignment]
        )
        if annotation is None and self.field.is_relation:
            self.name, self.field = self.field.attname, self.field.target_field
            self.nullable = queryset.model._meta.get_field(sort.removeprefix("-")).null
        else:
            self.nullable = annotation is not None or self.field.null

    def rows(self, position: _Position | None, wanted: int) -> list[Row]:
        """Up to *wanted* rows from *position* on, away from it; backwards they come in reversed order."""
        backwards = position is not None and position.backwards
        rows: list[Row] = []
        for unknown in self._phases(position, backwards):
            if len(rows) < wanted:
                start = position if position is not None and (position.value is None) == unknown else None
                rows += self._phase(unknown, start, backwards)[: wanted - len(rows)]
        return rows

    def _phases(self, position: _Position | None, backwards: bool) -> list[bool]:
        phases = [False, True] if self.nullable else [False]
        if position is not None:
            at = position.value is None
            phases = [unknown for unknown in phases if (unknown <= at if backwards else unknown >= at)]
        return phases[::-1] if backwards else phases

    def _phase(self, unknown: bool, start: _Position | None, backwards: bool) -> QuerySet[Row]:
        falling = self.descending != backwards
        sign, dash = ("<", "-") if falling else (">", "")
        rows = self.queryset.filter(**{f"{self.name}__isnull": unknown}) if self.nullable else self.queryset
        if unknown or self.name in ("pk", self.queryset.model._meta.pk.name):
            if start:
                rows = rows.filter(**{"pk__lt" if falling else "pk__gt": start.pk})
            return rows.order_by(f"{dash}pk")
        if start:
            value = Value(start.value, output_field=self.field)
            rows = rows.filter(_Beyond(F(self.name), F("pk"), value, Value(start.pk), sign=sign))
        return rows.order_by(f"{dash}{self.name}", f"{dash}pk")

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
