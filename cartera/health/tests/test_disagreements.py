"""The list of accounts where the computed score and the manager do not say the same."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from cartera.accounts import operations as accounts
from cartera.accounts.models import Account
from cartera.health import disagreements, operations
from cartera.health.tests.conftest import TODAY


@pytest.fixture
def apart(trading):
    operations.score(as_of=TODAY, by=None, at=trading.at)
    for name, health, revenue, colour, lead in (
        ("norte", "82.5", 5000, 1, "ana"), ("puente", "60", 900, 3, "ana"), ("molino", "20", 100, 1, "marc"),
    ):  # fmt: skip
        account = getattr(trading, name)
        Account.objects.filter(pk=account.pk).update(health=Decimal(health), revenue=revenue)
        operations.give_pulse(
            account, colour=colour, why="sponsor", text=f"Heard it at {account}", by=getattr(trading, lead),
            at=trading.at,
        )  # fmt: skip
    return trading


def told(client, member, **address):
    client.force_login(member)
    body = client.get(reverse("health:disagreements"), address).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)), re.findall(r'/accounts/(\d+)/health/" data-open', body)


def test_those_furthest_apart_come_first_with_both_reasons(client, apart):
    words, ids = told(client, apart.vera)
    assert ids == [str(apart.norte.pk), str(apart.puente.pk)]
    assert "42.6" in words
    assert "10.0" in words
    assert "who decides there has changed – Heard it at Bodegas Norte" in words
    assert "of 3 accounts with a pulse of 90 days" in words
    assert "€5,900" in words


def test_it_is_filtered_and_sorted(client, apart):
    assert told(client, apart.vera, sort="revenue")[1] == [str(apart.puente.pk), str(apart.norte.pk)]
    assert told(client, apart.vera, q="pulse:red")[1] == [str(apart.norte.pk)]
    assert told(client, apart.vera, q="pulse:purple")[1] == []
    assert told(client, apart.vera, sort="nonsense")[1][0] == str(apart.norte.pk)


def test_nobody_sees_what_is_not_theirs(client, apart):
    assert told(client, apart.nell)[1] == []
    assert "Bodegas" not in told(client, apart.marc)[0]


def test_an_old_opinion_does_not_disagree(apart):
    seen = Account.objects.visible_to(apart.vera)
    assert disagreements.disagreements(seen, TODAY + timedelta(days=89)).count() == 2
    assert disagreements.disagreements(seen, TODAY + timedelta(days=90)).count() == 0


def test_which_side_the_score_is_on(apart):
    found = disagreements.totals(Account.objects.visible_to(apart.vera), TODAY)
    assert (found.opined, found.milder, found.milder_revenue) == (3, 1, 5000)
    assert (found.harsher, found.harsher_revenue, found.revenue) == (1, 900, 5900)


def test_its_pages_follow_each_other_and_cost_the_same(client, apart, django_assert_max_num_queries):
    made = accounts.open_many(
        [{"name": f"Client {n}", "lead_id": apart.marc.pk} for n in range(60)], by=None, at=apart.at
    )
    assert made is not None
    found = Account.objects.filter(name__startswith="Client")
    found.update(health=Decimal("85.5"), pulse=1, pulse_on=TODAY)
    client.force_login(apart.vera)
    with django_assert_max_num_queries(14):
        body = client.get(reverse("health:disagreements")).content.decode()
    seen = re.findall(r'/accounts/(\d+)/health/" data-open', body)
    after = re.search(r'rel="next" href="([^"]*)"', body)[1].replace("&amp;", "&")
    body = client.get(reverse("health:disagreements") + after).content.decode()
    seen += re.findall(r'/accounts/(\d+)/health/" data-open', body)
    assert len(seen) == len(set(seen)) == 62
