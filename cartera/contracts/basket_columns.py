"""What an account's choice of products says about its coming back: the calculations behind three measures.

From the invoice lines above zero, with a product, of the twelve months before the moment asked about; `engine.baskets`
is the definition. What is known of a product comes from all accounts, whoever is asked about.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from cartera.engine.baskets import AGAIN, CAUTION
from cartera.lake.columns import aligned
from cartera.lake.offers import Floats, Integers
from cartera.lake.rhythms import DAY

if TYPE_CHECKING:
    from ibis import Table

    from cartera.lake.queries import Asked, Facts


def refills(facts: "Facts", as_of: datetime, accounts: Integers) -> dict[str, Floats]:
    """`value`, how often 0..1 others who bought such products ordered again within 60 days; more is better.

    The mean over the account's different products; unknown before any line is 60 days old. Also products (number).
    """
    found = _baskets(facts, as_of, accounts)
    return {"value": found["refills"], "age": found["age"], "products": found["products"]}


def mainstream(facts: "Facts", as_of: datetime, accounts: Integers) -> dict[str, Floats]:
    """`value`, how often its products are bought: invoice lines of all accounts, the geometric mean of its products."""
    found = _baskets(facts, as_of, accounts)
    return {"value": np.exp(found["mainstream"]), "age": found["age"], "products": found["products"]}


def unit_price(facts: "Facts", as_of: datetime, accounts: Integers) -> dict[str, Floats]:
    """`value`, the mean price of a unit over its lines, in the currency of each line."""
    found = _baskets(facts, as_of, accounts)
    return {"value": found["unit_price"], "age": found["age"], "lines": found["lines"]}


@dataclass(frozen=True)
class _Products:
    """Per product (ids rising): lines old enough to tell, those followed by another order, logarithm of all lines.

    usual: share 0..1 that was followed, of all products
    """

    ids: Integers
    cases: Floats
    again: Floats
    mainstream: Floats
    usual: float


def _baskets(facts: "Facts", as_of: datetime, accounts: Integers) -> dict[str, Floats]:
    ids, columns = facts.once("contracts.baskets", lambda: _read(facts, as_of))
    return aligned(accounts, ids, columns)


def _read(facts: "Facts", as_of: datetime) -> tuple[Integers, dict[str, Floats]]:
    products: _Products = facts.learned("contracts.basket_products", _products)
    found = facts.fetched("contracts.bought", _bought)
    ids, place = np.unique(found["account_id"], return_inverse=True)
    known = np.isin(found["product_id"], products.ids)
    of = np.searchsorted(products.ids, found["product_id"][known])
    # Lines that came after the last publication are the account's own but not yet in the sums over all.
    others, followed = (
        np.maximum(sums[of] - found[name][known], 0.0)
        for name, sums in (("cases", products.cases), ("again", products.again))
    )
    number = np.bincount(place[known], minlength=len(ids))
    lines, last = np.bincount(place, found["lines"], len(ids)), np.zeros(len(ids))
    np.maximum.at(last, place, found["last"])

    def mean(column: Floats) -> Floats:
        total = np.bincount(place[known], column, len(ids))
        return np.divide(total, number, out=np.full(len(ids), np.nan), where=number > 0)

    return ids, {
        "refills": mean((followed + CAUTION * products.usual) / (others + CAUTION)),
        "mainstream": mean(products.mainstream[of]),
        "unit_price": np.bincount(place, found["price"], len(ids)) / lines,
        "products": number.astype(np.float64),
        "lines": lines,
        "age": (as_of.timestamp() - last) / DAY,
    }


def _products(everybody: "Facts") -> _Products:
    found = everybody.fetched("contracts.basket_products", _by_product)
    order = np.argsort(found["product_id"])
    cases = found["cases"].sum()
    return _Products(
        ids=found["product_id"][order],
        cases=found["cases"][order],
        again=found["again"][order],
        mainstream=np.log(found["lines"])[order],
        usual=found["again"].sum() / cases if cases else np.nan,
    )


def _sold(asked: "Asked") -> "Table":
    """A row per line above zero of twelve months: account_id, product_id, at, day (of UTC), price (of a unit)."""
    import ibis

    lines, moment = asked.invoice_lines, asked.moment
    within = (lines.happened_at >= moment - ibis.interval(years=1)) & (lines.happened_at < moment)
    rows = lines.filter(within & lines.product_id.notnull() & (lines.amount > 0) & (lines.quantity > 0))
    at = rows.happened_at.epoch_seconds()
    price = rows.amount.cast("float64") / rows.quantity.cast("float64")
    return rows.select("account_id", "product_id", at=at, day=at // DAY, price=price)


def _followed(asked: "Asked") -> "Table":
    """The lines of `_sold`; also old: 60 days and more, again: followed by another day with a line within 60 days."""
    sold = _sold(asked)
    days = sold.select("account_id", "day").distinct()
    after = days.day.lead().over(group_by="account_id", order_by="day") - days.day
    rows = sold.join(days.mutate(soon=(after <= AGAIN).fill_null(False)), ["account_id", "day"])
    old = rows.day < asked.moment.epoch_seconds() // DAY - AGAIN
    return rows.mutate(old=old.cast("float64"), again=(old & rows.soon).cast("float64"))


def _bought(asked: "Asked") -> "Table":
    rows = _followed(asked)
    return rows.group_by("account_id", "product_id").agg(
        lines=rows.count().cast("float64"),
        cases=rows.old.sum(),
        again=rows.again.sum(),
        price=rows.price.sum(),
        last=rows["at"].max().cast("float64"),
    )


def _by_product(asked: "Asked") -> "Table":
    rows = _followed(asked)
    return rows.group_by("product_id").agg(
        lines=rows.count().cast("float64"), cases=rows.old.sum(), again=rows.again.sum()
    )
