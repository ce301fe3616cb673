import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from cartera.engine import momentum, season, trend
from cartera.engine.season import Season

nan = np.nan
EVEN = Season(np.ones(24), 0.0)
tables = arrays.arrays(
    np.float64,
    st.tuples(st.integers(0, 5), st.sampled_from([3, 6, 7, 18, 24])),
    elements=st.just(nan) | st.integers(-1_000, 100_000).map(float),
)


def known_from(table):
    """An account is known from a month on, and in every month after it."""
    gone = np.maximum.accumulate(~np.isnan(table), axis=1)
    return np.where(gone, np.nan_to_num(table), nan)


def of(*months):
    return momentum.change(np.array([months], float), EVEN)


def test_who_lost_half_a_year_ago_and_is_steady_since_has_a_bad_trend_and_no_momentum():
    months = np.array([[100.0] * 12 + [50.0] * 12])
    assert trend.change(months, EVEN).raw[0] < -0.2
    assert momentum.change(months, EVEN).raw[0] == 0


def test_who_falls_now_shows_it_in_usual_quarters():
    found = of(*[100] * 21, 60, 60, 60)
    assert (found.recent[0], found.before[0]) == (180, 300)
    assert found.raw[0] == pytest.approx(-0.4)
    assert found.change[0] == pytest.approx(-0.4 * found.trust[0])


def test_a_weak_quarter_before_makes_no_giant_of_an_ordinary_one():
    assert of(*[100] * 18, 10, 10, 10, 100, 100, 100).raw[0] == pytest.approx(270 / 300 / (1830 / 2100), rel=0.05)


def test_a_step_that_was_made_a_year_ago_too_is_no_news_but_what_goes_beyond_it_is():
    closed = [100, 100, 100, 100, 100, 100, 100, 100, 100, 0, 0, 0]
    assert of(*closed, *closed).raw[0] == 0
    half_closed = [100, 100, 100, 100, 100, 100, 100, 100, 100, 50, 50, 50]
    found = of(*half_closed, *closed)
    assert found.raw[0] == pytest.approx(-150 / 300, rel=0.15)
    assert of(*half_closed, *[100] * 12).raw[0] == 0  # what fell a year ago and stays now is no rise


def test_the_season_of_all_is_nobodys_momentum():
    strength = np.tile([1.0, 1, 1, 1, 1, 1, 1, 1, 1, 0.5, 0.5, 0.5], 2)
    found = momentum.change(np.outer([10.0, 3000.0], strength)[:, 10:], Season(strength[10:], 0.0))
    assert found.raw == pytest.approx(0, abs=1e-9)


def test_a_step_counts_less_for_an_account_with_uneven_months():
    steady, uneven = [100] * 21 + [50] * 3, [200, 0] * 9 + [100] * 3 + [50] * 3
    assert of(*steady).trust[0] > of(*uneven).trust[0]


def test_six_months_besides_the_first_must_be_known():
    assert np.isfinite(of(*[nan] * 17, *[9] * 7).raw[0])
    assert np.isnan(of(*[nan] * 18, *[9] * 6).raw[0])
    assert np.isnan(momentum.change(np.full((1, 3), 9.0)).raw[0])
    assert np.isnan(of(*[-1] * 24).raw[0])


def test_wrong_shapes_are_refused():
    with pytest.raises(ValueError, match="table"):
        momentum.change(np.zeros(24))
    with pytest.raises(ValueError, match="recent"):
        momentum.change(np.zeros((1, 24)), recent=0)
    with pytest.raises(ValueError, match="season"):
        momentum.change(np.zeros((1, 12)), EVEN)


@given(tables.map(known_from))
def test_as_a_slow_version_says_of_one_account_at_a_time(table):
    found, whole = momentum.change(table), season.fit(table)
    for place, months in enumerate(table):
        raw = slow(months, whole)
        assert found.raw[place] == pytest.approx(raw, nan_ok=True, abs=1e-9)
        assert np.isnan(found.change[place]) == np.isnan(raw)
        assert np.isnan(raw) or 0 < found.trust[place] <= 1


def slow(months, whole):
    first = next((place for place, money in enumerate(months) if not np.isnan(money)), len(months)) + 1
    ordinary = months / whole.strength
    earlier = range(first, len(months) - 3)
    strength = sum(whole.strength[place] for place in earlier)
    usual = 3 * sum(months[place] for place in earlier) / strength if strength else 0
    step = step_of(ordinary, first, len(months))
    if step is None or usual <= 0:
        return nan
    then = step_of(ordinary, first, len(months) - 12) or 0
    if step * then > 0:
        step = 0 if abs(step) <= abs(then) else step - then
    return min(max(step / usual, -1), 1)


def step_of(ordinary, first, end):
    if end - 6 < first:
        return None
    return sum(ordinary[end - 3 : end]) - sum(ordinary[end - 6 : end - 3])
