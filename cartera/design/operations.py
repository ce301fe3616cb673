"""What a member chooses about how pages look to them."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import transaction

from cartera.kit import history

PREFERENCES = {
    "language": [code for code, _name in settings.LANGUAGES],
    "theme": ["system", "light", "dark"],
    "density": ["comfortable", "compact"],
}


@transaction.atomic
def keep_preferences(member: Any, *, by: Any, at: datetime, **chosen: str) -> None:
    """Keep the *chosen* language, theme or density of *member*."""
    if any(value not in PREFERENCES.get(name, ()) for name, value in chosen.items()):
        raise BadRequest("unknown preference")
    before = {name: getattr(member, name) for name in chosen}
    if before == chosen:
        return
    for name, value in chosen.items():
        setattr(member, name, value)
    member.save(update_fields=list(chosen))
    history.record("design.choose", subject=member, by=by, at=at, before=before, after=chosen)
