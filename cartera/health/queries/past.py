"""How an account stood on past days, and what happened to it meanwhile."""

from datetime import date, datetime, timedelta

from django.db.models import prefetch_related_objects
from django.utils import timezone

from cartera.health.models import Scorecard, Snapshot
from cartera.timeline.models import Event

# What happens to an account that may explain a turn of its line, beside what is said and bought every day.
WEIGHTY = ("accounts.hand_over", "accounts.move_stage", "accounts.close", "accounts.reopen", "accounts.merge")
MOST = 60


def stood_on(account_id: int, days: tuple[date, date]) -> list[Snapshot | None]:
    """How the account stood on each of *days*: its last snapshot until then, with what it was scored by."""
    found = [_last(account_id, day) for day in days]
    prefetch_related_objects([one for one in found if one], "scorecard__factors")
    return found


def _last(account_id: int, day: date) -> Snapshot | None:
    rows = Snapshot.objects.filter(account=account_id, on__lte=day).select_related("scorecard__family")
    return rows.order_by("-on").first()


def scored_by(account_id: int, *, since: date, until: date) -> list[tuple[date, Scorecard]]:
    """By which version the account was scored from which day on, the first day in the window with the first one."""
    rows = Snapshot.objects.filter(account=account_id, on__gte=since, on__lte=until).order_by("on")
    cards = list(rows.values_list("on", "scorecard"))
    turns = [(on, card) for at, (on, card) in enumerate(cards) if at == 0 or cards[at - 1][1] != card]
    known = Scorecard.objects.select_related("family").in_bulk([card for _on, card in turns])
    return [(on, known[card]) for on, card in turns]


def weighty_events(account_id: int, *, since: date, until: date) -> list[Event]:
    """What happened to the account itself between two days, the latest first, at most MOST."""
    begins, ends = (_midnight(day) for day in (since, until + timedelta(days=1)))
    rows = Event.objects.standing().filter(account=account_id, kind__in=WEIGHTY, at__gte=begins, at__lt=ends)
    return list(rows.select_related("by").order_by("-at", "-pk")[:MOST])


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001 - made aware here
