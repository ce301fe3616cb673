from django.db import migrations
from django.utils.timezone import now


def fill(apps, schema_editor):
    """Each name becomes a scorecard of its own; what was in force goes on for everyone. No factor is touched."""
    Family, Scorecard = (apps.get_model("health", name) for name in ("Family", "Scorecard"))
    for card in Scorecard.objects.order_by("pk"):
        card.family, _is_new = Family.objects.get_or_create(name=card.name)
        card.made_at = card.changed_at = card.switched_on_at or now()
        card.save()
    begun = Scorecard.objects.filter(switched_on_at__isnull=False).order_by("-switched_on_at", "-pk")
    if card := begun.first():
        first = begun.last()
        assignment = apps.get_model("health", "Assignment").objects.create(since=first.switched_on_at)
        apps.get_model("health", "Segment").objects.create(assignment=assignment, place=0, family=card.family)


class Migration(migrations.Migration):

    dependencies = [("health", "0002_versions_of_scorecards")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
