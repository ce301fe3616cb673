"""The database itself refuses to rewrite the history, whoever asks.

Emptying the whole database stays possible (that is how the demonstration company is taken out): PostgreSQL empties by
TRUNCATE, which these triggers do not see. SQLite has no TRUNCATE, so deleting is refused there by the models alone.
"""

from django.db import migrations

SQLITE = [
    "CREATE TRIGGER kit_change_stays BEFORE UPDATE ON kit_change BEGIN"
    " SELECT RAISE(ABORT, 'history is never rewritten'); END",
]
POSTGRESQL = [
    "CREATE FUNCTION kit_change_stays() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'history is never rewritten'; END $$",
    "CREATE TRIGGER kit_change_stays BEFORE UPDATE OR DELETE ON kit_change"
    " FOR EACH ROW EXECUTE FUNCTION kit_change_stays()",
]


def refuse(apps, editor):
    for statement in SQLITE if editor.connection.vendor == "sqlite" else POSTGRESQL:
        editor.execute(statement)


def allow(apps, editor):
    if editor.connection.vendor == "sqlite":
        editor.execute("DROP TRIGGER kit_change_stays")
    else:
        editor.execute("DROP FUNCTION kit_change_stays() CASCADE")


class Migration(migrations.Migration):
    dependencies = [("kit", "0001_initial")]
    operations = [migrations.RunPython(refuse, allow)]
