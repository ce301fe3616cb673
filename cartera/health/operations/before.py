"""What is known of accounts from before they are scored anew, as columns."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db.models import OuterRef, Subquery

from cartera.accounts.models import Account
from cartera.engine.columns import Floats, Integers
from cartera.health import rules
from cartera.health.models import Snapshot, Standing
from cartera.kit import bulk
from cartera.lake import extracting
from cartera.lake.offers import Column, Kind

NONE = -1  # where a whole number is not known
FIGURES = ("health", "health_change", "coverage", "silence_risk")


@dataclass(frozen=True)
class Before:
    """Of each account, (accounts,): NONE or NaN where there is nothing from before.

    mark: fingerprint of its last snapshot; yesterday, month_ago: its scores; standing: the id of its standing; looks:
    what tells whether that differs; week: in which it was scored last; lines: its history line, as JSON; kept: by name,
    its other kept figures
    """

    mark: Integers
    yesterday: Floats
    month_ago: Floats
    standing: Integers
    looks: Integers
    week: Integers
    lines: list[str]
    kept: dict[str, Floats]

    @classmethod
    def of(cls, ids: Integers, on: date) -> "Before":
        """Of accounts *ids* (rising), before they are scored as of *on*."""
        found = Account.objects.filter(pk__in=bulk.one_of(ids.tolist()))
        table = extracting.columns(found, _wanted(on)).sort_by("account_id")
        if not np.array_equal(table["account_id"].to_numpy(), ids):
            raise ValueError("an account to be scored is not there")
        days = pc.cast(table["scored_on"], pa.int32()).fill_null(0).to_numpy()
        return cls(
            mark=_whole(table["mark"]),
            yesterday=_number(table["yesterday"]),
            month_ago=_number(table["month_ago"]),
            standing=_whole(table["standing"]),
            looks=_whole(table["looks"]),
            week=np.where(table["scored_on"].is_valid().to_numpy(), rules.weeks_of(days), NONE),
            lines=table["line"].to_pylist(),
            kept={name: _number(table[name]) for name in FIGURES},
        )


def _wanted(on: date) -> dict[str, Column]:
    """One look-up in an index for each figure of each account, on both databases."""
    day = timedelta(days=1)
    return {
        "account_id": Column("pk", Kind.WHOLE),
        "mark": Column(_latest(on, "fingerprint"), Kind.WHOLE),
        "yesterday": Column(_latest(on - day, "score"), Kind.NUMBER),
        "month_ago": Column(_latest(on - rules.CHANGE_DAYS * day, "score"), Kind.NUMBER),
        "standing": Column(_standing("pk"), Kind.WHOLE),
        "looks": Column(_standing("looks"), Kind.WHOLE),
        "scored_on": Column(_standing("on"), Kind.DAY),
        "line": Column("health_line", Kind.CODE),
        **{name: Column(name, Kind.NUMBER) for name in FIGURES},
    }


def _latest(before: date, field: str) -> Subquery:
    """Of each account's snapshots up to *before*, the last one's *field*."""
    rows = Snapshot.objects.filter(account=OuterRef("pk"), on__lte=before).order_by("-on")
    return Subquery(rows.values(field)[:1])


def _standing(field: str) -> Subquery:
    return Subquery(Standing.objects.filter(account=OuterRef("pk")).values(field)[:1])


def _whole(column: Any) -> Integers:
    return column.fill_null(NONE).to_numpy()


def _number(column: Any) -> Floats:
    return column.fill_null(np.nan).to_numpy()
