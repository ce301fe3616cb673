"""The measures of usage against a slow version in plain Python; never with a look into the future."""

import random
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from django.utils import translation

from cartera.engine import season, trend
from cartera.lake import appending, operations
from cartera.lake.queries import facts_as_of, facts_of, measures
from cartera.usage.models import Seats, Workspace

AS_OF = datetime(2026, 3, 2, 23, 59, 59, tzinfo=UTC)
KEYS = ["people", "trend", "breadth", "seats"]
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def lake(settings, tmp_path):
    settings.LAKE = tmp_path / "lake"
    settings.LAKE.mkdir()


def use(*rows, batch="1"):
    """Rows of (account, day, person, feature, events[, known])."""
    moment = pa.timestamp("us", "UTC")
    table = pa.table(
        {
            "account_id": pa.array([row[0] for row in rows], pa.int64()),
            "happened_at": pa.array([at(row[1]) for row in rows], moment),
            "known_at": pa.array([at(row[5] if len(row) > 5 else row[1] + DAY) for row in rows], moment),
            "workspace": pa.array([row[0] or 99 for row in rows], pa.int64()),
            "person": pa.array([row[2] for row in rows], pa.int64()),
            "feature": pa.array([row[3] for row in rows]),
            "events": pa.array([row[4] for row in rows], pa.int64()),
        }
    )
    appending.append("usage", table, batch=batch)


def at(day):
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def taken(key, accounts, as_of=AS_OF, facts=None):
    ids = np.array(sorted(accounts), dtype=np.int64)
    return measures()[f"usage.{key}"].compute(facts or facts_as_of(as_of), as_of, ids)


@pytest.fixture
def year(db):
    """A seeded year of use by eight accounts, of which some stop, some move to another, and one never began."""
    dice = random.Random(5)
    rows = []
    for account in range(1, 8):
        day = date(2025, 3, 1) + timedelta(days=25 * account)
        while day < date(2026, 3, 10) - timedelta(days=(account % 3) * 40):
            for _ in range(dice.randrange(3)):
                known = day + timedelta(days=dice.choice([1, 1, 1, 6, 40]))
                rows.append((account, day, dice.randrange(6), dice.choice("abcd"), dice.randrange(1, 9), known))
            day += DAY
    use(*rows)
    back = [(a, d, p, f, -e, known + 9 * DAY) for a, d, p, f, e, known in rows if a == 7]
    over = [(5, d, p, f, e, known + 9 * DAY) for a, d, p, f, e, known in rows if a == 7]
    use(*back, *over, batch="2")
    return rows + back + over


def standing(rows, as_of):
    """(account, day, person, feature) -> events, as known then."""
    found = {}
    for account, day, person, feature, events, known in rows:
        if at(known) < as_of and at(day) < as_of:
            place = (account, day, person, feature)
            found[place] = found.get(place, 0) + events
    return {place: events for place, events in found.items() if events}


@pytest.mark.parametrize("as_of", [AS_OF, AS_OF - 30 * DAY, AS_OF - 150 * DAY])
def test_each_measure_equals_its_slow_version(year, as_of):
    rows = standing(year, as_of)
    recent = {place: events for place, events in rows.items() if at(place[1]) >= as_of - 28 * DAY}
    ever = {account for account, *_ in rows if account}
    for number, account in enumerate(range(1, 9)):
        people = {person for a, _day, person, _f in recent if a == account}
        features = {feature for a, _day, _p, feature in recent if a == account}
        found = {key: taken(key, range(1, 9), as_of) for key in ("people", "breadth")}
        told = [found[key]["value"][number] for key in ("people", "breadth")]
        newest = max(at(day) for _a, day, *_ in rows)
        if account in ever and any(a == account and at(d) >= as_of - 196 * DAY for a, d, *_ in rows):
            assert told == [len(people), len(features)]
            assert found["people"]["age"][number] == pytest.approx((as_of - newest) / DAY)
        else:
            assert np.isnan(told).all()


def test_the_trend_is_the_engines_over_periods_of_four_weeks(year):
    rows = standing(year, AS_OF)
    ids = sorted({account for account, *_ in rows})
    table = np.zeros((len(ids), 7))
    for (account, day, *_), events in rows.items():
        ago = int(((AS_OF - at(day)).total_seconds() - 1) // (28 * 86_400))
        if ago < 7:
            table[ids.index(account), 6 - ago] += events
    for number, account in enumerate(ids):
        oldest = max(int(((AS_OF - at(d)).total_seconds() - 1) // (28 * 86_400)) for a, d, *_ in rows if a == account)
        table[number, np.arange(7) < 6 - oldest] = np.nan
    expected = trend.change(table, season.fit(table), recent=1, least=2).change
    np.testing.assert_allclose(taken("trend", ids)["value"], expected)
    assert np.isfinite(expected).any()


def test_who_stopped_has_none_but_who_never_began_is_unknown(cast):
    use((cast.norte.pk, date(2025, 12, 1), 1, "a", 5), (cast.puente.pk, date(2026, 3, 1), 2, "a", 5))
    found = taken("people", [cast.norte.pk, cast.puente.pk, cast.molino.pk])["value"]
    np.testing.assert_array_equal(found, [0, 1, np.nan])
    assert taken("breadth", [cast.norte.pk])["value"] == [0]


def test_who_stopped_long_ago_is_known_by_the_workspace(cast):
    use((cast.puente.pk, date(2026, 3, 1), 2, "a", 5))
    workspace(cast.norte, date(2024, 1, 1))
    operations.publish()
    assert taken("people", [cast.norte.pk])["value"] == [0]
    assert np.isnan(taken("people", [cast.norte.pk], at(date(2023, 12, 1)))["value"]).all()


def workspace(account, day):
    return Workspace.objects.create(
        kind="group", external_id=str(account.pk), account=account, first_seen_at=at(day), last_seen_at=at(day)
    )


def test_seats_are_what_the_product_said_last(cast):
    use(*[(cast.norte.pk, date(2026, 3, 1), person, "a", 1) for person in range(6)])
    seats = workspace(cast.norte, date(2025, 1, 1))
    for number, day in ((20, date(2025, 1, 1)), (12, date(2026, 2, 1)), (3, date(2026, 3, 9))):
        Seats.objects.create(workspace=seats, seats=number, since=at(day), known_at=at(day))
    operations.publish()
    found = taken("seats", [cast.norte.pk, cast.puente.pk])
    np.testing.assert_array_equal(found["value"], [0.5, np.nan])
    assert (found["people"][0], found["seats"][0]) == (6, 12)


def test_when_the_product_itself_has_gone_silent_the_figures_are_old(cast):
    use((cast.norte.pk, date(2026, 2, 10), 1, "a", 5))
    [age] = taken("people", [cast.norte.pk])["age"]
    assert 20 < age < 22


def test_nothing_at_all_is_unknown(cast):
    for key in KEYS:
        assert np.isnan(taken(key, [cast.norte.pk])["value"]).all()


@pytest.mark.parametrize("key", KEYS)
def test_a_few_accounts_read_alone_give_the_same(year, cast, key):
    operations.publish()
    whole, few = taken(key, range(1, 9)), taken(key, [2, 5], facts=facts_of([2, 5], AS_OF))
    for name, column in whole.items():
        np.testing.assert_allclose(few[name], column[[1, 4]], err_msg=name)


@pytest.mark.parametrize("key", KEYS)
def test_what_comes_to_be_known_later_changes_nothing(year, cast, key):
    moment = AS_OF - 60 * DAY
    before = taken(key, range(1, 9), moment)
    use((1, date(2025, 12, 1), 99, "z", 1000, AS_OF.date()), batch="late")
    after = taken(key, range(1, 9), moment)
    for name, column in before.items():
        np.testing.assert_array_equal(after[name], column)


@pytest.mark.parametrize("language", ["en", "es"])
def test_each_sentence_can_be_said_in_both_languages(language):
    told = {"value": 1.0, "recent": 80.0, "expected": 100.0, "raw": -0.2, "trust": 0.5, "largest": 0.4, "people": 3.0,
            "seats": 12.0}  # fmt: skip
    with translation.override(language):
        for key in KEYS:
            for value, raw in ((1.0, -0.2), (0.0, 0.0), (12.0, 0.3)):
                sentence = str(measures()[f"usage.{key}"].sentence({**told, "value": value, "raw": raw}))
                assert sentence.endswith(".")
                assert "%(" not in sentence
