"""What we sell."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Product(models.Model):
    """Something that we sell, by its code."""

    code = models.CharField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    family = models.CharField(_("family"), max_length=80, blank=True, db_index=True)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)

    class Meta:
        ordering = ["name", "code"]
        indexes = [models.Index(fields=["name", "id"], name="product_by_name")]
        verbose_name = _("product")
        verbose_name_plural = _("products")

    def __str__(self) -> str:
        return self.name or self.code
