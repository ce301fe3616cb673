from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from cartera.engine import judging, rhythm
from cartera.engine.rhythm import Population
from cartera.engine.tests.histories import DEGENERATE, events, every

SHOP = Population(r=1.5, alpha=20.0, a=0.4, b=3.6, k=2.0)


histories = st.lists(st.integers(0, 400), max_size=12, unique=True)


def simulated(accounts, population, *, days, seed):
    """Accounts that live by the model itself, for *days* days, and what each ordered later."""
    chance = np.random.default_rng(seed)
    past, later = [], []
    for _ in range(accounts):
        rate = chance.gamma(population.r) / population.alpha
        leaving = chance.beta(population.a, population.b)
        moment, orders = chance.uniform(0, days / 2), []
        while moment < days + 90:
            orders.append(moment)
            if chance.random() < leaving:
                break
            moment += chance.gamma(population.k) / rate
        past.append([order for order in orders if order < days])
        later.append(sum(order >= days for order in orders))
    return events(*past, as_of=days), np.array(later)


def test_a_silence_of_61_days_is_odd_for_who_orders_every_14_and_usual_for_who_orders_every_60():
    regular, slow = every(14, 364), every(60, 364)
    reading = rhythm.read(events(regular, slow, as_of=425), SHOP)
    assert reading.silence.tolist() == [61, 65]
    assert reading.own_gap.tolist() == [14, 60]
    assert reading.unlikely[0] < 0.01 < 0.2 < reading.unlikely[1]
    assert reading.active[0] < reading.active[1]


def test_an_account_with_a_single_order_gets_the_populations_gap():
    reading = rhythm.read(events([100], as_of=130), SHOP)
    assert np.isnan(reading.own_gap[0])
    assert reading.own_share[0] == 0
    assert reading.usual_gap[0] == pytest.approx(SHOP.gap)
    assert 0 < reading.quiet[0] < 1


def test_an_account_that_never_ordered_has_no_rhythm_rather_than_a_bad_one():
    reading = rhythm.read(events([], [3], as_of=10), SHOP)
    assert all(np.isnan(getattr(reading, field.name)[0]) for field in fields(reading))
    assert not np.isnan(reading.quiet[1])


@given(history=histories.filter(lambda days: len(days) > 1), wait=st.integers(0, 500))
def test_the_usual_gap_lies_between_the_accounts_own_and_the_populations(history, wait):
    reading = rhythm.read(events(history, as_of=max(history) + wait), SHOP)
    mixed = reading.own_share * reading.own_gap + (1 - reading.own_share) * SHOP.gap
    assert reading.usual_gap == pytest.approx(mixed)


@given(history=histories.filter(bool), wait=st.integers(0, 500), more=st.integers(0, 300))
def test_the_longer_the_silence_the_less_likely_it_was_and_the_less_likely_it_ends(history, wait, more):
    now = rhythm.read(events(history, as_of=max(history) + wait), SHOP)
    later = rhythm.read(events(history, as_of=max(history) + wait + more), SHOP)
    for chance in (now.unlikely, now.active, now.quiet):
        assert 0 <= chance[0] <= 1
    assert later.unlikely[0] <= now.unlikely[0]
    assert later.active[0] <= now.active[0]
    assert now.quiet[0] >= 1 - now.active[0] - 1e-12


@given(history=histories.filter(bool), wait=st.integers(0, 300))
def test_a_longer_horizon_is_harder_to_stay_quiet_through(history, wait):
    cast = events(history, as_of=max(history) + wait)
    quiet = [rhythm.read(cast, SHOP, horizon=days).quiet[0] for days in (0, 30, 90, 365)]
    assert quiet[0] == pytest.approx(1)
    assert quiet == sorted(quiet, reverse=True)


@given(history=histories.filter(bool), wait=st.integers(0, 300), start=st.integers(-1000, 20_000))
def test_it_does_not_matter_from_which_day_days_are_counted(history, wait, start):
    one = rhythm.read(events(history, as_of=max(history) + wait), SHOP)
    moved = rhythm.read(events([day + start for day in history], as_of=max(history) + wait + start), SHOP)
    assert moved.quiet == pytest.approx(one.quiet)


@pytest.mark.parametrize(("history", "silence"), [([0], 40.0), ([0, 10, 30], 25.0), (every(7, 70), 30.0)])
def test_the_closed_form_equals_slow_integration_over_everything_unknown(history, silence):
    p, gaps = SHOP, np.diff(history)

    def weight(rate, wait):
        """Density of the gaps seen and a silence of *wait* at this rate, and of the rate itself."""
        seen = stats.gamma.pdf(gaps, p.k, scale=1 / rate).prod()
        return seen * stats.gamma.sf(wait, p.k, scale=1 / rate) * stats.gamma.pdf(rate, p.r, scale=1 / p.alpha)

    def returning(leaving, stays):
        return (1 - leaving) ** (len(gaps) + stays) * stats.beta.pdf(leaving, p.a, p.b)

    def over_rates(wait):
        return integrate.quad(weight, 0, 3, args=(wait,), limit=200, epsabs=0)[0]

    def over_leaving(function):
        return integrate.quad(function, 0, 1, limit=200)[0]

    gone = over_leaving(lambda x: x * returning(x, 0)) * over_rates(0)
    stays = over_leaving(lambda x: returning(x, 1))
    now, later = stays * over_rates(silence), stays * over_rates(silence + 90)
    reading = rhythm.read(events(history, as_of=history[-1] + silence), p)
    assert reading.unlikely[0] == pytest.approx(over_rates(silence) / over_rates(0), rel=1e-5)
    assert reading.active[0] == pytest.approx(now / (gone + now), rel=1e-5)
    assert reading.quiet[0] == pytest.approx((gone + later) / (gone + now), rel=1e-5)


def test_fitting_finds_the_population_that_made_the_orders_and_its_chances_come_true():
    cast, orders = simulated(3_000, SHOP, days=400, seed=7)
    found = rhythm.fit(cast)
    assert found.k == pytest.approx(SHOP.k, rel=0.1)
    assert found.gap == pytest.approx(SHOP.gap, rel=0.1)
    assert found.a / (found.a + found.b) == pytest.approx(0.1, abs=0.03)
    chances = rhythm.read(cast, found, horizon=90).quiet
    assert judging.calibration_error(chances, orders == 0) < 0.03
    assert rhythm.expected_orders(cast, found, horizon=90).sum() == pytest.approx(orders.sum(), rel=0.05)


def test_orders_at_random_are_foretold_as_by_slow_integration():
    p, wait, ahead = replace(SHOP, k=1.0), 40, 180
    cast = events([0, 10, 30], as_of=30 + wait)

    rates = np.linspace(0, 3, 30_001)
    likely = stats.gamma.pdf(rates, p.r + 2, scale=1 / (p.alpha + 30 + wait))

    def until_leaving(leaving):
        orders = -np.expm1(-leaving * rates * ahead) / leaving
        return integrate.trapezoid(orders * likely, rates) * stats.beta.pdf(leaving, p.a, p.b + 3)

    expected = rhythm.read(cast, p).active[0] * integrate.quad(until_leaving, 0, 1)[0]
    assert rhythm.expected_orders(cast, p, horizon=ahead)[0] == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("cast", DEGENERATE.values(), ids=DEGENERATE.keys())
def test_poor_data_still_gives_chances(cast):
    found = rhythm.fit(cast)
    reading = rhythm.read(cast, found)
    ordered = cast.days > 0
    assert 0 < found.gap < 10_000
    assert np.all((reading.quiet[ordered] >= 0) & (reading.quiet[ordered] <= 1))
    assert np.isnan(reading.quiet[~ordered]).all()
    assert np.isfinite(rhythm.expected_orders(cast, found)[ordered]).all()


@given(cast=st.lists(histories, max_size=6))
def test_any_orders_can_be_fitted_and_read(cast):
    known = events(*cast, as_of=401)
    reading = rhythm.read(known, rhythm.fit(known))
    ordered = known.days > 0
    for name in ("quiet", "active", "unlikely"):
        chances = getattr(reading, name)[ordered]
        assert np.all((chances >= 0) & (chances <= 1))
    assert np.all(rhythm.expected_orders(known, rhythm.fit(known))[ordered] >= 0)


def test_a_large_population_is_judged_by_accounts_spread_over_all_of_it():
    fast, slow = every(10, 300), every(100, 300)
    cast = events(*[fast] * 6_000, *[slow] * 6_000, as_of=310)
    small = events(*[fast] * 500, *[slow] * 500, as_of=310)
    assert rhythm.fit(cast).gap == pytest.approx(rhythm.fit(small).gap, rel=0.05)


def later_orders(events_known, population, draws, *, horizon, seed):
    """What one account orders later, again and again, of those draws of the model that were as silent as it is."""
    chance = np.random.default_rng(seed)
    x, span = events_known.days[0] - 1, events_known.last[0] - events_known.first[0]
    silence = events_known.as_of - events_known.last[0]
    counts = []
    while len(counts) < draws:
        rate = chance.gamma(population.r + population.k * x) / (population.alpha + span)
        leaving = chance.beta(population.a, population.b + x)
        if chance.random() < leaving:
            counts.append(0)
            continue
        moment = chance.gamma(population.k) / rate
        if moment <= silence:
            continue
        orders = 0
        while moment <= silence + horizon:
            orders += 1
            if chance.random() < leaving:
                break
            moment += chance.gamma(population.k) / rate
        counts.append(orders)
    return np.array(counts)


@pytest.mark.parametrize(("gap", "silence", "horizon"), [(7, 3, 90), (14, 20, 200), (30, 10, 60), (14, 61, 90)])
def test_the_median_of_orders_is_what_half_of_such_accounts_stay_below(gap, silence, horizon):
    known = events(every(gap, 20 * gap), as_of=20 * gap + silence)
    for population in (replace(SHOP, k=1.0), SHOP):
        found = rhythm.median_orders(known, population, horizon=horizon)[0]
        counts = later_orders(known, population, 4000, horizon=horizon, seed=gap)
        assert abs(found - np.median(counts)) <= (0 if population.k == 1 else 1)


def test_the_median_of_orders_is_a_whole_number_and_unknown_without_orders():
    found = rhythm.median_orders(events([], [3], every(7, 70), as_of=75), SHOP, horizon=30)
    assert np.isnan(found[0])
    assert found[1] == 0
    assert found[2] == 3
