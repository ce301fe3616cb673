from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _


class ChangeQuerySet(models.QuerySet["Change"]):
    def update(self, **kwargs: Any) -> int:
        raise TypeError("history is never rewritten")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("history is never deleted")


class Change(models.Model):
    """One verb that was done: the audit's row. It can be added, never edited."""

    verb = models.CharField(max_length=60)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.BigIntegerField(null=True)
    subject_label = models.CharField(max_length=200, blank=True)
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone")

    objects = ChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["at", "id"], name="change_by_moment"),
            models.Index(fields=["verb", "at", "id"], name="change_by_verb"),
            models.Index(fields=["by", "at", "id"], name="change_by_person"),
            models.Index(fields=["subject_type", "subject_id", "at"], name="change_by_subject"),
        ]
        verbose_name = _("change")
        verbose_name_plural = _("changes")

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_label}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("history is never rewritten")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("history is never deleted")


class JobRun(models.Model):
    """A job's run for one due moment: the clock's memory. Two clocks cannot make the same one."""

    class Outcome(models.TextChoices):
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        BUSY = "busy", _("Skipped: the run before was not over")
        GONE = "gone", _("Skipped: no app offers it any more")

    job = models.CharField(max_length=60)
    due_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    told = models.JSONField(default=dict)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-due_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["job", "due_at"], name="one_run_per_due_moment")]

    def __str__(self) -> str:
        return f"{self.job} {self.due_at:%Y-%m-%d %H:%M}"

    @classmethod
    def newest(cls) -> list["JobRun"]:
        """The last run of each job."""
        last = cls.objects.values("job").annotate(last=models.Max("due_at")).order_by()
        chosen = models.Q(*(models.Q(job=row["job"], due_at=row["last"]) for row in last), _connector=models.Q.OR)
        return list(cls.objects.filter(chosen)) if last else []

    def begin(self, *, at: datetime) -> None:
        self.started_at, self.finished_at, self.outcome, self.told, self.error = at, None, "", {}, ""
        self.save()

    def end(self, outcome: str, *, at: datetime, told: Mapping[str, int] | None = None, error: str = "") -> None:
        """Write down how it went: what the task counted, or what went wrong."""
        self.finished_at, self.outcome, self.told, self.error = at, outcome, dict(told or {}), error[:300]
        self.save()
