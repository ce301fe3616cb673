"""What was invoiced, credited and paid, in which currency."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cartera.accounts.models import Account
from cartera.catalogue.models import Product
from cartera.contracts import rules
from cartera.kit.clock import today
from cartera.kit.models import Change
from cartera.team.models import Member


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    def visible_to(self, member: Member) -> "InvoiceQuerySet":
        return self.filter(account__in=Account.objects.visible_to(member).order_by())

    def owed(self) -> "InvoiceQuerySet":
        """Invoices of which nobody said that they were paid."""
        return self.filter(kind="invoice", paid_on=None)

    def overdue(self, today: date) -> "InvoiceQuerySet":
        return self.owed().filter(due_on__lt=today)


class Invoice(models.Model):
    """An invoice or a credit note. A credit note's amounts are negative."""

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("Invoice")
        CREDIT_NOTE = "credit_note", _("Credit note")

    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    number = models.CharField(_("number"), max_length=60)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.INVOICE)
    issued_at = models.DateTimeField(_("issued"))
    recorded_at = models.DateTimeField()
    due_on = models.DateField(_("due"), null=True, blank=True)
    paid_on = models.DateField(_("paid"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    total = models.DecimalField(_("total"), max_digits=18, decimal_places=4)

    # The history row of the verb that has just made this object: what an undo is offered for.
    change: Change

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at", "-pk"]
        indexes = [
            models.Index(fields=["account", "issued_at", "id"], name="invoice_by_account"),
            models.Index(fields=["issued_at", "id"], name="invoice_by_issued_at"),
            models.Index(fields=["due_on", "id"], name="invoice_by_due_on"),
            models.Index(fields=["number"], name="invoice_by_number"),
            models.Index(fields=["due_on", "account"], condition=Q(paid_on=None), name="invoice_open_by_due"),
        ]
        constraints = [models.UniqueConstraint(fields=["account", "number"], name="one_invoice_of_a_number")]
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")

    def __str__(self) -> str:
        return self.number

    @property
    def state(self) -> str:
        """One of rules.STATES, as of today."""
        return rules.state_of(self.kind, due_on=self.due_on, paid_on=self.paid_on, today=today())

    @property
    def days_late(self) -> int:
        return (today() - self.due_on).days if self.due_on else 0

    @property
    def paid_late(self) -> int:
        """By how many days it was paid after it was due; 0 if in time, or if nobody knows."""
        return max((self.paid_on - self.due_on).days, 0) if self.paid_on and self.due_on else 0


class InvoiceLine(models.Model):
    """A line of an invoice; the same line can stand on it twice."""

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField(pgettext_lazy("of a line", "position"))
    product = models.ForeignKey(Product, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.CharField(_("text"), max_length=300, blank=True)
    quantity = models.DecimalField(_("quantity"), max_digits=14, decimal_places=3)
    unit_price = models.DecimalField(_("unit price"), max_digits=18, decimal_places=6)
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=4)

    class Meta:
        ordering = ["invoice_id", "position"]
        constraints = [models.UniqueConstraint(fields=["invoice", "position"], name="one_line_at_a_position")]

    def __str__(self) -> str:
        return self.text


class FxRate(models.Model):
    """How much one unit of `currency` is worth in `into` from a day on."""

    currency = models.CharField(_("currency"), max_length=3)
    into = models.CharField(_("into"), max_length=3)
    on = models.DateField(_("from"))
    rate = models.DecimalField(_("rate"), max_digits=18, decimal_places=8)

    class Meta:
        ordering = ["currency", "into", "-on"]
        constraints = [
            models.UniqueConstraint(fields=["currency", "into", "on"], name="one_rate_a_day"),
            models.CheckConstraint(condition=Q(rate__gt=0), name="rate_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.currency}/{self.into} {self.on}"
