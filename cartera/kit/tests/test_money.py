from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import timezone, translation

from cartera.kit import locale
from cartera.kit.clock import pretending
from cartera.kit.money import CurrencyMismatch, Money, money, rounded


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


@pytest.mark.parametrize(
    ("language", "full", "whole", "compact", "number", "percent", "day", "moment", "ago"),
    [
        ("en", "€12,345.68", "€12,346", "€12.3K", "12,345.7", "25%", "Mar 2, 2026", "Mar 2, 2026, 10:30\u202fAM", "3 days ago"),
        ("es", "12.345,68\xa0€", "12.346\xa0€", "12,3\xa0mil\xa0€", "12.345,7", "25\xa0%", "2 mar 2026", "2 mar 2026, 10:30", "hace 3 días"),
    ],
)  # fmt: skip
def test_figures_and_dates_read_as_in_the_readers_country(language, full, whole, compact, number, percent, day, moment, ago):
    amount = Decimal("12345.678")
    at = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    with translation.override(language), timezone.override("Europe/Madrid"), pretending(date(2026, 3, 5)):
        assert money(amount, "EUR") == full
        assert money(amount, "EUR", whole=True) == whole
        assert money(amount, "EUR", compact=True) == compact
        assert locale.number(amount, 1) == number
        assert locale.percent(Decimal("0.25")) == percent
        assert locale.day(date(2026, 3, 2)) == day
        assert locale.day(datetime(2026, 3, 1, 23, 30, tzinfo=UTC)) == day
        assert locale.moment(at) == moment
        assert locale.ago(date(2026, 3, 2)) == ago


def test_the_unknown_is_written_as_nothing():
    assert money(None, "EUR") == locale.number(None) == locale.day(None) == locale.moment(None) == locale.ago(None) == ""


def test_today_and_now_have_names():
    with pretending(date(2026, 3, 5)):
        assert locale.ago(date(2026, 3, 5)) == "today"
