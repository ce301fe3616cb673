"""Which scorecard an account gets: an ordered list of segments, in force from a moment until the next one."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cartera.accounts.models import SavedView
from cartera.health.models.scorecards import Family


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def in_force(self, at: datetime) -> "Assignment | None":
        """The list that was made last before *at*, or the very first one for an earlier moment."""
        return self.filter(since__lte=at).order_by("-since", "-pk").first() or self.order_by("since", "pk").first()


class Assignment(models.Model):
    """The whole list of segments. Never edited: each change is a new list, so that it is known who got what when."""

    since = models.DateTimeField(_("in force since"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    why = models.CharField(_("why"), max_length=300, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["-since", "-pk"]
        verbose_name = _("order of segments")
        verbose_name_plural = _("orders of segments")

    def __str__(self) -> str:
        return " → ".join(str(segment) for segment in self.segments.all())


class Segment(models.Model):
    """A line of the list: accounts that `filter` matches, and no line above, get the scorecard. The last one has none.

    The filter is the text of the saved view at the time, not the view itself: someone who changes a view of the list
    must not change what accounts are scored by.
    """

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="segments")
    place = models.PositiveSmallIntegerField()
    name = models.CharField(_("name"), max_length=80, blank=True)
    filter = models.CharField(_("filter"), max_length=500, blank=True)
    view = models.ForeignKey(SavedView, models.SET_NULL, null=True, blank=True, related_name="+")
    family = models.ForeignKey(Family, models.PROTECT, related_name="+", verbose_name=_("scorecard"))

    class Meta:
        ordering = ["assignment_id", "place"]
        constraints = [models.UniqueConstraint(fields=["assignment", "place"], name="one_segment_at_a_place")]
        verbose_name = _("segment")
        verbose_name_plural = _("segments")

    def __str__(self) -> str:
        return self.name or self.filter or str(_("everyone else"))
