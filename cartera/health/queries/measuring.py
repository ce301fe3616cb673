"""What the measures say about accounts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from cartera.engine.columns import Floats, Integers
from cartera.lake.offers import Measure
from cartera.lake.queries import Facts, measures


@dataclass(frozen=True)
class Columns:
    """What one measure says about each account: its value, the value's age in days, and figures for its sentence."""

    value: Floats
    age: Floats
    told: dict[str, Floats] = field(default_factory=dict)


@cache
def offered() -> dict[str, Measure]:
    """The measures that the apps offer, by key; the apps do not change while a process lives."""
    return measures()


def measured(keys: Sequence[str], *, facts: Facts, ids: Integers) -> dict[str, Columns]:
    """What each measure of *keys* says about accounts *ids* by *facts*; one that no app offers is unknown of all."""
    known = offered()
    found = {}
    for key in keys:
        measure = known.get(key)
        found[key] = _columns(measure.compute(facts, facts.as_of, ids)) if measure else _unknown(len(ids))
    return found


def _columns(found: Mapping[str, Floats]) -> Columns:
    told = dict(found)
    return Columns(told.pop("value"), told.pop("age"), told)


def _unknown(size: int) -> Columns:
    return Columns(np.full(size, np.nan), np.full(size, np.nan))
