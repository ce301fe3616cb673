from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartera.engine import foretelling, lifetimes, rhythm
from cartera.engine.foretelling import Foresight
from cartera.engine.tests.histories import events, every, lived, until

MORTAL = lifetimes.Population(r=1.5, alpha=40.0, k=1.0, s=2.0, beta=200.0)
FORESIGHT = Foresight(rhythm.Population(r=1.5, alpha=20.0, a=0.4, b=3.6, k=2.0), MORTAL, 0.25)


def test_the_same_question_was_asked_half_way_when_as_much_lies_ahead_as_is_known():
    assert foretelling.looked_back(0, 273, horizon=273) == 136.5


@given(first=st.integers(-500, 500), known=st.integers(1, 900), horizon=st.integers(1, 900))
def test_as_many_days_lay_ahead_for_each_day_known_as_now(first, known, horizon):
    day = foretelling.looked_back(first, first + known, horizon=horizon)
    assert (first + known - day) / (day - first) == pytest.approx(horizon / known, rel=1e-6)


def test_nothing_can_be_looked_back_on_before_anything_is_known():
    for first, horizon in ((10, 90), (0, 0)):
        with pytest.raises(ValueError, match="days that are known"):
            foretelling.looked_back(first, 10, horizon=horizon)


def test_the_weight_is_what_would_have_foretold_the_time_since_best():
    histories = lived(150, MORTAL, days=300, seed=5)
    then, now = until(150, histories), until(300, histories)
    found = foretelling.learn(then, now)
    known, later = then.days > 0, now.days - then.days
    one = rhythm.expected_orders(then, rhythm.fit(then), horizon=150)
    other = lifetimes.read(then, lifetimes.fit(then), horizon=150).orders

    def missed(w):
        return np.abs(w * other + (1 - w) * one - later)[known].sum() + 5 * abs(w - 0.5)

    assert missed(found.weight) <= min(missed(w) for w in np.linspace(0, 1, 101)) + 1e-9


def test_who_leaves_at_any_moment_is_foretold_by_lifetimes():
    histories = lived(300, replace(MORTAL, s=4.0, alpha=15.0), days=300, seed=8)
    assert foretelling.learn(until(150, histories), until(300, histories)).weight > 0.5


def test_a_handful_of_accounts_decides_nothing():
    cast = [every(20, 180), [3], []]
    assert foretelling.learn(until(100, cast), until(200, cast)).weight == 0.5


def test_orders_are_the_chance_to_be_active_times_the_orders_of_who_is():
    cast = events(every(14, 140), [3], [], as_of=150)
    found = foretelling.foretell(cast, FORESIGHT, horizon=90)
    assert (found.active * found.if_active)[:2] == pytest.approx(found.orders[:2])
    one = rhythm.expected_orders(cast, FORESIGHT.by_rhythm)
    other = lifetimes.read(cast, FORESIGHT.by_lifetimes).orders
    assert found.orders[:2] == pytest.approx((0.75 * one + 0.25 * other)[:2])
    assert np.isnan([found.orders[2], found.active[2], found.if_active[2]]).all()


def test_two_days_that_do_not_fit_each_other_are_refused():
    then, now = until(100, [every(20, 180)]), until(200, [every(20, 180)])
    with pytest.raises(ValueError, match="same accounts"):
        foretelling.learn(now, then)
    with pytest.raises(ValueError, match="same accounts"):
        foretelling.learn(then, until(200, [[1], [2]]))
    with pytest.raises(ValueError, match="more orders then"):
        foretelling.learn(replace(then, days=then.days + 99), now)
