from datetime import date, time

from hypothesis import given
from hypothesis import strategies as st

from cartera.day import rules

WEEK = frozenset({1, 2, 3, 4, 5})
HOURS = rules.Hours(time(9), time(17, 30), WEEK)
MONDAY, FRIDAY = date(2026, 3, 2), date(2026, 3, 6)


def test_a_whole_day_is_its_hours_less_the_break():
    assert rules.working_day(HOURS, today=MONDAY, clock=None) == rules.Day(MONDAY, 450, is_today=True)


def test_what_is_left_shrinks_with_the_day_and_never_grows():
    left = [rules.minutes_left(HOURS, time(hour, minute)) for hour in range(24) for minute in (0, 15, 30, 45)]
    assert left == sorted(left, reverse=True)
    assert rules.minutes_left(HOURS, time(16, 0)) == 90


def test_after_hours_the_next_working_day_is_planned():
    assert rules.working_day(HOURS, today=FRIDAY, clock=time(19)) == rules.Day(date(2026, 3, 9), 450, is_today=False)


def test_who_is_away_plans_the_day_they_are_back():
    away = rules.Hours(time(9), time(17, 30), WEEK, away=((MONDAY, FRIDAY),))
    assert rules.working_day(away, today=MONDAY, clock=None) == rules.Day(date(2026, 3, 9), 450, is_today=False)


def test_who_never_works_has_no_day():
    assert rules.working_day(rules.Hours(time(9), time(17), frozenset()), today=MONDAY, clock=None) is None


def test_shorter_work_still_fits_after_longer_work_did_not():
    assert rules.fit([30, 60, 15, 45], 90) == [True, True, False, False]
    assert rules.fit([30, 80, 15, 45], 90) == [True, False, True, True]


@given(st.lists(st.integers(1, 120), max_size=20), st.integers(0, 600))
def test_a_plan_never_exceeds_the_free_minutes(lengths, free):
    planned = rules.fit(lengths, free)
    used = sum(length for length, fits in zip(lengths, planned, strict=True) if fits)
    assert used <= free
    assert all(length > free - used for length, fits in zip(lengths, planned, strict=True) if not fits)
