"""The figures that accounts keep, so that a million can be sorted and summed: written in bulk by the apps above."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction

from cartera.accounts.models import Account
from cartera.kit import bulk

if TYPE_CHECKING:
    import pyarrow as pa  # takes a moment to load, which a command that measures nothing need not spend

KEPT = frozenset({
    "health", "health_change", "health_line", "coverage", "override", "override_until", "pulse",
    "pulse_on", "silence_risk", "revenue", "overdue", "last_touch_at",
    "last_touch_ours", "next_touch_on", "last_order_on",
})  # fmt: skip


@transaction.atomic
def keep_figures(rows: "pa.Table | Iterable[Mapping[str, Any]]") -> int:
    """Set kept figures by `account_id`; all rows have the same columns. NaN means unknown. Return how many changed."""
    given = _columns(rows)
    ids = given.pop("account_id", [])
    if unknown := set(given) - KEPT:
        raise TypeError(f"not kept figures: {sorted(unknown)}")
    return bulk.update(Account, list(given), zip(ids, *given.values(), strict=True)) if given else 0


def _columns(rows: "pa.Table | Iterable[Mapping[str, Any]]") -> dict[str, list[Any]]:
    if hasattr(rows, "to_pydict"):
        return rows.to_pydict()
    listed = list(rows)
    return {name: [row[name] for row in listed] for name in listed[0]} if listed else {}
