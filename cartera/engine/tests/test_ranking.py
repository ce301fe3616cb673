import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartera.engine.ranking import rank

nan = float("nan")
candidates = st.lists(
    st.tuples(
        st.sampled_from([nan, -10.0, 0.0, 100.0, 200.0, 400.0]),
        st.sampled_from([nan, 0.0, 0.25, 0.5, 1.0]),
        st.sampled_from([5.0, 10.0, 20.0]),
    ),
    max_size=12,
)


def columns(rows):
    return np.array(rows, float).reshape(-1, 3).T


@given(candidates, st.randoms())
def test_the_order_is_the_obvious_one_and_does_not_depend_on_the_order_asked(rows, random):
    def place(key):
        money, chance, minutes = rows[key]
        value = max(money, 0) * chance if money == money else nan
        return (0, -value / minutes, -value, key) if value == value else (1, 0, 0, key)

    keys = list(range(len(rows)))
    random.shuffle(keys)
    found = rank(*columns([rows[key] for key in keys]), keys)
    assert [keys[position] for position in found.order] == sorted(keys, key=place)


def test_ten_minutes_that_protect_much_come_before_an_hour_that_protects_more():
    found = rank([10_000, 30_000], [0.5, 0.5], [10, 60], [1, 2])
    assert found.value.tolist() == [5_000, 15_000]
    assert found.per_minute.tolist() == [500, 250]
    assert found.order.tolist() == [0, 1]


def test_what_is_at_stake_nobody_knows_comes_last_and_is_not_taken_for_zero():
    found = rank([nan, 0, 50], [0.5, 0.5, 0.5], [10, 10, 10], [1, 2, 3])
    assert found.order.tolist() == [2, 1, 0]
    assert np.isnan(found.value[0])


def test_an_account_that_got_more_back_than_it_bought_has_nothing_at_stake():
    assert rank([-500], [0.9], [10], [1]).value.tolist() == [0]


@pytest.mark.parametrize(
    ("money", "chance", "minutes", "keys"),
    [([1], [0.5], [0], [1]), ([1], [0.5], [nan], [1]), ([1], [1.5], [5], [1]), ([1], [0.5], [5], [1, 2])],
)
def test_candidates_that_make_no_sense_are_refused(money, chance, minutes, keys):
    with pytest.raises(ValueError, match=r"must be|lies between"):
        rank(money, chance, minutes, keys)
