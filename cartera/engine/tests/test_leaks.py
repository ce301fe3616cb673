"""A column from the future is caught, whatever disguise it comes in; honest columns are left alone."""

from dataclasses import replace

import numpy as np
import pytest

from cartera.engine import hazard, learning
from cartera.engine.hazard import RiskFactor
from cartera.engine.tests.test_learning import FACTORS, book

PLANTED = RiskFactor("planted", [(0, 100), (1, 0)], 40, direction="down")


def fitted(snapshots, planted, **more):
    values = np.column_stack([snapshots.values, planted])
    known_at = more.pop("known_at", None)
    whole = replace(snapshots, values=values, known_at=known_at)
    return learning.fit(whole, [*FACTORS, PLANTED], base=0.1, period=30.0, as_of=150.0, **more)


def disguises(lost, dice):
    return {
        "the outcome itself": lost,
        "blurred": lost * 3 + dice.normal(size=len(lost)),
        "turned around": -lost + dice.normal(size=len(lost)) * 0.3,
        "orders of the time after": np.where(lost > 0, 0.0, dice.poisson(4, len(lost)) + 1.0),
        "a hump": np.where(lost > 0, 0.0, dice.choice([-1, 1], len(lost))) + dice.normal(size=len(lost)) * 0.2,
    }


@pytest.mark.parametrize("disguise", list(disguises(np.zeros(2), np.random.default_rng(0))))
def test_a_planted_column_is_refused(disguise):
    snapshots, dice = book(400), np.random.default_rng(2)
    planted = disguises(np.nan_to_num(snapshots.outcome), dice)[disguise]
    found = fitted(snapshots, planted)
    assert [(leak.key, leak.sign) for leak in found.refused] == [("planted", "perfect")]
    assert found.model.shapes[3] == hazard.Shape("planted", (), 0.0, 0.0)
    read = hazard.read(found.model, np.column_stack([snapshots.values, planted]))
    assert not read.parts[:, 3].any()


def test_two_planted_columns_do_not_hide_each_other():
    snapshots = book(400)
    lost = np.nan_to_num(snapshots.outcome)
    values = np.column_stack([snapshots.values, lost, 1 - lost])
    factors = [*FACTORS, PLANTED, RiskFactor("other")]
    found = learning.fit(replace(snapshots, values=values), factors, base=0.1, period=30.0, as_of=150.0)
    assert {leak.key for leak in found.refused} == {"planted", "other"}


def test_a_column_that_is_filled_in_for_who_left_is_refused():
    snapshots, dice = book(800), np.random.default_rng(4)
    lost = np.nan_to_num(snapshots.outcome) > 0
    filled = np.where(lost & (dice.random(len(lost)) < 0.4), dice.random(len(lost)), np.nan)
    [leak] = fitted(snapshots, filled).refused
    assert (leak.key, leak.sign, leak.figure) == ("planted", "filled", 1.0)


def test_a_value_known_only_after_the_cut_is_refused():
    snapshots, dice = book(100), np.random.default_rng(5)
    known_at = np.full((len(snapshots.cut), 4), -1.0) + snapshots.cut[:, None]
    known_at[7, 3] = snapshots.cut[7] + 0.5
    [leak] = fitted(snapshots, dice.random(len(snapshots.cut)), known_at=known_at).refused
    assert (leak.key, leak.sign) == ("planted", "late")
    assert leak.figure == pytest.approx(1 / 400)


def test_a_person_may_vouch_for_a_column():
    snapshots = book(400)
    found = fitted(snapshots, np.nan_to_num(snapshots.outcome), admitted=["planted"])
    assert found.refused == ()
    assert found.model.shapes[3].spread > 0.5


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("accounts", [12, 40, 150, 600])
def test_honest_columns_raise_no_alarm(accounts, seed):
    snapshots, dice = book(accounts, seed=seed, effect=6.0), np.random.default_rng(seed)
    sparse = np.where(dice.random(len(snapshots.cut)) < 0.05, 1.0, np.nan)
    assert fitted(snapshots, sparse).refused == ()
