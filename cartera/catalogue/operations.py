"""What can be done with products: add, name, archive."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cartera.catalogue.models import Product
from cartera.kit import history
from cartera.kit.errors import NotAllowed, Refused
from cartera.kit.models import Change
from cartera.search import operations as search
from cartera.search.models import Entry
from cartera.team.models import Member
from cartera.team.queries import may


@transaction.atomic
def add(*, code: str, name: str, by: Member | None, at: datetime, family: str = "") -> Product:
    """Add a product to what we sell."""
    _require(by)
    if Product.objects.filter(code__iexact=code).exists():
        raise Refused(_("There is a product with the code %s already.") % code)
    product = Product.objects.create(code=code, name=name, family=family)
    search.index(product)
    history.record("catalogue.add", subject=product, by=by, at=at, after={"code": code, "name": name})
    return product


@transaction.atomic
def edit(product: Product, *, by: Member | None, at: datetime, **fields: str) -> Change | None:
    """Give *product* another name or family; None when it had them already."""
    if unknown := set(fields) - {"name", "family"}:
        raise TypeError(f"not editable: {sorted(unknown)}")
    _require(by)
    return _set(product, "catalogue.edit", fields, by=by, at=at)


@transaction.atomic
def archive(product: Product, *, by: Member | None, at: datetime) -> Change:
    """We no longer sell *product*; what was sold of it stays."""
    _require(by)
    if product.archived_at:
        raise Refused(_("This product is archived already."))
    return _archived(product, at, by=by, at=at)


@transaction.atomic
def restore(product: Product, *, by: Member | None, at: datetime) -> Change:
    """We sell *product* again."""
    _require(by)
    if not product.archived_at:
        raise Refused(_("This product is not archived."))
    return _archived(product, None, by=by, at=at)


@transaction.atomic
def undo_edit(change: Change, *, by: Member | None, at: datetime) -> Change:
    """Put back the name and family that *change* changed, unless they were changed again since."""
    _require(by)
    product = _product_of(change)
    if any(getattr(product, name) != value for name, value in change.after.items()):
        raise Refused(_("It was changed again since; nothing was undone."))
    undone = _set(product, change.verb, change.before, by=by, at=at, undoes=change)
    assert undone is not None
    return undone


@transaction.atomic
def undo_archive(change: Change, *, by: Member | None, at: datetime) -> Change:
    """Bring back a product from the archive, or put it there again."""
    _require(by)
    product = _product_of(change)
    if bool(product.archived_at) != (change.verb == "catalogue.archive"):
        raise Refused(_("It was changed again since; nothing was undone."))
    return _archived(product, None if product.archived_at else at, by=by, at=at, undoes=change)


def catch_up() -> int:
    """After an import: let products be found that cannot be yet, and forget those that are gone; return how many."""
    known = Entry.objects.filter(kind="product")
    gone = known.exclude(object_id__in=Product.objects.order_by().values("pk"))
    search.forget(Product, list(gone.values_list("object_id", flat=True)))
    return search.index_many(Product, Product.objects.exclude(pk__in=known.values("object_id")))


def _product_of(change: Change) -> Product:
    assert change.subject_id is not None
    return Product.objects.get(pk=change.subject_id)


def _set(
    product: Product,
    verb: str,
    fields: dict[str, Any],
    *,
    by: Member | None,
    at: datetime,
    undoes: Change | None = None,
) -> Change | None:
    before = {name: getattr(product, name) for name, value in fields.items() if getattr(product, name) != value}
    if not before:
        return None
    for name in before:
        setattr(product, name, fields[name])
    product.save(update_fields=list(before))
    search.index(product)
    after = {name: fields[name] for name in before}
    return history.record(verb, subject=product, by=by, at=at, before=before, after=after, undoes=undoes)


def _archived(
    product: Product, archived_at: datetime | None, *, by: Member | None, at: datetime, undoes: Change | None = None
) -> Change:
    product.archived_at = archived_at
    product.save(update_fields=["archived_at"])
    verb = "catalogue.archive" if archived_at else "catalogue.restore"
    return history.record(verb, subject=product, by=by, at=at, undoes=undoes)


def _require(by: Member | None) -> None:
    if by is not None and not may(by, "set_up"):
        raise NotAllowed(_("Only administrators change what we sell."))
