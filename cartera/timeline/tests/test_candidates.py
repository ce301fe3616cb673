"""Accounts that have not heard from us for longer than agreed."""

from datetime import date, timedelta
from decimal import Decimal

from cartera.accounts.models import Account, Contact
from cartera.timeline import operations
from cartera.timeline.candidates import PRIOR, silent

TODAY = date(2026, 3, 2)


def quiet(account, cast, days):
    operations.log(account=account, kind="call", happened_at=cast.at - timedelta(days=days), by=None, at=cast.at)


def found(cast, member=None):
    return silent(member or cast.vera, TODAY, Account.objects.visible_to(member or cast.vera))


def test_silence_beyond_the_cadence_of_the_tier_is_a_reason_to_call(cast):
    Account.objects.filter(pk=cast.norte.pk).update(revenue=Decimal(9000))
    quiet(cast.norte, cast, 20)
    quiet(cast.puente, cast, 20)
    [candidate] = found(cast)
    assert (candidate.account_id, candidate.value, candidate.probability) == (cast.norte.pk, Decimal(9000), PRIOR)
    assert candidate.reason == "No contact for 20 days; agreed is every 14."
    assert candidate.evidence[0].url == f"/accounts/{cast.norte.pk}/feed/?group=talk"


def test_where_the_score_knows_better_it_says_how_likely(cast):
    quiet(cast.norte, cast, 20)
    Account.objects.filter(pk=cast.norte.pk).update(silence_risk=Decimal("0.4"))
    assert [candidate.probability for candidate in found(cast)] == [0.4]


def test_who_asked_to_be_left_alone_is_left_alone_until_then(cast):
    quiet(cast.norte, cast, 20)
    cast.bea.do_not_contact_until = TODAY + timedelta(days=1)
    cast.bea.save()
    assert found(cast) == []
    Contact.objects.create(account=cast.norte, name="Somebody else")
    assert len(found(cast)) == 1
    Contact.objects.filter(name="Somebody else").update(left_on=TODAY)
    assert found(cast) == []


def test_lost_accounts_and_those_never_talked_to_are_no_candidates(cast):
    quiet(cast.norte, cast, 20)
    Account.objects.filter(pk=cast.norte.pk).update(stage="lost")
    assert found(cast) == []


def test_a_member_hears_only_of_accounts_they_see(cast):
    quiet(cast.norte, cast, 20)
    assert len(found(cast, cast.ana)) == 1
    assert found(cast, cast.nell) == []


def test_two_queries_however_many_accounts(cast, django_assert_num_queries):
    for account in (cast.norte, cast.puente, cast.molino, cast.harbour):
        quiet(account, cast, 100)
    accounts = Account.objects.visible_to(cast.vera)
    with django_assert_num_queries(2):
        assert len(silent(cast.vera, TODAY, accounts)) == 4
