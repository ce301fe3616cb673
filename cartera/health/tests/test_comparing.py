"""What a draft would change, against a slow and obvious count."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cartera.engine import scoring
from cartera.health import rules
from cartera.health.comparing import MOVERS, Side, compare, distribution, proposed

UNKNOWN = float("nan")
VALUES = st.floats(-5, 15) | st.just(UNKNOWN)
NOW = [scoring.Factor("a", [(0, 0), (10, 100)], 3), scoring.Factor("b", [(0, 100), (10, 0)], 2, "bad")]
DRAFT = [scoring.Factor("b", [(0, 80), (10, 10)], 1), scoring.Factor("c", [(0, 0), (5, 100)], 4)]


def side(factors, columns):
    values = np.column_stack([columns[factor.key] for factor in factors])
    found = Side.of_nobody(len(values))
    found.fill(np.arange(len(values)), [factor.key for factor in factors], scoring.score(factors, values))
    return found


@given(st.lists(st.tuples(VALUES, VALUES, VALUES), min_size=1, max_size=30))
def test_counts_and_differences_are_those_of_a_count_by_hand(rows):
    columns = dict(zip("abc", np.array(rows, float).T, strict=True))
    before, after = side(NOW, columns), side(DRAFT, columns)
    found = compare(np.arange(len(rows)) + 100, before, after)
    pairs = [
        tuple(None if np.isnan(x) else float(x) for x in pair) for pair in zip(before.score, after.score, strict=True)
    ]
    for row, one in enumerate(rules.BANDS):
        for column, other in enumerate(rules.BANDS):
            assert found["matrix"][row][column] == sum((rules.band(b), rules.band(a)) == (one, other) for b, a in pairs)
    known = [(b, a) for b, a in pairs if b is not None and a is not None]
    assert found["moved"] == sum(b != a for b, a in known)
    assert len(found["fell"]) == min(sum(a < b for b, a in known), MOVERS)
    assert len(found["rose"]) == min(sum(a > b for b, a in known), MOVERS)
    assert found["before"]["unknown"] == sum(b is None for b, _a in pairs)
    for mover in [*found["fell"], *found["rose"]]:
        assert pairs[mover["account"] - 100] == (mover["before"], mover["after"])
        tenths = sum(round(part * 10) for _measure, part in mover["parts"])
        assert tenths == round(mover["after"] * 10) - round(mover["before"] * 10)


@given(st.lists(VALUES, max_size=40), st.lists(st.floats(-50, 50), max_size=4, unique=True))
def test_a_distribution_counts_every_known_value_and_holds_every_corner(values, corners):
    found = distribution(np.array(values, float), [(corner, 0) for corner in corners])
    assert sum(found["bins"]) == found["known"] == sum(value == value for value in values)
    assert all(found["low"] < corner < found["high"] for corner in corners)


@given(st.lists(st.floats(-1e9, 1e9) | st.just(UNKNOWN), max_size=40), st.sampled_from(["up", "down"]))
def test_a_proposed_curve_can_be_scored_and_rises_where_more_is_better(values, direction):
    corners = proposed(np.array(values, float), direction)
    scoring.Factor("a", corners, 1)
    assert (corners[0][1] < corners[-1][1]) == (direction == "up")


def test_nobody_is_compared_with_nobody():
    found = compare(np.array([], np.int64), Side.of_nobody(0), Side.of_nobody(0))
    assert (found["moved"], found["fell"], found["after"]["mean"]) == (0, [], None)
