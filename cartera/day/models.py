"""What a member decided about a reason on their Today: done, put off, or not today."""

from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cartera.accounts.models import Account
from cartera.timeline.models import Interaction


class DismissalQuerySet(models.QuerySet["Dismissal"]):
    def in_force(self, *, member: object, day: date, at: datetime) -> "DismissalQuerySet":
        """What keeps reasons off *member*'s plan on *day*: what they or the account's lead decided, and all done."""
        return self.filter(
            Q(kind=Dismissal.Kind.DONE) | Q(member=member) | Q(member=F("account__lead")),
            since__lte=at,
            until__gt=day,
            withdrawn_at=None,
        )


class Dismissal(models.Model):
    """A reason (its key) for an account that stays off the plan from a moment until (not including) a day."""

    class Kind(models.TextChoices):
        DONE = "done", _("Done")
        SNOOZE = "snooze", _("Snoozed")
        NOT_TODAY = "not_today", _("Not today")

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    key = models.CharField(_("reason"), max_length=80)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField(_("what"), max_length=10, choices=Kind.choices)
    since = models.DateTimeField(_("since"))
    until = models.DateField(_("until"))
    why = models.CharField(_("why"), max_length=200, blank=True)
    interaction = models.ForeignKey(Interaction, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    objects = DismissalQuerySet.as_manager()

    class Meta:
        ordering = ["-since", "-pk"]
        indexes = [models.Index(fields=["until", "account"], condition=Q(withdrawn_at=None), name="dismissal_in_force")]
        verbose_name = _("decision about a reason")
        verbose_name_plural = _("decisions about reasons")

    def __str__(self) -> str:
        return f"{self.key}: {self.get_kind_display()}"
