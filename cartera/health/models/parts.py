"""The factors of a scoring, kept as a row of figures; what they are figures of is kept once for all accounts.

A standing is rewritten every night and a snapshot every time points change, of every account: names of measures and
their sentences' figures would be four fifths of what is written. The price: who reads the table past Django needs the
legend beside it.
"""

from functools import cache
from hashlib import sha256
from typing import Any

import numpy as np
import orjson
from django.db import models

from cartera.engine.columns import Floats

# A measure, its weight, and the names of the figures for its sentence.
type Heading = tuple[str, float, tuple[str, ...]]
FIGURES = ("value", "points", "part", "age")


class Legend(models.Model):
    """What a row of figures is about: for each factor [measure, weight, names], in the order of the figures.

    The key is made of the headings, so that a row never changes.
    """

    key = models.CharField(primary_key=True, max_length=16)
    headings = models.JSONField()

    def __str__(self) -> str:
        return self.key


def legend_of(headings: list[Heading]) -> Legend:
    """The legend of these headings, not saved."""
    return Legend(key=sha256(orjson.dumps(headings)).hexdigest()[:16], headings=headings)


def written(legend: Legend, figures: Floats) -> list[str]:
    """Each account's factors as a PartsField keeps them: the legend's key, then its figures in a row.

    figures: (accounts, figures), of each factor its FIGURES and those for its sentence, at most six decimals, NaN for
    unknown
    """
    if not len(figures):
        return []
    rows = orjson.dumps(np.ascontiguousarray(figures), option=orjson.OPT_SERIALIZE_NUMPY).decode()
    return [f'["{legend.key}",{row}]' for row in rows[2:-2].split("],[")]


class PartsField(models.JSONField):
    """A list of {measure, value, points, weight, part, age, told}; one that is kept as a row of figures is read so."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        found = super().from_db_value(value, expression, connection)
        return _factors(*found) if found and isinstance(found[0], str) else found

    def deconstruct(self) -> Any:
        """To the database it is JSON like any other."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs


def _factors(key: str, *figures: float | None) -> list[dict[str, Any]]:
    found, place = [], 0
    for measure, weight, names in _headings(key):
        value, points, part, age = figures[place : place + len(FIGURES)]
        place += len(FIGURES)
        told = dict(zip(names, figures[place:], strict=False))
        place += len(names)
        found.append(
            {"measure": measure, "value": value, "points": points, "weight": weight, "part": part, "age": age}
            | {"told": told}
        )
    return found


@cache
def _headings(key: str) -> list[Heading]:
    """Those of a legend; the same key always means the same."""
    return Legend.objects.get(pk=key).headings
