"""Products can be found by code and name; everyone may see what we sell."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cartera.catalogue.models import Product
from cartera.search.offers import Searchable

SEARCHABLES = (
    Searchable(
        key="product",
        label=_("Products"),
        model=Product,
        icon="package",
        title=str,
        text=lambda product: f"{product.code} {product.family}",
        detail=lambda product: product.code,
        url=lambda hit: reverse("catalogue:product", args=[hit.pk]),
    ),
)
