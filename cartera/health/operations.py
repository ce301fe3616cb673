"""Scoring: measures in, explained scores out; history where something changed, and the figures that accounts keep."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import repeat
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
from django.db import transaction
from django.db.models import OuterRef, Subquery

from cartera.accounts import operations as accounts
from cartera.accounts.models import Account
from cartera.engine import scoring
from cartera.health import rules
from cartera.health.default import FACTORS, NAME
from cartera.health.models import Factor, Run, Scorecard, Snapshot, Standing
from cartera.health.queries import Columns, last_event, last_scoring, measured, with_news
from cartera.kit import bulk, history
from cartera.kit.clock import start_of
from cartera.lake import operations as lake
from cartera.lake.queries import Facts, facts_as_of, facts_of, was_published
from cartera.team.models import Member

# The end of a day that still belongs to it: whole days since then are those that people count.
LAST_MOMENT = timedelta(days=1) - timedelta.resolution
FEW = 500  # accounts that are quicker read from the database than published
PARTS = ["on", "scorecard", "score", "coverage", "factors"]


@transaction.atomic
def make_first_scorecard(*, at: datetime) -> Scorecard:
    """Switch the first scorecard on, if there is none."""
    if found := Scorecard.objects.in_force(at):
        return found
    card = Scorecard.objects.create(name=NAME, version=1, switched_on_at=at)
    Factor.objects.bulk_create(Factor(scorecard=card, order=order, **fields) for order, fields in enumerate(FACTORS))
    history.record("health.switch_on", subject=card, by=None, at=at)
    return card


def score(*, as_of: date, by: Member | None, at: datetime, account_ids: Sequence[int] | None = None) -> Run:
    """Score every account, or those given, by what was known before the end of *as_of*.

    The last scoring is how accounts stand, also when it was of a past day; history is written for the day itself.
    Only a scoring of every account is kept as a run.
    """
    began = perf_counter()
    seen = last_event()
    card = make_first_scorecard(at=at)
    ids = _ids(account_ids)
    facts = _facts(start_of(as_of) + LAST_MOMENT, ids, seen=seen, whole=account_ids is None)
    columns = measured([factor.measure for factor in card.factors.all()], facts=facts, ids=ids)
    scored = _Scored.of(card, ids, as_of, seen, columns)
    with transaction.atomic():
        run = Run(at=at, by=by, on=as_of, whole=account_ids is None, accounts=len(ids), seen=seen)
        run.unknown, run.changed, run.bands = scored.unknown(), _keep(scored), scored.bands()
        run.seconds = perf_counter() - began
        if run.whole:
            run.save()
            history.record("health.score", subject=card, by=by, at=at, after={"on": as_of, "changed": run.changed})
    return run


def _facts(as_of: datetime, ids: np.ndarray, *, seen: int, whole: bool) -> Facts:
    """Published afresh for all; of a few accounts, those in the database beside what the lake taught of the others.

    Nothing is published when no account has had an event since the last scoring of all: every verb writes one.
    """
    if not whole and len(ids) <= FEW and was_published():
        return facts_of(ids.tolist(), as_of)
    last = last_scoring()
    if last is None or last.seen != seen or not was_published():
        lake.publish()
    return facts_as_of(as_of)


def score_news(*, as_of: date, at: datetime) -> Run | None:
    """Score those accounts anew that something happened to since the last run; None when there are none."""
    waiting = with_news()
    if not waiting:
        return None
    run = score(as_of=as_of, by=None, at=at, account_ids=waiting)
    run.save()
    return run


@dataclass(frozen=True)
class _Scored:
    card: Scorecard
    on: date
    seen: int
    ids: np.ndarray
    factors: list[Factor]
    columns: list[Columns]
    scores: scoring.Scores

    @classmethod
    def of(cls, card: Scorecard, ids: np.ndarray, on: date, seen: int, columns: dict[str, Columns]) -> "_Scored":
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
        for value in _plain(self.scores.score):
            counts[rules.band(value)] += 1
        return counts

    def parts(self) -> list[list[dict[str, Any]]]:
        """Each account's factors, as they are kept."""
        per_factor = []
        for place, (factor, column) in enumerate(zip(self.factors, self.columns, strict=True)):
            told = {name: _plain(figures) for name, figures in column.told.items()}
            weight = float(factor.weight)
            rows = zip(
                _plain(column.value),
                _plain(self.scores.points[:, place]),
                _plain(self.scores.contributions[:, place]),
                _plain(column.age),
                *told.values(),
                strict=True,
            )
            per_factor.append([
                {
                    "measure": factor.measure, "value": value, "points": points, "weight": weight, "part": part,
                    "age": age, "told": dict(zip(told, rest, strict=True)),
                }
                for value, points, part, age, *rest in rows
            ])  # fmt: skip
        return [list(row) for row in zip(*per_factor, strict=True)]


def _ids(account_ids: Sequence[int] | None) -> np.ndarray:
    if account_ids is None:
        found = Account.objects.filter(merged_into=None).order_by("pk").values_list("pk", flat=True)
        return np.fromiter(found.iterator(), np.int64)
    return np.array(sorted(set(account_ids)), np.int64)


def _keep(scored: _Scored) -> int:
    """Write standings, snapshots of what changed, and the kept figures; return how many changed."""
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
    accounts.keep_figures(_figures(scored, past))
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


def _past(scored: _Scored) -> dict[int, _Past]:
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


def _figures(scored: _Scored, past: dict[int, _Past]) -> Iterator[dict[str, Any]]:
    ids, week = scored.ids.tolist(), rules.week_of(scored.on)
    risk = next(
        (column.told["quiet"] for column in scored.columns if "quiet" in column.told), np.full(len(ids), np.nan)
    )
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


def _plain(figures: np.ndarray) -> list[float | None]:
    """Python's own numbers, None where unknown, at most six decimals."""
    rounded = np.round(np.asarray(figures, np.float64), 6)
    return [None if value != value else value for value in rounded.tolist()]


def _decimals(figures: np.ndarray, places: int = 1) -> list[Decimal | None]:
    return [None if value is None else Decimal(f"{value:.{places}f}") for value in _plain(figures)]
