"""The table of Django's database cache, which no model describes."""

from django.core.management import call_command
from django.db import migrations

TABLE = "kit_cache"


def make(apps, editor):
    call_command("createcachetable", TABLE, database=editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("kit", "0003_what_jobs_counted")]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
