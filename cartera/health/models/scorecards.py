"""What health is made of: scorecards and their factors."""

from datetime import datetime

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


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
