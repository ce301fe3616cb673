"""Reasons to turn to an account that its health gives: it is silent for its own habits, it fell, or it is red."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cartera.accounts.models import AccountQuerySet
from cartera.accounts.offers import Candidate, Evidence
from cartera.design import reader
from cartera.health import rules
from cartera.health.explaining import label_of, sentence_of
from cartera.health.models import Standing
from cartera.health.queries import offered, parts_before
from cartera.team.models import Member

# Of more accounts than this, those with the most money at stake are looked at.
MOST = 2_000
MINUTES = {"silence": 15, "gone": 45, "fell": 20, "red": 30}
TITLES = {
    "silence": gettext_lazy("Call: they have gone silent"),
    "gone": gettext_lazy("Win back: they have probably left"),
    "fell": gettext_lazy("Find out what changed"),
    "red": gettext_lazy("Make a plan to win them back"),
}


def troubled(member: Member, today: date, accounts: AccountQuerySet) -> list[Candidate]:
    """At most one reason for each of *accounts*, in three queries however many there are."""
    asked = Q(health__lt=rules.WATCH) | Q(health_change__lte=-rules.FALL) | Q(silence_risk__gte=rules.QUIET)
    figures = (
        accounts.filter(asked)
        .order_by("-revenue", "pk")
        .values_list("pk", "health", "health_change", "silence_risk", "revenue")
    )
    rows = {pk: _Row(pk, *rest) for pk, *rest in figures[:MOST]}
    for pk, factors in Standing.objects.filter(account__in=list(rows)).order_by().values_list("account", "factors"):
        rows[pk].stand(factors)
    reasons = {pk: row.reason() for pk, row in rows.items()}
    fallen = [pk for pk, reason in reasons.items() if reason == "fell"]
    before = parts_before(fallen, today - timedelta(days=rules.CHANGE_DAYS))
    return [_candidate(rows[pk], reason, before.get(pk)) for pk, reason in reasons.items() if reason]


class _Row:
    """One account's figures and factors."""

    def __init__(
        self, pk: int, health: Decimal | None, change: Decimal | None, risk: Decimal | None, revenue: Decimal | None
    ) -> None:
        self.pk, self.health, self.change, self.risk, self.revenue = pk, health, change, risk, revenue
        self.factors: list[dict[str, Any]] = []
        self.rhythm: dict[str, Any] | None = None

    def stand(self, factors: list[dict[str, Any]]) -> None:
        self.factors = factors
        rhythms = [row for row in factors if row["told"].get("unlikely") is not None]
        broken = (row for row in rhythms if row["told"]["unlikely"] < rules.IMPROBABLE)
        self.rhythm = next(broken, rhythms[0] if rhythms else None)

    def reason(self) -> str | None:
        return rules.reason(
            score=None if self.health is None else float(self.health),
            change=None if self.change is None else float(self.change),
            unlikely=self.rhythm["told"]["unlikely"] if self.rhythm else None,
        )

    def is_gone(self) -> bool:
        told = self.rhythm["told"] if self.rhythm else {}
        return rules.is_gone(active=told.get("active"), silence=told.get("silence"))

    def probability(self) -> float:
        """Of falling silent; where no orders tell, what is missing from full health."""
        if self.risk is not None:
            return float(self.risk)
        return 0.5 if self.health is None else 1 - float(self.health) / 100


def _candidate(row: _Row, reason: str, before: list[dict[str, Any]] | None) -> Candidate:
    cause = _cause(row, reason, before)
    measure = offered().get(cause["measure"]) if cause else None
    work = "gone" if reason == "silence" and row.is_gone() else reason
    evidence = [Evidence(label=gettext_lazy("Why this health"), url=reverse("health:account", args=[row.pk]))]
    if measure:
        evidence.insert(0, Evidence(label=measure.label, url=measure.rows_url(row.pk)))
    return Candidate(
        account_id=row.pk,
        key=f"health.{reason}",
        kind="risk",
        title=TITLES[work],
        reason=_said(reason, cause, row.health, row.change),
        minutes=MINUTES[work],
        value=row.revenue,  # type: ignore[arg-type]
        currency=settings.CURRENCY,
        probability=row.probability(),
        evidence=evidence,
    )


def _cause(row: _Row, reason: str, before: list[dict[str, Any]] | None) -> dict[str, Any] | None:
    """The factor that a reason is about: the silent rhythm, what fell most, or what misses most points."""
    if reason == "silence":
        return row.rhythm
    if reason == "fell" and before is not None:
        parts = rules.difference(before, row.factors).by_measure
        return min(_counting(row.factors), key=lambda factor: parts[factor["measure"]], default=None)
    return max(_counting(row.factors), key=lambda factor: factor["weight"] * (100 - factor["points"]), default=None)


def _counting(factors: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [factor for factor in factors if factor["part"] is not None and factor["value"] is not None]


def _say(reason: str, cause: dict[str, Any] | None, health: Decimal | None, change: Decimal | None) -> str:
    measure = offered().get(cause["measure"]) if cause else None
    told = str(sentence_of(measure, cause)) if cause else ""
    if reason == "silence" or health is None:
        return told
    if reason == "fell" and change is not None:
        words = _("Health fell from %(before)s to %(after)s in 30 days, most of it by %(factor)s.")
        numbers = {"before": reader.number(health - change), "after": reader.number(health)}
    else:
        words, numbers = _("Health is %(after)s; most is missing in %(factor)s."), {"after": reader.number(health)}
    factor = str(label_of(None, measure, cause["measure"])).lower() if cause else "–"
    return f"{words % {**numbers, 'factor': factor}} {told}"


_said = lazy(_say, str)

CANDIDATES = [troubled]
