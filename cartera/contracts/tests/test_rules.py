from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from cartera.contracts import rules

days = st.dates(date(1990, 1, 1), date(2090, 1, 1))


@given(days)
def test_twelve_months_hold_a_year_and_end_today(on):
    since, until = rules.twelve_months(on)
    assert until - timedelta(days=1) == on
    assert (until - since).days in (365, 366)


@given(st.lists(st.tuples(days, st.decimals(1, 9, places=2)), unique_by=lambda rate: rate[0]), days)
def test_the_rate_of_a_day_is_the_last_one_known_by_then(rates, day):
    rates.sort()
    known = [rate for on, rate in rates if on <= day]
    assert rules.rate_on(rates, day) == (known[-1] if known else None)


def test_the_chance_of_loss_grows_on_the_day_it_says():
    for late in range(1, 200):
        chance, days_left = rules.chance_of_loss(late)
        if days_left:
            assert rules.chance_of_loss(late + days_left - 1)[0] == chance
            assert rules.chance_of_loss(late + days_left)[0] > chance


def test_months_go_back_over_the_turn_of_the_year():
    assert rules.months_until(date(2026, 1, 31), 3) == [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1)]


def test_a_credit_note_is_known_by_its_sign_or_its_number():
    assert rules.kind_of("F-1", Decimal(-1)) == rules.kind_of("C536379", Decimal(1)) == "credit_note"
    assert rules.kind_of("F-1", Decimal(0)) == "invoice"
