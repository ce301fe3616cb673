from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from cartera.engine import gaps
from cartera.engine.gaps import Events, Pace
from cartera.engine.tests.histories import events

SHOP = Pace(r=1.5, alpha=20.0, k=2.0)


@given(cast=st.lists(st.lists(st.integers(0, 200), max_size=8), max_size=5), as_of=st.integers(0, 200))
def test_orders_are_gathered_from_rows_in_any_order_and_only_those_before_the_moment(cast, as_of):
    rows = [(owner, day + 0.25) for owner, history in enumerate(cast) for day in history][::-1]
    expected = events(*[[day for day in history if day < as_of] for history in cast], as_of=as_of)
    found = gaps.gather([row[0] for row in rows], [row[1] for row in rows], size=len(cast), as_of=as_of)
    for field in fields(found):
        assert getattr(found, field.name) == pytest.approx(getattr(expected, field.name), nan_ok=True)


def test_orders_that_belong_to_nobody_are_refused():
    with pytest.raises(ValueError, match="outside"):
        gaps.gather([2], [1.0], size=2, as_of=5)
    with pytest.raises(ValueError, match="same length"):
        gaps.gather([0, 1], [1.0], size=2, as_of=5)


@pytest.mark.parametrize(
    "wrong",
    [
        Events(np.array([1.0]), np.array([9.0]), np.array([9.0]), np.array([0.0]), 8.0),
        Events(np.array([2.0]), np.array([9.0]), np.array([9.0]), np.array([0.0]), 10.0),
        Events(np.array([1.0]), np.array([5.0]), np.array([9.0]), np.array([0.0]), 10.0),
        Events(np.array([1.0]), np.array([np.nan]), np.array([9.0]), np.array([0.0]), 10.0),
    ],
)
def test_orders_that_contradict_themselves_are_refused(wrong):
    with pytest.raises(ValueError, match="an account"):
        gaps.of(wrong)


def test_the_density_of_the_gaps_equals_slow_integration_over_the_rate():
    known = gaps.of(events([0, 10, 30], as_of=40))

    def at(rate):
        seen = stats.gamma.pdf([10, 20], SHOP.k, scale=1 / rate).prod()
        return seen * stats.gamma.pdf(rate, SHOP.r, scale=1 / SHOP.alpha)

    assert np.exp(gaps.likelihood(known, SHOP)) == pytest.approx(integrate.quad(at, 0, 3, epsabs=0)[0], rel=1e-6)


def test_what_is_learned_from_is_spread_over_all_accounts_and_leaves_out_who_never_ordered():
    many = events(*[[day % 50] for day in range(12_000)], as_of=60)
    found = gaps.sample(many, most=5_000)
    assert len(found.silence) == 5_000
    assert found.silence.mean() == pytest.approx(gaps.of(many).silence.mean(), rel=0.02)
    assert gaps.sample(events([], [3], as_of=5), most=10).silence.tolist() == [2]
