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
