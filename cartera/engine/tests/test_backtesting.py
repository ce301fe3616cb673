import numpy as np
import pytest

from cartera.engine import backtesting, judging, profit


def history(accounts=400, cuts=3, *, strength=1.5, seed=1):
    """Past cuts of a book: account, cut, what was foretold (a fair probability), a useless rule, what happened."""
    dice = np.random.default_rng(seed)
    rows = accounts * cuts
    log_odds = dice.normal(size=rows) * strength - 1
    chance = 1 / (1 + np.exp(-log_odds))
    outcome = (dice.random(rows) < chance).astype(float)
    cut = np.repeat(np.arange(cuts), accounts)
    return cut, np.tile(np.arange(accounts), cuts), chance, dice.random(rows), outcome


def judged(history, **more):
    cut, account, chance, noise, outcome = history
    rules = {"dice": noise, "half": chance + noise}
    return backtesting.judge(cut, account, chance, outcome, **{"chance": chance, "rules": rules, **more})


def test_figures_of_one_cut_are_the_plain_ones():
    cut, account, chance, noise, outcome = history(cuts=1)
    found = judged((cut, account, chance, noise, outcome), red=chance > 0.5)
    assert found.ranking.auc.value == pytest.approx(judging.auc(chance, outcome))
    assert found.ranking.profit.value == pytest.approx(profit.empc(chance, outcome).per_account)
    top = np.argsort(-chance)[:40]
    assert found.ranking.lift.value == pytest.approx(outcome[top].mean() / outcome.mean())
    assert found.precision.value == pytest.approx(outcome[chance > 0.5].mean())
    assert found.recall.value == pytest.approx((outcome * (chance > 0.5)).sum() / outcome.sum())
    assert found.chances.error.value == pytest.approx(judging.calibration_error(chance, outcome))
    assert found.chances.brier.value == pytest.approx(judging.brier(chance, outcome))
    assert found.chances.expected.value == pytest.approx(chance.sum() / outcome.sum())


def test_ranks_are_compared_within_a_cut_only():
    cut, account, chance, noise, outcome = history()
    moved = judged((cut, account, chance, noise, outcome)).ranking.auc.value
    shifted = backtesting.judge(cut, account, chance + cut * 10, outcome).ranking.auc.value
    assert shifted == moved
    pairs = [(chance[cut == one], outcome[cut == one]) for one in range(3)]
    weights = [happened.sum() * (1 - happened).sum() for _scores, happened in pairs]
    assert moved == pytest.approx(np.average([judging.auc(*pair) for pair in pairs], weights=weights))


def test_intervals_hold_the_truth_about_as_often_as_they_say():
    _cut, _account, chance, _noise, outcome = history(accounts=200_000, cuts=1, seed=0)
    truth, held = judging.auc(chance, outcome), 0
    for seed in range(20):
        auc = judged(history(accounts=150, cuts=1, seed=seed + 1), rules={}, chance=None).ranking.auc
        held += auc.low < truth < auc.high
    assert held >= 16


def test_the_interval_of_the_auc_agrees_with_delong():
    cut, account, chance, _noise, outcome = history(cuts=1, accounts=800)
    auc = backtesting.judge(cut, account, chance, outcome).ranking.auc
    assert (auc.high - auc.low) / 3.92 == pytest.approx(judging.auc_error(chance, outcome), rel=0.15)


def test_many_rows_of_few_accounts_give_wide_intervals():
    cut, account, chance, _noise, outcome = history(accounts=100, cuts=1)
    once = backtesting.judge(cut, account, chance, outcome).ranking.auc
    copies = [np.tile(column, 12) for column in (account, chance, outcome)]
    again = backtesting.judge(np.repeat(np.arange(12), 100), *copies).ranking.auc
    assert again.high - again.low == pytest.approx(once.high - once.low, rel=0.1)


def test_verdicts():
    assert judged(history()).verdict == "better"
    few = history(accounts=40, cuts=1)
    assert judged(few).verdict == "too few"
    cut, account, chance, noise, outcome = history()
    useless = backtesting.judge(cut, account, noise, outcome)
    assert useless.verdict == "no better than chance"
    half = backtesting.judge(cut, account, chance + noise, outcome, rules={"chance": chance, "dice": noise})
    assert half.verdict == "worse than a rule"
    assert half.best_rule == "chance"
    assert half.ahead.high < 0
    same = backtesting.judge(cut, account, chance, outcome, rules={"itself": chance})
    assert same.verdict == "no better than a rule"


def test_a_fair_probability_is_calibrated_and_a_bold_one_has_a_slope_below_one():
    cut, account, chance, noise, outcome = history(accounts=1500)
    fair = judged((cut, account, chance, noise, outcome)).chances
    assert fair.slope.low < 1 < fair.slope.high
    assert fair.expected.low < 1 < fair.expected.high
    bold = 1 / (1 + np.exp(-2 * np.log(chance / (1 - chance))))
    assert judged((cut, account, bold, noise, outcome)).chances.slope.high < 0.7


def test_what_is_not_known_is_left_out_and_counted():
    cut, account, chance, noise, outcome = history(cuts=2)
    chance, outcome = chance.copy(), outcome.copy()
    chance[:7], outcome[-5:] = np.nan, np.nan
    noise[10:20] = np.nan
    found = backtesting.judge(cut, account, chance, outcome, chance=chance, rules={"dice": noise})
    assert (found.cases, found.unscored) == (800 - 12, 7)
    assert found.lost <= found.accounts == 400


def test_an_empty_past_has_no_figures():
    nothing = np.zeros(0)
    found = backtesting.judge(nothing, nothing, nothing, nothing, chance=nothing, red=nothing, rules={"r": nothing})
    assert found.verdict == "too few"
    assert found.cases == found.accounts == 0
    assert np.isnan(found.ranking.auc.value)
    assert np.isnan(found.chances.brier.value)


def test_the_same_seed_gives_the_same_intervals():
    assert judged(history(), seed=4).ranking == judged(history(), seed=4).ranking


def test_columns_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="same rows"):
        backtesting.judge([1, 1], [1, 2], [0.5], [0, 1])
    with pytest.raises(ValueError, match="outcome"):
        backtesting.judge([1, 1], [1, 2], [0.5, 0.6], [0, 3])
