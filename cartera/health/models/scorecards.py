"""What health is made of: scorecards, their versions, and the factors of each version."""

from datetime import datetime

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _


class Family(models.Model):
    """A scorecard as people speak of it: the name under which its versions follow each other."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    about = models.CharField(_("what it is for"), max_length=200, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("scorecard")
        verbose_name_plural = _("scorecards")

    def __str__(self) -> str:
        return self.name


class ScorecardQuerySet(models.QuerySet["Scorecard"]):
    def drafts(self) -> "ScorecardQuerySet":
        return self.filter(switched_on_at=None)

    def switched_on(self) -> "ScorecardQuerySet":
        """All that are no drafts: in force, to come, or replaced."""
        return self.filter(switched_on_at__isnull=False)

    def in_force(self, at: datetime) -> "ScorecardQuerySet":
        """Of each family the version that was switched on last before *at*; none of a family that has none yet."""
        begun = Scorecard.objects.filter(family=OuterRef("family"), switched_on_at__lte=at)
        return self.filter(pk=Subquery(begun.order_by("-switched_on_at", "-pk").values("pk")[:1]))


class Scorecard(models.Model):
    """One version of a scorecard: a draft until it is switched on, at once or on a day to come, and never edited since.

    The next version of the family that is switched on replaces it.
    """

    family = models.ForeignKey(Family, models.PROTECT, related_name="versions", verbose_name=_("scorecard"))
    version = models.PositiveIntegerField(_("version"), default=1)
    copied_from = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(_("drafted"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(_("last changed"))
    switched_on_at = models.DateTimeField(_("in force since"), null=True, blank=True)
    switched_on_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    why = models.CharField(_("why"), max_length=300, blank=True)

    objects = ScorecardQuerySet.as_manager()

    class Meta:
        ordering = ["family_id", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["family", "version"], name="one_scorecard_of_a_version"),
            models.UniqueConstraint(
                fields=["family"], condition=Q(switched_on_at=None), name="one_draft_of_a_scorecard"
            ),
        ]
        verbose_name = _("version of a scorecard")
        verbose_name_plural = _("versions of scorecards")

    def __str__(self) -> str:
        return f"{self.family} {self.version}"

    @property
    def is_draft(self) -> bool:
        return self.switched_on_at is None

    def is_previewed(self) -> bool:
        """Whether someone has seen what it would change, as it now is."""
        return self.previews.filter(at__gte=self.changed_at).exists()

    def is_to_come(self, at: datetime) -> bool:
        """Whether it is switched on for a moment after *at*."""
        return self.switched_on_at is not None and self.switched_on_at > at


class Factor(models.Model):
    """One measure on a scorecard: the curve from its value to points, its weight, and what to do when it is unknown.

    `actionable` says that someone of us can move it; `effort` is how many minutes that usually takes.
    """

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
    actionable = models.BooleanField(_("we can move it"), default=False)
    effort = models.PositiveIntegerField(
        _("effort (minutes)"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["scorecard", "measure"], name="one_factor_of_a_measure"),
            models.CheckConstraint(
                condition=Q(actionable=False) | Q(effort__isnull=False, effort__gte=1),
                name="what_can_be_moved_takes_some_effort",
            ),
        ]
        verbose_name = _("factor")
        verbose_name_plural = _("factors")

    def __str__(self) -> str:
        return self.label or self.measure


class Preview(models.Model):
    """What a draft would have changed on a day: looked at before it is switched on, kept as what was known then.

    `found`: see rules about previews; accounts are named by number, and shown to who may see them only.
    """

    scorecard = models.ForeignKey(Scorecard, models.CASCADE, related_name="previews")
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    on = models.DateField(_("on"))
    accounts = models.PositiveIntegerField(_("accounts"))
    seconds = models.FloatField(_("seconds"))
    found = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("preview")
        verbose_name_plural = _("previews")

    def __str__(self) -> str:
        return f"{self.on}: {self.accounts}"
