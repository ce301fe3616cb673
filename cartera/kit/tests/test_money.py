from decimal import Decimal

import pytest

from cartera.kit.money import CurrencyMismatch, Money, rounded


def test_halves_go_to_the_even_neighbour_at_the_currencys_own_decimals():
    assert rounded(Decimal("2.345"), "EUR") == Decimal("2.34")
    assert rounded(Decimal("2.355"), "EUR") == Decimal("2.36")
    assert rounded(Decimal("2.5"), "JPY") == Decimal("2")
    assert rounded(Decimal("1.2345"), "KWD") == Decimal("1.234")


def test_money_adds_within_a_currency_and_refuses_across():
    assert Money(Decimal(2), "EUR") + Money(Decimal("0.5"), "EUR") == Money(Decimal("2.5"), "EUR")
    assert 3 * Money(Decimal(2), "EUR") - Money(Decimal(1), "EUR") > Money(Decimal("4.99"), "EUR")
    with pytest.raises(CurrencyMismatch):
        Money(Decimal(2), "EUR") + Money(Decimal(2), "GBP")
    with pytest.raises(TypeError):
        Money(2.0, "EUR")


def test_money_says_its_currency():
    assert str(Money(Decimal("2.345"), "EUR")) == "2.34 EUR"
