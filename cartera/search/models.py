"""The index: one row for each thing that can be found, without case and accents."""

from django.db import models


class Entry(models.Model):
    """Something that can be found by typing. `folded` begins with a space, so that " q" finds beginnings of words."""

    kind = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    account_id = models.BigIntegerField(null=True)
    title = models.CharField(max_length=200)
    detail = models.CharField(max_length=200)
    head = models.CharField(max_length=200)
    folded = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["account_id", "kind"], name="entry_by_account")]
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="one_entry_per_object")]

    def __str__(self) -> str:
        return self.title
