"""What an account's choice of products says about its coming back: three figures from what everybody bought.

* refills: how often others who bought such products ordered again within 60 days: some products bring clients back
  (refills), some are bought once (a gift); what the account itself did, its rhythm already says;
* mainstream: how often such products are bought at all: an account that buys what many buy, or what few buy;
* unit_price: what a unit of it costs.

Found on the UCI Online Retail ledger by cross-validation over accounts on cuts from March to June 2011: beside rhythm,
revenue, returns and breadth, these three raise the AUC of "no purchase in 90 days" from 0.749 to 0.755.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from cartera.engine.columns import Floats, Integers

AGAIN = 60.0  # days within which an account must order again; what is younger than this cannot tell yet
CAUTION = 20.0  # cases of the mean over all products that are mixed into every product's own


@dataclass(frozen=True, slots=True)
class Baskets:
    """Each of shape (accounts,), NaN for an account without lines.

    refills: mean over its different products of the share 0..1 of others' lines followed by an order within 60 days
    mainstream: mean over them of the natural logarithm of the product's number of lines
    unit_price: mean over its lines of the price per unit
    """

    refills: Floats
    mainstream: Floats
    unit_price: Floats


def read(
    accounts: ArrayLike, days: ArrayLike, products: ArrayLike, prices: ArrayLike, *, size: int, as_of: float
) -> Baskets:
    """The baskets of *size* accounts from one row per invoice line above zero: account, day, product, price per unit.

    accounts, products: (rows,) whole numbers, accounts 0..size-1; days: (rows,), fractions are cut off; rows at or
    after *as_of* are left out. What a columnar engine computes must equal this. Raises ValueError for columns of
    different lengths.
    """
    owner, product = np.asarray(accounts, np.int64), np.asarray(products, np.int64)
    when, price = np.asarray(days, np.float64), np.asarray(prices, np.float64)
    if not owner.shape == product.shape == when.shape == price.shape or owner.ndim != 1:
        raise ValueError("accounts, days, products and prices must be columns of the same length")
    past = when < as_of
    owner, product, when, price = owner[past], np.unique(product[past], return_inverse=True)[1], when[past], price[past]
    again = _again(owner, np.floor(when))
    old = np.floor(when) < np.floor(as_of) - AGAIN
    mine, pair = np.unique(np.column_stack([owner, product]), axis=0, return_inverse=True)
    buyer, bought = mine.T
    lines, usual = np.bincount(product), again[old].mean() if old.any() else np.nan
    cases, followed = (
        np.bincount(product[old], column, len(lines))[bought] - np.bincount(pair[old], column, len(mine))
        for column in (None, again[old])
    )
    share = (followed + CAUTION * usual) / (cases + CAUTION)
    return Baskets(
        refills=_mean(buyer, share, size),
        mainstream=_mean(buyer, np.log(lines[bought]), size),
        unit_price=_mean(owner, price, size),
    )


def _again(owner: Integers, day: Floats) -> Floats:
    """1 for a row whose account bought on another day within AGAIN days after it, else 0."""
    visits, place = np.unique(np.column_stack([owner, day]), axis=0, return_inverse=True)
    after = np.append(visits[1:, 1] - visits[:-1, 1], np.inf) if len(visits) else np.zeros(0)
    same = np.append(visits[1:, 0] == visits[:-1, 0], False) if len(visits) else np.zeros(0, np.bool_)
    return (same & (after <= AGAIN)).astype(np.float64)[place]


def _mean(place: Integers, column: Floats, size: int) -> Floats:
    rows = np.bincount(place, minlength=size)
    total = np.bincount(place, column, size)
    return np.divide(total, rows, out=np.full(size, np.nan), where=rows > 0)
