"""Our own people: who they are, where they stand on the ladder, whom they report to, and since when."""

from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Team(models.Model):
    """Account management, or one of the other teams that requests are addressed to."""

    class Kind(models.TextChoices):
        ACCOUNT_MANAGEMENT = "account_management", _("Account management")
        SALES = "sales", _("Sales")
        SUPPORT = "support", _("Support")
        PRODUCT = "product", _("Product")
        FINANCE = "finance", _("Finance")
        LEGAL = "legal", _("Legal")
        DELIVERY = "delivery", _("Delivery")

    name = models.CharField(_("name"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Rung(models.Model):
    """A step of the career ladder, with its salary band and what it asks for."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    level = models.PositiveSmallIntegerField(_("level"), unique=True)
    salary_from = models.DecimalField(_("salary from"), max_digits=12, decimal_places=2, null=True, blank=True)
    salary_to = models.DecimalField(_("salary to"), max_digits=12, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    competences = models.TextField(_("competences"), blank=True)

    class Meta:
        ordering = ["level"]

    def __str__(self) -> str:
        return self.name


class MemberQuerySet(models.QuerySet["Member"]):
    def visible_to(self, member: "Member") -> "MemberQuerySet":
        """Whom *member* may see by name: all of our own people."""
        return self if member.is_active else self.none()

    def current(self) -> "MemberQuerySet":
        """Those who work here: neither gone nor shut out. Someone invited counts already."""
        return self.filter(is_active=True, left_on=None)

    def administrators(self) -> "MemberQuerySet":
        return self.filter(is_administrator=True, is_active=True)


class MemberManager(BaseUserManager["Member"]):
    def get_by_natural_key(self, username: str | None) -> "Member":
        return self.get(email__iexact=username)

    def create_member(self, *, email: str, name: str, password: str | None = None, **fields: Any) -> "Member":
        """Make a member who signs in with *password*, or cannot sign in yet without one."""
        member = self.model(email=email, name=name, **fields)
        member.set_password(password)
        member.save(using=self._db)
        return member


class Member(AbstractBaseUser):
    """One of our own people, who signs in with their mail address."""

    class Theme(models.TextChoices):
        SYSTEM = "system", _("As the device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    class Density(models.TextChoices):
        COMFORTABLE = "comfortable", _("Comfortable")
        COMPACT = "compact", _("Compact")

    email = models.EmailField(_("mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("team"))
    is_administrator = models.BooleanField(_("administrator"), default=False)
    is_active = models.BooleanField(_("may sign in"), default=True)
    # Empty: as the browser asks.
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, blank=True, default="")
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC")
    country = models.CharField(_("country"), max_length=2, blank=True)
    theme = models.CharField(_("theme"), max_length=10, choices=Theme.choices, default=Theme.SYSTEM)
    density = models.CharField(_("density"), max_length=12, choices=Density.choices, default=Density.COMFORTABLE)
    works_from = models.TimeField(_("works from"), default=time(9))
    works_until = models.TimeField(_("works until"), default=time(17, 30))
    working_days = models.CharField(_("working days"), max_length=7, default="12345")
    hourly_cost = models.DecimalField(
        _("cost of an hour"), max_digits=8, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    hourly_cost_currency = models.CharField(_("currency"), max_length=3, default="EUR")
    joined_on = models.DateField(_("joined on"), null=True, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)

    objects = MemberManager.from_queryset(MemberQuerySet)()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("member")
        verbose_name_plural = _("members")

    def __str__(self) -> str:
        return self.name or self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email.strip().lower()
        super().save(*args, **kwargs)

    @property
    def initials(self) -> str:
        words = (self.name or self.email).split()
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


class PostQuerySet(models.QuerySet["Post"]):
    def on(self, day: date) -> "PostQuerySet":
        """The posts held on *day*."""
        return self.filter(Q(until=None) | Q(until__gt=day), since__lte=day)


class Post(models.Model):
    """A member on a rung, reporting to someone, from a day until (not including) another. A promotion is a new one."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="posts")
    rung = models.ForeignKey(Rung, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("rung"))
    title = models.CharField(_("title"), max_length=120, blank=True)
    reports_to = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("reports to")
    )
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["member_id", "-since"]
        constraints = [
            models.UniqueConstraint(fields=["member"], condition=Q(until=None), name="one_open_post_per_member"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="post_ends_after_it_began"),
            models.CheckConstraint(
                condition=Q(reports_to=None) | ~Q(reports_to=F("member")), name="nobody_reports_to_themselves"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.title or self.rung}"


class Qualification(models.Model):
    """A degree, certificate, language or skill that a member has."""

    class Kind(models.TextChoices):
        DEGREE = "degree", _("Degree")
        CERTIFICATE = "certificate", _("Certificate")
        LANGUAGE = "language", _("Language")
        SKILL = "skill", _("Skill")

    member = models.ForeignKey(Member, models.CASCADE, related_name="qualifications")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=120)
    level = models.CharField(_("level"), max_length=40, blank=True)
    obtained_on = models.DateField(_("obtained on"), null=True, blank=True)
    expires_on = models.DateField(_("expires on"), null=True, blank=True)

    class Meta:
        ordering = ["kind", "name"]
        constraints = [models.UniqueConstraint(fields=["member", "kind", "name"], name="one_qualification_of_a_name")]

    def __str__(self) -> str:
        return self.name


class Requirement(models.Model):
    """A qualification that a rung asks for."""

    rung = models.ForeignKey(Rung, models.CASCADE, related_name="requirements")
    kind = models.CharField(_("kind"), max_length=12, choices=Qualification.Kind.choices)
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        ordering = ["kind", "name"]
        constraints = [models.UniqueConstraint(fields=["rung", "kind", "name"], name="one_requirement_of_a_name")]

    def __str__(self) -> str:
        return self.name


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def on(self, day: date) -> "AbsenceQuerySet":
        """The absences that cover *day*."""
        return self.filter(first_day__lte=day, last_day__gte=day)


class Absence(models.Model):
    """Days on which a member is away, both ends included."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("Holiday")
        SICK = "sick", _("Sick leave")
        PARENTAL = "parental", _("Parental leave")
        TRAINING = "training", _("Training")
        OTHER = "other", _("Other")

    member = models.ForeignKey(Member, models.CASCADE, related_name="absences")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.HOLIDAY)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["-first_day", "-pk"]
        indexes = [models.Index(fields=["last_day", "first_day"], name="absence_by_days")]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="absence_ends_after_it_began")
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.first_day}–{self.last_day}"


class Invitation(models.Model):
    """A link, shown once and kept as a hash, by which someone becomes a member (the first one: administrator)."""

    member = models.ForeignKey(Member, models.CASCADE, null=True, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return str(self.member or _("first administrator"))

    def is_open(self, at: datetime) -> bool:
        return self.used_at is None and at < self.expires_at
