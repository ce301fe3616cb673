"""How broadly an account buys: on how many products its money is spread, and how much hangs on the largest."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from cartera.engine.columns import Floats, Integers

_HALF_A_CENT = 0.005  # sums of money below this are rounding, not money


@dataclass(frozen=True, slots=True)
class Breadth:
    """All of shape (accounts,).

    products: number of products with money above zero, 0 if none
    effective: number of equally large products that would be as concentrated: 1 / Σ share² (inverse Herfindahl index,
        Hill number of order 2), from 1 to `products`; NaN if none
    largest: share of the largest product, 0..1; NaN if none
    main: code of the largest product (of equals the smallest code), -1 if none
    """

    products: Integers
    effective: Floats
    largest: Floats
    main: Integers


def breadth(accounts: ArrayLike, products: ArrayLike, values: ArrayLike, *, size: int) -> Breadth:
    """Breadth of each of *size* accounts from rows of (account, product, value), in any order.

    accounts: (rows,) whole numbers, position of the account, 0..size-1; products: (rows,) whole-number codes;
    values: (rows,) money of one currency. Rows of the same account and product are added up; a product whose sum is
    not above zero (returned as much as bought) does not count, nor does a value of NaN.
    Raises ValueError when the columns differ in length or a position lies outside.
    """
    owner, product, value = np.asarray(accounts, np.int64), np.asarray(products, np.int64), np.asarray(values, float)
    if not owner.shape == product.shape == value.shape or owner.ndim != 1:
        raise ValueError("accounts, products and values must be columns of the same length")
    if len(owner) and (owner.min() < 0 or owner.max() >= size):
        raise ValueError("a position lies outside the accounts")
    owner, product, value = _summed(owner, product, np.nan_to_num(value))
    total = np.bincount(owner, value, size)
    share = value / total[owner]
    squares = np.bincount(owner, share**2, size)
    largest, main = np.full(size, np.nan), np.full(size, -1, np.int64)
    rising = np.lexsort((-product, share, owner))  # the last row written for an account is its largest product
    largest[owner[rising]], main[owner[rising]] = share[rising], product[rising]
    return Breadth(
        products=np.bincount(owner, minlength=size),
        effective=np.divide(1.0, squares, out=np.full(size, np.nan), where=squares > 0),
        largest=largest,
        main=main,
    )


def _summed(owner: Integers, product: Integers, value: Floats) -> tuple[Integers, Integers, Floats]:
    """One row for each account and product, those with at least half a cent."""
    if not len(owner):
        return owner, product, value
    order = np.lexsort((product, owner))
    owner, product, value = owner[order], product[order], value[order]
    starts = np.flatnonzero(np.r_[True, (np.diff(owner) != 0) | (np.diff(product) != 0)])
    sums = np.add.reduceat(value, starts)
    above = sums >= _HALF_A_CENT
    return owner[starts][above], product[starts][above], sums[above]
