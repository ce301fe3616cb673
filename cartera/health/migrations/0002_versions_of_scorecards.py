import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def member():
    return models.ForeignKey(
        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
    )


def number():
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    """The columns; 0003 fills them, 0004 demands them: PostgreSQL does not fill and demand in one transaction."""

    dependencies = [
        ("accounts", "0001_initial"),
        ("health", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Family",
            fields=[
                ("id", number()),
                ("name", models.CharField(max_length=80, unique=True, verbose_name="name")),
                ("about", models.CharField(blank=True, max_length=200, verbose_name="what it is for")),
            ],
            options={"verbose_name": "scorecard", "verbose_name_plural": "scorecards", "ordering": ["name"]},
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", number()),
                ("since", models.DateTimeField(verbose_name="in force since")),
                ("by", member()),
                ("why", models.CharField(blank=True, max_length=300, verbose_name="why")),
            ],
            options={
                "verbose_name": "order of segments",
                "verbose_name_plural": "orders of segments",
                "ordering": ["-since", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Segment",
            fields=[
                ("id", number()),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="segments", to="health.assignment"
                    ),
                ),
                ("place", models.PositiveSmallIntegerField()),
                ("name", models.CharField(blank=True, max_length=80, verbose_name="name")),
                ("filter", models.CharField(blank=True, max_length=500, verbose_name="filter")),
                (
                    "view",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts.savedview",
                    ),
                ),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="health.family",
                        verbose_name="scorecard",
                    ),
                ),
            ],
            options={
                "verbose_name": "segment",
                "verbose_name_plural": "segments",
                "ordering": ["assignment_id", "place"],
                "constraints": [
                    models.UniqueConstraint(fields=("assignment", "place"), name="one_segment_at_a_place")
                ],
            },
        ),
        migrations.CreateModel(
            name="Preview",
            fields=[
                ("id", number()),
                (
                    "scorecard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="previews", to="health.scorecard"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                ("by", member()),
                ("on", models.DateField(verbose_name="on")),
                ("accounts", models.PositiveIntegerField(verbose_name="accounts")),
                ("seconds", models.FloatField(verbose_name="seconds")),
                ("found", models.JSONField(default=dict)),
            ],
            options={"verbose_name": "preview", "verbose_name_plural": "previews", "ordering": ["-at", "-pk"]},
        ),
        migrations.AddField(
            "scorecard",
            "family",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="versions",
                to="health.family",
                verbose_name="scorecard",
            ),
        ),
        migrations.AddField(
            "scorecard",
            "copied_from",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="health.scorecard",
            ),
        ),
        migrations.AddField("scorecard", "made_at", models.DateTimeField(null=True, verbose_name="drafted")),
        migrations.AddField("scorecard", "made_by", member()),
        migrations.AddField("scorecard", "changed_at", models.DateTimeField(null=True, verbose_name="last changed")),
        migrations.AddField("scorecard", "switched_on_by", member()),
        migrations.AddField("scorecard", "why", models.CharField(blank=True, max_length=300, verbose_name="why")),
        migrations.AddField(
            "factor", "actionable", models.BooleanField(default=False, verbose_name="we can move it")
        ),
        migrations.AddField(
            "factor",
            "effort",
            models.PositiveIntegerField(
                blank=True,
                null=True,
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="effort (minutes)",
            ),
        ),
        migrations.AddConstraint(
            "factor",
            models.CheckConstraint(
                condition=models.Q(
                    ("actionable", False),
                    models.Q(("effort__gte", 1), ("effort__isnull", False)),
                    _connector="OR",
                ),
                name="what_can_be_moved_takes_some_effort",
            ),
        ),
    ]
