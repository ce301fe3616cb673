"""Invoices: the list, one of them, an account's money, who buys a product; and what currencies are worth."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cartera.accounts.models import Account
from cartera.catalogue.models import Product
from cartera.contracts import operations, queries
from cartera.contracts.filters import INVOICES, STATES, by_number_or_account
from cartera.contracts.forms import DueForm, PaidForm, RateForm
from cartera.contracts.models import FxRate, Invoice, InvoiceLine
from cartera.design import reader
from cartera.design.month_columns import Column, columns
from cartera.kit import filter_completion, filters, undo
from cartera.kit.clock import now, today
from cartera.kit.errors import NotAllowed
from cartera.kit.filters import FilterContext, FilterError
from cartera.kit.models import Change
from cartera.kit.pagination import keyset_page
from cartera.kit.requests import Request
from cartera.team.queries import may

SORTS = ("issued_at", "due_on", "total", "number")


def invoices(request: Request) -> HttpResponse:
    """The invoices that the member may see: filtered as text, sorted, paged, and what they come to."""
    text, error = request.GET.get("q", "").strip(), None
    found = Invoice.objects.visible_to(request.member).select_related("account")
    account = _asked_account(request)
    if account:
        found = found.filter(account=account)
    try:
        found = found.filter(filters.compile(text, INVOICES, context=_asking(request), free_text=by_number_or_account))
    except FilterError as wrong:
        found, error = found.none(), wrong
    sort = request.GET.get("sort", "")
    sort = sort if sort.removeprefix("-") in SORTS else "-issued_at"
    page = keyset_page(found, sort, after=request.GET.get("after"))
    return render(request, "contracts/invoices.html", {
        "page": page, "text": text, "error": error, "account": account, "sort": sort, "states": STATES,
        "total": queries.sum_of(found) if page else None, "heads": _heads(sort),
    })  # fmt: skip


def completion(request: Request) -> JsonResponse:
    """What may be typed next into the invoices' filter."""
    return filter_completion.answer(request, INVOICES, _asking(request))


def invoice(request: Request, invoice_id: int) -> HttpResponse:
    """One invoice with its lines."""
    return _page(request, _invoice(request, invoice_id))


@require_POST
def pay(request: Request, invoice_id: int) -> HttpResponse:
    found, form = _invoice(request, invoice_id), PaidForm(request.POST)
    if not form.is_valid():
        return _page(request, found, paid_form=form)
    change = operations.mark_paid(found, on=form.cleaned_data["paid_on"], by=request.member, at=now())
    return _done(request, found, change, _("Marked %s as paid.") % found)


@require_POST
def unpay(request: Request, invoice_id: int) -> HttpResponse:
    found = _invoice(request, invoice_id)
    change = operations.unmark(found, by=request.member, at=now())
    return _done(request, found, change, _("%s is not paid after all.") % found)


@require_POST
def set_due(request: Request, invoice_id: int) -> HttpResponse:
    found, form = _invoice(request, invoice_id), DueForm(request.POST)
    if not form.is_valid():
        return _page(request, found, due_form=form)
    change = operations.set_due(found, on=form.cleaned_data["due_on"], by=request.member, at=now())
    return _done(request, found, change, _("Moved the due date of %s.") % found)


def money(request: Request, account_id: int) -> HttpResponse:
    """What an account bought, owes and buys most: the panel on its page."""
    account = get_object_or_404(Account.objects.visible_to(request.member), pk=account_id)
    here = f"{reverse('contracts:invoices')}?account={account.pk}"
    mine = Invoice.objects.filter(account=account)
    by_month = queries.revenue_by_month(account, today())
    late = queries.late(Account.objects.filter(pk=account.pk), today())
    context = {
        "account": account, "here": here, "currency": settings.CURRENCY, "late": late,
        "has_invoices": mine.exists(), "owed": queries.sum_of(mine.owed().filter(due_on__isnull=False)),
        "oldest": min((row.oldest for row in late), default=None), "late_count": sum(row.count for row in late),
        "chart": columns(
            [_month(*row, here) for row in by_month], label=_("Net revenue by month"), measure=_("Net revenue")
        ),
        "top": queries.top_products(account, today()),
    }  # fmt: skip
    return render(request, "contracts/money.html#money" if request.htmx else "contracts/money.html", context)


def product(request: Request, product_id: int) -> HttpResponse:
    """Who of the accounts that the member sees buys a product: the panel on the product's page."""
    found = get_object_or_404(Product, pk=product_id)
    rows = queries.buyers(found, Account.objects.visible_to(request.member), today())
    context = {"product": found, "buyers": rows, "currency": settings.CURRENCY}
    return render(request, "contracts/product.html#buyers" if request.htmx else "contracts/product.html", context)


def rates(request: Request) -> HttpResponse:
    """What currencies are worth, since when; administrators add to it."""
    if not may(request.member, "set_rates"):
        raise NotAllowed(_("Only administrators set rates."))
    form = RateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _rate, change = operations.set_rate(**form.cleaned_data, by=request.member, at=now())
        undo.offer(request, change, _("Saved; the figures of all accounts were worked out anew."))
        return redirect("contracts:rates")
    page = keyset_page(FxRate.objects.all(), "-on", after=request.GET.get("after"))
    context = {"form": form, "page": page, "currency": settings.CURRENCY}
    return render(request, "contracts/rates.html", context, status=422 if form.errors else 200)


def _page(request: Request, found: Invoice, **forms: Any) -> HttpResponse:
    lines = list(found.lines.select_related("product"))
    context = {
        "invoice": found, "lines": lines, "has_texts": any(_says_more(line) for line in lines),
        "paid_form": PaidForm(), "due_form": DueForm(initial={"due_on": found.due_on}), "wrong": bool(forms), **forms,
    }  # fmt: skip
    return render(request, "contracts/invoice.html", context, status=422 if forms else 200)


def _says_more(line: InvoiceLine) -> bool:
    """Whether a line's text says something that its product's name does not."""
    return bool(line.text) and (line.product is None or line.text != line.product.name)


def _done(request: Request, found: Invoice, change: Change, message: str) -> HttpResponse:
    undo.offer(request, change, message)
    return redirect("contracts:invoice", found.pk)


def _invoice(request: Request, invoice_id: int) -> Invoice:
    mine = Invoice.objects.visible_to(request.member).select_related("account")
    return get_object_or_404(mine, pk=invoice_id)


def _asked_account(request: Request) -> Account | None:
    asked = request.GET.get("account", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 19):
        return None
    return get_object_or_404(Account.objects.visible_to(request.member), pk=int(asked))


def _asking(request: Request) -> FilterContext:
    return FilterContext(member=request.member, today=today())


def _heads(sort: str) -> list[tuple[str, str, str, str]]:
    """The sortable columns: name, label, what a click sorts by, and how it is sorted now."""
    labels = {"number": _("Number"), "issued_at": _("Issued"), "due_on": _("Due"), "total": _("Total")}
    now_sorted = {sort: "descending" if sort.startswith("-") else "ascending"}
    return [
        (name, label, name if sort == f"-{name}" else f"-{name}",
         now_sorted.get(name) or now_sorted.get(f"-{name}", ""))
        for name, label in labels.items()
    ]  # fmt: skip


def _month(month: Any, amount: Any, here: str) -> Column:
    text = _("unknown") if amount is None else reader.money(amount, settings.CURRENCY, whole=True)
    value = None if amount is None else float(amount)
    return Column(month=month, value=value, text=text, url=f"{here}&q=issued%3A{month:%Y-%m}")
