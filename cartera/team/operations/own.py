"""What members say about themselves."""

from datetime import datetime
from typing import Any

from django.db import transaction

from cartera.kit import history
from cartera.kit.errors import NotAllowed
from cartera.kit.models import Change
from cartera.search.operations import index_many
from cartera.team.models import Member

PROFILE = frozenset({"name", "language", "theme", "density", "time_zone", "works_from", "works_until", "working_days"})


@transaction.atomic
def edit_profile(member: Member, *, by: Member, at: datetime, **chosen: Any) -> Change | None:
    """Change *member*'s own name, language, looks, time zone and hours; only they themselves do."""
    if by.pk != member.pk:
        raise NotAllowed
    if unknown := chosen.keys() - PROFILE:
        raise TypeError(f"not part of the profile: {unknown}")
    changed = {key: value for key, value in chosen.items() if getattr(member, key) != value}
    if not changed:
        return None
    before = {key: getattr(member, key) for key in changed}
    for key, value in changed.items():
        setattr(member, key, value)
    member.save(update_fields=list(changed))
    index_many(Member, [member.pk])
    return history.record("team.edit_profile", subject=member, by=by, at=at, before=before, after=changed)
