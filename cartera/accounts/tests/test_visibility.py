from django.core.cache import caches

from cartera.accounts.models import Account


def names(member):
    return {account.name for account in Account.objects.visible_to(member)}


def test_a_manager_sees_the_accounts_they_look_after(cast):
    assert names(cast.ana) == {"Bodegas Norte", "Puente Azul"}


def test_an_associate_sees_the_account_they_assist_on_and_nothing_else(cast):
    assert names(cast.luz) == {"Bodegas Norte"}


def test_a_director_sees_the_books_of_those_below(cast):
    assert names(cast.diego) == {"Bodegas Norte", "Puente Azul", "El Molino"}


def test_the_vice_president_and_the_administrator_also_see_the_account_nobody_looks_after(cast):
    assert len(names(cast.vera)) == len(names(cast.ada)) == 5


def test_another_team_sees_no_account(cast):
    assert names(cast.sam) == set()


def test_a_wide_circle_sees_the_same_accounts(cast, monkeypatch):
    narrow = [names(member) for member in (cast.ana, cast.diego, cast.nell)]
    caches["process"].clear()
    monkeypatch.setattr("cartera.accounts.models.WIDE", 0)
    assert [names(member) for member in (cast.ana, cast.diego, cast.nell)] == narrow
