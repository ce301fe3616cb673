"""What the measures say about accounts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import numpy as np
from django.conf import settings
from django.utils.module_loading import import_string

from cartera.engine.columns import Floats, Integers
from cartera.health.default import FACTORS
from cartera.health.queries.scorecards import all_ids
from cartera.kit.clock import start_of
from cartera.kit.features import features
from cartera.lake import manifest
from cartera.lake.offers import Measure
from cartera.lake.queries import Facts, facts_as_of, measures


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


def measures_by_app() -> list[tuple[Any, list[Measure]]]:
    """The measures that the apps offer, by app, in the apps' order; an app is named as it calls itself."""
    found = []
    for feature in features():
        if feature.measures:
            found.append((feature.verbose_name, list(import_string(f"{feature.name}.{feature.measures}"))))
    return found


def proposal() -> list[dict[str, Any]]:
    """The factors that Cartera proposes, as far as the installed apps measure them."""
    return [row for row in FACTORS if row["measure"] in offered()]


def end_of(day: date) -> datetime:
    """The last moment that still belongs to *day*: whole days since then are those that people count."""
    return start_of(day) + timedelta(days=1) - timedelta.resolution


def measured(keys: Sequence[str], *, facts: Facts, ids: Integers) -> dict[str, Columns]:
    """What each measure of *keys* says about accounts *ids* by *facts*; one that no app offers is unknown of all."""
    known = offered()
    found = {}
    for key in keys:
        measure = known.get(key)
        found[key] = _columns(measure.compute(facts, facts.as_of, ids)) if measure else _unknown(len(ids))
    return found


class Everybody:
    """Values and ages of all accounts as of the end of a day, by what was last published, for looking at drafts.

    A measure is asked for once; what its sentence needs is not kept.
    """

    def __init__(self, day: date) -> None:
        self.day, self.ids = day, all_ids()
        self._facts = facts_as_of(end_of(day))
        self._columns: dict[str, Columns] = {}

    def columns(self, key: str) -> Columns:
        if key not in self._columns:
            found = measured([key], facts=self._facts, ids=self.ids)[key]
            self._columns[key] = Columns(found.value, found.age)
        return self._columns[key]

    def of(self, keys: Sequence[str], ids: Integers) -> dict[str, Columns]:
        """The columns of some of the accounts, *ids* (rising, all of them among `self.ids`)."""
        place = np.searchsorted(self.ids, ids)
        found = {key: self.columns(key) for key in keys}
        return {key: Columns(column.value[place], column.age[place]) for key, column in found.items()}


_kept: dict[tuple[str, int, date], Everybody] = {}


def everybody(day: date) -> Everybody:
    """All accounts as of *day*; kept by the process until something is published or the day changes."""
    place = (str(settings.LAKE), manifest.read(settings.LAKE).number, day)
    found = _kept.get(place)
    if found is None:
        found = Everybody(day)
        _kept.clear()
        _kept[place] = found
    return found


def _columns(found: Mapping[str, Floats]) -> Columns:
    told = dict(found)
    return Columns(told.pop("value"), told.pop("age"), told)


def _unknown(size: int) -> Columns:
    return Columns(np.full(size, np.nan), np.full(size, np.nan))
