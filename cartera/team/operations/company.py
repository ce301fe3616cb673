"""The company's own shape: the ladder, what its rungs ask for, and the teams."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from cartera.kit import history
from cartera.kit.errors import Refused
from cartera.kit.models import Change
from cartera.team.models import Member, Post, Requirement, Rung, Team
from cartera.team.queries import require


@transaction.atomic
def save_rung(rung: Rung, *, by: Member, at: datetime, **chosen: Any) -> Change:
    """Add *rung* to the ladder, or change it: name, level, salary band, competences."""
    require(by, "set_ladder")
    return _save(rung, chosen, verb="rung", by=by, at=at)


@transaction.atomic
def remove_rung(rung: Rung, *, by: Member, at: datetime) -> Change:
    """Take a rung that nobody has ever held off the ladder."""
    require(by, "set_ladder")
    if Post.objects.filter(rung=rung).exists():
        raise Refused(_("People hold this rung or have held it, so it stays in their history. You can rename it."))
    return _remove(rung, verb="rung", by=by, at=at)


@transaction.atomic
def ask_for(rung: Rung, *, kind: str, name: str, by: Member, at: datetime) -> Requirement:
    """Let *rung* ask for a qualification."""
    require(by, "set_ladder")
    if Requirement.objects.filter(rung=rung, kind=kind, name__iexact=name.strip()).exists():
        raise Refused(_("This rung asks for it already."))
    requirement = Requirement.objects.create(rung=rung, kind=kind, name=name.strip())
    history.record("team.ask_for", subject=rung, by=by, at=at, after={"kind": kind, "name": requirement.name})
    return requirement


@transaction.atomic
def ask_no_more(requirement: Requirement, *, by: Member, at: datetime) -> Change:
    """Let the rung ask for this qualification no more."""
    require(by, "set_ladder")
    before = {"kind": requirement.kind, "name": requirement.name}
    requirement.delete()
    return history.record("team.ask_no_more", subject=requirement.rung, by=by, at=at, before=before)


@transaction.atomic
def save_team(team: Team, *, by: Member, at: datetime, **chosen: Any) -> Change:
    """Add a team, or change its name and kind."""
    require(by, "set_ladder")
    return _save(team, chosen, verb="team", by=by, at=at)


@transaction.atomic
def remove_team(team: Team, *, by: Member, at: datetime) -> Change:
    """Take away a team that nobody belongs to."""
    require(by, "set_ladder")
    if Member.objects.filter(team=team).exists():
        raise Refused(_("People belong to this team. Move them to another one first."))
    return _remove(team, verb="team", by=by, at=at)


def _save(thing: Model, chosen: dict[str, Any], *, verb: str, by: Member, at: datetime) -> Change:
    new = thing.pk is None
    stored = thing if new else type(thing)._default_manager.get(pk=thing.pk)
    before = {} if new else {key: _plain(getattr(stored, key)) for key in chosen}
    for key, value in chosen.items():
        setattr(thing, key, value)
    thing.full_clean()
    thing.save()
    after = {key: _plain(value) for key, value in chosen.items()}
    return history.record(
        f"team.{'add' if new else 'edit'}_{verb}", subject=thing, by=by, at=at, before=before, after=after
    )


def _remove(thing: Model, *, verb: str, by: Member, at: datetime) -> Change:
    change = history.record(f"team.remove_{verb}", subject=thing, by=by, at=at)
    thing.delete()
    return change


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value


def undo_ask_no_more(change: Change, *, by: Member, at: datetime) -> Change:
    rung = Rung.objects.filter(pk=change.subject_id or 0).first()
    if rung is None:
        raise Refused(_("This rung is gone."))
    ask_for(rung, by=by, at=at, **change.before)
    return history.record("team.ask_again", subject=rung, by=by, at=at, after=change.before, undoes=change)
