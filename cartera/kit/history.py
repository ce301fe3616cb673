"""Every verb's history: who changed what, when, and what was before. Written in the verb's own transaction."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.dispatch import Signal

from cartera.kit.models import Change

# Sent inside the transaction with `change` and `account_ids`; the timeline turns it into rows of the feed.
recorded = Signal()


def record(
    verb: str,
    *,
    subject: Model | None = None,
    by: Any,
    at: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    account_ids: Iterable[int] = (),
    undoes: Change | None = None,
) -> Change:
    """Write that *by* (None: Cartera itself) did *verb* ("accounts.rename") to *subject* at *at*."""
    change = Change.objects.create(
        verb=verb,
        at=at,
        by=by,
        subject_type=subject._meta.label_lower if subject is not None else "",
        subject_id=subject.pk if subject is not None else None,
        subject_label=str(subject)[:200] if subject is not None else "",
        before=dict(before or {}),
        after=dict(after or {}),
        undoes=undoes,
    )
    recorded.send(Change, change=change, account_ids=list(account_ids))
    return change
