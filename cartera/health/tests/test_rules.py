from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cartera.engine import scoring
from cartera.health import rules

# Making examples may be slow on a busy machine; that is no mistake.


def test_bands_change_at_seventy_and_forty():
    assert [rules.band(score) for score in (100, 70, 69.9, 40, 39.9, 0, None)] == [
        "good", "good", "watch", "watch", "bad", "bad", "unknown",
    ]  # fmt: skip


def test_probabilities_are_said_as_people_say_them():
    assert [rules.one_in(p) for p in (1.0, 0.5, 0.12, 0.026, 0.0071, 0.00001, 0.0)] == [1, 2, 8, 38, 140, 1000, 1000]


def test_weeks_begin_on_monday():
    sunday, monday = date(2026, 3, 1), date(2026, 3, 2)
    assert rules.week_of(monday) - rules.week_of(sunday) == 1
    assert rules.week_of(date(2026, 3, 8)) == rules.week_of(monday)


def test_the_history_line_has_a_point_a_week():
    line = rules.carried([], weeks=0, score=50.0)
    assert line == [50.0]
    line = rules.carried(line, weeks=0, score=52.0)
    assert line == [52.0]
    line = rules.carried(line, weeks=3, score=40.0)
    assert line == [52.0, 52.0, 52.0, 40.0]
    assert rules.carried(line, weeks=-2, score=60.0) == [52.0, 60.0]
    assert rules.carried(line, weeks=-9, score=60.0) == [60.0]
    assert rules.carried(line, weeks=500, score=None) == [40.0] * 25 + [None]


@given(st.lists(st.integers(0, 100) | st.none(), max_size=26), st.integers(-60, 60), st.integers(0, 100))
def test_a_line_ends_with_the_score_and_never_grows_too_long(line, weeks, score):
    found = rules.carried(line, weeks=weeks, score=score)
    assert found[-1] == score
    assert 1 <= len(found) <= rules.LINE


FACTORS = [
    scoring.Factor("a", [(0, 0), (1, 100)], 3),
    scoring.Factor("b", [(0, 100), (10, 0)], 2),
    scoring.Factor("c", [(0, 20), (5, 100)], 1, "neutral"),
]
KNOWN = st.floats(-20, 20) | st.just(float("nan"))


@given(st.lists(st.tuples(KNOWN, KNOWN, KNOWN), min_size=1, max_size=8))
def test_fingerprints_are_equal_exactly_when_points_and_parts_are(rows):
    scores = scoring.score(FACTORS, np.array(rows))
    marks = rules.fingerprints(scores, 1)
    columns = zip(scores.points, scores.contributions, scores.score, strict=True)
    told = [tuple(np.nan_to_num(np.r_[p, c, s], nan=-1)) for p, c, s in columns]
    for one in range(len(rows)):
        for other in range(len(rows)):
            assert (marks[one] == marks[other]) == (told[one] == told[other])
    assert not set(marks) & set(rules.fingerprints(scores, 2))


def test_a_difference_is_split_exactly():
    before = [{"measure": "a", "part": 12.3}, {"measure": "b", "part": None}, {"measure": "c", "part": 7.7}]
    after = [{"measure": "a", "part": 2.1}, {"measure": "b", "part": 5.5}]
    found = rules.difference(before, after)
    assert found.by_measure == {"a": -10.2, "b": 5.5, "c": -7.7}
    assert found.total == -12.4


def test_who_left_a_while_ago_is_to_be_won_back_and_not_just_called():
    assert rules.is_gone(active=0.01, silence=200)
    assert not rules.is_gone(active=0.01, silence=61)
    assert not rules.is_gone(active=0.4, silence=200)
    assert not rules.is_gone(active=None, silence=None)


def test_an_account_has_one_reason_and_silence_comes_first():
    assert rules.reason(score=20, change=-30, unlikely=0.01) == "silence"
    assert rules.reason(score=20, change=-30, unlikely=0.5) == "fell"
    assert rules.reason(score=20, change=-3, unlikely=None) == "red"
    assert rules.reason(score=80, change=None, unlikely=0.9) is None
    assert rules.reason(score=None, change=None, unlikely=None) is None
