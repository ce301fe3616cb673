"""How good scores were on days that are over."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class Backtest(models.Model):
    """Past cuts scored by what was known then, and judged by what happened. Never edited once it is finished.

    `found`: {score, risk (a judgement each, see `health.evidence`; risk is None where no cut had history enough), red,
    left, stayed}: accounts stand in it by number, and are named to those who may see them.
    """

    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    on = models.DateField(_("as of"))
    window = models.PositiveIntegerField(
        _("horizon (days)"), default=90, validators=[MinValueValidator(30), MaxValueValidator(365)]
    )
    cuts = models.PositiveIntegerField(_("cuts"), default=12, validators=[MinValueValidator(1), MaxValueValidator(36)])
    done = models.PositiveIntegerField(_("cuts looked at"), default=0)
    of = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(_("seconds"), null=True)
    found = models.JSONField(null=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("backtest")
        verbose_name_plural = _("backtests")

    def __str__(self) -> str:
        return f"{self.on}: {self.cuts} × {self.window}"
