"""Numbers, money and dates as the reader writes them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_precision
from django.template import Context, Template
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from cartera.design import reader
from cartera.design.bands import band
from cartera.kit.clock import pretending


def read(text, language="en", **values):
    with translation.override(language):
        return Template("{% load cartera %}" + text).render(Context(values)).replace("\xa0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("text", "value", "english", "spanish"),
    [
        ("{{ v|number }}", 1234567, "1,234,567", "1.234.567"),
        ("{{ v|number:2 }}", Decimal("0.5"), "0.50", "0,50"),
        ("{{ v|signed }}", -12, "-12", "-12"),
        ("{{ v|signed:1 }}", 3.25, "+3.2", "+3,2"),
        ("{{ v|percent }}", 0.734, "73%", "73 %"),
        ("{{ v|percent:1 }}", 0.734, "73.4%", "73,4 %"),
        ("{{ v|money:'EUR' }}", Decimal("12345.6"), "€12,345.60", "12.345,60 €"),
        ("{{ v|money:'JPY' }}", 1500, "JP¥1,500", "1.500 JPY"),
        ("{{ v|money_whole:'EUR' }}", Decimal("12345.6"), "€12,346", "12.346 €"),
        ("{{ v|money_whole:'EUR' }}", Decimal("-0.4"), "€0", "0 €"),
        ("{{ v|money_short:'EUR' }}", 412_000, "€412K", "412 mil €"),
        ("{{ v|money_short:'EUR' }}", 1_234_567, "€1.2M", "1,2 M€"),
        ("{{ v|money_short:'EUR' }}", Decimal("570.4"), "€570", "570 €"),
        ("{{ v|money_short:'EUR' }}", Decimal("-4200.4"), "-€4.2K", "-4,2 mil €"),
        ("{{ v|day }}", date(2026, 3, 2), "2 Mar 2026", "2 mar 2026"),
        ("{{ v|day:'short' }}", date(2026, 3, 2), "02/03/2026", "2/3/26"),
        ("{{ v|moment }}", datetime(2026, 3, 2, 15, 4, tzinfo=UTC), "2 Mar 2026, 15:04", "2 mar 2026, 15:04"),
        ("{{ v|minutes }}", 320, "5 h 20 min", "5 h 20 min"),
        ("{{ v|minutes }}", 60, "1 h", "1 h"),
        ("{{ v|minutes }}", 0, "0 min", "0 min"),
    ],
)
def test_each_country_writes_its_own_way(text, value, english, spanish):
    assert read(text, "en", v=value) == english
    assert read(text, "es", v=value) == spanish


@pytest.mark.parametrize(
    "name", ["number", "signed", "percent", "money:'EUR'", "money_short:'EUR'", "day", "moment", "ago", "minutes"]
)
def test_the_unknown_is_a_dash_and_not_a_zero(name):
    assert read(f"{{{{ v|{name} }}}}", v=None) == "–"


def test_a_moment_is_told_in_the_readers_zone():
    with timezone.override("America/New_York"):
        assert read("{{ v|moment }}", v=datetime(2026, 3, 2, 2, 0, tzinfo=UTC)) == "1 Mar 2026, 21:00"
        assert read("{{ v|day }}", v=datetime(2026, 3, 2, 2, 0, tzinfo=UTC)) == "1 Mar 2026"


@pytest.mark.parametrize(
    ("days", "english", "spanish"),
    [(0, "today", "hoy"), (-1, "yesterday", "ayer"), (1, "tomorrow", "mañana"), (-9, "9 days ago", "hace 9 días"),
     (-5, "5 days ago", "hace 5 días"), (80, "in 3 months", "dentro de 3 meses")],
)  # fmt: skip
def test_how_long_ago_a_day_was_carries_the_day_itself(days, english, spanish):
    with pretending(date(2026, 3, 2)):
        day = date(2026, 3, 2) + timedelta(days=days)
        assert read("{{ v|ago }}", v=day).endswith(f">{english}</time>")
        assert f'datetime="{day.isoformat()}"' in read("{{ v|ago }}", v=day)
        assert f">{spanish}<" in read("{{ v|ago }}", "es", v=day)


@pytest.mark.parametrize(
    ("seconds", "english", "spanish"),
    [
        (-20, "now", "ahora"),
        (-300, "5 minutes ago", "hace 5 minutos"),
        (-3 * 3600, "3 hours ago", "hace 3 horas"),
        (2 * 86400, "in 2 days", "dentro de 2 días"),
    ],
)
def test_how_long_ago_a_moment_was(seconds, english, spanish):
    assert reader.distance(seconds) == english
    with translation.override("es"):
        assert reader.distance(seconds) == spanish


@pytest.mark.parametrize(
    ("score", "word"),
    [(100, "Healthy"), (70, "Healthy"), (69.4, "Watch"), (39, "At risk"), (0, "At risk"), (None, "No score")],
)
def test_a_band_has_a_word(score, word):
    assert band(score).word == word
    assert word in read("{% health v %}", v=score)


def test_a_change_of_health_is_said_in_words_too():
    assert "down by 6" in read("{% health 55 -6 %}")
    assert "up by 3" in read("{% health 86 3.2 0.94 %}")
    assert "unchanged" in read("{% health 86 0 %}")
    assert "94% known" in read("{% health 86 3.2 0.94 %}")


AMOUNTS = st.decimals(min_value=-(10**12), max_value=10**12, places=3)
LANGUAGES = st.sampled_from(["en", "es"])


@given(AMOUNTS, st.sampled_from(["EUR", "GBP", "JPY", "KWD", "USD"]), LANGUAGES)
def test_the_quick_way_writes_what_babel_writes(amount, currency, language):
    with translation.override(language):
        where = reader.locale()
        assert reader.number(amount, 2) == format_decimal(_unsigned_zero(amount, 2), "#,##0.00", where)
        assert reader.money(amount, currency) == format_currency(
            _unsigned_zero(amount, get_currency_precision(currency)), currency, locale=where
        )


@given(st.decimals(min_value=-50, max_value=50, places=4), LANGUAGES)
def test_the_quick_way_writes_shares_as_babel_does(share, language):
    with translation.override(language):
        assert reader.percent(share) == format_percent(_unsigned_zero(share, 2), None, reader.locale())


def _unsigned_zero(amount, decimals):
    rounded = round(amount, decimals)
    return rounded if rounded else abs(rounded)
