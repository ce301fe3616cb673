"""What we sell."""

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cartera.catalogue import operations
from cartera.catalogue.forms import NewProductForm, ProductForm
from cartera.catalogue.models import Product
from cartera.kit import undo
from cartera.kit.clock import now
from cartera.kit.errors import NotAllowed
from cartera.kit.pagination import keyset_page
from cartera.kit.requests import Request
from cartera.team.queries import may


def products(request: Request) -> HttpResponse:
    """All products, found by code, name or family; archived ones on demand."""
    text, archived = request.GET.get("q", "").strip()[:100], "archived" in request.GET
    found = Product.objects.filter(archived_at__isnull=not archived)
    for word in text.split():
        found = found.filter(Q(code__icontains=word) | Q(name__icontains=word) | Q(family__icontains=word))
    page = keyset_page(found, "name", after=request.GET.get("after"))
    context = {"page": page, "text": text, "archived": archived, "may_edit": may(request.member, "set_up")}
    return render(request, "catalogue/products.html", context)


def product(request: Request, product_id: int) -> HttpResponse:
    found = get_object_or_404(Product, pk=product_id)
    form = ProductForm(initial={"name": found.name, "family": found.family})
    return render(
        request, "catalogue/product.html", {"product": found, "form": form, "may_edit": may(request.member, "set_up")}
    )


def add(request: Request) -> HttpResponse:
    if not may(request.member, "set_up"):
        raise NotAllowed(_("Only administrators change what we sell."))
    form = NewProductForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = operations.add(**form.cleaned_data, by=request.member, at=now())
        return redirect("catalogue:product", made.pk)
    return render(request, "catalogue/add.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def edit(request: Request, product_id: int) -> HttpResponse:
    found, form = get_object_or_404(Product, pk=product_id), ProductForm(request.POST)
    if not form.is_valid():
        context = {"product": found, "form": form, "may_edit": may(request.member, "set_up")}
        return render(request, "catalogue/product.html", context, status=422)
    change = operations.edit(found, by=request.member, at=now(), **form.cleaned_data)
    if change:
        undo.offer(request, change, _("Saved %s.") % found)
    return redirect("catalogue:product", found.pk)


@require_POST
def archive(request: Request, product_id: int) -> HttpResponse:
    """Archive a product, or bring it back."""
    found = get_object_or_404(Product, pk=product_id)
    if found.archived_at:
        change = operations.restore(found, by=request.member, at=now())
        undo.offer(request, change, _("%s is sold again.") % found)
    else:
        change = operations.archive(found, by=request.member, at=now())
        undo.offer(request, change, _("Archived %s.") % found)
    return redirect("catalogue:product", found.pk)
