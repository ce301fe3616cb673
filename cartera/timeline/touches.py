"""The kept figures of contact: when we were last in touch with an account, who began it, and when it is due again."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from cartera.accounts.models import Account
from cartera.accounts.operations import keep_figures
from cartera.kit import bulk
from cartera.kit.models import Change
from cartera.timeline import rules
from cartera.timeline.models import Cadence, Interaction


def cadence() -> dict[str, int]:
    """Days between two contacts, by tier ("" for accounts without one)."""
    return rules.cadence(dict(Cadence.objects.values_list("tier", "days")))


def keep_touches(account_ids: Iterable[int] | None = None) -> int:
    """Bring the figures of contact of these accounts (all) up to date; return how many changed."""
    last = Interaction.objects.touches().filter(account=OuterRef("pk")).order_by("-happened_at", "-pk")
    accounts = Account.objects.order_by().annotate(
        touched_at=Subquery(last.values("happened_at")[:1]), touched_by=Subquery(last.values("direction")[:1])
    )
    if account_ids is None:
        accounts = accounts.filter(Q(touched_at__isnull=False) | Q(last_touch_at__isnull=False))
    else:
        accounts = accounts.filter(pk__in=bulk.one_of(account_ids))
    days = cadence()
    rows = accounts.values_list("pk", "tier", "touched_at", "touched_by").iterator(chunk_size=2_000)
    return keep_figures(_figures(*row, days) for row in rows)


def follow_tiers(sender: Any, *, change: Change, account_ids: list[int], **_rest: Any) -> None:
    """An account of another tier is due on another day; connected to `kit.history.recorded`."""
    if change.verb in ("accounts.edit", "accounts.set_many") and "tier" in change.before | change.after:
        keep_touches(account_ids)


def _figures(pk: int, tier: str, at: datetime | None, direction: str | None, days: Mapping[str, int]) -> dict[str, Any]:
    return {
        "account_id": pk,
        "last_touch_at": at,
        "last_touch_ours": None if at is None else direction == Interaction.Direction.OUTBOUND,
        "next_touch_on": rules.next_touch_on(at and at.astimezone(UTC).date(), tier, days),
    }
