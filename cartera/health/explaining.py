"""A standing in words and bars: what each factor says, what it gives, and which rows are behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cartera.design import charts, reader
from cartera.health.curves import curve
from cartera.health.models import Factor, Scorecard, Scoring
from cartera.health.queries import offered
from cartera.lake.offers import Measure


@dataclass(frozen=True)
class Explained:
    """One factor of one account. `most` is what it would give with full points; all None where it does not count."""

    key: str
    label: str | Promise
    sentence: str | Promise
    value: float | None
    points: float | None
    weight: float
    part: float | None
    most: float | None
    age: float | None
    url: str
    curve: SafeString
    policy: str | Promise

    @property
    def days(self) -> int | None:
        """How old the value is."""
        return None if self.age is None else int(self.age)

    @property
    def lost(self) -> float:
        """Points that a better value would add."""
        return 0.0 if self.part is None or self.most is None else round(self.most - self.part, 1)


def explain(standing: Scoring, account_id: int) -> list[Explained]:
    """Every factor of *standing*, in the scorecard's order."""
    known = offered()
    corners = {factor.measure: factor for factor in standing.scorecard.factors.all()}
    counted = sum(row["weight"] for row in standing.factors if row["part"] is not None)
    return [
        _explained(row, corners.get(row["measure"]), known.get(row["measure"]), account_id, counted)
        for row in standing.factors
    ]


def _explained(
    row: dict[str, Any], factor: Factor | None, measure: Measure | None, account_id: int, counted: float
) -> Explained:
    counts = row["part"] is not None and counted
    return Explained(
        key=row["measure"],
        label=label_of(factor, measure, row["measure"]),
        sentence=sentence_of(measure, row),
        value=row["value"],
        points=row["points"],
        weight=row["weight"],
        part=row["part"],
        # Parts are rounded so that they add up; none is then said to give more than it could.
        most=max(round(100 * row["weight"] / counted, 1), row["part"]) if counts else None,
        age=row["age"],
        url=measure.rows_url(account_id) if measure else "",
        curve=curve(factor.curve, row["value"]) if factor else SafeString(""),
        policy=factor.get_unknown_display() if factor else "",
    )


def shown_value(value: float) -> str:
    """A measure's value with as many decimals as its size asks for: 0.028, 0.28, 2.8, 28."""
    size = abs(value)
    if size >= 10 or size < 0.0005 or value == int(value):
        return reader.number(value)
    return reader.number(value, 1 if size >= 1 else 2 if size >= 0.1 else 3)


def label_of(factor: Factor | None, measure: Measure | None, key: str) -> str | Promise:
    """The factor's own name, or the measure's."""
    return (factor.label if factor else "") or (measure.label if measure else key)


def sentence_of(measure: Measure | None, row: dict[str, Any]) -> str | Promise:
    """What the measure says about its value, or that it is unknown."""
    if row["value"] is None or measure is None:
        return _("Unknown: there is nothing to tell it from yet.")
    return measure.sentence({"value": row["value"], "age": row["age"], **row["told"]})


def waterfall(standing: Scoring, factors: Sequence[Explained], *, links: bool = True) -> SafeString:
    """From 0 to the score, one bar for each factor that counts."""
    parts = [
        charts.Part(
            label=str(factor.label),
            value=factor.part,
            text=_("%(part)s of %(most)s")
            % {"part": reader.number(factor.part, 1), "most": reader.number(factor.most, 1)},
            url=factor.url if links else "",
            most=factor.most,
        )
        for factor in factors
        if factor.part is not None and factor.most is not None
    ]
    score = float(standing.score or 0)
    total = charts.Part(label=_("Health"), value=score, text=reader.number(score, 1))
    return charts.waterfall(parts, label=_("How the score comes about"), total=total)


def shown(card: Scorecard) -> list[tuple[Factor, str | Promise, float, SafeString]]:
    """The factors of a scorecard with their names, shares of all weight and curves."""
    known, factors = offered(), list(card.factors.all())
    total = float(sum(factor.weight for factor in factors)) or 1.0
    return [
        (
            factor,
            label_of(factor, known.get(factor.measure), factor.measure),
            float(factor.weight) / total,
            curve(factor.curve, None, width=220, height=72),
        )
        for factor in factors
    ]


def name_parts(parts: Sequence[tuple[str, float]]) -> list[tuple[str | Promise, float]]:
    """Parts of a change with the measures' names."""
    known = offered()
    return [(label_of(None, known.get(key), key), part) for key, part in parts]
