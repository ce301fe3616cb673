"""Small decisions about accounts. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any


def merged_custom(present: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The own fields after setting those *given*; one set to nothing is taken away."""
    return {key: value for key, value in {**present, **given}.items() if value not in (None, "")}


def tidy_tags(tags: Iterable[str]) -> list[str]:
    """Tags without surrounding space, empty ones and repetitions, in their order."""
    return list(dict.fromkeys(tag for tag in (" ".join(tag.split())[:40] for tag in tags) if tag))


def retagged(tags: Sequence[str], *, add: Iterable[str], remove: Iterable[str]) -> list[str]:
    """*tags* with those of *add*, without those of *remove*."""
    gone = set(tidy_tags(remove))
    return [tag for tag in tidy_tags([*tags, *add]) if tag not in gone]


def filled(kept: Any, given: Any) -> Any:
    """What one account of two has after a merge: its own, else the other's; lists and own fields together."""
    if isinstance(kept, list):
        return tidy_tags([*kept, *given])
    if isinstance(kept, dict):
        return {**given, **kept}
    return given if kept in (None, "") else kept


def added(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    """The sum; unknown only if both are."""
    return one + other if one is not None and other is not None else (one if other is None else other)


def later[T: (date, datetime)](one: T | None, other: T | None) -> T | None:
    """The later of the known ones."""
    return max((day for day in (one, other) if day is not None), default=None)


def sooner(one: date | None, other: date | None) -> date | None:
    """The earlier of the known ones."""
    return min((day for day in (one, other) if day is not None), default=None)
