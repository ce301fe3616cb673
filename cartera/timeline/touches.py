"""The kept figures of contact: when we were last in touch with an account, who began it, and when it is due again."""

from collections.abc import Iterable
from datetime import UTC
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from cartera.accounts.models import Account
from cartera.timeline import rules
from cartera.timeline.models import Cadence, Interaction

KEPT = ("last_touch_at", "last_touch_ours", "next_touch_on")


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
        accounts = accounts.filter(pk__in=list(account_ids))
    days = cadence()
    changed = [
        account for account in accounts.only("tier", *KEPT).iterator(chunk_size=2_000) if _takes_over(account, days)
    ]
    Account.objects.bulk_update(changed, KEPT, batch_size=500)
    return len(changed)


def _takes_over(account: Any, days: dict[str, int]) -> bool:
    at = account.touched_at
    ours = None if at is None else account.touched_by == Interaction.Direction.OUTBOUND
    wanted = (at, ours, rules.next_touch_on(at and at.astimezone(UTC).date(), account.tier, days))
    if wanted == tuple(getattr(account, name) for name in KEPT):
        return False
    account.last_touch_at, account.last_touch_ours, account.next_touch_on = wanted
    return True
