import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartera.engine import judging

cases = st.lists(st.tuples(st.integers(0, 5), st.booleans()), max_size=30)


@given(cases)
def test_auc_is_the_share_of_pairs_ranked_rightly(rows):
    hits = [score for score, happened in rows if happened]
    misses = [score for score, happened in rows if not happened]
    pairs = [1.0 if hit > miss else 0.5 if hit == miss else 0.0 for hit in hits for miss in misses]
    expected = sum(pairs) / len(pairs) if pairs else float("nan")
    found = judging.auc([score for score, _ in rows], [happened for _, happened in rows])
    assert found == pytest.approx(expected, nan_ok=True)


def test_the_brier_score_of_always_one_half_is_a_quarter():
    assert judging.brier([0.5, 0.5], [1, 0]) == 0.25
    assert judging.brier([1, 0], [1, 0]) == 0
    assert np.isnan(judging.brier([], []))


def test_chances_that_come_true_as_often_as_they_say_are_calibrated():
    chances = np.repeat([0.2, 0.8], 10)
    outcomes = np.r_[[1] * 2, [0] * 8, [1] * 8, [0] * 2]
    table = judging.calibration(chances, outcomes, groups=2)
    assert table.expected == pytest.approx([0.2, 0.8])
    assert table.happened == pytest.approx([0.2, 0.8])
    assert table.cases.tolist() == [10, 10]
    assert judging.calibration_error(chances, outcomes, groups=2) == pytest.approx(0)
    assert judging.calibration_error(1 - chances, outcomes, groups=2) == pytest.approx(0.6)


def test_with_fewer_cases_than_groups_there_are_fewer_groups():
    assert judging.calibration([0.1, 0.9], [0, 1]).cases.tolist() == [1, 1]
    assert np.isnan(judging.calibration_error([], []))


@pytest.mark.parametrize(("scores", "outcomes"), [([1], [1, 0]), ([float("nan")], [1]), ([0.5], [2]), ([[1]], [[1]])])
def test_what_cannot_be_judged_is_refused(scores, outcomes):
    with pytest.raises(ValueError, match="outcomes"):
        judging.auc(scores, outcomes)


@pytest.mark.parametrize("rows", [60, 300])
def test_the_error_of_the_auc_is_what_drawing_again_shows(rows):
    dice = np.random.default_rng(rows)
    outcomes = dice.integers(0, 2, rows)
    scores = np.round(outcomes + dice.normal(size=rows) * 1.3, 1)  # with ties
    drawn = []
    for _draw in range(600):
        pick = dice.integers(rows, size=rows)
        drawn.append(judging.auc(scores[pick], outcomes[pick]))
    assert judging.auc_error(scores, outcomes) == pytest.approx(np.std(drawn), rel=0.12)
    assert np.isnan(judging.auc_error([1, 2, 3], [1, 0, 0]))


def test_a_forecast_that_is_right_needs_no_line_and_a_bold_one_half_of_it():
    dice = np.random.default_rng(2)
    line = dice.normal(size=40_000) * 1.5 - 0.5
    happened = (dice.random(40_000) < 1 / (1 + np.exp(-line))).astype(float)
    assert judging.calibration_line(line, happened) == pytest.approx((0, 1), abs=0.04)
    assert judging.calibration_line(2 * line + 1, happened) == pytest.approx((-0.5, 0.5), abs=0.04)


def test_a_case_that_counts_twice_is_two_cases():
    line, happened = [0.1, -1.0, 0.4, 2.0, -2.0], [1, 0, 0, 1, 1]
    twice = judging.calibration_line(line, happened, [2, 1, 1, 1, 1])
    assert twice == pytest.approx(judging.calibration_line([*line, 0.1], [*happened, 1]))


def test_a_line_through_one_outcome_needs_something_to_hold_it():
    assert np.isnan(judging.calibration_line([0.0, 1.0], [1, 1])).all()
    level, slope = judging.calibration_line([0.0, 1.0], [1, 1], level_spread=1.0, slope_spread=0.25)
    assert 0 < level < 2
    assert 0.9 < slope < 1.3
