"""Products from a file, and products that other files speak of."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from cartera.catalogue.models import Product
from cartera.imports.offers import Column, ImportContext, ImportKind, Known, Result, Row
from cartera.kit import bulk
from cartera.team.queries import circle, may

COLUMNS = (
    Column(
        key="code",
        label=_("product code"),
        headings=("StockCode", "sku", "code", "item", "item code", "product", "product id", "article", "código",
                  "código producto", "código artículo", "referencia", "ref", "artículo"),
        required=True,
        max_length=60,
    ),
    Column(
        key="name",
        label=_("name"),
        headings=("description", "product name", "title", "nombre", "descripción", "denominación", "nombre producto"),
        max_length=200,
    ),
    Column(
        key="family",
        label=_("family"),
        headings=("category", "group", "product group", "line", "familia", "categoría", "grupo", "gama"),
        max_length=80,
    ),
)  # fmt: skip


def sees_everything(member: Any) -> bool:
    """Who may bring in what belongs to no single book."""
    return may(member, "import") and circle(member) == "everyone"


def codes(context: ImportContext) -> Known:
    """The ids of all products by their code in capitals: a code typed as 85123a is the product 85123A."""
    known = context.known("products")
    if not known:
        known.update((code.upper(), pk) for pk, code in Product.objects.order_by("-pk").values_list("pk", "code"))
    return known


def find_or_make(wanted: Mapping[str, str], context: ImportContext, result: Result) -> Known:
    """The ids of products by code in capitals; those of *wanted* (code as written, name) that are missing are made."""
    known = codes(context)
    missing: dict[str, tuple[str, str]] = {}
    for code, name in wanted.items():
        if code.upper() not in known and (code.upper() not in missing or not missing[code.upper()][1]):
            missing[code.upper()] = (code, name)
    ids = bulk.reserve(Product, len(missing))
    rows = list(missing.values())
    bulk.insert(Product, ["id", "code", "name"], [(pk, *row) for pk, row in zip(ids, rows, strict=True)])
    for pk, code in zip(ids, missing, strict=True):
        known.add(code, pk)
    if ids:
        result.made.append(("catalogue.product", ids))
        result.extra["products"] += len(ids)
    return known


def load(rows: list[Row], context: ImportContext) -> Result:
    """Make the products that are new, and rename those whose name or family the file says otherwise."""
    result = Result()
    known = codes(context)
    new = [row for row in rows if row.values["code"].upper() not in known]
    old = {known[row.values["code"].upper()]: row.values for row in rows if row.values["code"].upper() in known}
    ids = bulk.reserve(Product, len(new))
    bulk.insert(
        Product,
        ["id", "code", "name", "family"],
        [
            (pk, row.values["code"], row.values.get("name") or "", row.values.get("family") or "")
            for pk, row in zip(ids, new, strict=True)
        ],
    )  # fmt: skip
    for pk, row in zip(ids, new, strict=True):
        known.add(row.values["code"].upper(), pk)
    result.created, result.made = len(new), [("catalogue.product", ids)]
    _edit(old, result)
    return result


def _edit(old: dict[int, dict[str, Any]], result: Result) -> None:
    changed = []
    for product in Product.objects.filter(pk__in=old):
        after = {name: old[product.pk][name] for name in ("name", "family") if old[product.pk].get(name)}
        before = {name: getattr(product, name) for name in after}
        if before == after:
            result.same += 1
            continue
        result.edited.append(("catalogue.product", product.pk, before, after))
        for name, value in after.items():
            setattr(product, name, value)
        changed.append(product)
    Product.objects.bulk_update(changed, ["name", "family"], batch_size=500)
    result.changed = len(changed)


KINDS = (
    ImportKind(
        key="products",
        label=_("Products"),
        hint=_("Code, name and family of what you sell."),
        icon="package",
        columns=lambda: COLUMNS,
        key_columns=("code",),
        key_of=lambda values: (values.get("code") or "").upper() or None,
        load=load,
        may=sees_everything,
        verb="catalogue.import",
        watched={"catalogue.product": ("code", "name", "family", "archived_at")},
        order=60,
    ),
)
