from collections import defaultdict
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartera.engine.concentration import breadth

lines = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4), st.integers(-50, 50)), max_size=25)


def columns(rows):
    return [np.array(column) for column in zip(*rows, strict=True)] if rows else [[], [], []]


@given(lines)
def test_breadth_equals_the_one_counted_by_hand(rows):
    found = breadth(*columns(rows), size=4)
    for account in range(4):
        sums = defaultdict(int)
        for owner, product, value in rows:
            if owner == account:
                sums[product] += value
        bought = {product: value for product, value in sums.items() if value > 0}
        assert found.products[account] == len(bought)
        if not bought:
            assert np.isnan(found.effective[account])
            assert np.isnan(found.largest[account])
            assert found.main[account] == -1
            continue
        shares = {product: Fraction(value, sum(bought.values())) for product, value in bought.items()}
        assert found.effective[account] == pytest.approx(float(1 / sum(share**2 for share in shares.values())))
        assert found.largest[account] == pytest.approx(float(max(shares.values())))
        assert found.main[account] == min(shares, key=lambda product: (-shares[product], product))


@given(lines)
def test_the_effective_number_lies_between_one_and_the_number_of_products(rows):
    found = breadth(*columns(rows), size=4)
    buys = found.products > 0
    assert np.all(found.effective[buys] >= 1 - 1e-9)
    assert np.all(found.effective[buys] <= found.products[buys] + 1e-9)


def test_four_products_in_equal_parts_count_four_and_a_dominant_one_little_more_than_one():
    found = breadth([0, 0, 0, 0, 1, 1], [1, 2, 3, 4, 1, 2], [10, 10, 10, 10, 99, 1], size=3)
    assert found.effective[0] == pytest.approx(4)
    assert found.effective[1] == pytest.approx(1.02, abs=0.01)
    assert found.largest.tolist()[:2] == [0.25, 0.99]
    assert np.isnan(found.effective[2])


def test_what_was_returned_to_the_last_cent_was_not_bought():
    found = breadth([0] * 4, [1, 1, 1, 2], [0.1, 0.2, -0.3, 5.0], size=1)
    assert found.products.tolist() == [1]
    assert found.effective.tolist() == [1]


def test_a_value_that_is_unknown_is_left_out():
    assert breadth([0, 0], [1, 2], [np.nan, 3.0], size=1).products.tolist() == [1]


def test_rows_that_belong_to_nobody_are_refused():
    with pytest.raises(ValueError, match="outside"):
        breadth([3], [1], [1.0], size=3)
    with pytest.raises(ValueError, match="outside"):
        breadth([-1], [1], [1.0], size=3)
    with pytest.raises(ValueError, match="same length"):
        breadth([0, 1], [1], [1.0], size=3)
