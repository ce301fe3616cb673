"""What a scoring keeps of each account, and what it leaves alone."""

from datetime import timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cartera.accounts.models import Account
from cartera.health import operations, queries, rules
from cartera.health.models import Legend, Scorecard, Snapshot, Standing
from cartera.health.operations.scored import Scored
from cartera.health.tests.conftest import TODAY
from cartera.lake.queries import facts_as_of
from cartera.timeline import operations as timeline


def score(trading, on=TODAY, **kwargs):
    return operations.score(as_of=on, by=None, at=trading.at, **kwargs)


def rounded(figure):
    return None if np.isnan(figure) else round(float(figure), 6)


def told_of(scored, place):
    """The factors of one account as a reader is promised them, built figure by figure."""
    return [
        {
            "measure": factor.measure, "weight": float(factor.weight), "value": rounded(column.value[place]),
            "points": rounded(scored.scores.points[place, number]), "age": rounded(column.age[place]),
            "part": rounded(scored.scores.contributions[place, number]),
            "told": {name: rounded(figures[place]) for name, figures in column.told.items()},
        }
        for number, (factor, column) in enumerate(zip(scored.factors, scored.columns, strict=True))
    ]  # fmt: skip


def test_a_row_of_figures_reads_as_the_factors_it_was_made_of(trading):
    score(trading)
    facts, card, ids = facts_as_of(queries.end_of(TODAY)), Scorecard.objects.get(), queries.all_ids()
    columns = queries.measured([factor.measure for factor in card.factors.all()], facts=facts, ids=ids)
    scored = Scored.of(card, ids, TODAY, 0, columns)
    for place, pk in enumerate(ids.tolist()):
        expected = told_of(scored, place)
        assert Standing.objects.get(account=pk).factors == expected
        assert Snapshot.objects.get(account=pk).factors == expected
        assert list(Standing.objects.filter(account=pk).values_list("factors", flat=True)) == [expected]
    assert Legend.objects.count() == 1


def test_factors_that_were_written_out_in_full_still_read_so(trading):
    score(trading)
    standing = Standing.objects.get(account=trading.norte)
    full = standing.factors
    Standing.objects.filter(pk=standing.pk).update(factors=full, looks=None)
    assert Standing.objects.get(pk=standing.pk).factors == full
    score(trading)
    again = Standing.objects.get(pk=standing.pk)
    assert (again.factors, again.looks) == (full, standing.looks)


def test_who_did_not_change_is_not_written_but_for_what_the_scoring_knew(trading):
    score(trading)
    Standing.objects.update(factors=[])  # whatever is there is not looked at
    Account.objects.update(health_line=[1.0, 2.0])
    timeline.log(
        account=trading.norte, kind="call", direction="in", happened_at=trading.at, by=trading.ana, at=trading.at
    )
    score(trading)
    written = set(Standing.objects.exclude(factors=[]).values_list("account", flat=True))
    assert written == {trading.norte.pk}
    assert set(Standing.objects.values_list("seen", flat=True)) == {queries.last_event()}
    trading.puente.refresh_from_db()
    assert trading.puente.health_line == [1.0, 2.0]


def test_only_days_that_changed_an_account_are_remembered(trading):
    score(trading)
    before = dict(Snapshot.objects.values_list("account", "fingerprint"))
    run = score(trading, TODAY + timedelta(days=1))
    after = dict(Snapshot.objects.filter(on=run.on).values_list("account", "fingerprint"))
    assert len(after) == run.changed < len(before)
    assert all(before[pk] != mark for pk, mark in after.items())


@given(st.dates())
def test_weeks_are_counted_alike_one_by_one_and_in_columns(day):
    since_1970 = np.array([day.toordinal() - 719_163])
    assert rules.weeks_of(since_1970).tolist() == [rules.week_of(day)]
