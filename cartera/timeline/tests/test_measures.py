"""What interactions say about accounts, on a small cast that can be counted by hand."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from cartera.accounts.models import Contact
from cartera.engine import rhythm
from cartera.lake import operations
from cartera.lake.queries import facts_as_of, measures
from cartera.timeline.models import Interaction

AS_OF = datetime(2026, 3, 3, tzinfo=UTC)


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
    events = rhythm.gather([0] * 3, [day - 40, day - 30, day - 20], size=2, as_of=day)
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
