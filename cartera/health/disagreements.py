"""Where the computed score and whoever looks after the account do not say the same, and why each says it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, Sum, When
from django.db.models.functions import Cast, Round

from cartera.accounts.models import Account, AccountQuerySet
from cartera.health.explaining import label_of, sentence_of
from cartera.health.filters import disagreeing, opined
from cartera.health.models import Pulse, Standing
from cartera.health.queries import offered
from cartera.health.rules import AMBER, GREEN, OPINION_BANDS, RED


@dataclass(frozen=True)
class Totals:
    """How many accounts have an opinion that is not too old, and on which side of it the computed score lies."""

    opined: int
    milder: int
    milder_revenue: Decimal
    harsher: int
    harsher_revenue: Decimal

    @property
    def count(self) -> int:
        return self.milder + self.harsher

    @property
    def revenue(self) -> Decimal:
        return self.milder_revenue + self.harsher_revenue


@dataclass(frozen=True)
class Disagreement:
    """One account: how many points lie between the two, and the reasons of both."""

    account: Account
    points: Decimal
    pulse: Pulse | None
    factor: str
    sentence: str


def disagreements(accounts: AccountQuerySet, today: date) -> AccountQuerySet:
    """Those of *accounts* where the two disagree, with `apart`, the distance in whole tenths of a point."""
    tenths = Cast(Round(F("health") * 10), IntegerField())
    edges = {colour: tuple(int(edge * 10) for edge in band) for colour, band in OPINION_BANDS.items()}
    apart = Case(
        When(pulse=RED, then=tenths - edges[RED][1]),
        When(pulse=GREEN, then=edges[GREEN][0] - tenths),
        When(pulse=AMBER, health__gt=OPINION_BANDS[AMBER][1], then=tenths - edges[AMBER][1]),
        default=edges[AMBER][0] - tenths,
        output_field=IntegerField(),
    )
    return accounts.filter(disagreeing(today)).annotate(apart=apart)


def totals(accounts: AccountQuerySet, today: date) -> Totals:
    """What the disagreements among *accounts* come to; one query."""
    milder, harsher = Q(), Q()
    for colour, (low, high) in OPINION_BANDS.items():
        milder |= Q(pulse=colour, health__gt=high)
        harsher |= Q(pulse=colour, health__lt=low)
    found = accounts.filter(opined(today)).order_by().aggregate(
        opined=Count("pk"), milder=Count("pk", filter=milder), milder_revenue=Sum("revenue", filter=milder),
        harsher=Count("pk", filter=harsher), harsher_revenue=Sum("revenue", filter=harsher),
    )  # fmt: skip
    return Totals(
        opined=found["opined"],
        milder=found["milder"],
        milder_revenue=found["milder_revenue"] or Decimal(),
        harsher=found["harsher"],
        harsher_revenue=found["harsher_revenue"] or Decimal(),
    )


def explained(accounts: Sequence[Any]) -> list[Disagreement]:
    """The rows of a page with the reasons of both sides; two queries however many rows."""
    ids = [account.pk for account in accounts]
    pulses = {pulse.account_id: pulse for pulse in _latest(ids)}
    standings = Standing.objects.filter(account__in=ids).order_by()
    factors = dict(standings.values_list("account", "factors"))
    return [_explained(account, pulses.get(account.pk), factors.get(account.pk, [])) for account in accounts]


def _latest(ids: Sequence[int]) -> list[Pulse]:
    """Each account's pulses, the latest last, so that it is the one that stays."""
    return list(Pulse.objects.standing().filter(account__in=ids).select_related("by").order_by("at", "pk"))


def _explained(account: Any, pulse: Pulse | None, factors: list[dict[str, Any]]) -> Disagreement:
    counting = [row for row in factors if row["part"] is not None and row["value"] is not None]
    # A score better than the opinion is explained by what holds it up, a worse one by what it lacks most.
    milder = account.health > OPINION_BANDS[account.pulse][1]
    cause = max(counting, key=_gives if milder else _lacks, default=None)
    measure = offered().get(cause["measure"]) if cause else None
    return Disagreement(
        account=account,
        points=Decimal(account.apart) / 10,
        pulse=pulse,
        factor=str(label_of(None, measure, cause["measure"])) if cause else "",
        sentence=str(sentence_of(measure, cause)) if cause else "",
    )


def _gives(row: dict[str, Any]) -> float:
    return row["part"]


def _lacks(row: dict[str, Any]) -> float:
    return row["weight"] * (100 - row["points"])
