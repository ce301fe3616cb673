"""How accounts stand now, how they stood on every day that changed them, and the scorings that found out."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cartera.accounts.models import Account
from cartera.health.models.parts import PartsField
from cartera.health.models.scorecards import Scorecard


class Scoring(models.Model):
    """A score on a day and its parts.

    `factors` lists, in the scorecard's order, {measure, value, points, weight, part, age, told}: points and part are
    None where the factor does not count; the parts add up to the score; `told` are the figures for its sentence.
    """

    on = models.DateField(_("on"))
    scorecard = models.ForeignKey(Scorecard, models.PROTECT, related_name="+")
    score = models.DecimalField(_("score"), max_digits=4, decimal_places=1, null=True)
    coverage = models.DecimalField(_("coverage"), max_digits=4, decimal_places=3)
    factors = PartsField(default=list)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.on}: {'–' if self.score is None else self.score}"


class Standing(Scoring):
    """How an account stands now: rewritten by every scoring, so that values and ages are those of the last one."""

    account = models.OneToOneField(Account, models.CASCADE, related_name="+")
    # The last event of the feed that this scoring knew; what came later waits for the next one.
    seen = models.BigIntegerField()
    # Tells whether a scoring says anything else than this, without reading it; see operations.keeping.
    looks = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")


class Snapshot(Scoring):
    """How an account stood from a day on, until the next one: written only when points or parts changed."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    # Tells whether a scoring differs from the last without reading its parts; see rules.fingerprints.
    fingerprint = models.BigIntegerField()
    change = models.DecimalField(_("change since the one before"), max_digits=4, decimal_places=1, null=True)

    class Meta:
        ordering = ["account_id", "-on"]
        constraints = [models.UniqueConstraint(fields=["account", "on"], name="one_snapshot_a_day")]
        indexes = [models.Index(fields=["on", "change", "account"], name="snapshot_by_day")]
        verbose_name = _("snapshot")
        verbose_name_plural = _("snapshots")


class Run(models.Model):
    """A scoring of many accounts: when, by whom, of which day, and what came out."""

    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    on = models.DateField(_("on"))
    whole = models.BooleanField(_("every account"))
    accounts = models.PositiveIntegerField(_("accounts"))
    unknown = models.PositiveIntegerField(_("without a score"))
    changed = models.PositiveIntegerField(_("changed"))
    seconds = models.FloatField(_("seconds"))
    seen = models.BigIntegerField()
    # How many accounts fell into each band; only known to who has just scored them.
    bands: dict[str, int] | None = None

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("scoring")
        verbose_name_plural = _("scorings")

    def __str__(self) -> str:
        return f"{self.on}: {self.accounts}"
