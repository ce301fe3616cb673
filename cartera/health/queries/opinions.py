"""What people say of an account's health: now, and over time."""

from datetime import date

from cartera.health.models import Override, Pulse
from cartera.kit.clock import today


def latest_pulse(account_id: int) -> Pulse | None:
    return Pulse.objects.standing().filter(account=account_id).select_related("by").first()


def override_in_force(account_id: int) -> Override | None:
    """What is set by hand today."""
    found = Override.objects.in_force(today()).filter(account=account_id)
    return found.select_related("by").order_by("-at", "-pk").first()


def pulses(account_id: int) -> list[Pulse]:
    """The opinions of the account, the latest first, at most a hundred."""
    return list(Pulse.objects.standing().filter(account=account_id).select_related("by")[:100])


def overrides(account_id: int) -> list[Override]:
    """What was ever set by hand on the account, the latest first, at most a hundred."""
    found = Override.objects.standing().filter(account=account_id).select_related("by", "ended_by")
    return list(found.order_by("-at", "-pk")[:100])


def in_force_on(rows: list[Override], day: date) -> Override | None:
    """Of *rows* (the latest first), the one that counted on *day*."""
    return next((row for row in rows if row.is_in_force(day)), None)
