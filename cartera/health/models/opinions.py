"""What people say beside the computed score: a score set by hand for a while, and the manager's own opinion."""

from datetime import date

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cartera.accounts.models import Account


class OverrideQuerySet(models.QuerySet["Override"]):
    def standing(self) -> "OverrideQuerySet":
        """Those that were not taken back."""
        return self.filter(withdrawn_at=None)

    def in_force(self, on: date) -> "OverrideQuerySet":
        """Those that count on the day *on*; of an account the last one does."""
        return self.standing().filter(Q(ended_on=None) | Q(ended_on__gt=on), since__lte=on, until__gt=on)


class Override(models.Model):
    """A score set by hand, from a day until (not including) another: it ends by itself, or earlier by hand.

    The computed score goes on beside it, and is what lists sort by.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    score = models.DecimalField(
        _("score"), max_digits=4, decimal_places=1, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )
    why = models.CharField(_("why"), max_length=300)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    ended_on = models.DateField(_("ended early on"), null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = OverrideQuerySet.as_manager()

    class Meta:
        ordering = ["-since", "-pk"]
        indexes = [models.Index(fields=["account", "since"], name="override_by_account")]
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="override_lasts_a_day_or_more"),
        ]
        verbose_name = _("health set by hand")
        verbose_name_plural = _("health set by hand")

    def __str__(self) -> str:
        return f"{self.score} ({self.since} – {self.until})"

    def is_in_force(self, on: date) -> bool:
        ends = self.until if self.ended_on is None else min(self.until, self.ended_on)
        return self.withdrawn_at is None and self.since <= on < ends

    @property
    def last(self) -> date:
        """The day from which it counts no more."""
        return self.until if self.ended_on is None else min(self.until, self.ended_on)


class PulseQuerySet(models.QuerySet["Pulse"]):
    def standing(self) -> "PulseQuerySet":
        """Those that were not taken back."""
        return self.filter(withdrawn_at=None)


class Pulse(models.Model):
    """What whoever looks after an account thought of it on a day, and why. The latest one stands."""

    class Why(models.TextChoices):
        PEOPLE = "people", _("the people there and how we get on")
        SPONSOR = "sponsor", _("who decides there has changed")
        SERVICE = "service", _("our service")
        PRODUCT = "product", _("what we deliver")
        PRICE = "price", _("price or budget")
        PAYMENT = "payment", _("how they pay")
        COMPETITOR = "competitor", _("a competitor")
        PLANS = "plans", _("their own plans")
        FEELING = "feeling", _("a feeling, nothing to show yet")

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    colour = models.PositiveSmallIntegerField(_("pulse"), choices=Account.Pulse.choices)
    why = models.CharField(_("why"), max_length=12, choices=Why.choices, default=Why.FEELING)
    text = models.CharField(_("in your own words"), max_length=300, blank=True)
    on = models.DateField(_("on"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = PulseQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["account", "at"], name="pulse_by_account")]
        verbose_name = _("pulse")
        verbose_name_plural = _("pulses")

    def __str__(self) -> str:
        return f"{self.get_colour_display()}: {self.get_why_display()}"
