"""Scores of accounts: what they are made of, how they stand now, and how they stood on every day that changed them."""

from datetime import datetime

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from cartera.accounts.models import Account


class ScorecardQuerySet(models.QuerySet["Scorecard"]):
    def in_force(self, at: datetime) -> "Scorecard | None":
        """The scorecard that was switched on last before *at*, or the very first one for an earlier moment."""
        on = self.filter(switched_on_at__isnull=False)
        return on.filter(switched_on_at__lte=at).order_by("-switched_on_at", "-pk").first() or on.order_by("pk").first()


class Scorecard(models.Model):
    """One version of what health is made of. It is never edited once switched on: a new version follows it."""

    name = models.CharField(_("name"), max_length=80)
    version = models.PositiveIntegerField(_("version"), default=1)
    switched_on_at = models.DateTimeField(_("in force since"), null=True, blank=True)

    objects = ScorecardQuerySet.as_manager()

    class Meta:
        ordering = ["name", "-version"]
        constraints = [models.UniqueConstraint(fields=["name", "version"], name="one_scorecard_of_a_version")]
        verbose_name = _("scorecard")
        verbose_name_plural = _("scorecards")

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class Factor(models.Model):
    """One measure on a scorecard: the curve from its value to points, its weight, and what to do when it is unknown."""

    class Unknown(models.TextChoices):
        REDISTRIBUTE = "redistribute", _("its weight goes to the others")
        NEUTRAL = "neutral", _("counts as 50 points")
        BAD = "bad", _("counts as 0 points")
        BLOCK = "block", _("there is no score without it")

    scorecard = models.ForeignKey(Scorecard, models.CASCADE, related_name="factors")
    measure = models.CharField(_("measure"), max_length=80)
    label = models.CharField(_("own name"), max_length=80, blank=True)
    curve = models.JSONField(_("curve"))
    weight = models.DecimalField(_("weight"), max_digits=7, decimal_places=2, validators=[MinValueValidator(0)])
    unknown = models.CharField(_("when unknown"), max_length=12, choices=Unknown.choices, default=Unknown.REDISTRIBUTE)
    fresh_days = models.PositiveIntegerField(_("fresh for (days)"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["scorecard", "measure"], name="one_factor_of_a_measure")]
        verbose_name = _("factor")
        verbose_name_plural = _("factors")

    def __str__(self) -> str:
        return self.label or self.measure


class Scoring(models.Model):
    """A score on a day and its parts.

    `factors` lists, in the scorecard's order, {measure, value, points, weight, part, age, told}: points and part are
    None where the factor does not count; the parts add up to the score; `told` are the figures for its sentence.
    """

    on = models.DateField(_("on"))
    scorecard = models.ForeignKey(Scorecard, models.PROTECT, related_name="+")
    score = models.DecimalField(_("score"), max_digits=4, decimal_places=1, null=True)
    coverage = models.DecimalField(_("coverage"), max_digits=4, decimal_places=3)
    factors = models.JSONField(default=list)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.on}: {'–' if self.score is None else self.score}"


class Standing(Scoring):
    """How an account stands now: rewritten by every scoring, so that values and ages are those of the last one."""

    account = models.OneToOneField(Account, models.CASCADE, related_name="+")
    # The last event of the feed that this scoring knew; what came later waits for the next one.
    seen = models.BigIntegerField()

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
