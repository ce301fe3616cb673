from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartera.engine import hazard, judging, learning, shapes
from cartera.engine.hazard import RiskFactor, Shape, hundredths
from cartera.engine.learning import Snapshots

FACTORS = [
    RiskFactor("rhythm", [(0, 0), (1, 100)], 30, direction="up"),
    RiskFactor("overdue", [(0, 100), (5, 0)], 20, "neutral", "down"),
    RiskFactor("mood"),
]
MONTH = 30.0


def book(accounts, *, cuts=6, seed=3, effect=3.0, level=-2.0):
    """Snapshots of a book whose losses follow known curves; the last two cuts are not over yet."""
    dice = np.random.default_rng(seed)
    rows = accounts * cuts
    values = np.column_stack([dice.random(rows), dice.exponential(2, rows), dice.normal(size=rows)])
    values[dice.random(values.shape) < 0.1] = np.nan
    known = np.where(np.isnan(values), [0.5, 2.0, 0.0], values)
    log_odds = level - effect * (known[:, 0] - 0.5) + 0.3 * known[:, 1] + 0.5 * known[:, 2]
    outcome = (dice.random(rows) < 1 / (1 + np.exp(-log_odds))).astype(float)
    cut = np.repeat(np.arange(cuts) * MONTH, accounts)
    outcome[cut >= (cuts - 2) * MONTH] = np.nan
    return Snapshots(values, np.tile(np.arange(accounts), cuts), cut, outcome)


def learned(snapshots, **more):
    return learning.fit(snapshots, FACTORS, **{"base": 0.1, "period": MONTH, "as_of": snapshots.cut.max(), **more})


def test_without_losses_the_model_is_the_scorecard():
    snapshots = book(8)
    found = learned(Snapshots(snapshots.values, snapshots.account, snapshots.cut, snapshots.outcome * 0))
    assert found.model == found.start
    assert found.model.origin == "scorecard"
    assert found.calibration is None
    newest = snapshots.values[snapshots.cut == snapshots.cut.max()]
    level = (0.1 * 20 + 0) / (20 + 8 * 4)  # the stated base, after as many kept accounts
    by_hand = hazard.start(FACTORS, newest, base=level, period=MONTH)
    assert found.model == by_hand


def test_without_any_past_cut_the_model_is_the_scorecard_too():
    snapshots = book(20).only(np.arange(120) >= 100)
    assert learned(snapshots).model == hazard.start(FACTORS, snapshots.values, base=0.1, period=MONTH)


@pytest.mark.parametrize(("accounts", "origin"), [(60, "few"), (500, "many")])
def test_with_history_parts_still_add_up_and_the_ranking_is_better(accounts, origin):
    snapshots = book(accounts)
    found = learned(snapshots)
    assert found.model.origin == origin
    later = book(accounts, cuts=12, seed=9).only(np.arange(accounts * 12) < accounts * 10)
    read = hazard.read(found.model, later.values)
    began = hazard.read(found.start, later.values)
    said = ~np.isnan(read.log_odds)
    sums = hundredths(read.base) + hundredths(read.parts).sum(axis=1)
    assert (sums == hundredths(read.log_odds))[said].all()
    ours, theirs = (judging.auc(one.log_odds[said], later.outcome[said]) for one in (read, began))
    assert ours > theirs - 0.005
    assert judging.calibration_error(read.hazard[said], later.outcome[said]) < (0.08 if origin == "few" else 0.04)


def test_the_more_were_lost_the_further_the_model_moves_from_the_scorecard():
    def moved(accounts):
        found = learned(book(accounts))
        return {change.key: change.weight_after for change in hazard.changes(found.start, found.model)}["mood"]

    few, some, many = moved(30), moved(200), moved(2000)
    assert 0 < few < some < many
    assert few < 5 < 15 < many


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.sampled_from([40, 150, 400]))
def test_a_curve_never_moves_against_its_direction_whatever_the_data_say(seed, accounts):
    found = learned(book(accounts, seed=seed, effect=-2.0))  # here a good rhythm would make losses likelier
    curves = {shape.key: np.array(shape.corners)[:, 1] for shape in found.model.shapes}
    assert np.all(np.diff(curves["rhythm"]) <= 1e-9)
    assert np.all(np.diff(curves["overdue"]) >= -1e-9)


def test_nothing_is_learned_from_a_window_that_was_not_over():
    snapshots = book(300)
    early = learned(snapshots, as_of=75.0)
    assert early.cuts == (0.0, 30.0)  # the one of day 60 ends on day 90
    later = np.where(snapshots.cut > 45, 1.0, snapshots.outcome)
    assert learned(replace(snapshots, outcome=later), as_of=75.0) == early


def test_expected_losses_stand_beside_observed_ones():
    found = learned(book(2000)).calibration
    assert found is not None
    assert found.cut == 90.0
    assert found.expected == pytest.approx(found.observed, rel=0.1)
    assert found.slope == pytest.approx(1, abs=0.15)


def test_the_level_follows_the_last_year_and_the_same_season():
    cuts = np.arange(0, 720, 30.0)
    weights = learning._seasons(cuts, 750.0, MONTH)
    assert not weights[cuts < 350].any()
    in_season = (weights > 0) & (np.abs(cuts - (750 - 365.25)) <= 15)
    assert weights[in_season].sum() == pytest.approx(weights.sum() / 2)
    assert np.unique(learning._seasons(cuts[:9], 270.0, MONTH)).tolist() == [1.0]


def test_overlapping_windows_count_for_what_they_add():
    assert learning._weights(np.array([0.0, 30, 60]), 90.0).tolist() == pytest.approx([1 / 3] * 3)
    assert learning._weights(np.array([0.0, 30, 60]), 30.0).tolist() == [1.0] * 3


def test_names_without_order_get_a_level_each():
    dice = np.random.default_rng(1)
    codes = dice.integers(0, 3, 2000).astype(float)
    codes[:100] = np.nan
    lost = (dice.random(2000) < np.array([0.1, 0.6, 0.2])[np.nan_to_num(codes, nan=1).astype(int)]).astype(float)
    factor = RiskFactor("plan", names=("a", "b", "c"))
    base, [shape] = shapes.fit(
        [factor], [Shape("plan", (), 0.0, 0.0)], codes[:, None], lost, np.ones(2000), shapes.Freedom(12, 1.0, 2.0)
    )
    chances = 1 / (1 + np.exp(-(base + shape.parts([0, 1, 2, np.nan]))))
    assert chances == pytest.approx([0.1, 0.6, 0.2, 0.6], abs=0.06)


def test_rows_on_which_a_factor_blocks_are_not_learned_from():
    snapshots = book(300)
    factors = [RiskFactor("rhythm", [(0, 0), (1, 100)], 30, "block", "up"), *FACTORS[1:]]
    found = learning.fit(snapshots, factors, base=0.1, period=MONTH, as_of=150.0)
    read = hazard.read(found.model, snapshots.values)
    assert np.isnan(read.hazard[np.isnan(snapshots.values[:, 0])]).all()
    assert found.model.origin == "many"


def test_snapshots_that_contradict_themselves_are_refused():
    with pytest.raises(ValueError, match="same rows"):
        Snapshots(np.zeros((2, 1)), np.zeros(2, np.int64), np.zeros(1), np.zeros(2))
    with pytest.raises(ValueError, match="outcome"):
        Snapshots(np.zeros((2, 1)), np.zeros(2, np.int64), np.zeros(2), np.array([0.0, 2.0]))
    with pytest.raises(ValueError, match="known_at"):
        Snapshots(np.zeros((2, 1)), np.zeros(2, np.int64), np.zeros(2), np.zeros(2), np.zeros((1, 1)))
