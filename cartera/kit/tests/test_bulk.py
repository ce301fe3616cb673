from django.db import connection

from cartera.accounts.models import Account
from cartera.kit import bulk


def test_the_database_knows_how_large_a_table_has_grown(cast):
    bulk.learn_sizes()
    asked = {
        "sqlite": "SELECT max(CAST(stat AS integer)) FROM sqlite_stat1 WHERE tbl = 'accounts_account'",
        "postgresql": "SELECT reltuples FROM pg_class WHERE relname = 'accounts_account'",
    }
    with connection.cursor() as cursor:
        cursor.execute(asked[connection.vendor])
        assert cursor.fetchone()[0] == Account.objects.count()


def test_many_ids_are_one_value_of_a_filter(cast):
    wanted = [cast.norte.pk, cast.harbour.pk, 987_654]
    assert set(Account.objects.filter(pk__in=bulk.one_of(wanted))) == {cast.norte, cast.harbour}
