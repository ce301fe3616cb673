"""What interactions say about accounts, on a small cast that can be counted by hand."""

import random
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from django.db.models import Q
from django.utils import translation

from cartera.accounts.models import Contact
from cartera.engine import gaps, rhythm
from cartera.lake import operations
from cartera.lake.queries import facts_as_of, facts_of, measures
from cartera.timeline.models import Cadence, Event, Interaction

AS_OF = datetime(2026, 3, 3, tzinfo=UTC)
KEYS = [
    f"timeline.{name}" for name in ("rhythm", "spoken", "touches", "touch_gap", "begun", "people", "contact_rhythm")
]


@pytest.fixture(autouse=True)
def lake(settings, tmp_path):
    settings.LAKE = tmp_path / "lake"
    settings.LAKE.mkdir()


def talk(account, days_ago, direction="in", kind="call", contacts=(), recorded=0):
    at = AS_OF - timedelta(days=days_ago, hours=-6)
    row = Interaction.objects.create(
        account=account, kind=kind, direction=direction, happened_at=at, recorded_at=at + timedelta(days=recorded)
    )
    row.contacts.set(contacts)
    return row


def taken(key, *accounts):
    operations.publish()
    ids = np.array(sorted(account.pk for account in accounts), np.int64)
    return measures()[key].compute(facts_as_of(AS_OF), AS_OF, ids)


def test_the_rhythm_counts_days_on_which_they_contacted_us(cast):
    for days_ago in (40, 30, 30, 20):
        talk(cast.norte, days_ago)
    talk(cast.norte, 5, direction="out")
    talk(cast.norte, 4, kind="note")
    talk(cast.norte, 6, recorded=9)
    talk(cast.norte, 3).__class__.objects.filter(happened_at__gt=AS_OF - timedelta(days=4)).update(withdrawn_at=AS_OF)
    found = taken("timeline.rhythm", cast.norte, cast.puente)
    day = AS_OF.timestamp() / 86400
    events = gaps.gather([0] * 3, [day - 40, day - 30, day - 20], size=2, as_of=day)
    expected = rhythm.read(events, rhythm.fit(events))
    assert found["days"].tolist()[0] == 3
    np.testing.assert_allclose(found["value"], expected.unlikely, rtol=1e-4)
    assert "20" in measures()["timeline.rhythm"].sentence({k: float(v[0]) for k, v in found.items()})


def test_the_people_we_spoke_to_within_90_days(cast):
    gone = Contact.objects.create(account=cast.norte, name="Gil Gone", left_on=date(2026, 1, 1))
    quiet = Contact.objects.create(account=cast.norte, name="Quim Quiet")
    talk(cast.norte, 10, contacts=[cast.bea, gone])
    talk(cast.norte, 100, contacts=[quiet])
    Contact.objects.update(account=cast.norte)
    cast.norte.__class__.objects.update(opened_at=AS_OF - timedelta(days=400))
    found = taken("timeline.spoken", cast.norte, cast.puente)
    assert found["value"].tolist()[0] == 0.5
    assert (found["present"][0], found["spoken"][0]) == (2, 1)
    assert np.isnan(found["value"][1])


def random_talks(cast, accounts):
    """Two years of seeded interactions of every kind with people who come and go, some written down late."""
    dice = random.Random(5)
    people = {}
    for account in accounts[:-1]:
        people[account] = [
            Contact.objects.create(
                account=account, name=f"P{n}", role=dice.choice(["", "sponsor", "champion", "user"]),
                recorded_at=AS_OF - timedelta(days=800), left_on=date(2026, 1, 1) if dice.random() < 0.2 else None,
            )
            for n in range(dice.randrange(2, 6))
        ]  # fmt: skip
        silent = {person: dice.choice([0, 0, 150, 300]) for person in people[account]}
        ago = 700.0
        while ago > -20:
            there = [person for person in people[account] if ago >= silent[person]]
            talk(
                account, ago, dice.choice(["in", "out", "out", "internal"]),
                dice.choice(["call", "mail", "meeting", "visit", "chat", "note"]),
                dice.sample(there, dice.randrange(min(4, len(there) + 1))),
                dice.choice([0, 0, 0, 40]),
            )  # fmt: skip
            ago -= dice.expovariate(1 / dice.choice([2, 5, 12]))
    return people


@pytest.fixture
def talks(cast):
    """Four accounts of three tiers and one of none that were talked to, and one that nobody ever was."""
    cast.norte.__class__.objects.update(opened_at=AS_OF - timedelta(days=400))
    cast.molino.__class__.objects.filter(pk=cast.molino.pk).update(opened_at=AS_OF - timedelta(days=100), tier="")
    accounts = [cast.norte, cast.puente, cast.molino, cast.harbour, cast.solo]
    cast.people = random_talks(cast, accounts)
    return accounts


def known_touches(account):
    """Its touches that were known and had happened, the earliest first."""
    rows = Interaction.objects.touches().filter(account=account, happened_at__lt=AS_OF, recorded_at__lt=AS_OF)
    return list(rows.order_by("happened_at").prefetch_related("contacts"))


def ago(interaction):
    return (AS_OF.date() - interaction.happened_at.date()).days


def test_touches_are_counted_against_the_cadence_of_the_tier(cast, talks):
    found, gaps = taken("timeline.touches", *talks), taken("timeline.touch_gap", *talks)
    opened = {cast.molino: 100}
    for place, (account, cadence) in enumerate(zip(talks, (14, 30, 90, 60, 90), strict=True)):
        rows = known_touches(account)
        if not rows:
            assert np.isnan(found["value"][place])
            assert np.isnan(gaps["value"][place])
            continue
        touched = len({row.happened_at.date() for row in rows if row.happened_at >= AS_OF - timedelta(days=180)})
        window = min(max(opened.get(account, 400), ago(rows[0])), 180)
        assert (found["touched"][place], found["window"][place]) == (touched, window)
        assert found["value"][place] == pytest.approx(touched / max(window / cadence, 1))
        assert gaps["value"][place] == pytest.approx(ago(rows[-1]) / cadence)
    assert np.isnan(found["value"][4])


def test_nothing_is_expected_before_anybody_logged_a_touch(cast):
    cast.norte.__class__.objects.update(opened_at=AS_OF - timedelta(days=400))
    talk(cast.puente, 28)
    talk(cast.norte, 3)
    found = taken("timeline.touches", cast.norte, cast.puente)
    assert found["window"].tolist() == [28, 28]
    assert found["expected"].tolist() == [2, 1]
    assert found["value"].tolist() == [0.5, 1]


def test_a_changed_cadence_counts_at_once(cast):
    cast.norte.__class__.objects.update(opened_at=AS_OF - timedelta(days=400))
    talk(cast.norte, 20)
    assert taken("timeline.touch_gap", cast.norte)["value"][0] == pytest.approx(20 / 14)
    Cadence.objects.create(tier="A", days=40)
    assert taken("timeline.touch_gap", cast.norte)["value"][0] == 0.5


def test_who_begins_is_a_share_of_at_least_three_contacts(cast, talks):
    found = taken("timeline.begun", *talks)
    for place, account in enumerate(talks):
        rows = [row for row in known_touches(account) if row.happened_at >= AS_OF - timedelta(days=180)]
        share = sum(row.direction == "in" for row in rows) / len(rows) if len(rows) >= 3 else np.nan
        assert found["value"][place] == pytest.approx(share, nan_ok=True)
    assert np.isfinite(found["value"]).sum() >= 3


def test_breadth_is_told_by_the_days_of_each_person_who_is_still_there(cast, talks):
    found = taken("timeline.people", *talks)
    for place, account in enumerate(talks):
        days, gone = defaultdict(set), set()
        for row in known_touches(account):
            if row.happened_at >= AS_OF - timedelta(days=180):
                for person in row.contacts.all():
                    (gone if person.left_on else days[person]).add(
                        row.happened_at.date() if not person.left_on else person
                    )
        if not days and not gone:
            assert np.isnan(found["value"][place])
            continue
        shares = np.array([len(of) for of in days.values()]) / sum(map(len, days.values()))
        assert found["value"][place] == pytest.approx(1 / np.sum(shares**2) if len(shares) else 0)
        assert (found["people"][place], found["gone"][place]) == (len(days), len(gone))
        assert found["recent"][place] == sum(max(of) >= AS_OF.date() - timedelta(days=90) for of in days.values())
        if len(shares):
            assert found["largest"][place] == pytest.approx(max(shares))
    assert np.nanmax(found["value"]) > 1


def test_an_account_that_hangs_on_one_person_is_told_so(cast):
    for days_ago in (5, 9, 80):
        talk(cast.norte, days_ago, contacts=[cast.bea])
    found = taken("timeline.people", cast.norte)
    assert (found["value"][0], found["largest"][0]) == (1, 1)
    assert "single person" in measures()["timeline.people"].sentence({k: float(v[0]) for k, v in found.items()})


def test_each_person_is_read_against_their_own_rhythm(cast, talks):
    found = taken("timeline.contact_rhythm", *talks)
    owner, days, persons = [], [], {}
    for account in talks:
        for row in known_touches(account):
            if row.direction == "in" or row.kind in ("call", "meeting", "visit"):
                for person in row.contacts.all():
                    owner.append(persons.setdefault(person, len(persons)))
                    days.append(row.happened_at.timestamp() / 86400)
    events = gaps.gather(owner, days, size=len(persons), as_of=AS_OF.timestamp() / 86400)
    reading = rhythm.read(events, rhythm.fit(events))
    for place, account in enumerate(talks):
        usual = [
            (person, row)
            for person, row in persons.items()
            if person.account_id == account.pk and not person.left_on
            and events.days[row] >= 3 and reading.silence[row] <= 365
        ]  # fmt: skip
        weights = np.array([{"sponsor": 3, "champion": 2}.get(person.role, 1) for person, _row in usual])
        silent = np.array([reading.unlikely[row] < 0.1 for _person, row in usual])
        expected = 1 - weights @ silent / weights.sum() if usual else np.nan
        assert found["value"][place] == pytest.approx(expected, nan_ok=True, rel=1e-6)
        if usual:
            assert (found["usual"][place], found["silent"][place]) == (len(usual), silent.sum())
    assert np.nansum(found["silent"]) > 0
    assert np.isfinite(found["value"]).sum() >= 2


def test_a_sponsor_who_stopped_talking_is_named_and_a_mail_of_ours_does_not_hide_it(cast):
    other = Contact.objects.create(account=cast.norte, name="Uli User", role="user", recorded_at=AS_OF - timedelta(400))
    Contact.objects.update(recorded_at=AS_OF - timedelta(days=400))
    for days_ago in range(100, 300, 10):
        talk(cast.norte, days_ago, contacts=[cast.bea])
    for days_ago in range(2, 300, 10):
        talk(cast.norte, days_ago, contacts=[other])
    talk(cast.norte, 3, direction="out", kind="mail", contacts=[cast.bea])
    found = taken("timeline.contact_rhythm", cast.norte)
    assert found["value"][0] == pytest.approx(1 / 4)
    assert (found["silent"][0], found["deciding_silent"][0]) == (1, 1)


@pytest.mark.parametrize("key", KEYS)
def test_what_becomes_known_later_never_changes_a_value(cast, talks, key):
    before = taken(key, *talks)
    future = Interaction.objects.filter(Q(recorded_at__gte=AS_OF) | Q(happened_at__gte=AS_OF))
    assert future.exists()
    Interaction.contacts.through.objects.filter(interaction__in=future).delete()
    Event.objects.filter(interaction__in=future).delete()
    future.delete()
    after = taken(key, *talks)
    for name, column in before.items():
        np.testing.assert_allclose(column, after[name], rtol=1e-6, err_msg=name)


@pytest.mark.parametrize("key", KEYS)
def test_an_account_has_the_same_figures_read_from_the_database(talks, key):
    together, asked = taken(key, *talks), np.array([talks[1].pk, talks[3].pk])
    for name, column in measures()[key].compute(facts_of(asked, AS_OF), AS_OF, asked).items():
        np.testing.assert_allclose(column, together[name][[1, 3]], rtol=1e-6, err_msg=name)


@pytest.mark.parametrize("key", KEYS)
def test_every_measure_is_unknown_without_facts(cast, key):
    Contact.objects.all().delete()
    assert np.isnan(taken(key, cast.norte, cast.puente)["value"]).all()


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_value_can_be_said(talks, language):
    with translation.override(language):
        for key in KEYS:
            columns = taken(key, *talks)
            for place in range(len(talks)):
                told = {name: None if np.isnan(c[place]) else float(c[place]) for name, c in columns.items()}
                if told["value"] is not None:
                    sentence = measures()[key].sentence(told)
                    assert sentence.endswith(".")
                    assert "nan" not in sentence.split()
