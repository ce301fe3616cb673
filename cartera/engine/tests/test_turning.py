"""What lifts a score over a line, against trying every set."""

from itertools import chain, combinations
from math import isnan

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cartera.engine import scoring, turning

BUSY = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


@st.composite
def cases(draw):
    """Factors with values (None: unknown) and minutes (None: nothing can be done)."""
    factors, values, minutes = [], [], []
    for place in range(draw(st.integers(1, 6))):
        corners = sorted(draw(st.sets(st.integers(-8, 8), min_size=1, max_size=4)))
        curve = [(corner, draw(st.integers(0, 100))) for corner in corners]
        policy = draw(st.sampled_from(["redistribute", "neutral", "bad"]))
        factors.append(scoring.Factor(str(place), curve, draw(st.integers(0, 30)), policy))
        values.append(draw(st.none() | st.floats(-10, 10).map(lambda one: round(one, 2))))
        minutes.append(draw(st.none() | st.integers(1, 60)))
    return factors, values, minutes


def scored(factors, values):
    found = scoring.score(factors, [[float("nan") if value is None else value for value in values]])
    return found.score[0], [None if isnan(one) else float(one) for one in found.points[0]]


def best_value(factor):
    return max(factor.curve, key=lambda corner: corner[1])[0]


def cheapest_by_trying(factors, values, minutes, line):
    able = [place for place, cost in enumerate(minutes) if cost is not None]
    costs = []
    for chosen in chain.from_iterable(combinations(able, size) for size in range(len(able) + 1)):
        tried = [best_value(f) if place in chosen else values[place] for place, f in enumerate(factors)]
        if scored(factors, tried)[0] >= line:
            costs.append(sum(minutes[place] for place in chosen))
    return min(costs, default=None)


@BUSY
@given(cases(), st.sampled_from([40.0, 70.0]))
def test_it_costs_no_more_than_the_best_of_all_sets(case, line):
    factors, values, minutes = case
    score, points = scored(factors, values)
    assume(score < line)
    found = turning.cheapest(factors, points, values, minutes, line=line)
    least = cheapest_by_trying(factors, values, minutes, line)
    assert (found.moves is None) == (least is None)
    if found.moves is not None:
        assert found.minutes == least == sum(move.minutes for move in found.moves)


@BUSY
@given(cases(), st.sampled_from([40.0, 70.0]))
def test_the_values_it_names_do_cross_the_line(case, line):
    factors, values, minutes = case
    score, points = scored(factors, values)
    assume(score < line)
    found = turning.cheapest(factors, points, values, minutes, line=line)
    assume(found.moves is not None)
    targets = {move.key: move.value for move in found.moves}
    tried = [targets.get(factor.key, value) for factor, value in zip(factors, values, strict=True)]
    assert scored(factors, tried)[0] >= line


@BUSY
@given(cases(), st.sampled_from([40.0, 70.0]))
def test_where_no_set_is_enough_it_says_how_far_all_together_come(case, line):
    factors, values, minutes = case
    score, points = scored(factors, values)
    assume(score < line)
    found = turning.cheapest(factors, points, values, minutes, line=line)
    assert found.reach >= score
    assert (found.moves is None) == (found.reach < line)


def test_each_goes_the_same_share_of_its_way_and_no_further():
    overdue = scoring.Factor("overdue", [(0, 100), (1, 40), (3, 0)], 50)
    people = scoring.Factor("people", [(0, 0), (1, 100)], 50)
    found = turning.cheapest([overdue, people], [40.0, 20.0], [1.0, 0.2], [30, 20], line=80.0)
    assert found.minutes == 50
    assert [(move.key, move.at_least) for move in found.moves] == [("overdue", False), ("people", True)]
    assert [(move.points, move.value) for move in found.moves] == [(82.9, 0.28), (77.1, 0.78)]


def test_what_cannot_be_reached_is_said():
    people = scoring.Factor("people", [(0, 0), (1, 100)], 10)
    orders = scoring.Factor("orders", [(0, 0), (1, 100)], 90)
    found = turning.cheapest([people, orders], [0.0, 30.0], [0.0, 0.3], [10, None], line=70.0)
    assert (found.moves, found.reach) == (None, 37.0)


@pytest.mark.parametrize(
    ("points", "present", "expected"),
    [(50, 0.0, (0.5, True, 1)), (50, 3.0, (2.5, False, 1)), (100, 0.0, (1.0, True, 0)), (30, None, (0.3, True, 1))],
)
def test_the_nearest_value_is_named(points, present, expected):
    assert turning.reading([(0, 0), (1, 100), (2, 100), (3, 0)], points, present) == expected


def test_points_that_a_curve_never_gives_are_refused():
    with pytest.raises(ValueError, match="never"):
        turning.reading([(0, 0), (1, 50)], 60, 0.0)
