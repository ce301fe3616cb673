"""What the product reports: who may report, who uses it in whose name, and what became of what was reported.

The days' totals themselves live in the lake only (see `usage.facts`): here stand the names behind their numbers.
"""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cartera.accounts.models import Account, Contact


class WriteKey(models.Model):
    """The right to send events in. Kept as a digest: the key itself was shown once, to whoever made it."""

    name = models.CharField(_("name"), max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    ending = models.CharField(max_length=4)
    made_at = models.DateTimeField(_("made"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        ordering = ["revoked_at", "-made_at", "-pk"]
        verbose_name = _("write key")
        verbose_name_plural = _("write keys")

    def __str__(self) -> str:
        return self.name


class WorkspaceQuerySet(models.QuerySet["Workspace"]):
    def untied(self) -> "WorkspaceQuerySet":
        """Those of which it is not known whose they are, and which a person has not set aside."""
        return self.filter(account=None, ignored_at=None)

    def moved(self) -> "WorkspaceQuerySet":
        """Those whose days in the lake count for another account, or for none, than they belong to."""
        return self.exclude(account_id=F("counted_for")).exclude(account=None, counted_for=None)


class Workspace(models.Model):
    """A client's place in the product: a group of users, or a user who is in none; and whose it is.

    counted_for: the account (its id) for which the lake counts its days so far. Not a reference, because merging
    accounts moves those, and the difference to `account` is what tells that days have to be moved in the lake.
    """

    class Kind(models.TextChoices):
        GROUP = "group", _("Group")
        USER = "user", _("Single user")

    kind = models.CharField(_("kind"), max_length=5, choices=Kind.choices)
    external_id = models.CharField(_("id in the product"), max_length=200)
    name = models.CharField(_("name"), max_length=200, blank=True)
    domain = models.CharField(_("web domain"), max_length=120, blank=True)
    email = models.CharField(_("mail address"), max_length=254, blank=True)
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("account")
    )
    counted_for = models.BigIntegerField(null=True, blank=True)
    first_seen_at = models.DateTimeField(_("first seen"))
    last_seen_at = models.DateTimeField(_("last seen"))
    ignored_at = models.DateTimeField(null=True, blank=True)
    # Made a moment ago: of it no day was counted yet.
    is_new = False

    objects = WorkspaceQuerySet.as_manager()

    class Meta:
        ordering = ["-last_seen_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["kind", "external_id"], name="workspace_once")]
        indexes = [
            models.Index(
                fields=["last_seen_at", "id"], name="workspace_untied", condition=Q(account=None, ignored_at=None)
            )
        ]
        verbose_name = _("workspace")
        verbose_name_plural = _("workspaces")

    def __str__(self) -> str:
        return self.name or self.email or self.external_id


class Person(models.Model):
    """A user of the product, whom the lake knows by the number of this row alone: so they can be erased.

    same_as: the user who an anonymous visitor turned out to be.
    """

    anonymous = models.BooleanField(default=False)
    external_id = models.CharField(_("id in the product"), max_length=200, null=True, blank=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    email = models.CharField(_("mail address"), max_length=254, blank=True)
    workspace = models.ForeignKey(Workspace, models.PROTECT, null=True, blank=True, related_name="people")
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="+")
    same_as = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    forgotten_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["anonymous", "external_id"], name="person_once")]
        verbose_name = _("user of the product")
        verbose_name_plural = _("users of the product")

    def __str__(self) -> str:
        return self.name or self.email or self.external_id or f"#{self.pk}"


class Seats(models.Model):
    """How many seats a workspace has, as the product said (trait `seats` of a group), since when."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="seats")
    seats = models.PositiveIntegerField(_("seats"))
    since = models.DateTimeField(_("since"))
    known_at = models.DateTimeField()

    class Meta:
        ordering = ["-known_at", "-pk"]

    def __str__(self) -> str:
        return str(self.seats)


class Aside(models.Model):
    """A message that could not be counted, with the reason; it can be tried again after what was wrong is mended."""

    class Reason(models.TextChoices):
        SHAPE = "shape", _("Not a message: each must be an object with a type")
        KIND = "kind", _("A type of message that is not known")
        NOBODY = "nobody", _("Neither userId nor anonymousId")
        NAMELESS = "nameless", _("The event has no name")
        LONG = "long", _("An id is longer than 200 characters")
        LARGE = "large", _("Larger than 32 KB")
        TIME = "time", _("Its time cannot be read")
        FUTURE = "future", _("It happens in the future, even after the sender's clock is corrected")
        OLD = "old", _("It happened more than ten years ago")
        TORN = "torn", _("The process died while it was written; it was never acknowledged")

    reason = models.CharField(_("reason"), max_length=8, choices=Reason.choices)
    key = models.ForeignKey(WriteKey, models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField(_("received"))
    message = models.TextField(_("message"))

    class Meta:
        ordering = ["-received_at", "-pk"]
        indexes = [models.Index(fields=["received_at", "id"], name="aside_by_time")]
        verbose_name = _("message put aside")
        verbose_name_plural = _("messages put aside")

    def __str__(self) -> str:
        return str(self.get_reason_display())

    def can_be_tried(self) -> bool:
        """Whether the message is kept whole."""
        return self.reason not in (self.Reason.TORN, self.Reason.LARGE)


class Hour(models.Model):
    """How much came in within an hour by a key: counted, sent twice, put aside."""

    hour = models.DateTimeField(_("hour"))
    key = models.ForeignKey(WriteKey, models.PROTECT, related_name="+")
    events = models.PositiveIntegerField(default=0)
    twice = models.PositiveIntegerField(default=0)
    aside = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-hour"]
        constraints = [models.UniqueConstraint(fields=["hour", "key"], name="hour_once")]

    def __str__(self) -> str:
        return f"{self.hour:%Y-%m-%d %H}: {self.events}"


class JournalFile(models.Model):
    """How far a file of the journal has been folded."""

    name = models.CharField(max_length=120, unique=True)
    offset = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class Fold(models.Model):
    """A piece of the journal that was folded into daily totals.

    rows: what the lake must still take, as a Parquet file; empty once it has. So whatever dies between the two
    stores, what was decided in one transaction here is appended there exactly once: `token` tells it from any other,
    also from one of the same number in a database that was put back from a backup.
    """

    at = models.DateTimeField()
    token = models.UUIDField(default=uuid4)
    rows = models.BinaryField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.token.hex
