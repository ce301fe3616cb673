"""Risk is learned from what is over, starts as the scorecard, and is judged on days that it could not know."""

import random
import re
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO

import numpy as np
import pytest
from django.core.management import call_command
from django.urls import reverse

from cartera.accounts import operations as accounts
from cartera.accounts.models import Account, Stewardship
from cartera.contracts import operations as contracts
from cartera.design import reader
from cartera.engine import backtesting
from cartera.health import evidence, operations, outcomes, snapshots
from cartera.health.models import Backtest, Risk, RiskModel, RiskSwitch
from cartera.health.queries import measuring
from cartera.health.queries.risks import everyones_card
from cartera.health.tests.conftest import TODAY, noon
from cartera.kit import undo
from cartera.kit.clock import now, start_of
from cartera.kit.errors import NotAllowed, Refused
from cartera.lake import operations as lake
from cartera.lake.offers import Measure
from cartera.lake.queries import facts_as_of

BOOK = 130


@pytest.fixture
def place(settings, tmp_path):
    settings.LAKE = tmp_path / "lake"


@pytest.fixture
def book(cast, place):
    """130 clients of Ana who order every two to five weeks; every third one stops, at some day of the last year."""
    dice = random.Random(11)
    made = [Account(name=f"Client {n:03}", opened_at=cast.at, currency="EUR", lead=cast.ana) for n in range(BOOK)]
    cast.clients = Account.objects.bulk_create(made)
    Stewardship.objects.bulk_create(Stewardship(account=a, member=cast.ana, since=date(2024, 1, 1)) for a in made)
    rows, cast.stopped = [], {}
    for number, account in enumerate(cast.clients):
        gap = dice.randrange(14, 36)
        until = TODAY - timedelta(days=dice.randrange(0, 14))
        if number % 3 == 0:
            until = TODAY - timedelta(days=dice.randrange(95, 330))
            cast.stopped[account.pk] = until
        day = TODAY - timedelta(days=700 - dice.randrange(60))
        while day <= until:
            rows.append({
                "account_id": account.pk, "number": f"{account.pk}-{day}", "issued_at": noon(day), "currency": "EUR",
                "recorded_at": noon(day), "due_on": None, "paid_on": None,
                "lines": [{"text": "Coffee", "quantity": Decimal(10), "unit_price": Decimal(dice.randrange(20, 40))}],
            })  # fmt: skip
            day += timedelta(days=max(gap + dice.randrange(-6, 7), 2))
    contracts.issue_many(rows, by=None, at=cast.at)
    lake.publish()
    return cast


def became(account, since, days=90):
    facts, ids = facts_as_of(start_of(TODAY)), np.array([account.pk], np.int64)
    return outcomes.became(facts, start_of(since), start_of(since + timedelta(days=days)), ids)[0]


def learned(book, **changed):
    given = {"as_of": TODAY, "period": 90, "base": Decimal("0.1"), "by": book.ada, "at": book.at}
    return operations.learn(**{**given, **changed})


@pytest.fixture(scope="module")
def once():
    """What was learned and found of the book, so that the tests do not each do the same work: the book is the same."""
    return {}


@pytest.fixture
def version(book, once):
    """The version learned from the book."""
    if "learned" not in once:
        once["learned"] = learned(book).learned
        RiskModel.objects.all().delete()
    return another(book, once)


def another(book, once):
    card = everyones_card(book.at)
    return RiskModel.objects.create(made_at=book.at, on=TODAY, scorecard=card, learned=once["learned"])


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_who_orders_nothing_within_the_horizon_was_lost_and_who_orders_was_kept(book):
    pk, last = next(iter(book.stopped.items()))
    account = Account.objects.get(pk=pk)
    assert became(account, last + timedelta(days=1)) == 1
    assert became(account, last - timedelta(days=89)) == 0
    assert became(book.clients[1], TODAY - timedelta(days=90)) == 0


def test_who_never_ordered_and_was_not_there_yet_is_neither_lost_nor_kept(book):
    assert np.isnan(became(book.solo, TODAY - timedelta(days=90)))


def test_a_closed_account_was_lost_then_and_is_gone_after(book):
    closed = book.clients[1]
    accounts.close(closed, reason="price", note="", by=book.ada, at=noon(TODAY - timedelta(days=40)))
    lake.publish()
    assert became(closed, TODAY - timedelta(days=60), days=30) == 1
    assert np.isnan(became(closed, TODAY - timedelta(days=30), days=30))


def test_a_cut_knows_nothing_of_its_own_day(book):
    on = TODAY - timedelta(days=90)
    ids = np.array([account.pk for account in book.clients], np.int64)
    [before] = snapshots.taken([on], ["contracts.recency"], ids, window=90, as_of=TODAY)
    rows = [
        {
            "account_id": account.pk, "number": f"late-{account.pk}", "issued_at": noon(on), "recorded_at": noon(on),
            "currency": "EUR", "due_on": None, "paid_on": None,
            "lines": [{"text": "Tea", "quantity": Decimal(1), "unit_price": Decimal(5)}],
        }
        for account in book.clients
    ]  # fmt: skip
    contracts.issue_many(rows, by=None, at=book.at)
    lake.publish()
    [after] = snapshots.taken([on], ["contracts.recency"], ids, window=90, as_of=TODAY)
    assert before.columns["contracts.recency"].value.tolist() == after.columns["contracts.recency"].value.tolist()
    assert after.outcome.tolist() == [0.0] * BOOK, "they all ordered on the first day of the window"


def test_without_losses_the_model_is_the_scorecard(cast, place):
    version = learned(cast)
    assert version.learned["model"]["origin"] == "scorecard"
    assert version.learned["losses"] == 0
    assert version.learned["calibration"] is None


def test_with_losses_it_learns_and_says_what_it_foretold(book, version):
    kept = version.learned
    assert kept["model"]["origin"] != "scorecard"
    assert kept["losses"] == len(book.stopped)
    assert kept["calibration"]["observed"] > 0
    assert max(kept["cuts"]) == (TODAY - timedelta(days=90)).isoformat(), "the last window that is over"
    assert RiskSwitch.objects.count() == 0, "a person switches it on, nothing else"


def test_once_switched_on_every_account_has_a_risk_whose_parts_add_up(book, version):
    operations.switch_risk(version, why="It is better", by=book.ada, at=book.at)
    operations.score(as_of=TODAY, by=None, at=book.at)
    risks = list(Risk.objects.all())
    assert len(risks) >= BOOK
    for risk in risks:
        parts = sum(Decimal(str(part["part"])) for part in risk.parts)
        assert risk.base + parts == risk.log_odds
        assert risk.in_30 <= risk.in_90 <= risk.in_180
    account = Account.objects.get(pk=book.clients[1].pk)
    assert account.silence_risk == Risk.objects.get(account=account).in_90
    lost = Risk.objects.get(account=max(book.stopped, key=lambda pk: TODAY - book.stopped[pk]))
    assert lost.in_90 > Risk.objects.get(account=account).in_90


def test_once_switched_off_the_rhythm_of_orders_says_the_risk_again(book, version):
    pk = book.clients[1].pk
    operations.score(as_of=TODAY, by=None, at=book.at, account_ids=[pk])
    by_rhythm = Account.objects.get(pk=pk).silence_risk
    for model in (version, None):
        operations.switch_risk(model, why="try", by=book.ada, at=book.at)
        operations.score(as_of=TODAY, by=None, at=book.at, account_ids=[pk])
        assert Risk.objects.filter(account=pk).exists() == (model is not None)
    assert Account.objects.get(pk=pk).silence_risk == by_rhythm


def test_switching_can_be_undone_but_not_behind_a_later_switch(book, version, once):
    first, second = version, another(book, once)
    change = operations.switch_risk(first, why="try", by=book.ada, at=book.at)
    assert operations.switch_risk(first, why="again", by=book.ada, at=book.at) is None
    operations.switch_risk(second, why="newer", by=book.ada, at=book.at + timedelta(hours=1))
    with pytest.raises(Refused):
        undo.undo(change.pk, by=book.ada, at=book.at + timedelta(hours=2))
    back = operations.switch_risk(None, why="no", by=book.ada, at=book.at + timedelta(hours=3))
    undo.undo(back.pk, by=book.ada, at=book.at + timedelta(hours=4))
    assert RiskSwitch.objects.in_force(book.at + timedelta(hours=5)).model == second


def test_only_administrators_learn_and_switch(book, version):
    with pytest.raises(NotAllowed):
        learned(book, by=book.diego)
    with pytest.raises(NotAllowed):
        operations.switch_risk(version, why="mine", by=book.vera, at=book.at)
    with pytest.raises(NotAllowed):
        operations.begin_backtest(as_of=TODAY, cuts=3, window=90, by=book.vera, at=book.at)


@pytest.fixture
def planted(book, monkeypatch):
    """Beside two honest measures, one that looks ahead: whether the account will be lost within the horizon."""

    def peek(facts, as_of, ids):
        now = facts_as_of(start_of(TODAY))
        ahead = outcomes.became(now, as_of, as_of + timedelta(days=90), ids)
        return {"value": ahead, "age": np.zeros(len(ids))}

    future = Measure(
        key="tests.planted", label="Planted", unit="", direction="down", source="", compute=peek,
        rows_url=lambda pk: "", sentence=lambda told: "",
    )  # fmt: skip
    known = measuring.offered()
    honest = {key: known[key] for key in ("contracts.trend", "contracts.breadth")}
    monkeypatch.setattr(measuring, "measures", lambda: {**honest, future.key: future})
    measuring.offered.cache_clear()
    yield book
    measuring.offered.cache_clear()


def test_a_column_from_the_future_is_refused_until_someone_vouches_for_it(planted):
    kept = learned(planted).learned
    assert [leak["key"] for leak in kept["refused"]] == ["tests.planted"]
    [shape] = [shape for shape in kept["model"]["shapes"] if shape["key"] == "tests.planted"]
    assert shape["corners"] == [], "nothing is read from it"
    assert learned(planted, admitted=["tests.planted"]).learned["refused"] == []


@pytest.fixture
def judged(book, once):
    """A finished backtest of the book, as the terminal does it."""
    if "found" not in once:
        out = StringIO()
        call_command("backtest", as_of=TODAY.isoformat(), cuts=6, stdout=out)
        once["found"], once["printed"] = Backtest.objects.get().found, out.getvalue()
        assert RiskModel.objects.count() == 0, "what it learns on the way is not kept"
        Backtest.objects.all().delete()
    return Backtest.objects.create(at=book.at, on=TODAY, cuts=6, of=15, done=15, found=once["found"])


def test_the_backtest_judges_score_and_risk_beside_plain_rules(book, judged):
    found = judged.found
    assert found["score"]["lost"] >= backtesting.LEAST_LOSSES
    assert set(found["score"]["rules"]) == {"recency", "last_month"}, "nobody was spoken to, so that rule says nothing"
    assert found["risk"]["chances"] is not None
    assert {row["days"] for row in found["red"]} == set(evidence.BEFORE)
    assert all(row["account"] in [one.pk for one in book.clients] for row in found["stayed"])


def test_the_terminal_prints_what_the_page_shows(judged, once, client, book):
    auc = judged.found["risk"]["ranking"]["auc"]["value"]
    assert f"{auc:.3f}" in once["printed"]
    client.force_login(book.vera)
    assert reader.percent(auc) in words(client.get(reverse("health:evidence")))


def test_with_few_losses_it_refuses_to_conclude(trading, client):
    test = operations.begin_backtest(as_of=TODAY, cuts=2, window=90, by=None, at=trading.at)
    operations.backtest(test)
    assert test.found["score"]["verdict"] == "too few"
    client.force_login(trading.vera)
    told = words(client.get(reverse("health:evidence")))
    assert "No conclusion" in told
    assert "Very likely between" not in told, "no figures that look like a finding"


def test_names_on_the_evidence_page_are_those_in_sight(book, judged, client):
    test = judged
    test.found["left"] = [
        {"account": book.clients[0].pk, "on": "2026-01-01", "score": 80.0},
        {"account": book.harbour.pk, "on": "2026-01-01", "score": 90.0},
    ]
    test.found["stayed"] = []
    test.save()
    client.force_login(book.diego)
    told = words(client.get(reverse("health:evidence")))
    assert book.clients[0].name in told
    assert "Harbour Foods" not in told
    assert "1 more account is not in your sight" in told


def test_a_running_backtest_shows_how_far_it_has_come(cast, client):
    test = operations.begin_backtest(as_of=TODAY, cuts=6, window=90, by=cast.ada, at=now())
    Backtest.objects.filter(pk=test.pk).update(done=4)
    client.force_login(cast.ada)
    assert "4 / 15" in words(client.get(reverse("health:evidence")))
    progress = reverse("health:backtest_progress", args=[test.pk])
    assert "HX-Refresh" not in client.get(progress)
    Backtest.objects.filter(pk=test.pk).update(found={})
    assert client.get(progress)["HX-Refresh"] == "true"


def test_the_page_looks_for_the_version_that_is_being_learned(book, version, client):
    client.force_login(book.ada)
    newer = reverse("health:newer_risk")
    assert "appears here by itself" in words(client.get(reverse("health:risk"), {"than": version.pk}))
    assert client.get(newer, {"than": version.pk}).status_code == 204
    assert client.get(newer, {"than": 0})["HX-Redirect"] == reverse("health:risk")


def test_pages_need_few_queries_and_speak_of_what_was_learned(book, version, client, django_assert_max_num_queries):
    operations.switch_risk(version, why="It is better", by=book.ada, at=book.at)
    operations.score(as_of=TODAY, by=None, at=book.at)
    client.force_login(book.ada)
    with django_assert_max_num_queries(14):
        told = words(client.get(reverse("health:risk")))
    assert "What the data changed" in told
    assert "in force" in told
    account = book.clients[1]
    with django_assert_max_num_queries(14):
        told = words(client.get(reverse("health:account_risk", args=[account.pk])))
    assert "A usual client" in told
    assert "Is it worth acting?" in told
    for page in ("health:panel", "health:account"):
        response = client.get(reverse(page, args=[account.pk]))
        assert "Risk of loss within 90 days" in words(response)
        assert reverse("health:account_risk", args=[account.pk]) in response.content.decode()


def test_bad_terms_are_said_at_their_field_and_nothing_is_lost(cast, client):
    client.force_login(cast.ada)
    response = client.post(
        reverse("health:risk_terms"), {"margin": "140", "cost": "-1", "chance": "20", "losses": "20"}
    )
    assert response.status_code == 422
    content = response.content.decode()
    assert 'value="140"' in content
    assert content.count('class="error"') == 2
