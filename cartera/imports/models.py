"""What was imported: each run, the journal of its chunks, and how files with the same headings were mapped."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Run(models.Model):
    """One file that is, or was, brought in as one kind of thing."""

    class State(models.TextChoices):
        NEW = "new", pgettext_lazy("import", "Waiting for its columns")
        CHECKING = "checking", pgettext_lazy("import", "Being checked")
        CHECKED = "checked", pgettext_lazy("import", "Checked")
        RUNNING = "running", pgettext_lazy("import", "Running")
        STOPPED = "stopped", pgettext_lazy("import", "Stopped")
        FAILED = "failed", pgettext_lazy("import", "Failed")
        DONE = "done", pgettext_lazy("import", "Done")
        UNDOING = "undoing", pgettext_lazy("import", "Being undone")
        UNDONE = "undone", pgettext_lazy("import", "Undone")

    kind = models.CharField(max_length=30)
    file_name = models.CharField(_("file"), max_length=255)
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, db_index=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.NEW)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(_("brought"))
    at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True)
    runner = models.CharField(max_length=32, blank=True)
    stop_asked = models.BooleanField(default=False)
    format = models.JSONField(default=dict)
    headings = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    readings = models.JSONField(default=dict)
    total_rows = models.PositiveBigIntegerField(default=0)
    checked_rows = models.PositiveBigIntegerField(default=0)
    dry = models.JSONField(default=dict)
    rows = models.PositiveBigIntegerField(default=0)
    created = models.PositiveBigIntegerField(default=0)
    changed = models.PositiveBigIntegerField(default=0)
    same = models.PositiveBigIntegerField(default=0)
    rejected = models.PositiveBigIntegerField(default=0)
    reasons = models.JSONField(default=list)
    extra = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    kept_back = models.JSONField(default=list)

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        return self.file_name

    @property
    def folder(self) -> Path:
        return Path(settings.MEDIA_ROOT) / "imports" / str(self.pk)

    @property
    def source(self) -> Path:
        return self.folder / "source"

    def left_out_file(self, *, dry: bool = False) -> Path:
        return self.folder / ("would-be-left-out.csv" if dry else "left-out.csv")

    @property
    def is_moving(self) -> bool:
        return self.state in (self.State.CHECKING, self.State.RUNNING, self.State.UNDOING)


class ChunkQuerySet(models.QuerySet["Chunk"]):
    def memos(self) -> list[dict[str, Any]]:
        """What the chunks left for later ones, in order."""
        return list(self.order_by("number").values_list("memo", flat=True))


class Chunk(models.Model):
    """The journal's row: some rows of the file, brought in by one transaction together with this row."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    rows = models.PositiveIntegerField()
    last_line = models.PositiveBigIntegerField()
    left_out_size = models.PositiveBigIntegerField(default=0)
    made = models.JSONField(default=list)
    edited = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    memo = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    undone_at = models.DateTimeField(null=True)

    objects = ChunkQuerySet.as_manager()

    class Meta:
        ordering = ["run_id", "number"]
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="one_chunk_of_a_number")]

    def __str__(self) -> str:
        return f"{self.run} {self.number}"


class RememberedMapping(models.Model):
    """How the columns of files with these headings were mapped the last time."""

    kind = models.CharField(max_length=30)
    signature = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)

    class Meta:
        ordering = ["kind", "signature"]
        constraints = [models.UniqueConstraint(fields=["kind", "signature"], name="one_mapping_of_headings")]

    def __str__(self) -> str:
        return f"{self.kind} {self.signature[:8]}"
