from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, special

from cartera.engine import lifetimes
from cartera.engine.gaps import longer_than, of
from cartera.engine.lifetimes import Population
from cartera.engine.tests.histories import DEGENERATE, events, every, lived, until

SHOP = Population(r=1.5, alpha=20.0, k=2.0, s=0.8, beta=150.0)
# Fader and Hardie's estimate for the CDNOW sample, in weeks.
CDNOW = Population(r=0.553, alpha=10.578, k=1.0, s=0.606, beta=11.669)


def test_by_hand_who_ordered_once_and_was_silent_for_alpha_days():
    """With r = s = k = 1 and α = β: S·Q = (1/2)², left = (1 - (1/2)²) / 2; rate 1 / 2α; 2α·ln 2 days of the next 2α."""
    plain = Population(r=1.0, alpha=30.0, k=1.0, s=1.0, beta=30.0)
    cast = events([0], as_of=30)
    assert lifetimes.read(cast, plain).active == pytest.approx([0.25 / (0.25 + 0.375)])
    assert lifetimes.read(cast, plain, horizon=60).orders == pytest.approx([0.4 * np.log(2)])


@pytest.mark.parametrize(("x", "last", "age"), [(0, 0.0, 38.86), (2, 30.43, 38.86), (26, 30.86, 31.0), (7, 5.0, 38.0)])
def test_at_random_it_is_the_closed_form_of_pareto_nbd(x, last, age):
    """The likelihoods by Gauss's hypergeometric function, α < β (Fader and Hardie 2005, equations 18 to 20)."""
    p, power = CDNOW, CDNOW.r + CDNOW.s + x

    def whole(time):
        ratio = (p.beta - p.alpha) / (p.beta + time)
        return special.hyp2f1(power, p.r + x, power + 1, ratio) / (p.beta + time) ** power

    still = (p.alpha + age) ** -(p.r + x) * (p.beta + age) ** -p.s
    left = p.s / power * (whole(last) - whole(age))
    stays = (p.beta + age) / (p.s - 1) * (1 - ((p.beta + age) / (p.beta + age + 39)) ** (p.s - 1))
    cast = gaps_of(x, last, age)
    assert lifetimes.read(cast, p).active == pytest.approx([still / (still + left)], rel=1e-5)
    expected = still / (still + left) * (p.r + x) / (p.alpha + age) * stays
    assert lifetimes.read(cast, p, horizon=39).orders == pytest.approx([expected], rel=1e-5)


def gaps_of(x, last, age):
    whole = events([0] if x == 0 else [0, last], as_of=age)
    return replace(whole, days=np.array([x + 1.0]))


@pytest.mark.parametrize(("history", "silence"), [([0], 40.0), ([0, 10, 30], 25.0), (every(7, 70), 30.0)])
def test_the_chance_to_be_active_equals_slow_integration_over_when_it_left(history, silence):
    span, cast = history[-1], events(history, as_of=history[-1] + silence)

    def unseen(wait):
        """Density of leaving *wait* days after the last order, without an order in between."""
        leaves = SHOP.s * SHOP.beta**SHOP.s / (SHOP.beta + span + wait) ** (SHOP.s + 1)
        return leaves * longer_than(np.array([wait]), of(cast), SHOP)[0]

    still = SHOP.living(np.array([span + silence])) * longer_than(np.array([silence]), of(cast), SHOP)
    left = integrate.quad(unseen, 0, silence)[0]
    assert lifetimes.read(cast, SHOP).active == pytest.approx(still / (still + left), rel=1e-5)


def test_the_mean_number_of_orders_of_newcomers_is_that_of_simulated_ones():
    p = replace(SHOP, k=1.0)
    chance = np.random.default_rng(3)
    rates, leaving = chance.gamma(p.r, size=100_000) / p.alpha, chance.gamma(p.s, size=100_000) / p.beta
    there = np.minimum(chance.exponential(size=100_000) / leaving, 180)
    expected = lifetimes.read(events([0], as_of=0), p, horizon=180).orders
    assert chance.poisson(rates * there).mean() == pytest.approx(expected[0], rel=0.02)


def test_fitting_finds_the_population_that_made_the_orders_and_its_numbers_come_true():
    histories = lived(1_000, SHOP, days=490, seed=11)
    known = until(400, histories)
    found = lifetimes.fit(known)
    assert found.k == pytest.approx(SHOP.k, rel=0.15)
    assert found.gap == pytest.approx(SHOP.gap, rel=0.15)
    ages = np.array([30.0, 90.0, 300.0])
    assert found.living(ages) == pytest.approx(SHOP.living(ages), abs=0.06)
    later = until(490, histories).days - known.days
    orders = lifetimes.read(known, found, horizon=90).orders
    assert orders[known.days > 0].sum() == pytest.approx(later[known.days > 0].sum(), rel=0.1)


@given(wait=st.integers(0, 500), more=st.integers(1, 300), gap=st.integers(1, 60), number=st.integers(0, 12))
def test_the_longer_the_silence_the_less_is_to_be_expected(wait, more, gap, number):
    history = every(gap, gap * number)
    now = events(history, as_of=history[-1] + wait)
    later = replace(now, as_of=now.as_of + more)
    assert 0 <= lifetimes.read(later, SHOP).active[0] <= lifetimes.read(now, SHOP).active[0] <= 1
    assert 0 <= lifetimes.read(later, SHOP).orders[0] <= lifetimes.read(now, SHOP).orders[0]


def test_who_never_ordered_has_no_expectation_rather_than_none():
    found = lifetimes.read(events([], [3], as_of=10), SHOP).orders
    assert np.isnan(found[0])
    assert found[1] > 0


@pytest.mark.parametrize("cast", DEGENERATE.values(), ids=DEGENERATE.keys())
def test_poor_data_still_gives_numbers(cast):
    found = lifetimes.fit(cast)
    ordered = cast.days > 0
    assert np.isfinite(lifetimes.read(cast, found).orders[ordered]).all()
    assert np.all(
        (lifetimes.read(cast, found).active[ordered] >= 0) & (lifetimes.read(cast, found).active[ordered] <= 1)
    )
