"""How accounts can be asked for by what people say of their health; every question has an index."""

from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cartera.accounts.models import Account
from cartera.health import rules
from cartera.kit.filter_columns import on_column
from cartera.kit.filters import FilterContext, Qualifier

COLOURS = {"red": Account.Pulse.RED, "amber": Account.Pulse.AMBER, "green": Account.Pulse.GREEN}


def _pulse(op: str, value: Any, context: FilterContext) -> Q:
    return on_column("pulse")(op, COLOURS.get(value), context)


def _overridden(op: str, value: Any, context: FilterContext) -> Q:
    in_force = Q(override_until__gt=context.today)
    wanted = op == "any" or (op == "=" and value)
    return in_force if wanted else Q(override_until=None) | Q(override_until__lte=context.today)


def opined(today: date) -> Q:
    """Accounts with a pulse that is not too old."""
    return Q(pulse_on__gt=today - timedelta(days=rules.PULSE_DAYS))


def disagreeing(today: date) -> Q:
    """Accounts whose computed score lies outside the band of a pulse that is not too old."""
    apart = (
        Q(pulse=colour) & (Q(health__gt=high) | Q(health__lt=low))
        for colour, (low, high) in rules.OPINION_BANDS.items()
    )
    return opined(today) & reduce(or_, apart)


def _disagrees(op: str, value: Any, context: FilterContext) -> Q:
    apart = disagreeing(context.today)
    # What is unknown does not disagree; a plain NOT would lose it.
    return apart if op == "any" or (op == "=" and value) else ~Q(pk__in=Account.objects.filter(apart).values("pk"))


QUALIFIERS = (
    Qualifier(
        name="pulse", spanish="valoración", label=_("Pulse: what the manager thinks"), kind="choice", build=_pulse,
        choices=lambda context: [(name, colour.label) for name, colour in COLOURS.items()],
    ),
    Qualifier(name="overridden", spanish="corregida", label=_("Health set by hand"), kind="flag", build=_overridden),
    Qualifier(
        name="disagrees", spanish="discrepa", label=_("Computed health and pulse disagree"), kind="flag",
        build=_disagrees,
    ),
)  # fmt: skip
