"""What migrations make of the rows that were there before."""

from datetime import UTC, datetime
from importlib import import_module

from django.apps import apps

from cartera.accounts import operations
from cartera.accounts.models import Contact
from cartera.imports import journal
from cartera.imports.models import Chunk, Run

TYPED, IMPORTED = datetime(2026, 1, 7, 8, tzinfo=UTC), datetime(2026, 1, 9, 8, tzinfo=UTC)


def test_people_are_known_from_when_they_were_typed_or_imported_else_from_the_opening(cast):
    typed = operations.add_contact(cast.norte, name="Tea Typed", by=cast.ana, at=TYPED)
    brought = Contact.objects.create(account=cast.norte, name="Ina Imported")
    run = Run.objects.create(kind="contacts", file_name="people.csv", sha256="", made_at=IMPORTED, at=IMPORTED)
    made = journal.made([("accounts.account", [typed.pk]), ("accounts.contact", [brought.pk])], watched={})
    Chunk.objects.create(run=run, number=0, rows=1, last_line=2, made=made)
    Contact.objects.update(recorded_at=datetime(2030, 1, 1, tzinfo=UTC))
    import_module("cartera.accounts.migrations.0002_contact_recorded_at").find_out(apps, None)
    assert dict(Contact.objects.values_list("name", "recorded_at")) == {
        "Bea Bosch": cast.norte.opened_at, "Tea Typed": TYPED, "Ina Imported": IMPORTED,
    }  # fmt: skip
