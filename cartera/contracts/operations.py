"""What can be done with invoices: issue, pay, set when they are due; and what a currency is worth."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cartera.accounts.models import Account
from cartera.accounts.operations.rights import require
from cartera.catalogue import operations as catalogue
from cartera.contracts import events, figures, rules
from cartera.contracts.models import FxRate, Invoice, InvoiceLine
from cartera.kit import bulk, history
from cartera.kit.clock import today
from cartera.kit.errors import Refused
from cartera.kit.models import Change
from cartera.search import operations as search
from cartera.search.models import Entry
from cartera.team.models import Member
from cartera.timeline.models import Event

INVOICE = ("account", "number", "kind", "issued_at", "recorded_at", "due_on", "paid_on", "currency", "total")
LINE = ("invoice", "position", "product", "text", "quantity", "unit_price", "amount")
PENNIES = Decimal("0.0001")


@transaction.atomic
def issue(
    *,
    account: Account,
    number: str,
    issued_at: datetime,
    currency: str,
    lines: Sequence[Mapping[str, Any]],
    by: Member | None,
    at: datetime,
    due_on: date | None = None,
    paid_on: date | None = None,
    kind: str = "",
) -> Invoice:
    """Issue an invoice, or a credit note when its total is negative. `.change` is its history row.

    A line has product (or product_id), text, quantity, unit_price, and amount where it is not their product.
    """
    require(by, "edit", account)
    if Invoice.objects.filter(account=account, number=number).exists():
        raise Refused(_("This account has an invoice %s already.") % number)
    rows = [_line(line) for line in lines]
    total = sum((row["amount"] for row in rows), Decimal(0))
    invoice = Invoice(
        account=account, number=number, kind=kind or rules.kind_of(number, total), issued_at=issued_at,
        recorded_at=at, due_on=due_on, paid_on=paid_on, currency=currency.upper(), total=total,
    )  # fmt: skip
    invoice.full_clean(exclude=["account"], validate_constraints=False)
    invoice.save()
    InvoiceLine.objects.bulk_create(
        InvoiceLine(invoice=invoice, position=place, **row) for place, row in enumerate(rows, 1)
    )
    invoice.change = history.record(
        "contracts.issue", subject=invoice, by=by, at=at, after={"total": total, "currency": invoice.currency}
    )
    Event.objects.create(
        account=account, at=issued_at, kind=events.KIND, group=Event.Group.MONEY, by=by, change=invoice.change,
        about_id=invoice.pk, subject=number, data=events.data(invoice),
    )  # fmt: skip
    search.index(invoice)
    figures.keep_account_figures([account.pk])
    return invoice


@transaction.atomic
def issue_many(rows: Iterable[Mapping[str, Any]], *, by: Member | None, at: datetime) -> list[int]:
    """Issue many invoices at once and return their ids.

    A row has account_id, number, issued_at, currency and `lines` as in `issue`, and may have due_on, paid_on, kind and
    recorded_at (*at* unless given).
    """
    given = list(rows)
    accounts = {row["account_id"] for row in given}
    require(by, "edit", Account.objects.filter(pk__in=bulk.one_of(accounts)))
    if not given:
        return []
    parts = [[_line(line) for line in row["lines"]] for row in given]
    totals = [sum((line["amount"] for line in lines), Decimal(0)) for lines in parts]
    ids = bulk.insert(
        Invoice, INVOICE, (_invoice_row(row, total, at) for row, total in zip(given, totals, strict=True))
    )
    bulk.insert(
        InvoiceLine,
        LINE,
        (
            (pk, place, *line.values())
            for pk, lines in zip(ids, parts, strict=True)
            for place, line in enumerate(lines, 1)
        ),
    )
    history.record("contracts.issue_many", by=by, at=at, after={"count": len(ids), "accounts": len(accounts)})
    catch_up(accounts)
    return ids


@transaction.atomic
def mark_paid(invoice: Invoice, *, on: date, by: Member | None, at: datetime) -> Change:
    """The client paid *invoice* on the day *on*."""
    require(by, "edit", invoice.account)
    if invoice.paid_on:
        raise Refused(_("This invoice is paid already."))
    if on > today():
        raise Refused(_("The day of payment lies in the future."))
    return _set(invoice, "contracts.mark_paid", paid_on=on, by=by, at=at)


@transaction.atomic
def unmark(invoice: Invoice, *, by: Member | None, at: datetime) -> Change:
    """The invoice was not paid after all."""
    require(by, "edit", invoice.account)
    if not invoice.paid_on:
        raise Refused(_("This invoice is not marked as paid."))
    return _set(invoice, "contracts.unmark", paid_on=None, by=by, at=at)


@transaction.atomic
def set_due(invoice: Invoice, *, on: date | None, by: Member | None, at: datetime) -> Change:
    """Agree with the client on another day on which *invoice* is due."""
    require(by, "edit", invoice.account)
    if invoice.due_on == on:
        raise Refused(_("The invoice is due on that day already."))
    return _set(invoice, "contracts.set_due", due_on=on, by=by, at=at)


@transaction.atomic
def undo_set(change: Change, *, by: Member | None, at: datetime) -> Change:
    """Put back the due or paid date that *change* changed, unless it was changed again since."""
    assert change.subject_id is not None
    invoice = Invoice.objects.select_related("account").get(pk=change.subject_id)
    require(by, "edit", invoice.account)
    if any(_plain(getattr(invoice, name)) != value for name, value in change.after.items()):
        raise Refused(_("It was changed again since; nothing was undone."))
    before = {name: value and date.fromisoformat(value) for name, value in change.before.items()}
    return _set(invoice, change.verb, by=by, at=at, undoes=change, **before)


@transaction.atomic
def set_rate(
    *, currency: str, into: str, on: date, rate: Decimal, by: Member | None, at: datetime
) -> tuple[FxRate, Change]:
    """One unit of *currency* is worth *rate* of *into* from the day *on*. A rate of the same day is replaced."""
    require(by, "set_rates")
    if currency == into:
        raise Refused(_("A currency is always worth one of itself."))
    old = FxRate.objects.filter(currency=currency, into=into, on=on).first()
    fresh = old or FxRate(currency=currency, into=into, on=on)
    before = {"rate": old.rate} if old else {}
    fresh.rate = rate
    fresh.full_clean(validate_unique=False)
    fresh.save()
    change = history.record(
        "contracts.set_rate", subject=fresh, by=by, at=at, before=before,
        after={"currency": currency, "into": into, "on": on, "rate": rate},
    )  # fmt: skip
    figures.keep_account_figures()
    return fresh, change


def keep_account_figures(account_ids: Iterable[int] | None = None, *, on: date | None = None) -> int:
    """Bring revenue, overdue and last order of these accounts (all) up to date; return how many changed."""
    return figures.keep_account_figures(account_ids, on=on)


@transaction.atomic
def catch_up(account_ids: Iterable[int] | None = None, *, on: date | None = None) -> int:
    """After invoices came or went in bulk: bring the feed, what can be found, and the accounts' figures up to date."""
    ids = None if account_ids is None else list(account_ids)
    events.tell(ids)
    catalogue.catch_up()
    _let_be_found()
    return figures.keep_account_figures(ids, on=on)


def _let_be_found() -> None:
    """Index the invoices that cannot be found yet, and forget those that are gone."""
    known = Entry.objects.filter(kind="invoice")
    gone = known.exclude(object_id__in=Invoice.objects.order_by().values("pk"))
    search.forget(Invoice, list(gone.values_list("object_id", flat=True)))
    search.index_many(Invoice, Invoice.objects.exclude(pk__in=known.values("object_id")))


def _set(
    invoice: Invoice, verb: str, *, by: Member | None, at: datetime, undoes: Change | None = None, **dates: date | None
) -> Change:
    before = {name: getattr(invoice, name) for name in dates}
    for name, value in dates.items():
        setattr(invoice, name, value)
    invoice.save(update_fields=list(dates))
    figures.keep_account_figures([invoice.account_id])
    return history.record(
        verb, subject=invoice, by=by, at=at, before=before, after=dates, account_ids=[invoice.account_id],
        undoes=undoes,
    )  # fmt: skip


def _line(line: Mapping[str, Any]) -> dict[str, Any]:
    """A line's columns, in the order of LINE."""
    product = line.get("product")
    quantity, price, amount = rules.completed(line.get("quantity"), line.get("unit_price"), line.get("amount"))
    return {
        "product_id": product.pk if product else line.get("product_id"),
        "text": line.get("text", ""),
        "quantity": quantity,
        "unit_price": price,
        "amount": amount.quantize(PENNIES, ROUND_HALF_UP),
    }


def _invoice_row(row: Mapping[str, Any], total: Decimal, at: datetime) -> tuple[Any, ...]:
    kind = row.get("kind") or rules.kind_of(row["number"], total)
    recorded = row.get("recorded_at") or at
    return (row["account_id"], row["number"], kind, row["issued_at"], recorded, row.get("due_on"), row.get("paid_on"),
            row["currency"].upper(), total)  # fmt: skip


def _plain(value: date | None) -> str | None:
    return value.isoformat() if value else None
