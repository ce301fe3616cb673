"""The calculations behind the measures of touches: whether we are in contact as often as agreed, and who begins.

A touch is an interaction in which we and the client were in contact, as `Interaction.objects.touches` says: neither a
note nor something said among ourselves. The cadence is the tier's as it stands now, whatever moment is asked about:
tiers and cadences are edited in place.
"""

from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from cartera.lake.columns import aligned
from cartera.lake.offers import Floats, Integers
from cartera.lake.rhythms import DAY
from cartera.timeline.touches import cadence

if TYPE_CHECKING:
    from ibis import Table

    from cartera.lake.queries import Asked, Facts

WINDOW = 180  # days
LEAST = 3  # touches, of which one can say who mostly begins them


def touches(asked: "Asked") -> "Table":
    """The rows that count as a touch."""
    rows = asked.interactions
    return rows.filter((rows.happened_at < asked.moment) & (rows.kind != "note") & rows.direction.isin(["in", "out"]))


def against_cadence(facts: "Facts", as_of: datetime, accounts: Integers) -> dict[str, Floats]:
    """`value`, the days with a touch in 180 days as a share of those that the cadence asks for, 0..; more is better.

    For an account that is younger the days since its opening count, and for all those since the first touch that
    anybody logged; at least one touch is asked for. Unknown without any touch, and while the account's tier is not
    known. Also touched and expected (days with a touch), window (days).
    """
    found = _touched(facts, accounts)
    everybody = facts.learned("timeline.first_touch", _first_of_all)
    began = np.maximum(np.fmin(found["opened"], found["first"]), everybody)
    window = np.clip(_today(as_of) - began, 0, WINDOW)
    expected = np.maximum(window / found["cadence"], 1.0)
    value = found["touched"] / expected
    return {"value": value, "age": _as_today(value), "touched": found["touched"], "expected": expected} | {
        "window": window
    }


def gap(facts: "Facts", as_of: datetime, accounts: Integers) -> dict[str, Floats]:
    """`value`, the days since the last touch in cadences of the tier: 1 when the next one is due; less is better.

    Unknown without any touch, and while the account's tier is not known. Also silence and cadence (days).
    """
    found = _touched(facts, accounts)
    silence = _today(as_of) - found["last"]
    value = silence / found["cadence"]
    return {"value": value, "age": _as_today(value), "silence": silence, "cadence": found["cadence"]}


def begun_by_them(facts: "Facts", as_of: datetime, accounts: Integers) -> dict[str, Floats]:
    """`value`, the share 0..1 of the touches of 180 days that the client began; more is better.

    Unknown with fewer than three touches. Also touches and inbound (numbers).
    """
    found = _touched(facts, accounts)
    enough = found["touches"] >= LEAST
    value = np.divide(found["inbound"], found["touches"], out=np.full(len(accounts), np.nan), where=enough)
    return {"value": value, "age": _as_today(value), "touches": found["touches"], "inbound": found["inbound"]}


def _touched(facts: "Facts", accounts: Integers) -> dict[str, Floats]:
    """Touches of the accounts and the cadence (days) of their tiers, NaN where an account was not known yet."""
    ids, columns = facts.once("timeline.touched", lambda: _with_cadence(facts))
    return aligned(accounts, ids, columns)


def _with_cadence(facts: "Facts") -> tuple[Integers, dict[str, Floats]]:
    found = facts.fetched("timeline.touched", _counted)
    days = cadence()
    tiers, place = np.unique(found["tier"].astype(str), return_inverse=True)
    by_tier = np.array([days.get(str(tier), days[""]) for tier in tiers], np.float64)
    columns = {name: column for name, column in found.items() if name not in ("account_id", "tier")}
    agreed = by_tier[place] if len(place) else np.zeros(0)
    return found["account_id"], columns | {"cadence": np.where(np.isnan(found["opened"]), np.nan, agreed)}


def _counted(asked: "Asked") -> "Table":
    import ibis

    rows, accounts = touches(asked), asked.accounts
    rows = rows.mutate(day=rows.happened_at.epoch_seconds() // DAY)
    within = rows.happened_at >= asked.moment - ibis.interval(days=WINDOW)
    counted = rows.group_by("account_id").agg(
        first=rows.day.min().cast("float64"),
        last=rows.day.max().cast("float64"),
        touched=rows.day.nunique(where=within).cast("float64"),
        touches=within.sum().cast("float64"),
        inbound=(within & (rows.direction == "in")).sum().cast("float64"),
    )
    opened = accounts.select("account_id", "tier", opened=(accounts.happened_at.epoch_seconds() // DAY).cast("float64"))
    columns = ("account_id", "first", "last", "touched", "touches", "inbound", "tier", "opened")
    return counted.left_join(opened, "account_id").select(*columns)


def _first_of_all(facts: "Facts") -> float:
    """The day of the first touch that anybody logged; before it nothing was expected of anybody."""
    first = facts.once("timeline.touched", lambda: _with_cadence(facts))[1]["first"]
    return float(first.min()) if len(first) else np.nan


def _today(as_of: datetime) -> float:
    return as_of.timestamp() // DAY


def _as_today(value: Floats) -> Floats:
    """Silence, too, is seen today: its age is 0."""
    return np.where(np.isnan(value), np.nan, 0.0)
