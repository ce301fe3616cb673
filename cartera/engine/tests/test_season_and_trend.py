import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from cartera.engine import season, trend

nan = np.nan
XMAS = np.array([0.7, 0.8, 1.0, 1.0, 1.0, 1.5, 1.7, 0.7, 0.8, 1.0, 1.0, 1.5])


def shop(accounts=200, *, seed=3, noise=0.2):
    """Accounts of very different size that all follow the season and change nothing else."""
    chance = np.random.default_rng(seed)
    level = chance.lognormal(6, 2, (accounts, 1))
    return level * XMAS * (1 + noise * chance.standard_normal((accounts, len(XMAS))))


tables = arrays.arrays(
    np.float64,
    st.tuples(st.integers(0, 6), st.integers(0, 9)),
    elements=st.just(nan) | st.integers(-1_000, 100_000).map(float),
)


def test_the_season_of_a_shop_is_found_whatever_the_size_of_its_clients():
    found = season.fit(shop())
    assert found.strength[1:] / found.strength[1:].mean() == pytest.approx(XMAS[1:] / XMAS[1:].mean(), rel=0.1)
    assert found.unevenness == pytest.approx(0.04, rel=0.25)


def test_of_very_many_accounts_an_even_part_tells_the_same_season():
    many = np.tile(shop(), (151, 1))
    assert season.fit(many).strength == pytest.approx(season.fit(shop()).strength, rel=0.15)


def test_who_buys_as_ever_in_a_strong_season_has_not_grown():
    found = trend.change(shop())
    assert abs(np.mean(found.change)) < 0.05
    assert np.sum(found.recent) == pytest.approx(np.sum(found.expected), rel=0.1)


def test_the_giant_that_halves_is_seen_although_it_is_most_of_the_revenue():
    table = shop()
    table[0] = 1e7 * XMAS
    table[0, -3:] /= 2
    assert trend.change(table).raw[0] == pytest.approx(-0.5, abs=0.06)


def test_a_fall_weighs_less_for_an_account_with_uneven_months():
    table = shop(noise=0.0)
    table[0] = 100.0
    table[1] = [nan, 0, 400, 0, 0, 0, 400, 0, 100, 50, 50, 50]
    table[0, -3:] = 50
    found = trend.change(table)
    assert found.raw[:2] == pytest.approx([-0.5, -0.5], abs=0.15)
    assert found.trust[0] > 0.7 > 0.5 > found.trust[1]
    assert found.change[0] < found.change[1] < 0


def test_an_account_alone_is_compared_with_its_own_past_only():
    [change] = trend.change(np.array([[100.0] * 9 + [60.0] * 3])).raw
    assert change == pytest.approx(-0.4, abs=0.02)


def test_the_month_in_which_an_account_became_known_promises_nothing():
    table = shop()
    table[0] = [nan, nan, 9_000, *[100] * 6, 100, 100, 150]
    alike = shop()
    alike[0] = [nan, nan, 100, *[100] * 6, 100, 100, 150]
    assert trend.change(table).expected[0] == pytest.approx(trend.change(alike).expected[0])


@pytest.mark.parametrize(
    "history",
    [
        [nan] * 12,
        [nan] * 9 + [5, 5, 5],
        [nan] * 6 + [5] * 6,
        [0] * 9 + [5, 5, 5],
        [10] + [-5] * 8 + [5, 5, 5],
        [5] * 11 + [nan],
    ],
    ids=["unknown", "new", "two earlier months", "nothing before", "net credit before", "last month unknown"],
)
def test_with_too_little_history_there_is_no_trend(history):
    table = shop()
    table[0] = history
    found = trend.change(table)
    assert np.isnan([found.recent[0], found.expected[0], found.raw[0], found.trust[0], found.change[0]]).all()
    assert not np.isnan(found.change[1:]).any()


def test_more_returned_than_bought_is_a_loss_of_everything_and_no_more():
    table = shop()
    table[0] = [100.0] * 9 + [-500, 0, 0]
    found = trend.change(table)
    assert found.recent[0] == -500
    assert found.raw[0] == -1


def test_one_account_read_with_the_season_of_all_gets_the_same_answer():
    table = shop()
    everything, alone = trend.change(table), trend.change(table[7:8], season.fit(table))
    assert alone.change[0] == pytest.approx(everything.change[7])
    assert alone.expected[0] == pytest.approx(everything.expected[7])


@given(tables)
def test_any_history_gives_a_change_or_none(table):
    found = trend.change(table)
    known = ~np.isnan(found.change)
    assert np.all(np.isfinite(season.fit(table).strength))
    assert np.all(found.expected[known] > 0)
    assert np.all(found.raw[known] >= -1)
    assert np.all((found.trust[known] > 0) & (found.trust[known] <= 1))


@given(tables.filter(lambda table: table.shape[1] > 3), st.integers(1, 64))
def test_changes_do_not_depend_on_the_currency(table, rate):
    assert trend.change(table * rate).change == pytest.approx(trend.change(table).change, nan_ok=True, abs=1e-6)


def test_tables_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="accounts by months"):
        trend.change(np.array([1.0, 2.0]))
    with pytest.raises(ValueError, match="accounts by months"):
        season.fit(np.array([1.0, 2.0]))
    with pytest.raises(ValueError, match="recent"):
        trend.change(shop(), recent=0)
    with pytest.raises(ValueError, match="season of 12 months"):
        trend.change(shop()[:, :8], season.fit(shop()))
