"""What was said and done with a client, and the one feed of everything that happened to an account."""

from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cartera.accounts.models import Account, Contact
from cartera.kit.models import Change
from cartera.team.models import Member


class InteractionQuerySet(models.QuerySet["Interaction"]):
    def standing(self) -> "InteractionQuerySet":
        """Those that were not withdrawn."""
        return self.filter(withdrawn_at=None)

    def touches(self) -> "InteractionQuerySet":
        """Those in which we and the client were in contact: neither notes nor what we said among ourselves."""
        return self.standing().exclude(kind="note").filter(direction__in=["in", "out"])

    def visible_to(self, member: Member) -> "InteractionQuerySet":
        return self.filter(account__in=Account.objects.visible_to(member).order_by())


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
    edited_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = InteractionQuerySet.as_manager()
    # The history row of the verb that has just made this object: what an undo is offered for.
    change: Change

    class Meta:
        ordering = ["-happened_at", "-pk"]
        indexes = [models.Index(fields=["account", "happened_at", "id"], name="interaction_by_account")]
        verbose_name = _("interaction")
        verbose_name_plural = _("interactions")

    def __str__(self) -> str:
        return self.subject or str(self.get_kind_display())


class EventQuerySet(models.QuerySet["Event"]):
    def update(self, **kwargs: Any) -> int:
        raise TypeError("the feed is never rewritten")

    def standing(self) -> "EventQuerySet":
        """Without those of interactions that were withdrawn."""
        return self.filter(Q(interaction=None) | Q(interaction__withdrawn_at=None))


class Event(models.Model):
    """The feed's row: what happened to an account, when, who did it and about what. Only ever added.

    `data` holds what the sentence needs, so that a feed is read without its history rows; `about_id` is the id of the
    row that the event tells of, where its kind has one (an invoice's for "contracts.issue").
    """

    class Group(models.TextChoices):
        CONVERSATION = "talk", _("Conversations")
        CHANGE = "change", _("Changes")
        MONEY = "money", _("Money")

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    kind = models.CharField(max_length=60)
    group = models.CharField(max_length=6, choices=Group.choices, default=Group.CHANGE)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    interaction = models.ForeignKey(Interaction, models.CASCADE, null=True, related_name="+")
    change = models.ForeignKey(Change, models.PROTECT, null=True, related_name="+")
    about_id = models.BigIntegerField(null=True)
    subject = models.CharField(max_length=200, blank=True)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["account", "at", "id"], name="event_by_account"),
            models.Index(fields=["account", "group", "at", "id"], name="event_by_account_and_group"),
            models.Index(fields=["kind", "about_id"], condition=Q(about_id__isnull=False), name="event_by_what"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("the feed is never rewritten")
        super().save(*args, **kwargs)


class Cadence(models.Model):
    """How many days may pass between two contacts with accounts of a tier, where it differs from the usual."""

    tier = models.CharField(_("tier"), max_length=1, choices=Account.Tier.choices, unique=True)
    days = models.PositiveSmallIntegerField(_("days"), validators=[MinValueValidator(1), MaxValueValidator(730)])

    class Meta:
        ordering = ["tier"]

    def __str__(self) -> str:
        return f"{self.tier}: {self.days}"
