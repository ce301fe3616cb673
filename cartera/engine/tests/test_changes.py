"""Differences of scores, by properties: parts add up to the last tenth, and depend on no order."""

from fractions import Fraction
from math import isnan, nan

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cartera.engine import changes, scoring

BUSY = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
KEYS = "abcdef"
FIGURES = st.floats(-20, 20) | st.just(nan)


@st.composite
def factors(draw, key):
    values = sorted(draw(st.sets(st.integers(-10, 10), min_size=1, max_size=4)))
    return scoring.Factor(
        key=key,
        curve=[(value, draw(st.integers(0, 100))) for value in values],
        weight=draw(st.integers(0, 40) | st.decimals(0, 40, places=2)),
        unknown=draw(st.sampled_from(["redistribute", "neutral", "bad", "block"])),
        fresh_days=draw(st.none() | st.integers(0, 60)),
    )


@st.composite
def cards(draw):
    keys = draw(st.sets(st.sampled_from(KEYS), min_size=1))
    return [draw(factors(key)) for key in sorted(keys)]


def moment(card, data):
    """A day as it is kept, scored by the engine; None when it has no score."""
    scored = scoring.score(card, [[data[f.key][0] for f in card]], [[data[f.key][1] for f in card]])
    if isnan(scored.score[0]):
        return None
    points = [None if isnan(one) else float(one) for one in scored.points[0]]
    readings = {f.key: changes.Reading(*data[f.key], at) for f, at in zip(card, points, strict=True)}
    return changes.Moment(card, readings), float(scored.score[0])


DATA = st.fixed_dictionaries({key: st.tuples(FIGURES, st.floats(0, 90)) for key in KEYS})


def tenths(figure):
    assert abs(figure * 10 - round(figure * 10)) < 1e-6
    return round(figure * 10)


@BUSY
@given(cards(), cards(), DATA, DATA)
def test_parts_add_up_to_the_difference_of_the_scores_shown(one, other, before, after):
    first, last = moment(one, before), moment(other, after)
    assume(first and last)
    found = changes.split(first[0], last[0])
    assert tenths(found.total) == tenths(last[1]) - tenths(first[1])
    kinds = [tenths(getattr(part, kind)) for part in found.parts for kind in ("values", "missing", "card")]
    assert sum(kinds) == tenths(found.total)
    assert sum(tenths(part.total) for part in found.parts) == tenths(found.total)


@BUSY
@given(cards(), DATA, DATA)
def test_under_one_scorecard_nothing_is_put_down_to_it(card, before, after):
    first, last = moment(card, before), moment(card, after)
    assume(first and last)
    for part in changes.split(first[0], last[0]).parts:
        assert part.card == 0
        if first[0].readings[part.key] == last[0].readings[part.key]:
            assert part.total == 0, "what did not change has done nothing"


@BUSY
@given(cards(), cards(), DATA)
def test_with_the_same_data_all_is_put_down_to_the_scorecard(one, other, data):
    first, last = moment(one, data), moment(other, data)
    assume(first and last)
    assert all(part.values == part.missing == 0 for part in changes.split(first[0], last[0]).parts)


@BUSY
@given(cards(), cards(), DATA, DATA)
def test_the_other_way_round_every_part_turns_its_sign(one, other, before, after):
    first, last = moment(one, before), moment(other, after)
    assume(first and last)
    there, back = changes.split(first[0], last[0]), changes.split(last[0], first[0])
    turned = {part.key: (-part.values, -part.missing, -part.card) for part in back.parts}
    for part in there.parts:
        kinds = zip((part.values, part.missing, part.card), turned[part.key], strict=True)
        assert all(abs(a - b) < 0.11 for a, b in kinds), "but for a tenth that equal parts have to share out"


@BUSY
@given(cards(), DATA, DATA)
def test_a_scorecard_of_ten_times_the_weights_is_the_same_scorecard(card, before, after):
    tenfold = [scoring.Factor(f.key, f.curve, f.weight * 10, f.unknown, f.fresh_days) for f in card]
    first, last = moment(card, before), moment(tenfold, after)
    assume(first and last)
    assert changes.split(first[0], last[0]) == changes.split(first[0], moment(card, after)[0])


def test_a_fall_is_told_as_a_person_would():
    orders = scoring.Factor("orders", [(0, 0), (1, 100)], 60)
    overdue = scoring.Factor("overdue", [(0, 100), (1, 0)], 40)
    first, _score = moment([orders, overdue], {"orders": (0.9, 0), "overdue": (0.1, 0)})
    last, _score = moment([orders, overdue], {"orders": (0.5, 0), "overdue": (nan, 0)})
    found = changes.split(first, last)
    assert found.total == -40.0
    assert {part.key: (part.values, part.missing) for part in found.parts} == {
        "orders": (-30.0, 0.0), "overdue": (0.0, -10.0),
    }  # fmt: skip


@given(st.lists(st.fractions(-50, 50), min_size=1, max_size=8), st.fractions(Fraction(-99, 100), Fraction(99, 100)))
def test_whole_numbers_add_up_and_whole_ones_stay(exact, off):
    total = round(sum(exact) + off)
    assume(abs(total - sum(exact)) < 1)
    found = changes.apportion(exact, total)
    assert sum(found) == total
    for one, whole in zip(exact, found, strict=True):
        assert abs(one - whole) < 2
        if one.denominator == 1:
            assert whole == one
