from django.db import migrations, models
from django.db.models import OuterRef, Subquery

from cartera.kit.clock import now

LABEL = "accounts.contact"


def find_out(apps, schema_editor):
    """When each person was written down: by the history of typing and importing, else when their account was opened."""
    Account, Contact = apps.get_model("accounts", "Account"), apps.get_model("accounts", "Contact")
    Change, Chunk = apps.get_model("kit", "Change"), apps.get_model("imports", "Chunk")
    opened = Account.objects.filter(pk=OuterRef("account")).values("opened_at")
    Contact.objects.update(recorded_at=Subquery(opened[:1]))
    for made, at in Chunk.objects.filter(run__at__isnull=False).values_list("made", "run__at").iterator():
        for first, last in (ids for entry in made if entry["model"] == LABEL for ids in entry["ids"]):
            Contact.objects.filter(pk__range=(first, last)).update(recorded_at=at)
    typed = Change.objects.filter(verb="accounts.add_contact", subject_type=LABEL).order_by("at")
    for pk, at in typed.values_list("subject_id", "at").iterator():
        Contact.objects.filter(pk=pk).update(recorded_at=at)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("imports", "0001_initial"),
        ("kit", "0002_history_is_never_rewritten"),
    ]
    operations = [
        migrations.AddField("contact", "recorded_at", models.DateTimeField(default=now, editable=False)),
        migrations.RunPython(find_out, migrations.RunPython.noop),
    ]
