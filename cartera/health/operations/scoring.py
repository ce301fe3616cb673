"""Scoring: measures in, explained scores out."""

from collections.abc import Sequence
from datetime import date, datetime
from time import perf_counter

import numpy as np
from django.db import transaction

from cartera.health import rules
from cartera.health.models import Run, Scorecard
from cartera.health.operations.keeping import keep
from cartera.health.operations.risks import Foretold, forget_risk
from cartera.health.operations.scorecards import make_first_scorecard
from cartera.health.operations.scored import Scored
from cartera.health.queries import all_ids, end_of, last_event, last_scoring, measured, shares, with_news
from cartera.kit import history
from cartera.lake import operations as lake
from cartera.lake.queries import Facts, facts_as_of, facts_of, was_published
from cartera.team.models import Member

FEW = 500  # accounts that are quicker read from the database than published


def score(*, as_of: date, by: Member | None, at: datetime, account_ids: Sequence[int] | None = None) -> Run:
    """Score every account, or those given, each by its own scorecard, by what was known before the end of *as_of*.

    Which scorecard and which version an account gets is decided as of *at* (see `queries.shares`), also for a past day.

    The last scoring is how accounts stand, also when it was of a past day; history is written for the day itself.
    Only a scoring of every account is kept as a run.
    """
    began = perf_counter()
    seen = last_event()
    make_first_scorecard(at=at)
    ids = _ids(account_ids)
    facts = _facts(end_of(as_of), ids, seen=seen, whole=account_ids is None)
    scored = [_scored(card, facts, share, as_of, seen) for card, share in shares(ids, at)]
    foretold = Foretold.of(facts, ids, at)
    with transaction.atomic():
        run = Run(at=at, by=by, on=as_of, whole=account_ids is None, accounts=len(ids), seen=seen)
        run.unknown = sum(part.unknown() for part in scored)
        run.changed = sum(keep(part, foretold.within(90, part.ids) if foretold else None) for part in scored)
        forget_risk(ids)
        if foretold:
            foretold.keep(as_of)
        run.bands = {band: sum(part.bands()[band] for part in scored) for band in rules.BANDS}
        run.seconds = perf_counter() - began
        if run.whole:
            run.save()
            history.record("health.score", by=by, at=at, after={"on": as_of, "changed": run.changed})
    return run


def _scored(card: Scorecard, facts: Facts, ids: np.ndarray, on: date, seen: int) -> Scored:
    """Those accounts by one scorecard; what its measures share with another's is fetched once for both."""
    columns = measured([factor.measure for factor in card.factors.all()], facts=facts, ids=ids)
    return Scored.of(card, ids, on, seen, columns)


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


def _ids(account_ids: Sequence[int] | None) -> np.ndarray:
    if account_ids is None:
        return all_ids()
    return np.array(sorted(set(account_ids)), np.int64)
