"""What is appended is there once, wholly, as it was known at any time, however often somebody dies on the way."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as st

from cartera.lake import appending, extracting, manifest, operations, queries
from cartera.lake.offers import AppendedFact, Column, Kind

LATE = datetime(2027, 1, 1, tzinfo=UTC)
JANUARY, FEBRUARY = datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 2, 5, tzinfo=UTC)
STEPS = AppendedFact(
    name="steps",
    columns={
        "account_id": Column(None, Kind.WHOLE),
        "happened_at": Column(None, Kind.MOMENT),
        "known_at": Column(None, Kind.MOMENT),
        "what": Column(None, Kind.CODE),
        "steps": Column(None, Kind.WHOLE),
    },
    sums=frozenset({"steps"}),
)


# Account, day it happened, days until it was known, what, how much.
GIVEN = st.tuples(st.integers(1, 3), st.integers(0, 40), st.integers(0, 30), st.sampled_from("ab"), st.integers(1, 9))


@pytest.fixture(autouse=True)
def lake(settings, tmp_path, monkeypatch):
    settings.LAKE = tmp_path / "lake"
    settings.LAKE.mkdir()
    for module in (appending, operations, queries):
        monkeypatch.setattr(module, "offers", lambda name: [STEPS] if name == "facts" else [])
    queries._offered.cache_clear()
    yield settings.LAKE
    queries._offered.cache_clear()


def row(account=1, at=JANUARY, known=None, what="walk", steps=10):
    return {"account_id": account, "happened_at": at, "known_at": known or at, "what": what, "steps": steps}


def add(*rows, batch):
    return appending.append("steps", pa.Table.from_pylist(list(rows), extracting.schema(STEPS)), batch=batch)


def told(as_of=LATE):
    found = queries.facts_as_of(as_of).steps.to_pyarrow().to_pylist()
    return sorted((one["account_id"], one["happened_at"], one["what"], one["steps"]) for one in found)


def test_what_was_appended_is_read_beside_what_was_there(db):
    assert add(row(), row(2, FEBRUARY), batch="1") == 2
    assert add(row(3, JANUARY), batch="2") == 1
    assert told() == [(1, JANUARY, "walk", 10), (2, FEBRUARY, "walk", 10), (3, JANUARY, "walk", 10)]


def test_a_batch_that_is_there_already_is_not_appended_again(db):
    add(row(), batch="1")
    add(row(2), batch="2")
    assert add(row(), batch="1") == 0
    assert len(told()) == 2


@pytest.mark.parametrize("step", ["os.replace", "cartera.lake.manifest.write", "cartera.lake.manifest.sweep"])
def test_an_append_that_dies_is_there_wholly_or_not_at_all_and_can_be_tried_again(db, lake, monkeypatch, step):
    add(row(), batch="1")

    def die(*args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(step, die)
        with pytest.raises(KeyboardInterrupt):
            add(row(2), row(3, FEBRUARY), batch="2")
    assert len(told()) in (1, 3)
    add(row(2), row(3, FEBRUARY), batch="2")
    assert [account for account, *_ in told()] == [1, 2, 3]
    assert not list(lake.glob("**/*.tmp"))


def test_even_the_first_append_may_die_before_the_lake_knows_its_files(db, lake, monkeypatch):
    real = manifest.write

    def die_the_second_time(*args, seen=[]):  # noqa: B006 - counts its calls
        seen.append(args)
        if len(seen) > 1:
            raise KeyboardInterrupt
        real(*args)

    with monkeypatch.context() as patch:
        patch.setattr(manifest, "write", die_the_second_time)
        with pytest.raises(KeyboardInterrupt):
            add(row(), batch="1")
    assert add(row(), batch="1") == 1
    assert len(told()) == 1


def test_what_was_known_later_is_not_seen_earlier(db):
    add(row(1, JANUARY, known=FEBRUARY), row(2, JANUARY), batch="1")
    assert [account for account, *_ in told(as_of=FEBRUARY)] == [2]
    assert [account for account, *_ in told(as_of=FEBRUARY + timedelta(seconds=1))] == [1, 2]


def test_who_has_read_before_sees_what_is_appended_after(db):
    assert told() == []
    add(row(), batch="1")
    assert len(told()) == 1
    add(row(2), batch="2")
    assert len(told()) == 2


def test_a_month_never_has_many_files_and_its_sums_stay(db, lake, monkeypatch):
    monkeypatch.setattr(appending, "MANY", 3)
    for number in range(20):
        add(row(number % 2, known=JANUARY + timedelta(minutes=number), steps=number), batch=str(number))
    assert len(manifest.read(lake).appended["steps"].parts["2026-01"]) <= 4
    assert sum(steps for *_, steps in told()) == sum(range(20))
    assert len(told()) < 20


def test_what_was_taken_back_leaves_with_the_day_but_was_known_before(db, monkeypatch):
    monkeypatch.setattr(appending, "MANY", 1)
    add(row(1, JANUARY), row(2, JANUARY), batch="1")
    wrong = appending.rows("steps", pc.field("account_id") == 2)
    back = appending.taken_back("steps", wrong)
    later = back.set_column(2, "known_at", pa.array([FEBRUARY], pa.timestamp("us", "UTC")))
    appending.append("steps", later, batch="2")
    assert sum(steps for account, *_, steps in told() if account == 2) == 0
    assert [steps for account, *_, steps in told(as_of=FEBRUARY) if account == 2] == [10]
    add(row(3, JANUARY, steps=5), row(3, JANUARY, steps=-5), batch="3")
    assert not [one for one in told() if one[0] == 3]


@tried(max_examples=20)
@given(batches=st.lists(st.lists(GIVEN, max_size=5), min_size=1, max_size=12), cut=st.integers(0, 90))
def test_at_the_end_of_any_day_the_sums_are_those_of_the_rows_known_then(batches, cut, tmp_path_factory):
    day = timedelta(days=1)
    every = [row(a, JANUARY + h * day, JANUARY + (h + k) * day, w, s) for rows in batches for a, h, k, w, s in rows]
    as_of = JANUARY + cut * day
    expected = {}
    for one in every:
        if one["known_at"] < as_of:
            key = (one["account_id"], one["happened_at"], one["what"])
            expected[key] = expected.get(key, 0) + one["steps"]
    with override_settings(LAKE=tmp_path_factory.mktemp("lake")), pytest.MonkeyPatch.context() as patch:
        patch.setattr(appending, "MANY", 2)
        patch.setattr(manifest, "only_one", nullcontext)
        number = iter(every)
        for place, rows in enumerate(batches):
            add(*[next(number) for _ in rows], batch=str(place))
        found = {}
        for account, at, what, steps in told(as_of):
            found[account, at, what] = found.get((account, at, what), 0) + steps
    assert found == expected


def test_a_few_accounts_are_read_from_the_lake_alone(db):
    add(row(1), row(2), row(3, FEBRUARY), batch="1")
    few = queries.facts_of([1, 3], LATE)
    found = few.fetched("steps", lambda asked: asked.steps.group_by("account_id").agg(n=asked.steps.steps.sum()))
    assert sorted(zip(found["account_id"].tolist(), found["n"].tolist(), strict=True)) == [(1, 10.0), (3, 10.0)]


def test_publishing_leaves_what_was_appended_as_it_is(db, lake):
    add(row(), batch="1")
    operations.publish()
    manifest.write(lake, manifest.read(lake).followed_by(parts={}))
    assert len(told()) == 1


def test_files_that_a_reader_may_be_in_the_middle_of_stay_for_an_hour(db, lake, monkeypatch):
    monkeypatch.setattr(appending, "MANY", 1)
    add(row(), batch="1")
    first = manifest.read(lake).files()
    for number in range(2, 5):
        add(row(), batch=str(number))
    assert first[0] not in manifest.read(lake).files()
    assert (lake / first[0]).exists()
    monkeypatch.setattr(manifest, "GRACE", -1.0)
    add(row(), batch="5")
    assert not (lake / first[0]).exists()


def test_rows_that_live_nowhere_else_are_not_swept_because_the_manifest_is_missing(db, lake):
    add(row(), batch="1")
    (lake / "manifest.json").unlink()
    with pytest.raises(manifest.Lost, match="backup"):
        operations.publish()
    assert list(lake.glob("steps/*/*.parquet"))


def test_what_an_older_version_published_is_published_again_but_what_was_appended_stays(db, lake):
    add(row(), batch="1")
    place = lake / "manifest.json"
    place.write_text(place.read_text().replace('"format": 2', '"format": 1'))
    assert len(told()) == 1


def test_a_row_without_a_moment_is_refused_rather_than_lost(db):
    with pytest.raises(ValueError, match="happened_at"):
        add(row(at=None, known=JANUARY), batch="1")
