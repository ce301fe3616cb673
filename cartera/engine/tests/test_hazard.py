import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartera.engine import hazard, scoring
from cartera.engine.hazard import Model, RiskFactor, Shape, hundredths

RHYTHM = [(0.0, 0), (0.1, 35), (0.5, 80), (0.8, 100)]
FACTORS = [
    RiskFactor("rhythm", RHYTHM, 60, direction="up"),
    RiskFactor("overdue", [(0.0, 100), (3.0, 0)], 40, "bad", "down"),
    RiskFactor("age"),
]
figures = st.one_of(st.just(np.nan), st.floats(-5, 5))
accounts = st.lists(st.tuples(figures, figures, figures), min_size=1, max_size=8).map(np.array)
heights = st.floats(-9, 9)


@st.composite
def models(draw):
    shapes = []
    for key in "abc":
        values = draw(st.lists(st.floats(-4, 4), max_size=5, unique=True).map(sorted))
        corners = tuple((value, draw(heights)) for value in values)
        shapes.append(Shape(key, corners, draw(st.one_of(heights, st.just(np.nan))), draw(st.floats(0, 3))))
    return Model(draw(heights), tuple(shapes), draw(st.sampled_from([30.0, 90.0])))


@given(models(), accounts)
def test_parts_add_up_to_the_log_odds_to_the_last_decimal_shown(model, values):
    found = hazard.read(model, values)
    said = ~np.isnan(found.log_odds)
    sums = hundredths(found.base) + hundredths(found.parts).sum(axis=1)
    assert (sums == hundredths(found.log_odds))[said].all()
    shown = [sum(round(part * 100) for part in row) + round(found.base * 100) for row in found.parts[said]]
    assert shown == [round(figure * 100) for figure in found.log_odds[said]]
    np.testing.assert_allclose(found.hazard[said], 1 / (1 + np.exp(-found.log_odds[said])))


@given(models(), accounts)
def test_a_model_kept_as_json_reads_the_same(model, values):
    again = Model.from_dict(json.loads(json.dumps(model.as_dict())))
    np.testing.assert_array_equal(hazard.read(again, values).log_odds, hazard.read(model, values).log_odds)
    assert again.as_dict() == model.as_dict()


@given(st.floats(0, 0.99), st.integers(1, 12))
def test_risk_of_several_periods_is_not_to_survive_all_of_them(chance, periods):
    surviving = 1.0
    for _period in range(periods):
        surviving *= 1 - chance
    assert hazard.over([chance], periods)[0] == pytest.approx(1 - surviving)
    assert hazard.together([[chance] * periods])[0] == pytest.approx(1 - surviving)


def test_a_longer_horizon_is_riskier_and_a_period_is_the_hazard_itself():
    found = hazard.read(hazard.start(FACTORS, np.empty((0, 3)), base=0.1, period=30), np.array([[0.05, 1.0, 3.0]]))
    assert found.risk(30)[0] == pytest.approx(found.hazard[0])
    assert found.risk(30)[0] < found.risk(90)[0] < found.risk(180)[0] < 1


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 4)), min_size=2, max_size=20))
def test_before_there_is_history_the_log_odds_are_a_straight_line_over_the_score(known):
    values = np.array([[rhythm, overdue, 7.0] for rhythm, overdue in known])
    cards = [scoring.Factor(one.key, one.curve, one.weight) for one in FACTORS[:2]]
    score = scoring.score(cards, values[:, :2]).score
    found = hazard.read(hazard.start(FACTORS, values, base=0.2, period=30), values)
    line = found.log_odds + hazard.STEEPNESS * score / 100
    assert np.ptp(line) < 0.03  # parts are rounded to hundredths, scores to tenths


@given(accounts, st.floats(0.01, 0.6))
def test_the_mean_hazard_of_the_start_is_the_stated_base(values, base):
    model = hazard.start(FACTORS, values, base=base, period=30)
    sums = sum(shape.parts(column) for shape, column in zip(model.shapes, values.T, strict=True))
    assert float(np.mean(1 / (1 + np.exp(-(sums + model.base))))) == pytest.approx(base, abs=1e-6)


def test_an_unknown_value_has_a_level_of_its_own():
    values = np.array([[0.0, 0.0, 1.0], [0.8, 0.0, 1.0]])
    found = hazard.read(hazard.start(FACTORS, values, base=0.1, period=30), [[np.nan, 0.0, 1.0], [0.8, np.nan, 1.0]])
    assert found.parts[0, 0] == 0  # its weight goes to the others: it says nothing
    assert found.parts[1, 1] == pytest.approx(1.6)  # "bad" counts as 0 points: 4 · 40 % more than all the others' 100
    assert found.known[0] < found.known[1] <= 1


def test_no_risk_is_said_where_nothing_is_known_or_a_factor_blocks():
    factors = [RiskFactor("rhythm", RHYTHM, 1, "block"), RiskFactor("age")]
    found = hazard.read(hazard.start(factors, np.empty((0, 2)), base=0.1, period=30), [[np.nan, 3.0], [0.5, np.nan]])
    assert np.isnan(found.hazard[0])
    assert np.isnan(found.risk(90)[0])
    assert not np.isnan(found.hazard[1])
    nothing = hazard.read(hazard.start(FACTORS, np.empty((0, 3)), base=0.1, period=30), [[np.nan] * 3])
    assert np.isnan(nothing.log_odds).all()


def test_what_changed_between_versions_is_said_in_weight_and_where_the_curves_differ_most():
    before = Model(0.0, (Shape("a", ((0.0, 0.0), (1.0, 1.0)), 0.0, 3.0), Shape("b", (), 0.0, 1.0)), 30)
    after = Model(0.0, (Shape("a", ((0.0, 0.0), (1.0, -2.0)), 0.5, 1.0), Shape("c", ((2.0, 0.7),), 0.0, 1.0)), 30)
    found = {change.key: change for change in hazard.changes(before, after)}
    assert (found["a"].weight_before, found["a"].weight_after) == (75, 50)
    assert (found["a"].at, found["a"].before, found["a"].after) == (1.0, 1.0, -2.0)
    assert (found["b"].weight_before, found["b"].weight_after) == (25, 0)
    assert (found["c"].weight_before, found["c"].weight_after, found["c"].after) == (0, 50, 0.7)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"curve": [(1, 0), (0, 10)]}, "increasing"),
        ({"curve": [(0, 101)]}, "between 0 and 100"),
        ({"weight": 3}, "needs a curve"),
        ({"direction": "sideways"}, "direction"),
        ({"unknown": "ignore"}, "policy"),
    ],
)
def test_a_factor_that_breaks_the_rules_is_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        RiskFactor("age", **wrong)


def test_a_table_of_other_columns_is_refused():
    model = hazard.start(FACTORS, np.empty((0, 3)), base=0.1, period=30)
    with pytest.raises(ValueError, match="one column"):
        hazard.read(model, np.zeros((2, 2)))
    with pytest.raises(ValueError, match="between 0 and 1"):
        hazard.start(FACTORS, np.empty((0, 3)), base=1.0, period=30)
