"""How accounts stand, and how they stood."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from cartera.health.models import Run, Snapshot, Standing
from cartera.timeline.models import Event


def _moving() -> QuerySet[Event]:
    """Events that may move a score; changes of an account's own data wait for the nightly scoring."""
    return Event.objects.filter(group__in=[Event.Group.CONVERSATION, Event.Group.MONEY])


def parts_before(account_ids: Sequence[int], day: date) -> dict[int, list[dict[str, Any]]]:
    """The factors of these accounts as they were on *day*; one query, none for no accounts."""
    if not account_ids:
        return {}
    last = Snapshot.objects.filter(account=OuterRef("account"), on__lte=day).order_by("-on").values("pk")[:1]
    rows = Snapshot.objects.filter(account__in=account_ids, pk=Subquery(last)).order_by()
    return dict(rows.values_list("account", "factors"))


def standing(account_id: int) -> Standing | None:
    """How the account stood at the last scoring, with the scorecard it was scored by."""
    rows = Standing.objects.select_related("scorecard__family").prefetch_related("scorecard__factors")
    return rows.filter(account=account_id).first()


def last_scoring() -> Run | None:
    """The last scoring of every account."""
    return Run.objects.filter(whole=True).first()


def last_event() -> int:
    """The number of the feed's last event."""
    return Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def is_stale(standing: Standing) -> bool:
    """Whether something was said or invoiced that the account's standing does not know yet."""
    return _moving().filter(account=standing.account_id, pk__gt=standing.seen).exists()


def with_news() -> list[int]:
    """The accounts with which something was said or invoiced since accounts were last scored."""
    seen = Run.objects.values_list("seen", flat=True).first()
    if seen is None:
        return []
    return list(_moving().filter(pk__gt=seen).order_by().values_list("account", flat=True).distinct())


def history(account_id: int, *, since: date, until: date) -> list[tuple[date, float | None]]:
    """The score as a line: where it changed, and the day before that, because it stays the same in between."""
    rows = Snapshot.objects.filter(account=account_id, on__gte=since, on__lte=until).order_by("on")
    line: list[tuple[date, float | None]] = []
    for on, score in rows.values_list("on", "score"):
        if line and (on - line[-1][0]).days > 1:
            line.append((on - timedelta(days=1), line[-1][1]))
        line.append((on, None if score is None else float(score)))
    return [*line, (until, line[-1][1])] if line and line[-1][0] < until else line
