from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kit", "0002_history_is_never_rewritten")]

    operations = [
        migrations.RemoveField(model_name="jobrun", name="said"),
        migrations.AddField(model_name="jobrun", name="told", field=models.JSONField(default=dict)),
        migrations.AddField(model_name="jobrun", name="error", field=models.CharField(blank=True, max_length=300)),
        migrations.AlterField(
            model_name="jobrun",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("done", "Done"),
                    ("failed", "Failed"),
                    ("busy", "Skipped: the run before was not over"),
                    ("gone", "Skipped: no app offers it any more"),
                ],
                max_length=8,
            ),
        ),
    ]
