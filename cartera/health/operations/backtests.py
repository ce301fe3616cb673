"""The backtest: past cuts scored by what was known then, and judged by what happened."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from time import perf_counter
from typing import Any

import numpy as np
from django.db import transaction

from cartera.engine import hazard, learning
from cartera.engine.columns import Floats, Integers
from cartera.engine.hazard import RiskFactor
from cartera.engine.learning import Snapshots
from cartera.health import evidence
from cartera.health.models import Backtest, RiskModel, Scorecard
from cartera.health.operations.risks import fresh_values, risk_factors, snapshots
from cartera.health.operations.scored import Scored
from cartera.health.queries import Columns
from cartera.health.queries.risks import everyones_card, model_in_force
from cartera.health.queries.scorecards import all_ids, shares
from cartera.health.snapshots import STEP, Cut, Say, cuts_before, taken
from cartera.kit import history
from cartera.lake import operations as lake
from cartera.team.models import Member
from cartera.team.queries import require

EARLIER = 9  # cuts before the first one judged, for the risk model to learn from
LEARNED_ANEW = 90  # days: about as often as a person would switch a new version on
LEARNED_FROM = 10_000  # rows; a larger book teaches four versions from some of its accounts, a real one from more


def begin_backtest(*, as_of: date, cuts: int, window: int, by: Member | None, at: datetime) -> Backtest:
    """Write down that a backtest is wanted; `backtest` does it."""
    require(by, "set_up")
    return Backtest.objects.create(at=at, by=by, on=as_of, window=window, cuts=cuts, of=cuts + EARLIER)


def backtest(test: Backtest, *, say: Say | None = None) -> dict[str, Any]:
    """Do it and return what was found. Each cut is scored by the scorecards in force now, by what was known then.

    The risk model is learned anew every LEARNED_ANEW days from windows that were over by then, as it would have been,
    on the terms of the version in force: what losses were expected, which columns are vouched for.
    """
    began = perf_counter()
    lake.publish()
    card = everyones_card(test.at)
    factors = risk_factors(card) if card else []
    days = cuts_before(test.on, window=test.window, number=test.of)
    ids = all_ids()
    split = shares(ids, test.at)
    keys = {factor.key for factor in factors} | {rule.measure for rule in evidence.RULES}
    keys |= {factor.measure for other, _share in split for factor in other.factors.all()}
    told = {rule.measure for rule in evidence.RULES}
    cuts = taken(days, sorted(keys), ids, window=test.window, as_of=test.on, told=told, say=say)
    judged = cuts[EARLIER:]
    health = [_health(cut, split) for cut in judged]
    risk = list(_risks(cuts, factors, card, test)) if card else []
    found = evidence.found(judged, health, risk, window=test.window, step=STEP)
    _finish(test, found, perf_counter() - began)
    return found


@transaction.atomic
def _finish(test: Backtest, found: dict[str, Any], seconds: float) -> None:
    test.found, test.seconds, test.done = found, seconds, test.of
    test.save(update_fields=["found", "seconds", "done"])
    verdict = found["score"]["verdict"]
    history.record("health.backtest", subject=test, by=test.by, at=test.at, after={"verdict": verdict})


def _health(cut: Cut, split: Sequence[tuple[Scorecard, Integers]]) -> Floats:
    """Each account's score at the cut, by its own scorecard."""
    scores = np.full(len(cut.ids), np.nan)
    for card, share in split:
        place = np.searchsorted(cut.ids, share)
        columns = {
            factor.measure: Columns(cut.columns[factor.measure].value[place], cut.columns[factor.measure].age[place])
            for factor in card.factors.all()
        }
        scores[place] = Scored.of(card, share, cut.on, 0, columns).scores.score
    return scores


def _risks(cuts: Sequence[Cut], factors: Sequence[RiskFactor], card: Scorecard, test: Backtest) -> Iterator[Floats]:
    """Each account's risk within the window, at each cut but the EARLIER ones; NaN where no window was over yet."""
    terms, window = model_in_force(test.at) or RiskModel(), test.window
    learned_on, model = None, None
    for number, cut in enumerate(cuts[EARLIER:], EARLIER):
        if learned_on is None or (cut.on - learned_on).days >= LEARNED_ANEW:
            past = _sample(snapshots([_hidden(one, cut.on, window) for one in cuts[: number + 1]], factors, card))
            learned = learning.fit(
                past,
                factors,
                base=float(terms.base),
                period=window,
                as_of=cut.on.toordinal(),
                admitted=terms.admitted,
            )
            learned_on, model = cut.on, learned.model
        assert model is not None
        yield hazard.read(model, fresh_values(cut.columns, factors, card)).hazard


def _sample(past: Snapshots) -> Snapshots:
    """All rows of some of the accounts, the same ones each time, so that there are about LEARNED_FROM rows."""
    share = LEARNED_FROM / max(len(past.account), 1)
    if share >= 1:
        return past
    accounts = np.unique(past.account)
    drawn = np.random.default_rng(0).choice(accounts, int(len(accounts) * share), replace=False)
    return past.only(np.isin(past.account, drawn))


def _hidden(cut: Cut, on: date, window: int) -> Cut:
    """The cut as it was known *on* that day: without its outcome, unless its window was over."""
    if cut.on + timedelta(days=window) <= on:
        return cut
    return replace(cut, outcome=np.full(len(cut.ids), np.nan))
