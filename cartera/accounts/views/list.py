"""The list: where people live all day."""

from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from cartera.accounts import cells, export, operations
from cartera.accounts.columns import USUAL
from cartera.accounts.filters import proposed
from cartera.accounts.forms import CellForm
from cartera.accounts.listing import Listing, saved_views, totals
from cartera.accounts.matrix import drawn
from cartera.accounts.models import Account, AccountQuerySet, SavedView
from cartera.accounts.queries import get_visible
from cartera.kit import undo
from cartera.kit.clock import now, today
from cartera.kit.errors import NotAllowed
from cartera.kit.filter_completion import answer
from cartera.kit.filters import FilterContext
from cartera.kit.requests import Request
from cartera.team.models import Member
from cartera.team.queries import leads_others


def index(request: Request) -> HttpResponse:
    """The list, or its matrix."""
    listing = Listing.from_address(request.member, request.GET)
    page = listing.page if not listing.matrix else None
    there = bool(page) or listing.matrix or Account.objects.visible_to(request.member).exists()
    return render(request, "accounts/list.html", {
        "currency": settings.CURRENCY, "listing": listing, "page": page, "there": there, "shapes": cells.shapes(),
        "rows": cells.rows(page.rows, listing.columns) if page else "",
        "headings": [_heading(listing, column) for column in listing.columns],
        "columns": [(column, column in listing.columns) for column in listing.known if column.key != "name"],
        "views": [(view, f"?view={view.pk}") for view in saved_views(request.member)],
        "matrix": drawn(listing.accounts) if listing.matrix else None,
        "may_move": leads_others(request.member), "tiers": Account.Tier.choices,
        "stages": [choice for choice in Account.Stage.choices if choice[0] != Account.Stage.LOST],
        "peek": _peeked(request, page),
    })  # fmt: skip


def completion(request: Request) -> HttpResponse:
    """What may stand where the cursor is in the filter."""
    return answer(request, proposed(), FilterContext(request.member, today()))


def figures(request: Request) -> HttpResponse:
    """How many the filter matches and what they are worth, after the page has come."""
    listing = Listing.from_address(request.member, request.GET)
    return render(request, "accounts/list.html#figures", {"totals": totals(listing.accounts), "listing": listing})


def new_stewards(request: Request) -> HttpResponse:
    """Whom accounts can be handed over to; asked for when somebody is about to."""
    if not leads_others(request.member):
        raise NotAllowed(_("Only those who lead others hand accounts over."))
    return render(request, "accounts/list.html#new_stewards", {"people": Member.objects.filter(is_active=True)})


def export_as(request: Request, form: str) -> HttpResponseBase:
    """All that the filter matches, or the accounts selected, as a file."""
    listing = Listing.from_address(request.member, request.GET)
    accounts = listing.ordered()
    if request.method == "POST" and not request.POST.get("all"):
        accounts = accounts.filter(pk__in=_ids(request))
    name = f"accounts-{today():%Y-%m-%d}.{form}"
    if form == "xlsx":
        return FileResponse(export.xlsx_file(accounts, listing.columns), as_attachment=True, filename=name)
    lines = export.csv_lines(accounts, listing.columns)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
def bulk(request: Request) -> HttpResponse:
    """Do one thing with the accounts selected, or with all that the filter matches."""
    listing = Listing.from_address(request.member, request.GET)
    accounts = listing.accounts if request.POST.get("all") else listing.accounts.filter(pk__in=_ids(request))
    accounts = Account.objects.filter(pk__in=accounts.order_by().values("pk"))
    change, said = _done(request, accounts)
    if change:
        undo.offer(request, change, said)
    return redirect("/accounts/" + listing.address(after=listing.after or None))


def _done(request: Request, accounts: AccountQuerySet) -> tuple[Any, str]:
    by, at, given = request.member, now(), request.POST
    match given.get("action"):
        case "hand_over":
            to = get_object_or_404(Member, pk=given["to"], is_active=True) if given.get("to") else None
            count = accounts.exclude(lead=to).count()
            change = operations.hand_over(accounts, to=to, by=by, at=at, why=given.get("why", ""))
            return change, ngettext("Handed over %(n)s account.", "Handed over %(n)s accounts.", count) % {"n": count}
        case "tag":
            add, remove = (given.get(name, "").split(",") for name in ("add", "remove"))
            change, count = operations.tag(accounts, add=add, remove=remove, by=by, at=at)
            return change, ngettext("Tagged %(n)s account.", "Tagged %(n)s accounts.", count) % {"n": count}
        case "tier" | "stage" as field:
            value = given.get(field, "")
            if value not in (*Account.Tier.values, *Account.Stage.values):
                raise Http404
            change, count = operations.set_many(accounts, field=field, value=value, by=by, at=at)
            return change, ngettext("Changed %(n)s account.", "Changed %(n)s accounts.", count) % {"n": count}
    raise Http404


def set_cell(request: Request, account_id: int, key: str) -> HttpResponse:
    """A cell of the list: as it is, as a little form (`?edit=1`), or set."""
    account = get_visible(request.member, account_id)
    listing = Listing.from_address(request.member, request.GET)
    column = next((column for column in listing.known if column.key == key and column.editable), None)
    if column is None:
        raise Http404
    form = CellForm(request.POST or None, account=account, column=column, member=request.member)
    if request.method == "POST" and form.is_valid():
        if change := form.save(by=request.member, at=now()):
            undo.offer(
                request, change, _("%(column)s of %(account)s changed.") % {"column": column.label, "account": account}
            )
        account = get_visible(request.member, account_id)
    elif request.GET.get("edit") or request.method == "POST":
        return render(request, "accounts/cell.html", {"account": account, "form": form, "column": column})
    return HttpResponse(cells.cell(account, column))


@require_POST
def save_view(request: Request) -> HttpResponse:
    """Keep what the list shows under a name, or change the view it came from."""
    listing = Listing.from_address(request.member, request.GET)
    same = (
        listing.view
        if request.POST.get("same") and listing.view and listing.view.owner_id == request.member.pk
        else None
    )
    name = same.name if same else request.POST.get("name", "").strip()[:80]
    view = operations.save_view(
        name=name or _("My view"), filter=listing.text[:500], sort=listing.sort,
        columns=[] if listing.keys == USUAL else listing.keys, by=request.member, at=now(), view=same,
        shared=same.shared if same else bool(request.POST.get("shared")),
    )  # fmt: skip
    return redirect(f"/accounts/?view={view.pk}")


@require_POST
def drop_view(request: Request, view_id: int) -> HttpResponse:
    """Take a view away."""
    view = get_object_or_404(SavedView, pk=view_id, owner=request.member)
    undo.offer(request, operations.drop_view(view, by=request.member, at=now()), _("View removed."))
    return redirect("accounts:list")


def _ids(request: Request) -> list[int]:
    return [int(number) for number in request.POST.getlist("id") if number.isdecimal()]


def _heading(listing: Listing, column: Any) -> tuple[Any, str, str]:
    """The column, the address that sorts by it (falling and rising in turn), and how it is sorted now."""
    if not column.sort:
        return column, "", ""
    here = listing.sort.removeprefix("-") == column.sort
    falling = not listing.sort.startswith("-") if here else column.falling
    state = ("descending" if listing.sort.startswith("-") else "ascending") if here else ""
    return column, listing.address(sort=("-" if falling else "") + column.sort), state


def _peeked(request: Request, page: Any) -> Account | None:
    """The account whose panel lies beside the list, if the address names one."""
    wanted = request.GET.get("peek", "")
    if page and wanted in ("first", "last"):
        return page.rows[0 if wanted == "first" else -1]
    return (
        Account.objects.visible_to(request.member).select_related("lead").filter(pk=wanted).first()
        if wanted.isdecimal()
        else None
    )
