"""What stewardship and the people of an account say of it, beside a slow version in plain Python."""

import random
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from django.utils import translation

from cartera.accounts import operations
from cartera.accounts.models import Account, Contact, Stewardship
from cartera.lake import operations as lake_operations
from cartera.lake.queries import facts_as_of, facts_of, measures

AS_OF = datetime(2026, 3, 3, tzinfo=UTC)
KEYS = ["accounts.steward_changes", "accounts.steward_time", "accounts.contacts_coverage"]


@pytest.fixture(autouse=True)
def lake(settings, tmp_path):
    settings.LAKE = tmp_path / "lake"
    settings.LAKE.mkdir()


@pytest.fixture
def handed(cast):
    """Accounts with seeded histories of leads, gaps between them, and mistakes taken back on the same day."""
    dice = random.Random(11)
    accounts = [Account.objects.create(name=f"Client {n}", opened_at=cast.at) for n in range(12)]
    people = [cast.ana, cast.marc, cast.nell]
    for account in accounts[:-1]:
        day = date(2022, 5, 1) + timedelta(days=dice.randrange(900))
        while day < date(2026, 6, 1):
            until = day + timedelta(days=dice.choice([0, 40, 200, 500, 2000]))
            Stewardship.objects.create(
                account=account, member=dice.choice(people), since=day, until=until if until.year < 2027 else None
            )
            day = until + timedelta(days=dice.choice([0, 0, 1, 90]))
    Stewardship.objects.create(account=accounts[0], member=cast.luz, role="associate", since=date(2026, 1, 1))
    return accounts


def taken(key, accounts, as_of=AS_OF):
    lake_operations.publish()
    ids = np.array(sorted(account.pk for account in accounts), np.int64)
    return measures()[key].compute(facts_as_of(as_of), as_of, ids)


def leads(account, on):
    """The leads that began before *on*, but for those of no day."""
    rows = Stewardship.objects.filter(account=account, role="lead", since__lt=on).order_by("since", "pk")
    return [row for row in rows if row.until is None or row.until > row.since]


@pytest.mark.parametrize("as_of", [datetime(2024, 12, 24, tzinfo=UTC), AS_OF])
def test_changes_of_lead_are_counted_as_a_person_would(handed, as_of):
    on = as_of.date()
    found, time = taken(KEYS[0], handed, as_of), taken(KEYS[1], handed, as_of)
    for place, account in enumerate(handed):
        rows = leads(account, on)
        if not rows:
            assert np.isnan(found["value"][place])
            assert np.isnan(time["value"][place])
            continue
        days = [new.since for old, new in pairwise(rows) if old.member_id != new.member_id]
        assert found["value"][place] == sum(day >= on.replace(year=on.year - 2) for day in days)
        assert found["recent"][place] == sum(day >= on.replace(year=on.year - 1) for day in days)
        since = (on - max(days)).days if days else np.nan
        assert found["since"][place] == pytest.approx(since, nan_ok=True)
        led = any(row.until is None or row.until >= on for row in rows)
        assert time["led"][place] == led
        began = max(days) if days else rows[0].since
        assert time["value"][place] == ((on - began).days if led else 0)
    assert np.nanmax(found["value"]) > 1


def test_a_change_of_the_day_itself_and_later_ones_are_not_known_yet(cast):
    before = [taken(key, [cast.norte])["value"][0] for key in KEYS[:2]]
    operations.hand_over(cast.norte, to=cast.marc, by=cast.diego, at=AS_OF + timedelta(hours=10))
    operations.hand_over(cast.norte, to=cast.nell, by=cast.vera, at=AS_OF + timedelta(days=9))
    assert [taken(key, [cast.norte])["value"][0] for key in KEYS[:2]] == before == [0, 426]
    assert taken(KEYS[0], [cast.norte], AS_OF + timedelta(hours=11))["value"][0] == 1


def test_a_handing_over_taken_back_leaves_no_trace(cast):
    change = operations.hand_over(cast.norte, to=cast.marc, by=cast.diego, at=AS_OF - timedelta(days=9))
    assert taken(KEYS[0], [cast.norte])["value"][0] == 1
    operations.undo_stewards(change, by=cast.diego, at=AS_OF - timedelta(days=8))
    assert taken(KEYS[0], [cast.norte])["value"][0] == 0
    assert taken(KEYS[1], [cast.norte])["value"][0] == 426


def test_the_coverage_of_contacts_asks_for_people_and_for_one_who_decides(cast):
    at = AS_OF - timedelta(days=300)
    Contact.objects.create(account=cast.puente, name="Una User", role="user", recorded_at=at)
    Contact.objects.create(
        account=cast.molino, name="Gil Gone", role="sponsor", left_on=date(2026, 1, 1), recorded_at=at
    )
    Contact.objects.create(account=cast.solo, name="Luc Later", role="sponsor", recorded_at=AS_OF)
    found = taken(KEYS[2], [cast.norte, cast.puente, cast.molino, cast.harbour, cast.solo])
    assert found["value"][:3] == pytest.approx([(1 / 3 + 1) / 2, 1 / 6, 0])
    assert np.isnan(found["value"][3:]).all()


def test_a_person_is_known_from_the_moment_somebody_wrote_them_down(cast):
    operations.add_contact(cast.puente, name="Pia Puente", by=cast.ana, at=AS_OF)
    assert np.isnan(taken(KEYS[2], [cast.puente])["value"][0])
    assert taken(KEYS[2], [cast.puente], AS_OF + timedelta(seconds=1))["present"][0] == 1


@pytest.mark.parametrize("key", KEYS)
def test_an_account_has_the_same_figures_read_from_the_database(handed, cast, key):
    together = taken(key, [cast.norte, *handed])
    asked = np.array([handed[2].pk, handed[5].pk])
    for name, column in measures()[key].compute(facts_of(asked, AS_OF), AS_OF, asked).items():
        np.testing.assert_allclose(column, together[name][[3, 6]], err_msg=name)


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_value_can_be_said(handed, cast, language):
    with translation.override(language):
        for key in KEYS:
            columns = taken(key, [*handed, cast.norte])
            for place in range(len(columns["value"])):
                told = {name: None if np.isnan(c[place]) else float(c[place]) for name, c in columns.items()}
                if told["value"] is not None:
                    sentence = measures()[key].sentence(told)
                    assert sentence.endswith(".")
                    assert "nan" not in sentence.split()


def test_the_rows_behind_are_a_panel_of_the_accounts_page(cast, client):
    client.force_login(cast.ana)
    for key in KEYS:
        page, _, panel = measures()[key].rows_url(cast.norte.pk).partition("#")
        assert f'id="{panel}"' in client.get(page).content.decode()
