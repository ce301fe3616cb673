"""From invoices in the database to scores on accounts, through the lake."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from cartera.accounts.models import Account
from cartera.contracts import operations as contracts
from cartera.engine import scoring
from cartera.health import candidates, jobs, operations, queries, rules
from cartera.health.default import FACTORS
from cartera.health.models import Run, Scorecard, Snapshot, Standing
from cartera.health.tests.conftest import TODAY, noon
from cartera.timeline import operations as timeline


def score(trading, on=TODAY, **kwargs):
    run = operations.score(as_of=on, by=None, at=trading.at, **kwargs)
    for name in ("norte", "puente", "molino", "harbour", "solo"):
        getattr(trading, name).refresh_from_db()
    return run


def tenths(value):
    return round(float(value) * 10)


def test_who_stopped_ordering_falls_and_who_goes_on_is_healthy(trading):
    run = score(trading)
    assert (run.accounts, run.changed) == (5, 5)
    assert trading.norte.health < 70 <= trading.puente.health
    assert trading.norte.silence_risk > trading.puente.silence_risk
    assert trading.norte.health_line == [float(trading.norte.health)]
    assert sum(run.bands.values()) == 5


def test_who_is_unknown_has_no_score_rather_than_zero(trading):
    run = score(trading)
    assert run.unknown == 1
    assert (trading.solo.health, trading.solo.coverage, trading.solo.silence_risk) == (None, 0, None)


def test_the_score_is_exactly_the_sum_of_its_parts(trading):
    for weeks in range(20, -1, -1):
        score(trading, TODAY - timedelta(weeks=weeks))
    snapshots = Snapshot.objects.exclude(score=None)
    assert snapshots.count() > 20
    for snapshot in snapshots:
        assert sum(tenths(row["part"] or 0) for row in snapshot.factors) == tenths(snapshot.score)


def test_the_change_between_two_days_is_exactly_the_sum_of_the_changes(trading):
    for weeks in range(12, -1, -1):
        score(trading, TODAY - timedelta(weeks=weeks))
    for account in (trading.norte, trading.puente, trading.molino):
        after, before = Snapshot.objects.filter(account=account).order_by("-on")[:2]
        parts = rules.difference(before.factors, after.factors)
        assert tenths(parts.total) == tenths(after.score) - tenths(before.score)
        assert sum(tenths(part) for part in parts.by_measure.values()) == tenths(parts.total)
        assert after.change == after.score - before.score


def test_nothing_is_written_when_nothing_changed(trading):
    score(trading)
    assert score(trading).changed == 0
    assert Snapshot.objects.count() == 5
    assert Standing.objects.count() == 5


def test_a_day_is_scored_by_what_was_known_then(trading):
    past = TODAY - timedelta(days=100)
    score(trading, past)
    then = Standing.objects.get(account=trading.norte)
    score(trading)
    score(trading, past)
    again = Standing.objects.get(account=trading.norte)
    assert (again.factors, again.score) == (then.factors, then.score)


def test_the_line_and_the_change_of_thirty_days(trading):
    for weeks in (6, 5, 0):
        score(trading, TODAY - timedelta(weeks=weeks))
    line = trading.norte.health_line
    assert len(line) == 7
    assert line[1:6] == [line[1]] * 5
    before = Snapshot.objects.filter(account=trading.norte, on__lte=TODAY - timedelta(days=30)).order_by("-on").first()
    assert trading.norte.health_change == trading.norte.health - before.score


def test_silence_is_told_in_days_as_people_count(trading):
    score(trading)
    [candidate] = [found for found in told(trading, trading.ana) if found.account_id == trading.norte.pk]
    assert candidate.key == "health.silence"
    assert "silent for 61" in str(candidate.reason)
    assert "1 in" in str(candidate.reason)
    assert candidate.value == trading.norte.revenue
    assert candidate.probability == float(trading.norte.silence_risk)
    assert [str(link.url) for link in candidate.evidence][-1] == f"/accounts/{trading.norte.pk}/health/"


def test_no_account_has_two_reasons(trading):
    Account.objects.update(health=10, health_change=-40, silence_risk=Decimal("0.9"))
    score(trading)
    found = told(trading, trading.ada)
    assert len({candidate.account_id for candidate in found}) == len(found)


def told(trading, member):
    return candidates.troubled(member, TODAY, Account.objects.visible_to(member))


def test_a_fall_names_what_fell(trading):
    score(trading, TODAY - timedelta(days=62))
    score(trading)
    Account.objects.filter(pk=trading.norte.pk).update(health_change=Decimal(-30), silence_risk=None)
    standing = Standing.objects.get(account=trading.norte)
    rhythm = next(factor for factor in standing.factors if factor["measure"] == "contracts.rhythm")
    rhythm["told"]["unlikely"] = 0.5
    standing.save()
    [candidate] = [found for found in told(trading, trading.ana) if found.account_id == trading.norte.pk]
    assert candidate.key == "health.fell"
    assert "most of it by chance of another order" in str(candidate.reason)


def test_what_happens_makes_an_account_stale_until_the_next_scoring(trading):
    score(trading)
    assert jobs.score_news.call() == {"scored": 0}
    timeline.log(
        account=trading.norte, kind="call", direction="in", happened_at=trading.at, by=trading.ana, at=trading.at
    )
    assert queries.is_stale(queries.standing(trading.norte.pk))
    assert not queries.is_stale(queries.standing(trading.puente.pk))
    assert queries.with_news() == [trading.norte.pk]
    assert jobs.score_news.call() == {"scored": 1}
    assert not queries.is_stale(queries.standing(trading.norte.pk))
    assert jobs.score_news.call() == {"scored": 0}


def test_an_order_mends_the_score_at_once_when_asked(trading):
    score(trading)
    before = trading.norte.health
    contracts.issue(
        account=trading.norte, number="new", issued_at=noon(TODAY), currency="EUR", by=None, at=trading.at,
        lines=[{"text": "Coffee", "quantity": Decimal(10), "unit_price": Decimal(30)}],
    )  # fmt: skip
    score(trading, account_ids=[trading.norte.pk])
    assert trading.norte.health > before
    assert Run.objects.count() == 1


def test_an_installation_has_a_scorecard_from_its_first_day(db):
    card = Scorecard.objects.get()
    weights = {factor.measure: factor.weight for factor in card.factors.all()}
    orders = weights["contracts.returning"] + weights["contracts.rhythm"] + weights["contracts.trend"]
    assert orders > sum(weights.values()) * 2 / 5
    operations.make_first_scorecard(at=noon(date(2026, 1, 1)))
    assert Scorecard.objects.get() == card


def test_every_factor_of_the_first_scorecard_is_measured(db):
    assert set(Scorecard.objects.get().factors.values_list("measure", flat=True)) <= set(queries.offered())


@pytest.mark.parametrize("fields", FACTORS, ids=lambda fields: fields["measure"])
def test_what_is_proposed_can_be_scored_and_says_what_it_takes_to_move(fields):
    scoring.Factor(fields["measure"], fields["curve"], fields["weight"])
    assert fields["actionable"] == (fields["effort"] is not None)


def test_the_number_of_queries_does_not_grow_with_accounts(trading, django_assert_max_num_queries):
    score(trading)
    with django_assert_max_num_queries(60):
        score(trading, TODAY + timedelta(days=3))
