"""The calculations behind the measures of money. Each gives columns aligned to the accounts asked about.

"Months" end at the moment asked about: as of the 10th, the last one runs from the 10th of the month before. Amounts in
several currencies are converted at the rates in force at that moment, so that a trend is not one of exchange rates;
an account that only ever saw one currency needs no rate for anything that is a ratio.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from django.conf import settings
from django.db.models import Q

from cartera.contracts.models import FxRate
from cartera.engine import momentum, season, trend
from cartera.engine.season import Season
from cartera.lake import rhythms
from cartera.lake.columns import aligned
from cartera.lake.offers import Floats, Integers

if TYPE_CHECKING:
    from ibis import Table

    from cartera.lake.queries import Asked, Facts

MONTHS = 24  # looked at for the trend
YEAR = 12
RECENT = 3  # months


def rhythm(facts: "Facts", as_of: datetime, accounts: Integers) -> dict[str, Floats]:
    """`value`, the probability 0..1 of a silence as long as the present one while the client is still active.

    More is better. From the distinct days with an invoice above zero, credit notes left out; see engine.rhythm. Also
    quiet (no order within 90 days), active, silence, own_gap, usual_gap (days), own_share, days (number of them).
    """
    return silence_of(facts, as_of, accounts)


def returning(facts: "Facts", as_of: datetime, accounts: Integers) -> dict[str, Floats]:
    """`value`, the probability 0..1 of an order within 90 days; more is better. Unknown for who never ordered.

    1 - quiet of the same reading as `rhythm`: that asks whether the silence is strange for this client, this whether
    it will end. Also silence and usual_gap (days), active (probability that the client has not left).
    """
    found = silence_of(facts, as_of, accounts)
    told = {name: found[name] for name in ("silence", "usual_gap", "active")}
    return {"value": 1 - found["quiet"], "age": found["age"], **told}


def orders_ahead(facts: "Facts", as_of: datetime, accounts: Integers) -> dict[str, Floats]:
    """`value`, the number of orders to expect within 90 days; more is better. Unknown for who never ordered.

    Days with an order, as in `rhythm`; two views of how clients leave, weighed by what each foretold of the past
    (engine.foretelling). Also active, if_active (orders of a client that has not left) and silence (days).
    """
    return rhythms.ahead(facts, orders, accounts, key="orders")


def silence_of(
    facts: "Facts", as_of: datetime, accounts: Integers, *, horizon: float = rhythms.HORIZON
) -> dict[str, Floats]:
    """The same for any *horizon* in days."""
    return rhythms.columns(facts, orders, accounts, key="orders", horizon=horizon)


def orders(asked: "Asked") -> "Table":
    """The rows that count as orders: invoices above zero."""
    invoices = asked.invoices
    return invoices.filter((invoices.kind == "invoice") & (invoices.total > 0))


def trend_of_revenue(facts: "Facts", as_of: datetime, accounts: Integers) -> dict[str, Floats]:
    """`value`, the change -1.. of three months' revenue against the account's own earlier months, season taken out.

    More is better; shrunk by how uneven the account's months are (engine.trend). Also recent and expected (money, in
    the account's currency or settings.CURRENCY where it saw several), raw (before shrinking), trust 0..1.
    """
    months = _months(facts, as_of)
    found = facts.once("contracts.trend", lambda: trend.change(months.revenue, _season(facts, as_of), recent=RECENT))
    columns = {"value": found.change, "age": months.age, "recent": found.recent, "expected": found.expected}
    return aligned(accounts, months.ids, columns | {"raw": found.raw, "trust": found.trust})


def momentum_of_revenue(facts: "Facts", as_of: datetime, accounts: Integers) -> dict[str, Floats]:
    """`value`, the step -1..1 from three months' revenue to the next three, in usual quarters; more is better.

    The season and what the account did a year ago are taken out, and it is shrunk by how uneven the account's months
    are (engine.momentum). Also recent and before (money, the season taken out), raw (before shrinking), trust 0..1.
    """
    months = _months(facts, as_of)
    found = facts.once(
        "contracts.momentum", lambda: momentum.change(months.revenue, _season(facts, as_of), recent=RECENT)
    )
    columns = {"value": found.change, "age": months.age, "recent": found.recent, "before": found.before}
    return aligned(accounts, months.ids, columns | {"raw": found.raw, "trust": found.trust})


def returns(facts: "Facts", as_of: datetime, accounts: Integers) -> dict[str, Floats]:
    """`value`, the share 0.. of the money invoiced in twelve months that was credited back; less is better.

    From invoices below zero against those above; unknown when nothing was invoiced. Also credited and billed (money).
    """
    months = _months(facts, as_of)
    share = np.divide(months.credited, months.billed, out=np.full(len(months.ids), np.nan), where=months.billed > 0)
    columns = {"value": share, "age": months.age, "credited": months.credited, "billed": months.billed}
    return aligned(accounts, months.ids, columns)


def revenue(facts: "Facts", as_of: datetime, accounts: Integers) -> dict[str, Floats]:
    """`value`, the money invoiced in twelve months less what was credited, in settings.CURRENCY; more is better.

    Unknown for an account that was never invoiced, and where a rate is missing. Also month (money of the last month).
    """
    months = _months(facts, as_of)
    last = months.revenue[:, -1]
    return aligned(accounts, months.ids, {"value": months.converted, "age": months.age, "month": last})


def breadth(facts: "Facts", as_of: datetime, accounts: Integers) -> dict[str, Floats]:
    """`value`, on how many products of equal weight the money of twelve months is spread, 1 / Σ share²; more: better.

    From invoice lines with a product; a product that was returned as much as bought does not count. The same as
    engine.concentration, calculated by the lake's engine. Also products (number), largest (share 0..1).
    """
    ids, columns = facts.once("contracts.breadth", lambda: _breadth(facts, as_of))
    return aligned(accounts, ids, columns)


def concentration(facts: "Facts", as_of: datetime, accounts: Integers) -> dict[str, Floats]:
    """`value`, the share 0..1 of the largest product in the money of twelve months; less is better.

    From the same lines as `breadth`; unknown without any. How much of *our* revenue hangs on the account is not
    measured: that says what is at stake with it, not how it is. Also products (number).
    """
    found = breadth(facts, as_of, accounts)
    return {"value": found["largest"], "age": found["age"], "products": found["products"]}


def overdue(facts: "Facts", as_of: datetime, accounts: Integers) -> dict[str, Floats]:
    """`value`, the money past its due date in months of the account's usual revenue (of twelve months); less is better.

    From invoices and credit notes with a due date that were not known to be paid; unknown for an account whose
    invoices carry no due date. Nothing sold in twelve months counts as one month's worth of what is overdue at least.
    Also amount (money), invoices (number), oldest (days past due).
    """
    months = _months(facts, as_of)
    ids, columns = facts.once("contracts.overdue", lambda: _overdue(facts, as_of))
    found = aligned(accounts, ids, columns)
    usual = aligned(accounts, months.ids, {"usual": months.usual})["usual"]
    amount = np.maximum(found["amount"], 0.0)
    spread = np.divide(amount, usual, out=np.full(len(accounts), float(YEAR)), where=usual > 0)
    value = np.where(np.isnan(amount), np.nan, np.where(amount > 0, np.minimum(spread, YEAR), 0.0))
    return found | {"amount": amount, "value": value}


@dataclass(frozen=True)
class _Months:
    """Per account (ids rising): revenue (accounts, MONTHS), sums of the last twelve, days since the newest invoice."""

    ids: Integers
    revenue: Floats
    credited: Floats
    billed: Floats
    converted: Floats
    usual: Floats
    age: Floats


def _months(facts: "Facts", as_of: datetime) -> _Months:
    return facts.once("contracts.months", lambda: _counted_months(facts, as_of))


def _season(facts: "Facts", as_of: datetime) -> Season:
    return facts.learned("contracts.season", lambda everybody: season.fit(_months(everybody, as_of).revenue))


def months_ago(rows: "Table", moment: Any) -> Any:
    """How many months ago it happened: 1 for the one that ends at *moment*; MONTHS + 1 for all that is older."""
    at = rows.happened_at
    month = at.year() * 12 + at.month() - (at.day() < moment.day()).cast("int64")
    return (moment.year() * 12 + moment.month() - month).clip(lower=1, upper=MONTHS + 1)


def _by_month(asked: "Asked") -> "Table":
    invoices = asked.invoices
    known = invoices.filter(invoices.happened_at < asked.moment)
    rows = known.mutate(ago=months_ago(known, asked.moment).cast("int64"), amount=known.total.cast("float64"))
    return rows.group_by("account_id", "currency", "ago").agg(
        total=rows.amount.sum(),
        billed=rows.amount.clip(lower=0.0).sum(),
        last=rows.happened_at.max().epoch_seconds().cast("float64"),
    )


def _counted_months(facts: "Facts", as_of: datetime) -> _Months:
    found = facts.fetched("contracts.months", _by_month)
    ids, place = np.unique(found["account_id"], return_inverse=True)
    ratio, money = _worth(place, found["currency"], len(ids), _rates(facts))
    table = np.zeros((len(ids), MONTHS))
    ago = found["ago"]
    recent = ago <= MONTHS
    np.add.at(table, (place[recent], MONTHS - ago[recent]), (found["total"] * ratio)[recent])
    year, size = np.where(ago <= YEAR, 1.0, 0.0), len(ids)
    last, oldest = np.zeros(size), np.zeros(size, np.int64)
    np.maximum.at(last, place, found["last"])
    np.maximum.at(oldest, place, ago)
    table[np.arange(MONTHS) < (MONTHS - oldest)[:, None]] = np.nan
    net = np.bincount(place, found["total"] * ratio * year, size)
    billed = np.bincount(place, found["billed"] * ratio * year, size)
    return _Months(
        ids=ids,
        revenue=table,
        credited=billed - net,
        billed=billed,
        converted=np.bincount(place, np.where(year > 0, found["total"] * money, 0.0), size),
        usual=net / np.minimum(np.maximum(oldest, 1), YEAR),
        age=(as_of.timestamp() - last) / rhythms.DAY,
    )


def _worth(place: Integers, currencies: np.ndarray, size: int, rates: Mapping[str, float]) -> tuple[Floats, Floats]:
    """What each row's currency counts for: in ratios (1 for an account of one currency), and in settings.CURRENCY."""
    names, code = np.unique(currencies.astype(str), return_inverse=True)
    money = np.array([rates.get(str(name), np.nan) for name in names])[code] if len(names) else np.zeros(0)
    first = np.full(size, -1)
    first[place] = code
    mixed = np.zeros(size, bool)
    mixed[place[first[place] != code]] = True
    return np.where(mixed[place], money, 1.0), money


def _rates(facts: "Facts") -> dict[str, float]:
    """What one unit of each currency is worth in settings.CURRENCY: the last rate before the moment asked."""
    return facts.once("contracts.rates", lambda: _rates_on(facts.as_of.date()))


def _rates_on(day: date) -> dict[str, float]:
    into = settings.CURRENCY
    rates = FxRate.objects.filter(Q(into=into) | Q(currency=into), on__lte=day).order_by("on")
    found = {}
    for rate in rates:
        if rate.into == into:
            found[rate.currency] = float(rate.rate)
        else:
            found[rate.into] = 1 / float(rate.rate)
    return {**found, into: 1.0}


def _by_product(asked: "Asked", rates: Sequence[tuple[str, float]]) -> "Table":
    import ibis

    lines, moment = asked.invoice_lines, asked.moment
    within = (lines.happened_at >= moment - ibis.interval(years=1)) & (lines.happened_at < moment)
    bought = lines.filter(within & lines.product_id.notnull())
    amount = bought.amount.cast("float64")
    value = amount * bought.currency.cases(*rates, else_=1.0) if rates else amount
    at = bought.happened_at.epoch_seconds()
    sums = bought.group_by("account_id", "product_id").agg(value=value.sum(), last=at.max())
    products = sums.filter(sums.value >= 0.005)
    return products.group_by("account_id").agg(
        products=products.product_id.count().cast("float64"),
        total=products.value.sum(),
        squares=(products.value * products.value).sum(),
        most=products.value.max(),
        last=products.last.max().cast("float64"),
    )


def _breadth(facts: "Facts", as_of: datetime) -> tuple[Integers, dict[str, Floats]]:
    rates = tuple(pair for pair in _rates(facts).items() if pair[1] != 1.0)
    found = facts.fetched(("contracts.breadth", rates), lambda asked: _by_product(asked, rates))
    return found["account_id"], {
        "value": found["total"] ** 2 / found["squares"],
        "age": (as_of.timestamp() - found["last"]) / rhythms.DAY,
        "products": found["products"],
        "largest": found["most"] / found["total"],
    }


def _late(asked: "Asked") -> "Table":
    invoices, payments, today = asked.invoices, asked.payments, asked.moment.date()
    dated = invoices.filter((invoices.happened_at < asked.moment) & invoices.due_on.notnull())
    paid = payments.select("invoice_id").distinct().mutate(paid=True)
    rows = dated.left_join(paid, "invoice_id").select(
        "account_id", "currency", "due_on", "total", "happened_at", "paid"
    )
    late = rows.paid.isnull() & (rows.due_on < today)
    return rows.group_by("account_id", "currency").agg(
        amount=rows.total.cast("float64").sum(where=late).coalesce(0.0),
        invoices=(late & (rows.total > 0)).sum().cast("float64"),
        due=rows.due_on.cast("timestamp").epoch_seconds().min(where=late).cast("float64"),
        last=rows.happened_at.max().epoch_seconds().cast("float64"),
    )


def _overdue(facts: "Facts", as_of: datetime) -> tuple[Integers, dict[str, Floats]]:
    found = facts.fetched("contracts.overdue", _late)
    ids, place = np.unique(found["account_id"], return_inverse=True)
    ratio, _money = _worth(place, found["currency"], len(ids), _rates(facts))
    due, last = np.full(len(ids), np.inf), np.zeros(len(ids))
    np.minimum.at(due, place, np.where(np.isnan(found["due"]), np.inf, found["due"]))
    np.maximum.at(last, place, found["last"])
    moment = as_of.timestamp()
    return ids, {
        "amount": np.bincount(place, found["amount"] * ratio, len(ids)),
        "age": (moment - last) / rhythms.DAY,
        "invoices": np.bincount(place, found["invoices"], len(ids)),
        "oldest": np.where(np.isinf(due), np.nan, np.floor((moment - due) / rhythms.DAY)),
    }
