"""What was said and done with a client, and the one feed of everything that happened to an account."""

from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from cartera.accounts.models import Account, Contact
from cartera.kit.models import Change


class Interaction(models.Model):
    """A call, mail, meeting, visit or note."""

    class Kind(models.TextChoices):
        CALL = "call", _("Call")
        MAIL = "mail", _("Mail")
        MEETING = "meeting", _("Meeting")
        VISIT = "visit", _("Visit")
        CHAT = "chat", _("Chat")
        NOTE = "note", _("Note")

    class Direction(models.TextChoices):
        INBOUND = "in", _("They contacted us")
        OUTBOUND = "out", _("We contacted them")
        INTERNAL = "internal", _("Among ourselves")

    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    external_id = models.CharField(_("external id"), max_length=120, null=True, blank=True, unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    direction = models.CharField(_("direction"), max_length=8, choices=Direction.choices)
    happened_at = models.DateTimeField(_("when"))
    recorded_at = models.DateTimeField()
    minutes = models.PositiveIntegerField(_("minutes"), null=True, blank=True, validators=[MaxValueValidator(1440)])
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True, verbose_name=_("of us"))
    contacts = models.ManyToManyField(Contact, related_name="+", blank=True, verbose_name=_("of them"))
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    text = models.TextField(_("text"), blank=True)
    source = models.CharField(_("source"), max_length=20, default="typed")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-happened_at", "-pk"]
        indexes = [models.Index(fields=["account", "-happened_at", "-id"], name="interaction_by_account")]
        verbose_name = _("interaction")
        verbose_name_plural = _("interactions")

    def __str__(self) -> str:
        return self.subject or str(self.get_kind_display())


class Event(models.Model):
    """The feed's row: what happened to an account, when, who did it and about what. Only ever added."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    kind = models.CharField(max_length=60)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    interaction = models.ForeignKey(Interaction, models.CASCADE, null=True, related_name="+")
    change = models.ForeignKey(Change, models.PROTECT, null=True, related_name="+")
    subject = models.CharField(max_length=200, blank=True)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["account", "-at", "-id"], name="event_by_account"),
            models.Index(fields=["account", "kind", "-at", "-id"], name="event_by_account_and_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("the feed is never rewritten")
        super().save(*args, **kwargs)
