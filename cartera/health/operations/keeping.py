"""What a scoring leaves behind: standings, history where something changed, and the figures that accounts keep."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import repeat
from typing import Any, NamedTuple

import numpy as np
import orjson
from django.db.models import OuterRef, Subquery

from cartera.accounts import operations as accounts
from cartera.accounts.models import Account
from cartera.engine import scoring
from cartera.health import rules
from cartera.health.models import Factor, Scorecard, Snapshot, Standing
from cartera.health.queries import Columns
from cartera.kit import bulk

PARTS = ["on", "scorecard", "score", "coverage", "factors"]


@dataclass(frozen=True)
class Scored:
    card: Scorecard
    on: date
    seen: int
    ids: np.ndarray
    factors: list[Factor]
    columns: list[Columns]
    scores: scoring.Scores

    @classmethod
    def of(cls, card: Scorecard, ids: np.ndarray, on: date, seen: int, columns: dict[str, Columns]) -> "Scored":
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
        counts = dict.fromkeys(rules.BANDS, 0)
        for value in plain(self.scores.score):
            counts[rules.band(value)] += 1
        return counts

    def parts(self) -> list[bulk.Json]:
        """Each account's factors, as they are kept: written once for the standing and the snapshot."""
        per_factor = []
        for place, (factor, column) in enumerate(zip(self.factors, self.columns, strict=True)):
            told = ",".join(f"{_quoted(name)}:%s" for name in column.told)
            form = (
                f'{{"measure":{_quoted(factor.measure)},"value":%s,"points":%s,"weight":{float(factor.weight)},'
                f'"part":%s,"age":%s,"told":{{{told}}}}}'
            )
            figures = (
                column.value,
                self.scores.points[:, place],
                self.scores.contributions[:, place],
                column.age,
                *column.told.values(),
            )
            per_factor.append([form % row for row in zip(*map(_written, figures), strict=True)])
        return [bulk.Json(f"[{','.join(row)}]") for row in zip(*per_factor, strict=True)]


def keep(scored: Scored, risk: np.ndarray | None) -> int:
    """Write standings, snapshots of what changed, and the kept figures; return how many changed.

    risk: (accounts,), the model's probability of a loss within 90 days; None to keep the rhythm's of silence.
    """
    past = _past(scored)
    rows = list(
        zip(
            scored.ids.tolist(),
            repeat(scored.on),
            repeat(scored.card.pk),
            _decimals(scored.scores.score),
            _decimals(scored.scores.coverage, 3),
            scored.parts(),
            strict=False,
        )
    )
    prints = rules.fingerprints(scored.scores, scored.card.pk).tolist()
    changed = [
        (*row, mark, _minus(row[3], past[row[0]].yesterday))
        for row, mark in zip(rows, prints, strict=True)
        if past[row[0]].mark != mark
    ]
    _stand([(*row, scored.seen) for row in rows])
    if changed:
        Snapshot.objects.filter(on=scored.on, account__in=bulk.one_of(row[0] for row in changed)).delete()
        bulk.insert(Snapshot, ["account", *PARTS, "fingerprint", "change"], changed)
    accounts.keep_figures(_figures(scored, past, _silence(scored) if risk is None else risk))
    return len(changed)


def _stand(rows: list[tuple[Any, ...]]) -> None:
    names = [*PARTS, "seen"]
    known = dict(Standing.objects.filter(account__in=bulk.one_of(row[0] for row in rows)).values_list("account", "pk"))
    bulk.update(Standing, names, ((known[row[0]], *row[1:]) for row in rows if row[0] in known))
    if fresh := [row for row in rows if row[0] not in known]:
        bulk.insert(Standing, ["account", *names], fresh)


class _Past(NamedTuple):
    """What is known of an account from before: its last fingerprint, scores, history line, and when it was scored."""

    mark: int | None
    yesterday: Decimal | None
    month_ago: Decimal | None
    line: list[float | None]
    scored_on: date | None


def _past(scored: Scored) -> dict[int, _Past]:
    """One look-up in an index for each figure of each account, on both databases."""
    day = timedelta(days=1)
    found = Account.objects.filter(pk__in=bulk.one_of(scored.ids.tolist())).order_by()
    rows = found.values_list(
        "pk",
        _latest(scored.on, "fingerprint"),
        _latest(scored.on - day, "score"),
        _latest(scored.on - rules.CHANGE_DAYS * day, "score"),
        "health_line",
        Subquery(Standing.objects.filter(account=OuterRef("pk")).values("on")[:1]),
    )
    return {pk: _Past(*figures) for pk, *figures in rows}


def _latest(before: date, field: str) -> Subquery:
    """Of each account's snapshots up to *before*, the last one's *field*."""
    rows = Snapshot.objects.filter(account=OuterRef("pk"), on__lte=before).order_by("-on")
    return Subquery(rows.values(field)[:1])


def _silence(scored: Scored) -> np.ndarray:
    """Probability of no order within 90 days, by the first rhythm on the scorecard; NaN without one."""
    unknown = np.full(len(scored.ids), np.nan)
    return next((column.told["quiet"] for column in scored.columns if "quiet" in column.told), unknown)


def _figures(scored: Scored, past: dict[int, _Past], risk: np.ndarray) -> Iterator[dict[str, Any]]:
    ids, week = scored.ids.tolist(), rules.week_of(scored.on)
    rows = zip(
        ids,
        _decimals(scored.scores.score),
        _decimals(scored.scores.coverage, 3),
        _decimals(risk, 4),
        strict=True,
    )
    for pk, now, coverage, silence in rows:
        before = past[pk]
        weeks = week - rules.week_of(before.scored_on) if before.scored_on else 0
        yield {
            "account_id": pk,
            "health": now,
            "health_change": _minus(now, before.month_ago),
            "health_line": rules.carried(before.line, weeks=weeks, score=None if now is None else float(now)),
            "coverage": coverage,
            "silence_risk": silence,
        }


def _minus(after: Decimal | None, before: Decimal | None) -> Decimal | None:
    """The difference, unknown when one of them is: from unknown to known is not a change."""
    return None if after is None or before is None else after - before


def plain(figures: np.ndarray) -> list[float | None]:
    """Python's own numbers, None where unknown, at most six decimals."""
    rounded = np.round(np.asarray(figures, np.float64), 6)
    return [None if value != value else value for value in rounded.tolist()]


def _written(figures: np.ndarray) -> list[str]:
    """Each figure as JSON, null where unknown, at most six decimals; a whole column in one go."""
    rounded = np.round(np.asarray(figures, np.float64), 6)
    return orjson.dumps(rounded, option=orjson.OPT_SERIALIZE_NUMPY).decode()[1:-1].split(",") if len(rounded) else []


def _quoted(text: str) -> str:
    """*text* as JSON inside a form for `%`."""
    return orjson.dumps(text).decode().replace("%", "%%")


def _decimals(figures: np.ndarray, places: int = 1) -> list[Decimal | None]:
    """Decimals, None where unknown; each different figure is made one once: many accounts share it."""
    different, place = np.unique(np.round(np.asarray(figures, np.float64), 6), return_inverse=True)
    made = [None if value != value else Decimal(f"{value:.{places}f}") for value in different.tolist()]
    return [made[one] for one in place.tolist()]
