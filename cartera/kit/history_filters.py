"""How the history can be asked: `verb:accounts.rename by:"Ana Arias" on:2026-03 about:accounts.account "norte"`."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cartera.kit import verbs
from cartera.kit.filter_columns import on_choice, on_column, on_moment
from cartera.kit.filters import FilterContext, Qualifier
from cartera.kit.models import Change


def known(column: str) -> list[str]:
    """The different values of *column*, which an index begins with: hopped through, not read through."""
    hops = (
        f"WITH RECURSIVE hop(x) AS (SELECT MIN({column}) FROM kit_change UNION ALL"  # noqa: S608 - our own names
        f" SELECT (SELECT MIN({column}) FROM kit_change WHERE {column} > hop.x) FROM hop WHERE hop.x IS NOT NULL)"
        " SELECT x FROM hop WHERE x IS NOT NULL"
    )
    with connection.cursor() as cursor:
        cursor.execute(hops)
        return [row[0] for row in cursor.fetchall()]


def _people(_context: FilterContext) -> list[tuple[Any, str]]:
    return [(member.pk, str(member)) for member in get_user_model()._default_manager.all()]


QUALIFIERS = [
    Qualifier(
        name="verb", spanish="verbo", label=_("What was done"), kind="choice", build=on_choice("verb"),
        choices=lambda context: [(verb, str(verbs.label(verb))) for verb in known("verb")],
    ),
    Qualifier(name="by", spanish="quién", label=_("Who did it"), kind="member", build=on_column("by"), choices=_people),
    Qualifier(
        name="about", spanish="sobre", label=_("Kind of thing"), kind="choice", build=on_choice("subject_type"),
        choices=lambda context: [(kind, "") for kind in known("subject_type") if kind],
    ),
    Qualifier(
        name="id", spanish="número", label=_("Number of the thing"), kind="number", build=on_column("subject_id"),
    ),
    Qualifier(name="on", spanish="cuándo", label=_("When"), kind="date", build=on_moment("at"), past=True),
    Qualifier(
        name="undone", spanish="deshecho", label=_("Taken back"), kind="flag",
        build=lambda op, value, context: Q(undone__isnull=not value),
    ),
]  # fmt: skip


def by_label(text: str) -> Q:
    """Free text: a part of the thing's name."""
    return Q(subject_label__icontains=text)


def changes_for_reading() -> Any:
    """The history with what a page shows of each row, asked for at once."""
    return Change.objects.select_related("by", "undone", "undoes")
