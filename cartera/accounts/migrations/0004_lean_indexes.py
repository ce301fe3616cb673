"""The indexes that are used: every account that is opened or brought in pays for each of them.

An account's lead was indexed twice. Groups and merges are rare, so that their indexes hold only the accounts that have
one: with all the others in them SQLite takes them for useless. Nothing asks for what begins with a given id, tax
number, domain or mail, which PostgreSQL's indexes ending in `_like` are for.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

DROPPED = (
    "accounts_account_lead_id_f33685c2", "accounts_account_merged_into_id_fe23a809",
    "accounts_account_parent_id_1cd823ad", "accounts_account_external_id_9b040868_like",
    "accounts_account_tax_number_4ac6e13d_like", "accounts_account_domain_3905690a_like",
    "accounts_contact_external_id_eade5ce5_like", "accounts_contact_email_8affa80f_like",
)  # fmt: skip


def key(to, **options):
    rule = django.db.models.deletion.PROTECT
    return models.ForeignKey(to=to, on_delete=rule, blank=True, null=True, db_index=False, **options)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_opinions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Only the indexes change; SQLite would copy the whole table for it.
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(f"DROP INDEX IF EXISTS {name}") for name in DROPPED],
            state_operations=[
                migrations.AlterField("account", "lead", key(settings.AUTH_USER_MODEL, related_name="+", verbose_name="steward")),
                migrations.AlterField("account", "merged_into", key("accounts.account", related_name="+")),
                migrations.AlterField(
                    "account",
                    "parent",
                    key("accounts.account", related_name="children", verbose_name="part of"),
                ),
            ],
        ),
        migrations.AddIndex("account", models.Index(fields=["tier", "health"], name="account_by_tier_and_health")),
        migrations.AddIndex("account", models.Index(fields=["stage", "health"], name="account_by_stage_and_health")),
        migrations.AddIndex(
            "account",
            models.Index(fields=["parent"], name="account_by_parent", condition=models.Q(parent__isnull=False)),
        ),
        migrations.AddIndex(
            "account",
            models.Index(
                fields=["merged_into"], name="account_by_merged_into", condition=models.Q(merged_into__isnull=False)
            ),
        ),
    ]
