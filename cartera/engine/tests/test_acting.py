import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cartera.engine import acting

risks = st.floats(0, 1)
money = st.one_of(st.just(0.0), st.floats(0.01, 1e6))


@given(risks, money, money, st.floats(-1, 0.99))
@example(risk=2.2250738585072014e-308, margin=1.0, cost=1.0, chance=0.0)  # whose break-even is nearly infinite
def test_acting_pays_exactly_from_the_threshold_on(risk, margin, cost, chance):
    belief = acting.stated(chance, losses=20)
    found = acting.worth([risk], [margin], [cost], belief)
    assert found.value[0] == pytest.approx(risk * chance * margin - cost, abs=1e-6)
    if np.isfinite(found.threshold[0]) and found.threshold[0] <= 1:
        at = acting.worth([found.threshold[0]], [margin], [cost], belief)
        assert at.value[0] == pytest.approx(0, abs=max(cost, 1) * 1e-9)
    if np.isfinite(found.break_even[0]) and found.break_even[0] < 0.999:
        even = acting.worth([risk], [margin], [cost], acting.stated(found.break_even[0], losses=20))
        assert even.value[0] == pytest.approx(0, abs=max(cost, 1) * 1e-6)


def test_acting_that_does_harm_never_pays():
    found = acting.worth([0.9], [1000.0], [0.0], acting.stated(-0.2, losses=50))
    assert found.value[0] == pytest.approx(-180)
    assert found.threshold[0] == np.inf
    assert found.likely[0] < 0.5


def test_nothing_to_save_is_never_worth_a_cost():
    found = acting.worth([0.9, 0.9], [0.0, -500.0], [10.0, 10.0], acting.stated(0.3, losses=20))
    assert found.value.tolist() == [-10, -10]
    assert found.break_even.tolist() == [np.inf, np.inf]
    assert found.likely.tolist() == [0, 0]


def test_what_is_unknown_stays_unknown():
    found = acting.worth([np.nan, 0.5], [1000.0, np.nan], 10.0, acting.stated(0.3, losses=20))
    for column in (found.value, found.threshold, found.break_even, found.likely):
        assert np.isnan(column).all()


def test_outcomes_take_over_from_the_stated_belief():
    belief = acting.stated(0.3, losses=10)
    assert belief.chance == pytest.approx(0.3)
    some = acting.updated(belief, lost=12, expected=10)
    assert 0 < some.chance < 0.3
    many = acting.updated(belief, lost=1200, expected=1000)
    assert many.chance == pytest.approx(-0.2, abs=0.01)
    assert many.interval[1] < 0
    assert belief.interval[0] < -0.2 < 0.3 < belief.interval[1] < 1


@given(st.floats(-0.9, 0.9), st.floats(5, 200))
def test_the_belief_says_how_likely_it_is_to_be_above_a_chance(chance, losses):
    belief = acting.stated(chance, losses=losses)
    low, high = belief.interval
    assert belief.above([low, high]) == pytest.approx([0.975, 0.025])
    assert np.all(np.diff(belief.above(np.linspace(-2, 1, 9))) <= 0)


def test_figures_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="below 1"):
        acting.stated(1.0, losses=10)
    with pytest.raises(ValueError, match="between 0 and 1"):
        acting.worth([1.2], [1.0], [1.0], acting.stated(0.2, losses=10))
    with pytest.raises(ValueError, match="below 0"):
        acting.updated(acting.stated(0.2, losses=10), lost=-1, expected=2)
