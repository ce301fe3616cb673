"""How quantities and rates are written: with as many decimals as they have."""

from decimal import Decimal

from django import template

from cartera.design import reader

register = template.Library()


@register.filter
def contracts_exact(value: Decimal | None, least: int = 0) -> str:
    """All decimals that are not zero, but at *least* so many: 3, 0.333, 1.15."""
    if value is None:
        return reader.NOTHING
    decimals = max(least, -int(value.normalize().as_tuple().exponent))
    return reader.number(value, decimals)
