"""What a backtest finds: how good the score and the risk were, beside plain rules, and who was judged wrongly."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import numpy as np
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cartera.engine import backtesting
from cartera.engine.columns import Flags, Floats
from cartera.health import rules
from cartera.health.snapshots import Cut

BEFORE = (0, 30, 90, 180)  # days before the loss at which it is asked whether the account was red
NAMED = 200  # accounts kept by number in each list of those judged wrongly


@dataclass(frozen=True)
class Rule:
    """A plain rule to compare with: the figure *column* of a measure, times *sign*; larger = likelier lost."""

    key: str
    label: str | Promise
    measure: str
    column: str = "value"
    sign: int = 1

    def scores(self, cut: Cut) -> Floats:
        """(accounts,), NaN where unknown."""
        found = cut.columns[self.measure]
        figures = found.value if self.column == "value" else found.told.get(self.column)
        return np.full(len(cut.ids), np.nan) if figures is None else self.sign * figures


RULES = [
    Rule("recency", _("days since the last order"), "contracts.recency"),
    Rule("no_contact", _("days without contact"), "timeline.touch_gap", "silence"),
    Rule("last_month", _("last month’s revenue"), "contracts.revenue_12m", "month", -1),
]


def found(
    cuts: Sequence[Cut], health: Sequence[Floats], risk: Sequence[Floats], *, window: int, step: int
) -> dict[str, Any]:
    """What Backtest.found holds, of the judged *cuts*: each account's health and risk (accounts,) at each, NaN unknown.

    risk is judged at the cuts where it was said of someone; None when there is no such cut.
    """
    red = [column < rules.WATCH for column in health]
    said = [place for place, column in enumerate(risk) if not np.isnan(column).all()]
    return {
        "score": plain(_judged(cuts, [100 - column for column in health], red)),
        "risk": plain(_judged_risk([cuts[place] for place in said], [risk[place] for place in said])) if said else None,
        "red": _flagged(cuts, health, window=window, step=step),
        "left": _named(cuts, health, 1.0, [column >= rules.GOOD for column in health]),
        "stayed": _named(cuts, health, 0.0, red),
    }


def _judged_risk(cuts: Sequence[Cut], risk: Sequence[Floats]) -> backtesting.Judgement:
    return _judged(cuts, risk, [column >= rules.QUIET for column in risk], chance=np.concatenate(risk))


def _judged(
    cuts: Sequence[Cut], scores: Sequence[Floats], red: Sequence[Flags], *, chance: Floats | None = None
) -> backtesting.Judgement:
    """All cuts in one table; a rule of which nothing is known anywhere is left out."""
    days = np.concatenate([np.full(len(cut.ids), cut.on.toordinal()) for cut in cuts])
    orders = {rule.key: np.concatenate([rule.scores(cut) for cut in cuts]) for rule in RULES}
    return backtesting.judge(
        days,
        np.concatenate([cut.ids for cut in cuts]),
        np.concatenate(scores),
        np.concatenate([cut.outcome for cut in cuts]),
        red=np.concatenate(red),
        chance=chance,
        rules={key: column for key, column in orders.items() if not np.isnan(column).all()},
    )


def _flagged(cuts: Sequence[Cut], health: Sequence[Floats], *, window: int, step: int) -> list[dict[str, Any]]:
    """Of the accounts that were lost: how many were red at the cut after which it happened, and so long before.

    {days, known (accounts that had a score then), red}. The loss is that of the first window in which it falls.
    """
    lost = np.array([cut.outcome == 1 for cut in cuts])
    first = np.where(lost.any(axis=0), lost.argmax(axis=0), -1)
    table = np.array(health)
    listed = []
    for days in BEFORE:
        place = first - days // step
        rows = np.flatnonzero((first >= 0) & (place >= 0))
        scores = table[place[rows], rows]
        known = ~np.isnan(scores)
        listed.append({"days": days, "known": int(known.sum()), "red": int((scores[known] < rules.WATCH).sum())})
    return listed


def _named(
    cuts: Sequence[Cut], health: Sequence[Floats], outcome: float, flags: Sequence[Flags]
) -> list[dict[str, Any]]:
    """{account, on, score} of the accounts that became *outcome* though flagged otherwise: the newest cut of each."""
    listed: dict[int, dict[str, Any]] = {}
    for cut, scores, flag in zip(reversed(cuts), reversed(health), reversed(flags), strict=True):
        for place in np.flatnonzero(flag & (cut.outcome == outcome)).tolist():
            account = int(cut.ids[place])
            listed.setdefault(account, {"account": account, "on": cut.on.isoformat(), "score": float(scores[place])})
    worst = sorted(listed.values(), key=lambda row: row["score"], reverse=outcome == 1.0)
    return worst[:NAMED]


def plain(value: Any) -> Any:
    """A judgement as what JSON can hold: NaN becomes None, columns become lists."""
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        return [plain(item) for item in value.tolist()]
    if isinstance(value, float):
        return None if np.isnan(value) else round(value, 6)
    return value
