"""What is recorded about a person: absences and qualifications."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cartera.kit import history
from cartera.kit.errors import Refused
from cartera.kit.models import Change
from cartera.team.models import Absence, Member, Qualification
from cartera.team.queries import require_for


@transaction.atomic
def record_absence(
    member: Member, *, kind: str, first_day: date, last_day: date, by: Member, at: datetime, note: str = ""
) -> tuple[Absence, Change]:
    """Record that *member* is away from *first_day* to *last_day*, both included."""
    require_for(by, "record_absence", member)
    if last_day < first_day:
        raise Refused(_("The last day lies before the first."))
    if Absence.objects.filter(member=member, first_day__lte=last_day, last_day__gte=first_day).exists():
        raise Refused(_("%(name)s is away on some of these days already.") % {"name": member})
    absence = Absence.objects.create(member=member, kind=kind, first_day=first_day, last_day=last_day, note=note)
    after = {"id": absence.pk, **_absence(absence)}
    return absence, history.record("team.record_absence", subject=member, by=by, at=at, after=after)


@transaction.atomic
def cancel_absence(absence: Absence, *, by: Member, at: datetime, undoes: Change | None = None) -> Change:
    """Take an absence out again; history keeps what it was."""
    require_for(by, "record_absence", absence.member)
    before = _absence(absence)
    absence.delete()
    return history.record("team.cancel_absence", subject=absence.member, by=by, at=at, before=before, undoes=undoes)


@transaction.atomic
def qualify(
    member: Member,
    *,
    kind: str,
    name: str,
    by: Member,
    at: datetime,
    level: str = "",
    obtained_on: date | None = None,
    expires_on: date | None = None,
) -> tuple[Qualification, Change]:
    """Record that *member* has a qualification; one that they had already is brought up to date."""
    require_for(by, "qualify", member)
    if obtained_on and expires_on and expires_on < obtained_on:
        raise Refused(_("It would expire before it was obtained."))
    held = Qualification.objects.filter(member=member, kind=kind, name__iexact=name.strip()).first()
    before = _qualification(held) if held else {}
    held = held or Qualification(member=member, kind=kind, name=name.strip())
    held.level, held.obtained_on, held.expires_on = level, obtained_on, expires_on
    held.save()
    after = _qualification(held)
    return held, history.record("team.qualify", subject=member, by=by, at=at, before=before, after=after)


@transaction.atomic
def disqualify(qualification: Qualification, *, by: Member, at: datetime) -> Change:
    """Take a qualification out again; history keeps what it was."""
    require_for(by, "qualify", qualification.member)
    before = _qualification(qualification)
    qualification.delete()
    return history.record("team.disqualify", subject=qualification.member, by=by, at=at, before=before)


def _absence(absence: Absence) -> dict[str, object]:
    return {name: getattr(absence, name) for name in ("kind", "first_day", "last_day", "note")}


def _qualification(held: Qualification) -> dict[str, object]:
    return {name: getattr(held, name) for name in ("kind", "name", "level", "obtained_on", "expires_on")}


def undo_record_absence(change: Change, *, by: Member, at: datetime) -> Change:
    absence = Absence.objects.select_related("member").filter(pk=change.after["id"]).first()
    if absence is None:
        raise Refused(_("This absence has been cancelled already."))
    return cancel_absence(absence, by=by, at=at, undoes=change)


def undo_cancel_absence(change: Change, *, by: Member, at: datetime) -> Change:
    """Put the absence back, unless something else was recorded for those days."""
    member = Member.objects.get(pk=change.subject_id)
    require_for(by, "record_absence", member)
    was = change.before
    if Absence.objects.filter(member=member, first_day__lte=was["last_day"], last_day__gte=was["first_day"]).exists():
        raise Refused(_("%(name)s is away on some of these days already.") % {"name": member})
    Absence.objects.create(member=member, **was)
    return history.record("team.restore_absence", subject=member, by=by, at=at, after=was, undoes=change)


def undo_qualify(change: Change, *, by: Member, at: datetime) -> Change:
    """Put the qualification back as it was before: older details, or none at all."""
    member = Member.objects.get(pk=change.subject_id)
    require_for(by, "qualify", member)
    was, became = change.before, change.after
    held = Qualification.objects.filter(member=member, kind=became["kind"], name=became["name"])
    if was:
        held.update(**{key: was[key] for key in ("level", "obtained_on", "expires_on")})
    else:
        held.delete()
    return history.record("team.undo_qualify", subject=member, by=by, at=at, before=became, after=was, undoes=change)


def undo_disqualify(change: Change, *, by: Member, at: datetime) -> Change:
    member = Member.objects.get(pk=change.subject_id)
    require_for(by, "qualify", member)
    was = change.before
    if Qualification.objects.filter(member=member, kind=was["kind"], name__iexact=was["name"]).exists():
        raise Refused(_("It has been recorded again since."))
    Qualification.objects.create(member=member, **was)
    return history.record("team.qualify", subject=member, by=by, at=at, after=was, undoes=change)
