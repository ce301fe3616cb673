"""The rhythm of what comes again and again: orders, calls. One pass over the facts, then the engine's reading."""

from dataclasses import fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from cartera.engine import foretelling, rhythm
from cartera.engine.foretelling import Foresight
from cartera.engine.gaps import Events
from cartera.engine.rhythm import Population
from cartera.lake.columns import aligned
from cartera.lake.offers import Floats, Integers

if TYPE_CHECKING:
    from ibis import Table

    from cartera.lake.queries import Ask, Asked, Facts

DAY = 86_400
HORIZON = 90.0  # days ahead for which silence is foretold


def gathered(facts: "Facts", key: Any, events: "Ask") -> tuple[Integers, Events]:
    """Account ids, rising, and their distinct days with an event, from the rows of *events* (account_id, happened_at).

    Equals `engine.gaps.gather`: days are counted in UTC, several events on a day count once.
    """
    found = facts.fetched(("rhythm", key), lambda asked: _days(asked, events(asked)))
    moment = facts.as_of.timestamp() // DAY  # the day of the moment: silence is counted as people count days
    return found["account_id"], Events(found["days"], found["first"], found["last"], found["logs"], moment)


def _days(asked: "Asked", rows: "Table") -> "Table":
    before = rows.filter(rows.happened_at < asked.moment)
    days = before.select("account_id", day=before.happened_at.epoch_seconds() // DAY).distinct()
    gap = (days.day - days.day.lag().over(group_by="account_id", order_by="day")).cast("float64")
    gaps = days.mutate(log_gap=gap.ln())
    return (
        gaps.group_by("account_id")
        .agg(
            days=gaps.day.count().cast("float64"),
            first=gaps.day.min().cast("float64"),
            last=gaps.day.max().cast("float64"),
            logs=gaps.log_gap.sum().coalesce(0.0),
        )
        .order_by("account_id")
    )


def columns(
    facts: "Facts", events: "Ask", accounts: Integers, *, key: Any, horizon: float = HORIZON
) -> dict[str, Floats]:
    """The reading of each of *accounts* by its *events*, which *key* tells from others.

    The population is fitted to all accounts, whoever is asked about.
    `value` is `unlikely`: how probable a silence as long as the present one is for an account that is still active.
    """
    ids, known = _events(facts, key, events)
    population: Population = facts.learned(("rhythm", key), lambda all_: rhythm.fit(_events(all_, key, events)[1]))
    reading = rhythm.read(known, population, horizon=horizon)
    found = aligned(
        accounts,
        ids,
        {
            "value": reading.unlikely,
            "age": reading.silence,
            "silence": reading.silence,
            "own_gap": reading.own_gap,
            "usual_gap": reading.usual_gap,
            "own_share": reading.own_share,
            "unlikely": reading.unlikely,
            "active": reading.active,
            "quiet": reading.quiet,
            "days": known.days,
        },
    )
    # A silence is fresh knowledge however long it lasts: it is observed today.
    return found | {"age": np.where(np.isnan(found["silence"]), np.nan, 0.0)}


def ahead(
    facts: "Facts", events: "Ask", accounts: Integers, *, key: Any, horizon: float = HORIZON
) -> dict[str, Floats]:
    """What to expect of each of *accounts*: `value`, the number of days with an event within *horizon* days.

    Learned from the past of all accounts, whoever is asked about (engine.foretelling). Also active (probability that
    the account has not left), if_active (the number if it has not: value = active × if_active), silence (days).
    """
    ids, known = _events(facts, key, events)
    foresight = facts.learned(("foresight", key, horizon), lambda all_: _foresight(all_, events, key, horizon))
    found = foretelling.foretell(known, foresight, horizon=horizon)
    columns = {"value": found.orders, "active": found.active, "if_active": found.if_active}
    told = aligned(accounts, ids, columns | {"silence": known.as_of - known.last})
    return told | {"age": np.where(np.isnan(told["value"]), np.nan, 0.0)}


def _foresight(facts: "Facts", events: "Ask", key: Any, horizon: float) -> Foresight:
    ids, now = _events(facts, key, events)
    first = min(now.first.min(initial=np.inf), now.as_of - 1)  # of a book that begins today nothing is learned
    day = foretelling.looked_back(float(first), now.as_of, horizon=horizon) // 1
    then_ids, then = gathered(facts.earlier(datetime.fromtimestamp(day * DAY, UTC)), key, events)
    columns = {field.name: getattr(then, field.name) for field in fields(then) if field.name != "as_of"}
    return foretelling.learn(Events(**aligned(ids, then_ids, columns), as_of=then.as_of), now)


def _events(facts: "Facts", key: Any, events: "Ask") -> tuple[Integers, Events]:
    return facts.once(("rhythm", key), lambda: gathered(facts, key, events))


def one_in(probability: float) -> int:
    """N for "1 in N", as a person says it: at most 1,000, above ten in two figures."""
    times = 1 / max(probability, 0.001)
    return round(times) if times < 10 else int(float(f"{times:.2g}"))
