import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("health", "0003_fill_versions_of_scorecards")]

    operations = [
        migrations.RemoveConstraint("scorecard", "one_scorecard_of_a_version"),
        migrations.AlterModelOptions(
            "scorecard",
            {
                "ordering": ["family_id", "-version"],
                "verbose_name": "version of a scorecard",
                "verbose_name_plural": "versions of scorecards",
            },
        ),
        migrations.RemoveField("scorecard", "name"),
        migrations.AlterField(
            "scorecard",
            "family",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="versions",
                to="health.family",
                verbose_name="scorecard",
            ),
        ),
        migrations.AlterField("scorecard", "made_at", models.DateTimeField(verbose_name="drafted")),
        migrations.AlterField("scorecard", "changed_at", models.DateTimeField(verbose_name="last changed")),
        migrations.AddConstraint(
            "scorecard",
            models.UniqueConstraint(fields=("family", "version"), name="one_scorecard_of_a_version"),
        ),
        migrations.AddConstraint(
            "scorecard",
            models.UniqueConstraint(
                condition=models.Q(("switched_on_at", None)), fields=("family",), name="one_draft_of_a_scorecard"
            ),
        ),
    ]
