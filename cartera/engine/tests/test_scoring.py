from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartera.engine import scoring
from cartera.engine.scoring import Factor

TENTH = Decimal("0.1")
nan = float("nan")
LOGINS = Factor("logins", [(0, 0), (20, 100)], 3)
DEBT = Factor("debt", [(0, 100), (30, 50), (90, 0)], 1)


# The slow and obvious version: one account, exact fractions and decimals, no columns.


def points_of(factor, value, age):
    """(points, fresh), points None where the factor does not count."""
    if value is None or (factor.fresh_days is not None and (age is None or age > factor.fresh_days)):
        return {"neutral": Decimal(50), "bad": Decimal(0)}.get(factor.unknown), False
    corners = [(Fraction(x), Fraction(y)) for x, y in factor.curve]
    drawn = corners[0][1] if value <= corners[0][0] else corners[-1][1]
    for (left, low), (right, high) in pairwise(corners):
        if left <= value <= right:
            drawn = low + (high - low) * (Fraction(value) - left) / (right - left)
    return (Decimal(drawn.numerator) / drawn.denominator).quantize(TENTH, ROUND_HALF_UP), True


def score_of(factors, values, ages):
    """(score, contributions, coverage) of one account."""
    judged = [points_of(*each) for each in zip(factors, values, ages, strict=True)]
    weights = [Decimal(str(factor.weight)) for factor in factors]
    fresh = sum(weight for weight, (_, known) in zip(weights, judged, strict=True) if known)
    coverage = fresh / sum(weights) if sum(weights) else Decimal(0)
    blocked = any(f.unknown == "block" and not known for f, (_, known) in zip(factors, judged, strict=True))
    if not fresh or blocked:
        return None, [None] * len(factors), coverage
    counted = [(i, weights[i], points) for i, (points, _) in enumerate(judged) if points is not None]
    whole = sum(weight for _, weight, _ in counted)
    exact = {i: Fraction(weight) * Fraction(points) / Fraction(whole) for i, weight, points in counted}
    total = sum(exact.values())
    score = (Decimal(total.numerator) / total.denominator).quantize(TENTH, ROUND_HALF_UP)
    shown = {i: (Decimal(part.numerator) / part.denominator).quantize(TENTH, ROUND_FLOOR) for i, part in exact.items()}
    losers = sorted(exact, key=lambda i: (Fraction(shown[i]) - exact[i], i))
    for i in losers[: int((score - sum(shown.values())) / TENTH)]:
        shown[i] += TENTH
    return score, [shown.get(i) for i in range(len(factors))], coverage


corner_values = st.lists(st.integers(-100, 100), min_size=1, max_size=5, unique=True).map(sorted)


@st.composite
def scorecards(draw):
    names = draw(st.integers(1, 6))
    factors = []
    for number in range(names):
        values = draw(corner_values)
        points = draw(st.lists(st.integers(0, 100), min_size=len(values), max_size=len(values)))
        factors.append(
            Factor(
                f"f{number}",
                list(zip(values, points, strict=True)),
                draw(st.integers(0, 1000).map(lambda hundredths: Decimal(hundredths) / 100)),
                draw(st.sampled_from(["redistribute", "redistribute", "neutral", "bad", "block"])),
                draw(st.none() | st.integers(0, 60)),
            )
        )
    return factors


@st.composite
def scored(draw, moments=1):
    """A scorecard and, for each moment, values and ages of the same few accounts; quarters are exact in binary."""
    factors = draw(scorecards())
    size = draw(st.integers(0, 4))
    quarter = st.integers(-600, 600).map(lambda quarters: quarters / 4)
    table = lambda cell: st.lists(  # noqa: E731
        st.lists(cell, min_size=len(factors), max_size=len(factors)), min_size=size, max_size=size
    )
    return factors, [
        (draw(table(st.none() | quarter)), draw(table(st.none() | st.integers(0, 90)))) for _ in range(moments)
    ]


def columns(rows, factors):
    return np.array([[nan if cell is None else cell for cell in row] for row in rows], float).reshape(-1, len(factors))


def shown(figure):
    return None if np.isnan(figure) else Decimal(repr(float(figure)))


@given(scored())
def test_every_score_equals_the_one_worked_out_with_pencil_and_paper(example):
    factors, [(values, ages)] = example
    scores = scoring.score(factors, columns(values, factors), columns(ages, factors))
    for row, (some_values, some_ages) in enumerate(zip(values, ages, strict=True)):
        score, parts, coverage = score_of(factors, some_values, some_ages)
        assert shown(scores.score[row]) == score
        assert [shown(part) for part in scores.contributions[row]] == parts
        assert scores.coverage[row] == pytest.approx(float(coverage))


@given(scored())
def test_the_score_is_exactly_the_sum_of_the_parts_shown(example):
    factors, [(values, ages)] = example
    scores = scoring.score(factors, columns(values, factors), columns(ages, factors))
    for score, parts in zip(scores.score, scores.contributions, strict=True):
        if shown(score) is not None:
            assert sum(shown(part) for part in parts if shown(part) is not None) == shown(score)


@given(scored(moments=2))
def test_the_change_between_two_dates_is_exactly_the_sum_of_the_changes_of_its_factors(example):
    factors, moments = example
    before, after = (scoring.score(factors, columns(v, factors), columns(a, factors)) for v, a in moments)
    change = scoring.difference(before, after)
    for row in range(len(change.total)):
        if np.isnan(before.score[row]) or np.isnan(after.score[row]):
            assert np.isnan(change.total[row])
            assert np.isnan(change.parts[row]).all()
        else:
            assert shown(before.score[row]) + shown(change.total[row]) == shown(after.score[row])
            assert sum(shown(part) for part in change.parts[row]) == shown(change.total[row])


def test_an_account_nobody_measures_has_no_score_rather_than_zero():
    for unknown in ("redistribute", "neutral", "bad", "block"):
        scores = scoring.score([Factor("logins", [(0, 0), (20, 100)], 3, unknown)], [[nan]])
        assert np.isnan(scores.score[0])
        assert np.isnan(scores.contributions[0, 0])
        assert scores.coverage[0] == 0


def test_what_is_unknown_leaves_its_weight_to_the_others():
    scores = scoring.score([LOGINS, DEBT], [[10, 30], [10, nan]])
    assert scores.score.tolist() == [50, 50]
    assert scores.contributions[0].tolist() == [37.5, 12.5]
    assert scores.contributions[1, 0] == 50
    assert np.isnan(scores.contributions[1, 1])
    assert scores.coverage.tolist() == [1, 0.75]


@pytest.mark.parametrize(("unknown", "expected"), [("neutral", 87.5), ("bad", 75), ("block", nan)])
def test_the_unknown_can_be_neutral_or_bad_or_block_the_score(unknown, expected):
    debt = Factor("debt", DEBT.curve, 1, unknown)
    scores = scoring.score([LOGINS, debt], [[20, nan]])
    assert scores.score == pytest.approx([expected], nan_ok=True)
    assert scores.coverage.tolist() == [0.75]


def test_a_value_that_is_too_old_counts_as_unknown_and_so_does_one_of_unknown_age():
    logins = Factor("logins", LOGINS.curve, 3, fresh_days=30)
    scores = scoring.score([logins, DEBT], [[20, 30]] * 3, [[30, nan], [31, nan], [nan, nan]])
    assert scores.score.tolist() == [87.5, 50, 50]
    assert scores.coverage.tolist() == [1, 0.25, 0.25]
    with pytest.raises(ValueError, match="ages are needed"):
        scoring.score([logins], [[20]])


def test_thirds_are_rounded_so_that_they_still_add_up():
    thirds = [Factor(key, [(0, 0), (1, 100)], 1) for key in "abc"]
    scores = scoring.score(thirds, [[1, 1, 1]])
    assert scores.contributions[0].tolist() == [33.4, 33.3, 33.3]
    assert scores.score[0] == 100


def test_a_curve_is_flat_beyond_its_ends():
    scores = scoring.score([DEBT], [[-5], [15], [60], [1000], [float("inf")]])
    assert scores.points[:, 0].tolist() == [100, 75, 25, 0, 0]


def test_no_accounts_and_no_factors_are_no_trouble():
    assert scoring.score([LOGINS, DEBT], np.empty((0, 2))).score.shape == (0,)
    empty = scoring.score([], np.empty((2, 0)))
    assert np.isnan(empty.score).all()
    assert empty.coverage.tolist() == [0, 0]


@pytest.mark.parametrize(
    "wrong",
    [
        {"curve": []},
        {"curve": [(1, 0), (1, 100)]},
        {"curve": [(0, 0), (nan, 100)]},
        {"curve": [(0, -1)]},
        {"curve": [(0, 101)]},
        {"curve": [(0, nan)]},
        {"weight": -1},
        {"weight": 0.001},
        {"weight": 10_001},
        {"unknown": "guess"},
    ],
)
def test_a_factor_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValueError, match="logins"):
        Factor(**{"key": "logins", "curve": [(0, 0), (20, 100)], "weight": 1} | wrong)


def test_columns_that_do_not_match_are_refused():
    with pytest.raises(ValueError, match="one column"):
        scoring.score([LOGINS], [[1, 2]])
    with pytest.raises(ValueError, match="ages"):
        scoring.score([LOGINS], [[1]], [[1], [2]])
    with pytest.raises(ValueError, match="subtracted"):
        scoring.difference(scoring.score([LOGINS], [[1]]), scoring.score([LOGINS], [[1], [2]]))


def test_a_value_on_the_line_between_two_tenths_goes_up_whatever_binary_thinks_of_it():
    tie = Factor("tie", [(0, 57), (5, 58)], 1)
    assert scoring.score([tie], [[0.25], [0.75], [1.25]]).score.tolist() == [57.1, 57.2, 57.3]
