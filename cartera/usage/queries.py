"""Questions about usage that span tables, or the lake."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db.models import Max, Sum

from cartera.accounts.models import Account
from cartera.lake import queries as lake
from cartera.lake.rhythms import DAY
from cartera.usage.models import Hour, Person, Seats, Workspace

if TYPE_CHECKING:
    from ibis import Table

    from cartera.lake.queries import Asked

WEEKS = 26  # shown of an account
TOP = 8  # features
HOURS = 48


@dataclass(frozen=True)
class AccountUsage:
    """What an account's page shows.

    weeks: the Monday of each of the last weeks, and how many people used the product in it; features: the most used
    of four weeks with events and people; seats: None if the product never told.
    """

    weeks: Sequence[tuple[date, int]]
    features: Sequence[tuple[str, int, int]]
    people: int
    seats: int | None
    last: date | None


def of_account(account: Account, *, at: datetime) -> AccountUsage:
    """Three small questions, two of the database and one of the lake, of which only this account's rows are read."""
    known = Workspace.objects.filter(account=account)
    last_seen = known.aggregate(last=Max("last_seen_at"))["last"]
    if last_seen is None:
        return AccountUsage([], [], 0, None, None)
    rows = lake.facts_of([account.pk], at).fetched("usage.account", _days)
    monday = at.date() - timedelta(days=at.date().weekday())
    weeks = [monday - timedelta(weeks=ago) for ago in range(WEEKS - 1, -1, -1)]
    place = WEEKS - 1 + (rows["day"] - monday.toordinal()) // 7
    recent = rows["day"] > at.date().toordinal() - 28
    days = rows["day"]
    return AccountUsage(
        weeks=[(week, len(np.unique(rows["person"][place == number]))) for number, week in enumerate(weeks)],
        features=_top(rows, recent),
        people=len(np.unique(rows["person"][recent])),
        seats=_seats(account),
        last=date.fromordinal(int(days.max())) if len(days) else None,
    )


def people_of(account: Account, *, at: datetime) -> list[tuple[Person, date, int]]:
    """Who of an account used the product in the weeks shown: last on which day, and how often in all."""
    rows = lake.facts_of([account.pk], at).fetched("usage.account", _days)
    ids, place = np.unique(rows["person"], return_inverse=True)
    last, events = np.zeros(len(ids), np.int64), np.bincount(place, rows["events"], len(ids))
    np.maximum.at(last, place, rows["day"])
    found = Person.objects.select_related("contact").in_bulk(ids.tolist())
    order = sorted(range(len(ids)), key=lambda number: (-last[number], -events[number]))
    return [(found[int(ids[n])], date.fromordinal(int(last[n])), int(events[n])) for n in order if int(ids[n]) in found]


def by_hour(*, at: datetime) -> list[tuple[datetime, dict[str, int]]]:
    """What came in in each of the last hours, in order of time."""
    now = at.replace(minute=0, second=0, microsecond=0)
    rows = Hour.objects.filter(hour__gt=now - timedelta(hours=HOURS)).values("hour").order_by("hour")
    summed = rows.annotate(events=Sum("events"), twice=Sum("twice"), aside=Sum("aside"))
    sums = {row["hour"]: {name: int(row[name]) for name in ("events", "twice", "aside")} for row in summed}
    none = {"events": 0, "twice": 0, "aside": 0}
    return [(hour, sums.get(hour, none)) for ago in range(HOURS - 1, -1, -1) for hour in [now - timedelta(hours=ago)]]


def _days(asked: "Asked") -> "Table":
    """How often whom of the account used what on which day (an ordinal), for as long as weeks are shown."""
    import ibis

    rows = asked.usage
    rows = rows.filter((rows.happened_at >= asked.moment - ibis.interval(days=7 * WEEKS)) & rows.account_id.notnull())
    rows = rows.mutate(day=(rows.happened_at.epoch_seconds() // DAY + date(1970, 1, 1).toordinal()).cast("int64"))
    sums = rows.group_by("person", "feature", "day").agg(events=rows.events.sum().cast("float64"))
    return sums.filter(sums.events > 0)


def _top(rows: dict[str, Any], recent: Any) -> list[tuple[str, int, int]]:
    names, place = np.unique(rows["feature"][recent].astype(str), return_inverse=True)
    events = np.bincount(place, rows["events"][recent], len(names))
    people = [len(np.unique(rows["person"][recent][place == number])) for number in range(len(names))]
    order = sorted(range(len(names)), key=lambda number: (-events[number], names[number]))[:TOP]
    return [(str(names[n]), int(events[n]), people[n]) for n in order]


def _seats(account: Account) -> int | None:
    """The seats that the product told of last, of all workspaces of the account."""
    rows = Seats.objects.filter(workspace__account=account).order_by("known_at", "pk").values_list("workspace", "seats")
    last = dict(rows)
    return sum(last.values()) if last else None
