import numpy as np
import pytest

from cartera.engine import baskets

REFILL, GIFT = 7, 9


def rows():
    """Accounts 0 and 1 buy refills every month, 2 a gift once, 3 a gift and, later than 60 days, another."""
    bought = [(account, day, REFILL, 2.0) for account in (0, 1) for day in range(0, 300, 30)]
    bought += [(2, 5.0, GIFT, 40.0), (3, 10.0, GIFT, 30.0), (3, 200.5, GIFT, 50.0)]
    return [list(column) for column in zip(*bought, strict=True)]


def test_products_that_bring_clients_back_are_told_from_those_that_do_not():
    found = baskets.read(*rows(), size=5, as_of=300.0)
    old = sum(day < 240 for day in range(0, 300, 30))  # lines of each refiller that are old enough, all followed
    usual = 2 * old / (2 * old + 3)
    assert found.refills[0] == pytest.approx((old + 20 * usual) / (old + 20))  # from the other refiller
    assert found.refills[2] == pytest.approx(20 * usual / 22)  # from both gifts of the other one
    assert found.refills[3] == pytest.approx(20 * usual / 21)
    assert np.exp(found.mainstream[[0, 2]]) == pytest.approx([20, 3])
    assert found.unit_price[[0, 3]] == pytest.approx([2, 40])
    assert np.isnan([found.refills[4], found.mainstream[4], found.unit_price[4]]).all()


def test_what_happens_later_is_not_known():
    columns = rows()
    early = [[column[row] for row in range(len(columns[1])) if columns[1][row] < 150] for column in columns]
    for figure in ("refills", "mainstream", "unit_price"):
        now, then = (getattr(baskets.read(*given, size=5, as_of=150.0), figure) for given in (columns, early))
        np.testing.assert_array_equal(now, then)


def test_before_any_line_is_old_enough_nothing_is_known_of_refills():
    found = baskets.read(*rows(), size=5, as_of=50.0)
    assert np.isnan(found.refills).all()
    assert np.isfinite(found.mainstream[:4]).all()
    assert np.isnan(baskets.read([], [], [], [], size=2, as_of=1.0).unit_price).all()


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="same length"):
        baskets.read([1], [2, 3], [1], [1], size=2, as_of=5)
