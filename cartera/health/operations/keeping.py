"""What a scoring leaves behind: standings, history where something changed, and the figures that accounts keep.

All on columns; a row of Python is made of an account only where something is written.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
from django.db.models import Q

from cartera.accounts import operations as accounts
from cartera.engine.columns import Flags, Floats, Integers
from cartera.engine.scoring import tenths
from cartera.health import rules
from cartera.health.models import Legend, Snapshot, Standing
from cartera.health.models.parts import written
from cartera.health.operations.before import NONE, Before
from cartera.health.operations.scored import Scored
from cartera.kit import bulk
from cartera.lake import marks

PARTS = ["on", "scorecard", "score", "coverage", "factors"]
# How far a kept figure and a new one may lie apart to be written alike: less than half of the last decimal.
ALIKE = {"health": 0.049, "health_change": 0.049, "coverage": 0.00049, "silence_risk": 0.000049}


def keep(scored: Scored, risk: Floats | None) -> int:
    """Write standings, snapshots of what changed, and the kept figures; return how many accounts changed.

    risk: (accounts,), the model's probability of a loss within 90 days; None to keep the rhythm's of silence.
    """
    before, legend, figures = Before.of(scored.ids, scored.on), scored.legend(), scored.figures()
    prints = rules.fingerprints(scored.scores, scored.card.pk)
    looks = _looks(scored, legend, figures)
    changed, moved = before.mark != prints, before.looks != looks
    parts = _Parts(scored, legend, figures, changed | moved)
    _stand(parts, looks, before, moved)
    _remember(parts, prints, before, changed)
    accounts.keep_figures(_figures(scored, before, _silence(scored) if risk is None else risk))
    return int(changed.sum())


def _looks(scored: Scored, legend: Legend, figures: Floats) -> Integers:
    """One number for each account that changes when anything does that its standing says, but for the day."""
    whole = np.column_stack([figures, scored.scores.score, scored.scores.coverage])
    plain = np.where(np.isnan(whole), np.nan, whole + 0.0)  # one unknown and one zero
    of_whom = np.full(len(plain), int(legend.key[:12], 16) ^ scored.card.pk)
    table = pa.table([of_whom, *np.asfortranarray(plain).T], names=[str(n) for n in range(plain.shape[1] + 1)])
    return (marks.of_rows(table) >> np.uint64(1)).astype(np.int64)


class _Parts:
    """The rows to write, of the accounts where *wanted*: the figures of PARTS."""

    def __init__(self, scored: Scored, legend: Legend, figures: Floats, wanted: Flags) -> None:
        self.scored = scored
        self._factors = np.full(len(wanted), None, object)
        if wanted.any():
            Legend.objects.bulk_create([legend], ignore_conflicts=True)
            self._factors[wanted] = [bulk.Json(text) for text in written(legend, figures[wanted])]

    def rows(self, leading: Integers, where: Flags, *trailing: Any) -> list[tuple[Any, ...]]:
        """(leading, PARTS, trailing) of the accounts *where*."""
        scored, size = self.scored, int(where.sum())
        scores = (np.round(figures, 6)[where].tolist() for figures in (scored.scores.score, scored.scores.coverage))
        parts = ([scored.on] * size, [scored.card.pk] * size, *scores, self._factors[where].tolist())
        rest = (column[where].tolist() for column in trailing)
        return list(zip(leading[where].tolist(), *parts, *rest, strict=True))


def _stand(parts: _Parts, looks: Integers, before: Before, moved: Flags) -> None:
    scored, names = parts.scored, [*PARTS, "looks", "seen"]
    seen, known = np.full(len(looks), scored.seen), before.standing != NONE
    if (moved & known).any():
        bulk.update(Standing, names, parts.rows(before.standing, moved & known, looks, seen))
    if not known.all():
        bulk.insert(Standing, ["account", *names], parts.rows(scored.ids, ~known, looks, seen))
    if not moved.all():
        still = Standing.objects.filter(account__in=bulk.one_of(scored.ids[~moved].tolist()))
        still.filter(~Q(on=scored.on, seen=scored.seen)).update(on=scored.on, seen=scored.seen)


def _remember(parts: _Parts, prints: Integers, before: Before, changed: Flags) -> None:
    """A snapshot of each account that changed, in place of one of the same day."""
    if not changed.any():
        return
    scored = parts.scored
    Snapshot.objects.filter(on=scored.on, account__in=bulk.one_of(scored.ids[changed].tolist())).delete()
    change = _minus(scored.scores.score, before.yesterday)
    bulk.insert(Snapshot, ["account", *PARTS, "fingerprint", "change"], parts.rows(scored.ids, changed, prints, change))


def _silence(scored: Scored) -> Floats:
    """Probability of no order within 90 days, by the first rhythm on the scorecard; NaN without one."""
    unknown = np.full(len(scored.ids), np.nan)
    return next((column.told["quiet"] for column in scored.columns if "quiet" in column.told), unknown)


def _figures(scored: Scored, before: Before, risk: Floats) -> Iterator[dict[str, Any]]:
    """The kept figures of the accounts where one differs from what is kept."""
    score = scored.scores.score
    new = {
        "health": score,
        "health_change": _minus(score, before.month_ago),
        "coverage": np.round(scored.scores.coverage, 6),
        "silence_risk": np.round(risk, 6),
    }
    differs = {name: ~_alike(column, before.kept[name], ALIKE[name]) for name, column in new.items()}
    weeks = np.where(before.week == NONE, 0, rules.week_of(scored.on) - before.week)
    turned = differs["health"] | (weeks != 0) | (before.week == NONE)
    where = np.flatnonzero(np.logical_or.reduce([turned, *differs.values()]))
    columns = [column[where].tolist() for column in (scored.ids, *new.values())]
    names = ["account_id", *new, "health_line"]
    for row in zip(*columns, _lines(before, where, turned, weeks, score), strict=True):
        yield dict(zip(names, row, strict=True))


def _lines(before: Before, where: Integers, turned: Flags, weeks: Integers, score: Floats) -> list[bulk.Json]:
    """The history lines of the accounts *where*, as JSON: carried on where they have *turned*."""
    found = [before.lines[place] for place in where.tolist()]
    here = np.flatnonzero(turned[where])
    if len(here):
        old = orjson.loads(f"[{','.join(found[place] for place in here.tolist())}]")
        known = zip(old, weeks[where[here]].tolist(), plain(score[where[here]]), strict=True)
        new = [rules.carried(line, weeks=number, score=one) for line, number, one in known]
        for place, text in zip(here.tolist(), orjson.dumps(new)[2:-2].decode().split("],["), strict=True):
            found[place] = f"[{text}]"
    return [bulk.Json(text) for text in found]


def _alike(new: Floats, kept: Floats, apart: float) -> Flags:
    return (np.isnan(new) & np.isnan(kept)) | (np.abs(new - kept) < apart)


def _minus(after: Floats, before: Floats) -> Floats:
    """The difference, unknown when one of them is: from unknown to known is not a change."""
    known = ~np.isnan(after) & ~np.isnan(before)
    return np.where(known, (tenths(after) - tenths(before)) / 10, np.nan)


def plain(figures: Floats) -> list[float | None]:
    """Python's own numbers, None where unknown, at most six decimals."""
    rounded = np.round(np.asarray(figures, np.float64), 6)
    return [None if value != value else value for value in rounded.tolist()]
