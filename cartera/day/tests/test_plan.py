"""What a member's day holds. The reasons come from health: red accounts of the cast."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cartera.accounts.models import Account, Stewardship
from cartera.accounts.offers import Candidate
from cartera.day import operations, queries
from cartera.day.models import Dismissal
from cartera.health.models import Scorecard, Standing
from cartera.kit.errors import NotAllowed, Refused
from cartera.kit.undo import undo
from cartera.team.models import Absence
from cartera.timeline.models import Interaction

TODAY = date(2026, 3, 2)
TOMORROW = TODAY + timedelta(days=1)


def stand(account, *, health, revenue, risk=None, factors=()):
    Account.objects.filter(pk=account.pk).update(health=health, revenue=revenue, silence_risk=risk)
    Standing.objects.create(
        account=account, on=TODAY, scorecard=Scorecard.objects.get(), score=health, coverage=1,
        factors=list(factors), seen=0,
    )  # fmt: skip


@pytest.fixture
def troubled(cast):
    """Norte (much money) and Puente are red, Molino too; Harbour is fine."""
    stand(cast.norte, health=20, revenue=Decimal(40_000), risk=Decimal("0.6"))
    stand(cast.puente, health=30, revenue=Decimal(9_000), risk=Decimal("0.5"))
    stand(cast.molino, health=35, revenue=Decimal(20_000), risk=Decimal("0.5"))
    stand(cast.harbour, health=90, revenue=Decimal(80_000), risk=Decimal("0.1"))
    return cast


def plan(member, at=None):
    today = at.date() if at else TODAY
    at = at or datetime(2026, 3, 2, 9, tzinfo=UTC)
    return queries.plan(member, accounts=queries.in_charge_of(member), today=today, at=at)


def names(lines):
    return [line.account.name for line in lines]


def test_the_money_a_minute_protects_comes_first(troubled):
    found = plan(troubled.ana)
    assert names(found.planned) == ["Bodegas Norte", "Puente Azul"]
    assert found.at_stake == Decimal(24_000) + Decimal(4_500)
    assert found.covered == found.at_stake
    assert found.day.free == 450


def test_a_director_sees_their_circle_and_an_administrator_everything(troubled):
    stand(troubled.solo, health=10, revenue=None)
    assert names(plan(troubled.diego).planned) == ["Bodegas Norte", "El Molino", "Puente Azul"]
    assert names(plan(troubled.ada).planned) == ["Bodegas Norte", "El Molino", "Puente Azul", "Solo Trading"]
    assert plan(troubled.ada).unknown == 1


def test_what_does_not_fit_waits_below(troubled):
    troubled.ana.works_until = troubled.ana.works_from.replace(minute=30)
    found = plan(troubled.ana)
    assert names(found.planned) == ["Bodegas Norte"]
    assert names(found.rest) == ["Puente Azul"]
    assert (found.covered, found.at_stake) == (Decimal(24_000), Decimal(28_500))


def test_who_is_away_has_the_day_of_their_return_planned(troubled):
    Absence.objects.create(member=troubled.ana, first_day=TODAY, last_day=TOMORROW)
    found = plan(troubled.ana)
    assert (found.day.on, found.day.is_today) == (date(2026, 3, 4), False)


def test_clients_that_left_are_no_work(troubled):
    Account.objects.filter(pk=troubled.norte.pk).update(stage="lost")
    assert names(plan(troubled.ana).planned) == ["Puente Azul"]


def candidate(account_id, key, value, probability, minutes, currency="EUR"):
    return Candidate(
        account_id=account_id, key=key, kind="risk", title=key, reason=key, minutes=minutes, value=value,
        currency=currency, probability=probability,
    )  # fmt: skip


def test_reasons_of_one_account_are_one_line():
    rows = [
        candidate(1, "a", Decimal(100), 0.5, 10),
        candidate(1, "b", Decimal(100), 0.9, 30),
        candidate(2, "a", Decimal(400), 0.1, 10),
    ]
    first, second = queries.ranked(rows, rates={"EUR": Decimal(1)})
    assert first.expected == Decimal(40)
    assert (second.main.key, [found.key for found in second.also]) == ("b", ["a"])
    assert (second.minutes, second.expected, second.keys) == (30, Decimal(90), "b,a")


def test_unknown_money_is_last_and_not_zero():
    rows = [
        candidate(1, "a", None, 0.9, 5),
        candidate(2, "a", Decimal(1), 0.1, 60),
        candidate(3, "a", Decimal(9), 1, 5, "XAU"),
    ]
    lines = queries.ranked(rows, rates={"EUR": Decimal(1), "XAU": None})
    assert [line.account_id for line in lines] == [2, 1, 3]
    assert [line.expected for line in lines] == [Decimal("0.1"), None, None]


def test_one_currency_is_shown_as_it_is(settings):
    assert queries.currency_of([candidate(1, "a", Decimal(1), 1, 5, "GBP")]) == "GBP"
    two = [candidate(1, "a", Decimal(1), 1, 5, "GBP"), candidate(1, "a", Decimal(1), 1, 5, "USD")]
    assert queries.currency_of(two) == settings.CURRENCY


def test_done_is_logged_and_off_everybodys_plan_for_two_weeks(troubled):
    keys = plan(troubled.ana).planned[0].keys.split(",")
    change = operations.complete(
        troubled.norte, keys, kind="call", minutes=15, subject="Asked why", by=troubled.ana, at=troubled.at, today=TODAY
    )
    logged = Interaction.objects.get()
    assert (logged.account, logged.minutes, list(logged.members.all())) == (troubled.norte, 15, [troubled.ana])
    assert "Bodegas Norte" not in names(plan(troubled.ana).planned)
    assert "Bodegas Norte" not in names(plan(troubled.diego).planned)
    later = datetime(2026, 3, 16, 9, tzinfo=UTC)
    assert "Bodegas Norte" in names(plan(troubled.ana, later).planned)
    undo(change.pk, by=troubled.ana, at=troubled.at)
    assert "Bodegas Norte" in names(plan(troubled.ana).planned)
    logged.refresh_from_db()
    assert logged.withdrawn_at


def test_a_snooze_lasts_until_its_day(troubled):
    until = date(2026, 3, 9)
    operations.snooze(
        troubled.norte, ["health.red"], until=until, why="On holiday", by=troubled.ana, at=troubled.at, today=TODAY
    )
    assert names(plan(troubled.ana).planned) == ["Puente Azul"]
    assert plan(troubled.ana).put_off == 1
    assert "Bodegas Norte" not in names(plan(troubled.diego).planned), "its lead has put it off"
    assert "Bodegas Norte" in names(plan(troubled.ana, datetime(2026, 3, 9, 9, tzinfo=UTC)).planned)


def test_a_superiors_snooze_is_their_own(troubled):
    operations.put_off(troubled.norte, ["health.red"], why="", by=troubled.diego, at=troubled.at, today=TODAY)
    assert "Bodegas Norte" not in names(plan(troubled.diego).planned)
    assert "Bodegas Norte" in names(plan(troubled.ana).planned)


def test_a_snooze_ends_after_today(troubled):
    with pytest.raises(Refused):
        operations.snooze(troubled.norte, ["a"], until=TODAY, why="", by=troubled.ana, at=troubled.at, today=TODAY)


def test_only_who_looks_after_an_account_decides(troubled):
    with pytest.raises(NotAllowed):
        operations.put_off(troubled.norte, ["a"], why="", by=troubled.nell, at=troubled.at, today=TODAY)
    change = operations.put_off(troubled.norte, ["a"], why="", by=troubled.ana, at=troubled.at, today=TODAY)
    with pytest.raises(NotAllowed):
        undo(change.pk, by=troubled.diego, at=troubled.at)
    assert Dismissal.objects.get().withdrawn_at is None


def test_queries_do_not_grow_with_the_book(troubled):
    def count():
        troubled.ana.__dict__.pop("_circle", None)
        caches["process"].clear()
        with CaptureQueriesContext(connection) as asked:
            found = plan(troubled.ana)
        return len(asked), len(found.planned) + len(found.rest) + found.further

    before, lines = count()
    for number in range(30):
        account = Account.objects.create(name=f"More {number}", lead=troubled.ana, opened_at=troubled.at)
        Stewardship.objects.create(account=account, member=troubled.ana, since=TODAY)
        stand(account, health=10, revenue=Decimal(100 + number), risk=Decimal("0.5"))
    assert count() == (before, lines + 30)
    assert before <= 16
