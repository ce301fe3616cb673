"""Bringing in a chunk of invoice lines."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import Max, Sum
from django.utils.translation import gettext_lazy as _

from cartera.accounts.loading import find_or_open
from cartera.catalogue.imports import find_or_make
from cartera.contracts import operations, rules
from cartera.contracts.models import Invoice, InvoiceLine
from cartera.imports import journal
from cartera.imports.offers import ImportContext, Problem, Result, Row
from cartera.kit import bulk

# What a line says: product, text, quantity, unit price. Two lines that say the same are told apart by counting.
Content = tuple[int | None, str, Decimal, Decimal]
Key = tuple[int, str]


class Line(NamedTuple):
    content: Content
    amount: Decimal
    values: dict[str, Any]


def _step(model: type[Any], name: str) -> Decimal:
    return Decimal(1).scaleb(-model._meta.get_field(name).decimal_places)


QUANTITY, PRICE, AMOUNT = (_step(InvoiceLine, name) for name in ("quantity", "unit_price", "amount"))


def load(rows: list[Row], context: ImportContext) -> Result:
    """Bring in one chunk: clients and products that are missing, new invoices, lines that are not yet there."""
    result = Result()
    good = [row for row in rows if _is_sound(row, context, result)]
    if not good:
        return result
    clients: dict[str, dict[str, Any]] = {}
    for row in good:
        clients.setdefault(row.values["account"], row.values)
    accounts = find_or_open(clients, context, result)
    products = find_or_make(_products(good), context, result)
    invoices: dict[Key, list[Line]] = defaultdict(list)
    for row in good:
        values = row.values
        key = (accounts[values["account"]], values["number"])
        product = products[values["product"].upper()] if values.get("product") else None
        invoices[key].append(_line(values, product))
    _write(invoices, context, result)
    return result


def _is_sound(row: Row, context: ImportContext, result: Result) -> bool:
    values = row.values
    if values["issued_at"].date() > context.as_of:
        result.problems.append(Problem(row.number, "issued_at", _("lies after the day that is today")))
    elif values.get("unit_price") is None and values.get("amount") is None:
        result.problems.append(Problem(row.number, "unit_price", _("is empty, and so is the amount")))
    else:
        return True
    return False


def _products(rows: Sequence[Row]) -> dict[str, str]:
    names: dict[str, str] = {}
    for row in rows:
        if (code := row.values.get("product")) and not names.get(code):
            names[code] = (row.values.get("text") or "")[:200]
    return names


def _line(values: dict[str, Any], product: int | None) -> Line:
    quantity, price, amount = _figures(values.get("quantity"), values.get("unit_price"), values.get("amount"))
    return Line((product, values.get("text") or "", quantity, price), amount, values)


@lru_cache(maxsize=100_000)
def _figures(quantity: Decimal | None, price: Decimal | None, amount: Decimal | None) -> tuple[Decimal, ...]:
    """Quantity, price and amount as they are kept. The amount is reckoned from what the file says, then rounded."""
    steps = (QUANTITY, PRICE, AMOUNT)
    figures = rules.completed(quantity, price, amount)
    return tuple(figure.quantize(step, ROUND_HALF_UP) for figure, step in zip(figures, steps, strict=True))


def _write(invoices: dict[Key, list[Line]], context: ImportContext, result: Result) -> None:
    """Match the lines with what is there; insert the rest."""
    there = _existing(invoices)
    stock = _stock(there, context)
    fresh: list[tuple[Any, ...]] = []
    lines: list[tuple[Any, ...]] = []
    new = [key for key in invoices if key not in there]
    ids = dict(zip(new, bulk.reserve(Invoice, len(new)), strict=True))
    matched: list[int] = []
    grown: dict[int, Decimal] = {}
    for key, wanted in invoices.items():
        added = []
        lying = stock.get(there[key]["id"], {}) if key in there else {}
        for line in wanted:
            if found := lying.get(line.content):
                matched.append(found.pop())
            else:
                added.append(line)
        total = sum((line.amount for line in added), Decimal(0))
        if key in ids:
            fresh.append(_invoice(ids[key], key, wanted[0].values, total, context))
            lines += _rows(ids[key], 1, added)
        elif added:
            invoice = there[key]
            grown[invoice["id"]] = invoice["total"] + total
            lines += _rows(invoice["id"], invoice["last"] + 1, added)
    changed = _settle_dates(there, invoices, result)
    line_ids = bulk.reserve(InvoiceLine, len(lines))
    bulk.insert(Invoice, INVOICE, fresh)
    bulk.insert(InvoiceLine, LINE, [(pk, *line) for pk, line in zip(line_ids, lines, strict=True)])
    _grow(grown)
    result.created, result.changed, result.same = len(lines), changed, len(matched) - changed
    result.made += [("contracts.invoice", list(ids.values())), ("contracts.invoiceline", line_ids)]
    result.extra["invoices"] += len(ids)
    result.memo = {"read": journal.ranges([*matched, *line_ids]), "grown": sorted(grown)}
    context.bag["read"].add(matched if context.dry else [*matched, *line_ids])


INVOICE = ("id", "account_id", "number", "kind", "issued_at", "recorded_at", "due_on", "paid_on", "currency", "total")
LINE = ("id", "invoice_id", "position", "product_id", "text", "quantity", "unit_price", "amount")


def _invoice(pk: int, key: Key, values: dict[str, Any], total: Decimal, context: ImportContext) -> tuple[Any, ...]:
    """A ledger tells what was known when it happened: an invoice counts as recorded when it was issued."""
    issued: datetime = values["issued_at"]
    kind = rules.kind_of(key[1], total)
    currency = (values.get("currency") or context.options["currency"]).upper()
    due, paid = values.get("due_on"), values.get("paid_on")
    return (pk, *key, kind, issued, min(issued, context.at), due, paid, currency, total)


def _rows(invoice: int, position: int, lines: Iterable[Line]) -> list[tuple[Any, ...]]:
    return [(invoice, place, *line.content, line.amount) for place, line in enumerate(lines, position)]


def _existing(invoices: dict[Key, list[Line]]) -> dict[Key, dict[str, Any]]:
    """The invoices that are there already, by client and number."""
    accounts, numbers = {key[0] for key in invoices}, {key[1] for key in invoices}
    rows = Invoice.objects.filter(account__in=accounts, number__in=numbers).order_by("pk")
    found = {
        (row["account_id"], row["number"]): row
        for row in rows.values("id", "account_id", "number", "total", "due_on", "paid_on")
    }
    there: dict[Key, dict[str, Any]] = {key: {**row} for key, row in found.items() if key in invoices}
    last = InvoiceLine.objects.filter(invoice__in=[row["id"] for row in there.values()]).order_by()
    lasts = dict(last.values_list("invoice").annotate(Max("position")))
    for row in there.values():
        row["last"] = lasts.get(row["id"], 0)
    return there


def _stock(there: dict[Key, dict[str, Any]], context: ImportContext) -> dict[int, dict[Content, list[int]]]:
    """For each invoice there, the lines that no row of this file has been matched with yet, by what they say."""
    if "read" not in context.bag:
        context.bag["read"] = journal.Ids(memo.get("read", []) for memo in context.memos())
    read: journal.Ids = context.bag["read"]
    stock: dict[int, dict[Content, list[int]]] = defaultdict(lambda: defaultdict(list))
    lines = InvoiceLine.objects.filter(invoice__in=[row["id"] for row in there.values()]).order_by("-position")
    for row in lines.values_list("pk", "invoice", "product", "text", "quantity", "unit_price"):
        if row[0] not in read:
            stock[row[1]][row[2:]].append(row[0])
    return stock


def _settle_dates(there: dict[Key, dict[str, Any]], invoices: dict[Key, list[Line]], result: Result) -> int:
    """Take over due and paid dates that the file knows better; return how many rows that concerns."""
    rows = 0
    for key, invoice in there.items():
        values = invoices[key][0].values
        after = {name: values[name] for name in ("due_on", "paid_on") if values.get(name)}
        before = {name: invoice[name] for name in after}
        if before != after:
            Invoice.objects.filter(pk=invoice["id"]).update(**after)
            result.edited.append(("contracts.invoice", invoice["id"], before, after))
            rows += len(invoices[key])
    return rows


def _grow(totals: dict[int, Decimal]) -> None:
    """Give invoices that got more lines their new total."""
    invoices = list(Invoice.objects.filter(pk__in=totals))
    for invoice in invoices:
        invoice.total = totals[invoice.pk]
        invoice.kind = rules.kind_of(invoice.number, invoice.total)
    Invoice.objects.bulk_update(invoices, ["total", "kind"], batch_size=500)


def finish(context: ImportContext) -> Result:
    """Bring the feed and the accounts' figures up to date."""
    operations.catch_up(on=context.as_of)
    return Result()


def tidy(memos: Sequence[dict[str, Any]]) -> None:
    """After an import was undone: totals of the invoices that had grown, the feed, the accounts' figures."""
    grown = {pk for memo in memos for pk in memo.get("grown", ())}
    sums = dict(InvoiceLine.objects.filter(invoice__in=grown).order_by().values_list("invoice").annotate(Sum("amount")))
    _grow(sums)
    operations.catch_up()
