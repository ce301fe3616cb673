"""Customers, the people in them, and who of us looks after them."""

import zlib
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.core.cache import caches
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cartera.kit.clock import now, today
from cartera.kit.models import Change
from cartera.team.models import Member
from cartera.team.queries import circle

# A circle that together looks after more accounts than this is looked up from the account's side.
WIDE = 5_000

# Walks along one branch only; a tree of the whole table would cost a million accounts.
_UP = """WITH RECURSIVE up(id) AS (SELECT CAST(%s AS bigint) UNION
    SELECT a.parent_id FROM accounts_account a JOIN up ON a.id = up.id WHERE a.parent_id IS NOT NULL)
    SELECT id FROM up"""
_DOWN = """WITH RECURSIVE down(id) AS (SELECT id FROM accounts_account WHERE parent_id = %s UNION
    SELECT a.id FROM accounts_account a JOIN down ON a.parent_id = down.id) SELECT id FROM down"""


def _is_wide(people: frozenset[int], current: "StewardshipQuerySet") -> bool:
    """Whether *people* look after so many accounts; asked once a minute, because it only says which way is quicker."""
    key = f"accounts.wide.{zlib.crc32(repr(sorted(people)).encode())}"
    return bool(caches["process"].get_or_set(key, lambda: current[WIDE : WIDE + 1].exists(), 60))


def sees_few(member: Member) -> bool:
    """Whether *member* sees so few accounts that each of them can be asked quickly, whatever it is."""
    people = circle(member)
    return people != "everyone" and not _is_wide(people, Stewardship.objects.current().filter(member__in=people))


class AccountQuerySet(models.QuerySet["Account"]):
    def visible_to(self, member: Member) -> "AccountQuerySet":
        """The accounts that *member* may see: the only way in."""
        if not member.is_active:
            return self.none()
        people = circle(member)
        if people == "everyone":
            return self.filter(merged_into=None)
        current = Stewardship.objects.current().filter(member__in=people)
        if _is_wide(people, current):
            return self.filter(Exists(current.filter(account=OuterRef("pk"))), merged_into=None)
        return self.filter(pk__in=current.values("account"), merged_into=None)

    def above(self, account: "Account") -> "AccountQuerySet":
        """The groups that *account* is part of, itself not."""
        return self.filter(pk__in=RawSQL(_UP, [account.parent_id or 0]))  # noqa: S611 - our own text

    def below(self, account: "Account") -> "AccountQuerySet":
        """All that is part of the group *account*, itself not."""
        return self.filter(pk__in=RawSQL(_DOWN, [account.pk]))  # noqa: S611 - our own text

    def led_by(self, member: Member) -> "AccountQuerySet":
        """The book of *member*: the accounts that they lead."""
        return self.filter(lead=member, merged_into=None)


class Account(models.Model):
    """A client company, or a site or unit of one."""

    class Stage(models.TextChoices):
        ONBOARDING = "onboarding", _("Onboarding")
        ACTIVE = "active", _("Active")
        AT_RISK = "at_risk", _("At risk")
        LEAVING = "leaving", _("Leaving")
        LOST = "lost", _("Lost")

    class Tier(models.TextChoices):
        A = "A", "A"
        B = "B", "B"
        C = "C", "C"
        D = "D", "D"

    class Pulse(models.IntegerChoices):
        """What whoever looks after the account thinks of it."""

        RED = 1, pgettext_lazy("pulse", "Red")
        AMBER = 2, pgettext_lazy("pulse", "Amber")
        GREEN = 3, pgettext_lazy("pulse", "Green")

    external_id = models.CharField(_("external id"), max_length=80, null=True, blank=True, unique=True)
    name = models.CharField(_("name"), max_length=200)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="children",
        verbose_name=_("part of"),
    )
    tier = models.CharField(_("tier"), max_length=1, choices=Tier.choices, blank=True)
    stage = models.CharField(_("stage"), max_length=12, choices=Stage.choices, default=Stage.ACTIVE)
    industry = models.CharField(_("industry"), max_length=80, blank=True)
    country = models.CharField(_("country"), max_length=60, blank=True)
    language = models.CharField(_("language"), max_length=8, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    tax_number = models.CharField(_("tax number"), max_length=40, blank=True, db_index=True)
    domain = models.CharField(_("web domain"), max_length=120, blank=True, db_index=True)
    tags = models.JSONField(_("tags"), default=list, blank=True)
    custom = models.JSONField(_("own fields"), default=dict, blank=True)
    opened_at = models.DateTimeField(_("opened"), db_index=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, db_index=False, related_name="+")

    # Kept figures: what the list sorts and sums by. Apps above write them through operations.keep_figures.
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("steward"),
    )
    health = models.DecimalField(_("health"), max_digits=4, decimal_places=1, null=True, blank=True)
    health_change = models.DecimalField(_("health, 30 days"), max_digits=4, decimal_places=1, null=True, blank=True)
    health_line = models.JSONField(default=list, blank=True)
    coverage = models.DecimalField(_("coverage"), max_digits=4, decimal_places=3, null=True, blank=True)
    # A score set by hand, beside the computed one until (not including) a day; and what the manager thinks.
    override = models.DecimalField(_("health set by hand"), max_digits=4, decimal_places=1, null=True, blank=True)
    override_until = models.DateField(_("set by hand until"), null=True, blank=True)
    pulse = models.PositiveSmallIntegerField(_("pulse"), choices=Pulse.choices, null=True, blank=True)
    pulse_on = models.DateField(_("pulse given on"), null=True, blank=True)
    silence_risk = models.DecimalField(
        _("risk of falling silent"), max_digits=5, decimal_places=4, null=True, blank=True
    )
    revenue = models.DecimalField(_("revenue, 12 months"), max_digits=16, decimal_places=2, null=True, blank=True)
    overdue = models.DecimalField(_("overdue"), max_digits=16, decimal_places=2, null=True, blank=True)
    last_touch_at = models.DateTimeField(_("last contact"), null=True, blank=True)
    last_touch_ours = models.BooleanField(null=True, blank=True)
    next_touch_on = models.DateField(_("next contact"), null=True, blank=True)
    last_order_on = models.DateField(_("last order"), null=True, blank=True)

    objects = AccountQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        indexes = [
            models.Index(fields=[column, "id"], name=f"account_by_{column}")
            for column in (
                "name", "tier", "stage", "country", "industry", "lead", "health", "health_change", "override_until",
                "pulse", "silence_risk", "revenue", "overdue", "last_touch_at", "next_touch_on", "last_order_on",
            )
        ] + [
            # The usual two asked for together: without these, none that match costs reading all that fulfil one.
            models.Index(fields=[column, "health"], name=f"account_by_{column}_and_health")
            for column in ("tier", "stage")
        ] + [
            # Few have one: with the others in it, the index would look useless to SQLite, which would walk the table.
            models.Index(fields=[column], name=f"account_by_{column}", condition=Q(**{f"{column}__isnull": False}))
            for column in ("parent", "merged_into")
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def overriding(self) -> Decimal | None:
        """The score set by hand that is in force today."""
        return self.override if self.override_until is not None and self.override_until > today() else None

    @property
    def is_contact_late(self) -> bool:
        """Whether the day of the next contact has passed."""
        return self.next_touch_on is not None and self.next_touch_on < today()


class ContactQuerySet(models.QuerySet["Contact"]):
    def known(self) -> "ContactQuerySet":
        """The people themselves, without the second entries that were merged into them."""
        return self.filter(merged_into=None)

    def present(self) -> "ContactQuerySet":
        """Those who still work there."""
        return self.known().filter(left_on=None)


class Contact(models.Model):
    """A person in a client's company."""

    class Role(models.TextChoices):
        DECISION_MAKER = "decision_maker", _("Decision maker")
        SPONSOR = "sponsor", _("Sponsor")
        CHAMPION = "champion", _("Champion")
        USER = "user", _("User")
        BLOCKER = "blocker", _("Blocker")
        DETRACTOR = "detractor", _("Detractor")

    account = models.ForeignKey(Account, models.PROTECT, related_name="contacts")
    external_id = models.CharField(_("external id"), max_length=80, null=True, blank=True, unique=True)
    name = models.CharField(_("name"), max_length=160)
    email = models.EmailField(_("mail address"), blank=True, db_index=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    position = models.CharField(_("position"), max_length=120, blank=True)
    role = models.CharField(_("role"), max_length=16, choices=Role.choices, blank=True)
    power = models.PositiveSmallIntegerField(_("decision power (1–5)"), null=True, blank=True)
    support = models.SmallIntegerField(_("support (−2 to 2)"), null=True, blank=True)
    reports_to = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("reports to")
    )
    language = models.CharField(_("language"), max_length=8, blank=True)
    consent = models.BooleanField(_("agreed to be contacted"), null=True, blank=True)
    do_not_contact_until = models.DateField(_("do not contact until"), null=True, blank=True)
    left_on = models.DateField(_("left the company on"), null=True, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(default=now, editable=False)

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")

    def __str__(self) -> str:
        return self.name


class StewardshipQuerySet(models.QuerySet["Stewardship"]):
    def current(self, on: date | None = None) -> "StewardshipQuerySet":
        """The stewardships in force on *on* (today)."""
        day = on or today()
        return self.filter(Q(until=None) | Q(until__gt=day), since__lte=day)


class Stewardship(models.Model):
    """Who looks after an account, in which role, from a day until (not including) another: the ownership history."""

    class Role(models.TextChoices):
        LEAD = "lead", _("Lead")
        ASSOCIATE = "associate", _("Associate")
        SPECIALIST = "specialist", _("Specialist")
        COVER = "cover", _("Cover")

    account = models.ForeignKey(Account, models.CASCADE, related_name="stewardships")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("steward"))
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.LEAD)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    why = models.CharField(_("why"), max_length=200, blank=True)
    begun_by = models.ForeignKey(Change, models.PROTECT, null=True, blank=True, related_name="+")
    ended_by = models.ForeignKey(Change, models.PROTECT, null=True, blank=True, related_name="+")

    objects = StewardshipQuerySet.as_manager()

    class Meta:
        ordering = ["account_id", "-since"]
        indexes = [
            models.Index(fields=["member", "account", "until", "since"], name="stewardship_by_member"),
            models.Index(fields=["account", "member", "until", "since"], name="stewardship_by_account"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(until=None, role="lead"), name="one_open_lead_per_account"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="stewardship_ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.member} ({self.get_role_display()})"


class SavedView(models.Model):
    """A filter, sort and choice of columns with a name; shared ones are segments that everyone can use."""

    name = models.CharField(_("name"), max_length=80)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    shared = models.BooleanField(_("shared with everyone"), default=False)
    filter = models.CharField(_("filter"), max_length=500, blank=True)
    sort = models.CharField(_("sort"), max_length=40, blank=True)
    columns = models.JSONField(_("columns"), default=list, blank=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="one_view_of_a_name")]

    def __str__(self) -> str:
        return self.name


class CustomField(models.Model):
    """A field that the company adds to its accounts; values live in Account.custom under `key`."""

    class Kind(models.TextChoices):
        TEXT = "text", _("Text")
        NUMBER = "number", _("Number")
        DATE = "date", _("Date")
        CHOICE = "choice", _("Choice")

    key = models.SlugField(_("key"), max_length=40, unique=True)
    label = models.CharField(_("label"), max_length=80)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.TEXT)
    choices = models.JSONField(_("choices"), default=list, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "key"]

    def __str__(self) -> str:
        return self.label


class Closing(models.Model):
    """That a client left, when and why; and when they came back."""

    class Reason(models.TextChoices):
        PRICE = "price", _("Price")
        SERVICE = "service", _("Service")
        PRODUCT = "product", _("Product")
        COMPETITOR = "competitor", _("A competitor")
        NO_NEED = "no_need", _("No need any more")
        OUT_OF_BUSINESS = "out_of_business", _("Out of business")
        OTHER = "other", _("Other")

    account = models.ForeignKey(Account, models.CASCADE, related_name="closings")
    reason = models.CharField(_("reason"), max_length=16, choices=Reason.choices)
    note = models.CharField(_("note"), max_length=200, blank=True)
    closed_at = models.DateTimeField(_("closed"))
    stage_before = models.CharField(max_length=12, choices=Account.Stage.choices)
    reopened_at = models.DateTimeField(_("reopened"), null=True, blank=True)

    class Meta:
        ordering = ["-closed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["account"], condition=Q(reopened_at=None), name="one_open_closing")
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.get_reason_display()}"


class NotDuplicate(models.Model):
    """That someone looked at two accounts and said that they are two."""

    first = models.ForeignKey(Account, models.CASCADE, related_name="+")
    second = models.ForeignKey(Account, models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="one_judgement_of_a_pair")]

    def __str__(self) -> str:
        return f"{self.first} ≠ {self.second}"
