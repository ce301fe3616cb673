"""The calculations behind the measures of usage. Each gives columns aligned to the accounts asked about.

One pass over the days' totals serves trend and freshness; one over the last four weeks each counts people and
features. Weeks are counted back from the moment asked about. Who used the product and stopped has zero of everything;
who never used it has nothing that is known. Rows that were taken back (another account's, as it turned out) add up to
nothing, and count for nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from cartera.engine import season, trend
from cartera.engine.season import Season
from cartera.lake.columns import aligned
from cartera.lake.offers import Floats, Integers
from cartera.lake.rhythms import DAY

if TYPE_CHECKING:
    from ibis import Table

    from cartera.lake.queries import Asked, Facts

WEEKS = 4  # that count as now
PERIODS = 7  # of so many weeks that the trend looks at, the present one included
LENGTH = WEEKS * 7 * DAY  # seconds
LEAST = 2  # earlier periods that must be known besides the account's first


def people(facts: "Facts", as_of: datetime, accounts: Integers) -> dict[str, Floats]:
    """`value`, the number of different people who used the product in four weeks; more is better.

    From the daily totals: people with any event that stands. Unknown for an account that never used it. `age` is the
    days since anybody of any account used it: a silence is news, but not when the product itself has gone silent.
    """
    found = aligned(accounts, *facts.once("usage.people", lambda: _counted(facts, "people", _people)), fill=0.0)
    return _known(facts, as_of, accounts, found)


def breadth(facts: "Facts", as_of: datetime, accounts: Integers) -> dict[str, Floats]:
    """`value`, the number of different features (events and pages by name) used in four weeks; more is better.

    Also largest, the share 0..1 of all events that the most used feature has; NaN for an account that used none.
    """
    found = aligned(accounts, *facts.once("usage.features", lambda: _counted(facts, "features", _features)), fill=0.0)
    largest = np.divide(found["most"], found["events"], out=np.full(len(accounts), np.nan), where=found["events"] > 0)
    return _known(facts, as_of, accounts, {"value": found["value"], "largest": largest})


def change(facts: "Facts", as_of: datetime, accounts: Integers) -> dict[str, Floats]:
    """`value`, the change -1.. of four weeks' events against the account's own 24 weeks before, season taken out.

    More is better; shrunk by how uneven the account's periods are (engine.trend). Unknown with fewer than four periods
    of its own. Also recent and expected (events), raw (before shrinking), trust 0..1.
    """
    periods = _periods(facts)
    known = facts.once("usage.trend", lambda: trend.change(periods.events, _season(facts), recent=1, least=LEAST))
    columns = {"value": known.change, "recent": known.recent, "expected": known.expected, "raw": known.raw}
    return _known(facts, as_of, accounts, aligned(accounts, periods.ids, columns | {"trust": known.trust}))


def seats(facts: "Facts", as_of: datetime, accounts: Integers) -> dict[str, Floats]:
    """`value`, the share 0.. of the account's seats that people used in four weeks; more is better.

    Seats are what the product said last (the trait `seats` of a group), added up over the account's workspaces;
    unknown where it never did. Also people and seats (numbers).
    """
    given = facts.fetched("usage.seats", _seats)
    here = aligned(accounts, given["account_id"], {"seats": given["seats"]})["seats"]
    using = people(facts, as_of, accounts)
    share = np.divide(using["value"], here, out=np.full(len(accounts), np.nan), where=here > 0)
    return {"value": share, "age": using["age"], "people": using["value"], "seats": here}


@dataclass(frozen=True)
class _Periods:
    """Of the accounts (ids rising) that ever used the product: events (accounts, PERIODS), NaN before the first."""

    ids: Integers
    events: Floats


def _known(facts: "Facts", as_of: datetime, accounts: Integers, found: Mapping[str, Floats]) -> dict[str, Floats]:
    """*found* where the account ever used the product, and how fresh what we know is."""
    periods = _periods(facts)
    ever = np.isin(accounts, periods.ids, assume_unique=True)
    newest = facts.learned("usage.newest", lambda everybody: everybody.fetched("usage.newest", _newest)["last"])
    age = (as_of.timestamp() - newest) / DAY
    return {
        name: np.where(ever, column, np.nan) for name, column in {**found, "age": np.full(len(accounts), age)}.items()
    }


def _periods(facts: "Facts") -> _Periods:
    return facts.once("usage.periods", lambda: _by_account(facts))


def _season(facts: "Facts") -> Season:
    return facts.learned("usage.season", lambda everybody: season.fit(_periods(everybody).events))


def _by_account(facts: "Facts") -> _Periods:
    rows, first = facts.fetched("usage.periods", _by_period), facts.fetched("usage.first", _first)
    ids = np.union1d(rows["account_id"], first["account_id"])
    since = np.column_stack([rows[f"since_{number}"] for number in range(PERIODS, 0, -1)])
    events = since - np.column_stack([since[:, 1:], np.zeros(len(since))])
    table = aligned(ids, rows["account_id"], {"events": events}, fill=0.0)["events"]
    begun = aligned(ids, first["account_id"], {"ago": (facts.as_of.timestamp() - first["first"]) // LENGTH}, fill=-1.0)
    used = np.where((table > 0).any(axis=1), PERIODS - 1 - (table > 0).argmax(axis=1), -1)
    oldest = np.maximum(used, np.minimum(begun["ago"], PERIODS - 1))
    table[np.arange(PERIODS) < (PERIODS - 1 - oldest)[:, None]] = np.nan
    ever = oldest >= 0
    return _Periods(ids[ever], table[ever])


def _counted(facts: "Facts", name: str, ask: Any) -> tuple[Integers, dict[str, Floats]]:
    found = facts.fetched(f"usage.{name}", ask)
    return found["account_id"], {key: column for key, column in found.items() if key != "account_id"}


def _since(asked: "Asked", periods: int) -> "Table":
    """The days of the last *periods*, of accounts."""
    import ibis

    rows = asked.usage
    recent = rows.happened_at >= asked.moment - ibis.interval(days=7 * WEEKS * periods)
    return rows.filter(recent & (rows.happened_at < asked.moment) & rows.account_id.notnull())


def _by_period(asked: "Asked") -> "Table":
    """The events since the beginning of each period, side by side.

    Comparing moments costs a fraction of calculating with them, and a row an account less than one for each period.
    """
    import ibis

    rows = _since(asked, PERIODS)
    rows = rows.mutate(amount=rows.events.cast("float64"))
    begins = {n: asked.moment - ibis.interval(days=7 * WEEKS * n) for n in range(1, PERIODS)}
    since = {f"since_{n}": (rows.happened_at >= begin).ifelse(rows.amount, 0.0).sum() for n, begin in begins.items()}
    return rows.group_by("account_id").agg(**since, **{f"since_{PERIODS}": rows.amount.sum()})


def _newest(asked: "Asked") -> "Table":
    rows = _since(asked, PERIODS)
    return rows.agg(last=rows.happened_at.max().epoch_seconds().cast("float64"))


def _people(asked: "Asked") -> "Table":
    rows = _since(asked, 1)
    sums = rows.group_by("account_id", "person").agg(events=rows.events.sum())
    using = sums.filter(sums.events > 0)
    return using.group_by("account_id").agg(value=using.count().cast("float64"))


def _features(asked: "Asked") -> "Table":
    rows = _since(asked, 1)
    sums = rows.group_by("account_id", "feature").agg(events=rows.events.sum().cast("float64"))
    used = sums.filter(sums.events > 0)
    return used.group_by("account_id").agg(
        value=used.count().cast("float64"), events=used.events.sum(), most=used.events.max()
    )


def _first(asked: "Asked") -> "Table":
    rows = asked.usage_workspaces
    return rows.group_by("account_id").agg(first=rows.happened_at.min().epoch_seconds().cast("float64"))


def _seats(asked: "Asked") -> "Table":
    rows = asked.usage_seats
    last = rows.group_by("account_id", "workspace").agg(seats=rows.seats.argmax(rows.known_at))
    return last.group_by("account_id").agg(seats=last.seats.sum().cast("float64"))
