"""Can this score be trusted? One table of past cuts, what was said then and what happened, judged with intervals.

Accounts stand in the table once per cut, so cases of one account are not independent: intervals (95 %) come from
drawing accounts, not rows, again and again (bootstrap; Efron 1979, by clusters). A ranking is judged within each cut,
never across: that one month loses more than another is the season's doing and no merit of the ranking.

With fewer than LEAST_LOSSES lost (or kept) accounts there is no verdict: an AUC of 0.75 from 30 losses has an interval
of about ± 0.1 (Hanley and McNeil 1982), within which lie both a coin's neighbourhood and the best there is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from cartera.engine import judging, profit
from cartera.engine.columns import Floats, Integers
from cartera.engine.judging import Calibration
from cartera.engine.profit import USUAL, Offer

type Verdict = Literal["too few", "no better than chance", "worse than a rule", "no better than a rule", "better"]

LEAST_LOSSES = 30
_TOP = 0.1
_INTERVAL = (2.5, 97.5)
_DRAWS, _LEAST_DRAWS = 400, 60
_WORK = 20_000_000  # rows × draws beyond which fewer are drawn


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure and its 95 % interval; NaN where there is none."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """How well one order of accounts tells who is lost.

    auc: share of pairs of a lost and a kept account of the same cut in the right order; lift: share lost in the tenth
    at the top over the share lost of all; profit: `engine.profit.empc`, money per account
    """

    auc: Figure
    lift: Figure
    profit: Figure


@dataclass(frozen=True, slots=True)
class Chances:
    """Whether probabilities came true.

    expected: losses foretold / losses that happened (1 is right, above 1 too gloomy); error: mean distance between
    expected and happened in ten groups; brier: mean squared error; intercept, slope: what the log-odds should have been
    multiplied by and moved by (0 and 1 are right); table: the ten groups
    """

    expected: Figure
    error: Figure
    brier: Figure
    intercept: Figure
    slope: Figure
    table: Calibration


@dataclass(frozen=True, slots=True)
class Judgement:
    """cases: rows judged; unscored: rows left out because nothing was said; lost, kept: different accounts.

    precision, recall: of red (share of the red that was lost; share of the lost that was red), None without red flags
    chances: None without probabilities; rules: by name; ahead: AUC less that of the rule with the best one
    """

    verdict: Verdict
    cases: int
    unscored: int
    accounts: int
    lost: int
    kept: int
    ranking: Ranking
    precision: Figure | None
    recall: Figure | None
    chances: Chances | None
    rules: dict[str, Ranking]
    best_rule: str | None
    ahead: Figure | None


def judge(
    cut: ArrayLike,
    account: ArrayLike,
    score: ArrayLike,
    outcome: ArrayLike,
    *,
    red: ArrayLike | None = None,
    chance: ArrayLike | None = None,
    rules: Mapping[str, ArrayLike] | None = None,
    offer: Offer = USUAL,
    seed: int = 0,
) -> Judgement:
    """Judge what was said at past cuts. All columns are (rows,), one row per cut and account.

    cut: its day, any numbers; account: whole numbers; score: larger = likelier lost (for a health score give 100 less
    it), NaN where nothing was said; outcome: 1 lost, 0 kept, NaN not known yet (left out); red: flags; chance: the
    probability foretold, if there is one; rules: other orders on the same rows, larger = likelier lost, NaN = least
    likely. Raises ValueError for columns of different lengths or other outcomes.
    """
    table = _table(cut, account, score, outcome, red, chance, rules or {})
    return _judged(table, offer, seed)


@dataclass(frozen=True, slots=True)
class _Table:
    cut: Integers
    account: Integers
    outcome: Floats
    red: Floats | None
    chance: Floats | None
    orders: dict[str, Floats]
    unscored: int


_OURS = ""  # the name of our own order among the orders


def _table(
    cut: ArrayLike,
    account: ArrayLike,
    score: ArrayLike,
    outcome: ArrayLike,
    red: ArrayLike | None,
    chance: ArrayLike | None,
    rules: Mapping[str, ArrayLike],
) -> _Table:
    """The rows that can be judged, cuts and accounts numbered from 0."""
    happened = np.asarray(outcome, np.float64)
    optional = {"red": red, "chance": chance}
    columns = {"cut": cut, "account": account, "score": score, **rules}
    columns |= {name: column for name, column in optional.items() if column is not None}
    if happened.ndim != 1 or any(np.shape(column) != happened.shape for column in columns.values()):
        raise ValueError("all columns of a backtest must have the same rows")
    if not np.isin(happened[~np.isnan(happened)], (0.0, 1.0)).all():
        raise ValueError("an outcome is 1, 0 or NaN")
    over, said = ~np.isnan(happened), ~np.isnan(np.asarray(score, np.float64))
    rows = over & said

    def kept(column: ArrayLike) -> Floats:
        return np.asarray(column, np.float64)[rows]

    orders = {name: np.nan_to_num(kept(rule), nan=-np.inf) for name, rule in rules.items()}
    return _Table(
        cut=np.unique(kept(cut), return_inverse=True)[1],
        account=np.unique(np.asarray(account)[rows], return_inverse=True)[1],
        outcome=happened[rows],
        red=None if red is None else kept(red),
        chance=None if chance is None else kept(chance),
        orders={_OURS: kept(score), **orders},
        unscored=int((over & ~said).sum()),
    )


def _judged(table: _Table, offer: Offer, seed: int) -> Judgement:
    measure = _Measure(table, offer)
    found = measure.figures(np.ones(len(table.outcome)))
    drawn = [measure.figures(times) for times in _draws(table.account, seed)]
    figures = {name: _figure(value, [draw[name] for draw in drawn]) for name, value in found.items()}
    rules = {name: _ranking(figures, name) for name in table.orders if name != _OURS}
    best = max(rules, key=lambda name: np.nan_to_num(rules[name].auc.value), default=None)
    lost, kept = (len(np.unique(table.account[table.outcome == outcome])) for outcome in (1.0, 0.0))
    ahead = None if best is None else figures[f"ahead {best}"]
    ours = _ranking(figures, _OURS)
    return Judgement(
        verdict=_verdict(min(lost, kept), ours.auc, ahead),
        cases=len(table.outcome),
        unscored=table.unscored,
        accounts=len(np.unique(table.account)),
        lost=lost,
        kept=kept,
        ranking=ours,
        precision=figures.get("precision"),
        recall=figures.get("recall"),
        chances=None if measure.groups is None else _chances(figures, table),
        rules=rules,
        best_rule=best,
        ahead=ahead,
    )


def _verdict(fewer: int, auc: Figure, ahead: Figure | None) -> Verdict:
    if fewer < LEAST_LOSSES:
        return "too few"
    if not auc.low > 0.5:
        return "no better than chance"
    if ahead is not None and ahead.high < 0:
        return "worse than a rule"
    if ahead is not None and not ahead.low > 0:
        return "no better than a rule"
    return "better"


def _draws(accounts: Integers, seed: int) -> Iterator[Floats]:
    """How often each row counts when as many accounts are drawn, with replacement, as there are."""
    number = int(accounts.max(initial=-1)) + 1
    random = np.random.default_rng(seed)
    for _draw in range(int(np.clip(_WORK / max(len(accounts), 1), _LEAST_DRAWS, _DRAWS)) if number else 0):
        yield np.bincount(random.integers(number, size=number), minlength=number)[accounts].astype(np.float64)


def _figure(value: float, drawn: list[float]) -> Figure:
    known = [figure for figure in drawn if not np.isnan(figure)]
    low, high = np.percentile(known, _INTERVAL).tolist() if known else (np.nan, np.nan)
    return Figure(value, low, high)


def _ranking(figures: Mapping[str, Figure], name: str) -> Ranking:
    return Ranking(figures[f"auc {name}"], figures[f"lift {name}"], figures[f"profit {name}"])


def _chances(figures: Mapping[str, Figure], table: _Table) -> Chances:
    assert table.chance is not None
    return Chances(
        expected=figures["expected"],
        error=figures["error"],
        brier=figures["brier"],
        intercept=figures["intercept"],
        slope=figures["slope"],
        table=judging.calibration(table.chance, table.outcome),
    )


class _Order:
    """Rows by cut, then likeliest lost first; rows of the same cut and score form a group."""

    def __init__(self, cut: Integers, score: Floats) -> None:
        pairs = np.lexsort((-score, cut))
        first = np.r_[True, (np.diff(cut[pairs]) != 0) | (score[pairs][1:] != score[pairs][:-1])][: len(pairs)]
        self.group = np.empty(len(pairs), np.int64)
        self.group[pairs] = np.cumsum(first) - 1
        self.cut = cut[pairs][first]
        self.bounds = np.searchsorted(self.cut, np.arange(int(cut.max(initial=-1)) + 2))

    def figures(self, lost: Floats, cases: Floats, offer: Offer) -> tuple[float, float, float]:
        """AUC, lift and profit, given how many *lost* and how many *cases* each row (rows,) counts for."""
        hits, every = np.bincount(self.group, lost), np.bincount(self.group, cases)
        return self._auc(hits, every - hits), self._lift(hits, every), self._profit(hits, every, offer)

    def _auc(self, hits: Floats, misses: Floats) -> float:
        """Pairs of a lost and a kept account of the same cut in the right order, equals counting half."""
        misses_of_cut, hits_of_cut = self._by_cut(misses), self._by_cut(hits)
        below = misses_of_cut[self.cut] - self._before(misses) - misses
        return _ratio(float(hits @ (below + misses / 2)), float(hits_of_cut @ misses_of_cut))

    def _lift(self, hits: Floats, every: Floats) -> float:
        """The tenth at the top of each cut; of a group that reaches beyond it, the share that belongs to it."""
        room = _TOP * self._by_cut(every)[self.cut] - self._before(every)
        inside = np.clip(np.divide(room, every, out=np.zeros_like(room), where=every > 0), 0, 1)
        return _ratio(_ratio(float(inside @ hits), float(inside @ every)), _ratio(hits.sum(), every.sum()))

    def _profit(self, hits: Floats, every: Floats, offer: Offer) -> float:
        """The mean over the cuts, each as large as it is, but for cuts in which nobody, or everybody, was lost."""
        parts = [slice(*bounds) for bounds in pairwise(self.bounds.tolist())]
        gains = np.array([profit.of_groups(hits[part], every[part], offer).per_account for part in parts])
        said = ~np.isnan(gains)
        return _ratio(float(gains[said] @ self._by_cut(every)[said]), float(self._by_cut(every)[said].sum()))

    def _by_cut(self, column: Floats) -> Floats:
        return np.bincount(self.cut, column, len(self.bounds) - 1)

    def _before(self, column: Floats) -> Floats:
        """What lies above each group within its cut."""
        above = np.cumsum(column) - column
        return above - above[self.bounds[:-1]][self.cut] if len(column) else above


class _Measure:
    """All figures of a table by name, so that the same is calculated for the rows as they are and as they are drawn."""

    def __init__(self, table: _Table, offer: Offer) -> None:
        self.table, self.offer = table, offer
        self.orders = {name: _Order(table.cut, scores) for name, scores in table.orders.items()}
        self.groups = None if table.chance is None else _tenths(table.chance)

    def figures(self, times: Floats) -> dict[str, float]:
        found = {}
        lost = times * self.table.outcome
        for name, order in self.orders.items():
            found[f"auc {name}"], found[f"lift {name}"], found[f"profit {name}"] = order.figures(
                lost, times, self.offer
            )
            found[f"ahead {name}"] = found[f"auc {_OURS}"] - found[f"auc {name}"]
        return found | self._of_red(lost, times) | self._of_chances(lost, times)

    def _of_red(self, lost: Floats, times: Floats) -> dict[str, float]:
        if (red := self.table.red) is None:
            return {}
        return {
            "precision": _ratio(float(lost @ red), float(times @ red)),
            "recall": _ratio(float(lost @ red), lost.sum()),
        }

    def _of_chances(self, lost: Floats, times: Floats) -> dict[str, float]:
        if (chance := self.table.chance) is None or self.groups is None:
            return {}
        away = np.abs(np.bincount(self.groups, times * chance - lost))
        intercept, slope = judging.calibration_line(special.logit(chance), self.table.outcome, times)
        return {
            "expected": _ratio(float(times @ chance), lost.sum()),
            "error": _ratio(away.sum(), times.sum()),
            "brier": _ratio(float(times @ (chance - self.table.outcome) ** 2), times.sum()),
            "intercept": intercept,
            "slope": slope,
        }


def _tenths(chance: Floats) -> Integers:
    """Which of ten groups of about equal size, as in `judging.calibration`."""
    groups = np.empty(len(chance), np.int64)
    for number, part in enumerate(np.array_split(np.argsort(chance, kind="stable"), 10)):
        groups[part] = number
    return groups


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole else float("nan")
