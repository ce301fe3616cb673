import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from cartera.engine import profit
from cartera.engine.profit import Offer

books = st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=2, max_size=25)


def slowly(scores, outcomes, offer):
    """The mean over γ of the best profit over all places to stop, by numerical integration."""
    scores, lost = np.array(scores, float), np.array(outcomes, float)
    stops = [scores > 99, *(scores >= stop for stop in np.unique(scores))]
    lost_within = np.array([(lost * inside).mean() for inside in stops])
    kept_within = np.array([((1 - lost) * inside).mean() for inside in stops])

    def best(gamma):
        saved = offer.clv * (gamma * (1 - offer.d / offer.clv) - offer.f / offer.clv) * lost_within
        return (saved - (offer.d + offer.f) * kept_within).max() * stats.beta.pdf(gamma, offer.alpha, offer.beta)

    return integrate.quad(best, 0, 1, limit=400, epsabs=1e-6)[0]


@settings(max_examples=30)
@given(books)
def test_expected_maximum_profit_is_the_mean_of_the_best_profits(rows):
    scores, outcomes = zip(*rows, strict=True)
    for offer in (Offer(), Offer(alpha=2, beta=3, clv=50, d=20, f=3)):
        found = profit.empc(scores, outcomes, offer).per_account
        expected = slowly(scores, outcomes, offer) if 0 < sum(outcomes) < len(outcomes) else np.nan
        assert found == pytest.approx(expected, abs=2e-4, nan_ok=True)


def test_a_perfect_ranking_acts_on_who_leaves_and_a_useless_one_on_all_or_none():
    lost = np.array([1] * 30 + [0] * 70)
    perfect = profit.empc(lost, lost)
    assert perfect.share == pytest.approx(0.3, abs=0.01)
    assert perfect.per_account == pytest.approx(0.3 * (200 * 0.3 * 0.95 - 1), rel=0.01)
    useless = profit.empc(np.zeros(100), lost)
    assert useless.per_account < perfect.per_account


def test_profit_does_not_depend_on_the_scale_of_the_scores_nor_the_order_of_the_rows():
    dice = np.random.default_rng(0)
    scores, lost = dice.random(200), dice.integers(0, 2, 200)
    turned = dice.permutation(200)
    assert profit.empc(scores, lost) == profit.empc(scores[turned] ** 3, lost[turned])


def test_unknown_scores_are_refused():
    with pytest.raises(ValueError, match="known"):
        profit.empc([np.nan, 1], [0, 1])
