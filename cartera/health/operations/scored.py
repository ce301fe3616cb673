"""Accounts scored by one scorecard: what it says of each, and what of it is kept."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from cartera.engine import scoring
from cartera.engine.columns import Floats, Integers
from cartera.health import rules
from cartera.health.models import Factor, Scorecard
from cartera.health.models.parts import Legend, legend_of
from cartera.health.queries import Columns


@dataclass(frozen=True)
class Scored:
    card: Scorecard
    on: date
    seen: int
    ids: Integers
    factors: list[Factor]
    columns: list[Columns]
    scores: scoring.Scores

    @classmethod
    def of(cls, card: Scorecard, ids: Integers, on: date, seen: int, columns: dict[str, Columns]) -> "Scored":
        factors = list(card.factors.all())
        ordered = [columns[factor.measure] for factor in factors]
        engine = [
            scoring.Factor(
                key=factor.measure,
                curve=factor.curve,
                weight=factor.weight,
                unknown=factor.unknown,  # type: ignore[arg-type]
                fresh_days=factor.fresh_days,
            )
            for factor in factors
        ]
        values = np.column_stack([column.value for column in ordered])
        ages = np.column_stack([column.age for column in ordered])
        return cls(card, on, seen, ids, factors, ordered, scoring.score(engine, values, ages))

    def unknown(self) -> int:
        return int(np.isnan(self.scores.score).sum())

    def bands(self) -> dict[str, int]:
        counted = np.bincount(rules.bands(self.scores.score), minlength=len(rules.BANDS))
        return dict(zip(rules.BANDS, counted.tolist(), strict=True))

    def legend(self) -> Legend:
        """What the figures of each account are figures of."""
        pairs = zip(self.factors, self.columns, strict=True)
        return legend_of([(factor.measure, float(factor.weight), tuple(column.told)) for factor, column in pairs])

    def figures(self) -> Floats:
        """What is kept of each account's factors, (accounts, figures), in the order of the legend."""
        found = []
        for place, column in enumerate(self.columns):
            points, part = self.scores.points[:, place], self.scores.contributions[:, place]
            found += [column.value, points, part, column.age, *column.told.values()]
        return np.round(np.column_stack(found), 6) if found else np.empty((len(self.ids), 0))
