"""How likely accounts are to be lost: versions of the model, which one is in force, and how accounts stand by it."""

from datetime import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from cartera.accounts.models import Account
from cartera.health.models.scorecards import Scorecard


class RiskModel(models.Model):
    """A version of the risk model, as it was learned on a day. Never edited: the next one is learned anew.

    `learned`: {model, start (engine.hazard, as_dict), factors [{key, direction}], accounts, losses, cuts [days],
    refused [{key, sign, figure, beside}], calibration {cut, expected, observed, intercept, slope} or None}
    """

    made_at = models.DateTimeField(_("learned"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    on = models.DateField(_("as of"))
    scorecard = models.ForeignKey(Scorecard, models.PROTECT, related_name="+", verbose_name=_("starts from"))
    period = models.PositiveIntegerField(
        _("horizon (days)"), default=90, validators=[MinValueValidator(30), MaxValueValidator(365)]
    )
    base = models.DecimalField(
        _("accounts lost in a horizon, as you expect it"), max_digits=4, decimal_places=3, default=0.1,
        validators=[MinValueValidator(0.001), MaxValueValidator(0.9)],
    )  # fmt: skip
    admitted = models.JSONField(_("vouched for"), default=list)
    learned = models.JSONField()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("version of the risk model")
        verbose_name_plural = _("versions of the risk model")

    def __str__(self) -> str:
        return str(self.pk)


class RiskSwitchQuerySet(models.QuerySet["RiskSwitch"]):
    def in_force(self, at: datetime) -> "RiskSwitch | None":
        """The last switch before *at*."""
        return self.filter(at__lte=at).select_related("model__scorecard").order_by("-at", "-pk").first()


class RiskSwitch(models.Model):
    """That a version was switched on, or, without one, that risk is said by the rhythm of orders alone again."""

    model = models.ForeignKey(RiskModel, models.PROTECT, null=True, related_name="switches")
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    why = models.CharField(_("why"), max_length=300, blank=True)

    objects = RiskSwitchQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("switch of the risk model")
        verbose_name_plural = _("switches of the risk model")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}: {self.model_id or '–'}"


class Risk(models.Model):
    """How likely an account is to be lost, as of the last scoring.

    `parts` lists, in the model's order, {measure, value, part}; base + Σ part = log_odds, in hundredths, exactly.
    """

    account = models.OneToOneField(Account, models.CASCADE, related_name="+")
    model = models.ForeignKey(RiskModel, models.CASCADE, related_name="+")
    on = models.DateField(_("on"))
    base = models.DecimalField(max_digits=5, decimal_places=2)
    log_odds = models.DecimalField(max_digits=5, decimal_places=2)
    in_30 = models.DecimalField(_("within 30 days"), max_digits=5, decimal_places=4)
    in_90 = models.DecimalField(_("within 90 days"), max_digits=5, decimal_places=4)
    in_180 = models.DecimalField(_("within 180 days"), max_digits=5, decimal_places=4)
    parts = models.JSONField(default=list)

    class Meta:
        verbose_name = _("risk")
        verbose_name_plural = _("risks")

    def __str__(self) -> str:
        return f"{self.on}: {self.in_90}"


class Terms(models.Model):
    """What is assumed of acting on an account: the newest row holds; nobody edits an old one.

    `chance` that acting saves an account that would else be lost, held as if `losses` losses had taught it.
    """

    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    margin = models.DecimalField(
        _("margin of revenue (%)"), max_digits=4, decimal_places=1, default=40,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )  # fmt: skip
    cost = models.DecimalField(
        _("cost of acting once"), max_digits=9, decimal_places=2, default=30, validators=[MinValueValidator(0)]
    )
    chance = models.DecimalField(
        _("accounts saved by acting (%)"), max_digits=4, decimal_places=1, default=20,
        validators=[MinValueValidator(-50), MaxValueValidator(95)],
    )  # fmt: skip
    losses = models.PositiveIntegerField(
        _("held as firmly as if learned from so many losses"), default=20,
        validators=[MinValueValidator(1), MaxValueValidator(10_000)],
    )  # fmt: skip

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("terms of acting")
        verbose_name_plural = _("terms of acting")

    def __str__(self) -> str:
        return f"{self.margin} %, {self.cost}, {self.chance} %"
