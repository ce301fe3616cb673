"""How someone comes in: an invitation for each member, and one link that founds the first administrator."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cartera.kit import history
from cartera.kit.errors import Refused
from cartera.search.operations import index
from cartera.team.models import Invitation, Member
from cartera.team.operations.people import refuse_taken
from cartera.team.queries import require

LASTS = timedelta(days=7)
FIRST_LASTS = timedelta(hours=24)


@transaction.atomic
def invite(member: Member, *, by: Member | None, at: datetime) -> str:
    """Return the secret of a link by which *member* chooses a password and signs in; earlier links stop working."""
    require(by, "invite")
    if not member.is_active:
        raise Refused(_("%(name)s cannot sign in; let them in again first.") % {"name": member})
    Invitation.objects.filter(member=member, used_at=None).update(used_at=at)
    token = _open(member, at=at, lasts=LASTS)
    history.record("team.invite", subject=member, by=by, at=at)
    return token


@transaction.atomic
def open_first_invitation(*, at: datetime) -> str | None:
    """Return the secret of the link that founds the first administrator, or None when there is one already.

    Only the newest link works.
    """
    if Member.objects.administrators().exists():
        return None
    Invitation.objects.filter(member=None, used_at=None).update(used_at=at)
    return _open(None, at=at, lasts=FIRST_LASTS)


def find(token: str, *, at: datetime, first: bool) -> Invitation | None:
    """The open invitation of *token*; the *first* one only while nobody administers."""
    found = Invitation.objects.filter(token_hash=_hash(token), used_at=None, expires_at__gt=at, member__isnull=first)
    invitation = found.select_related("member").first()
    if invitation is None or (first and Member.objects.administrators().exists()):
        return None
    return invitation if first or invitation.member.is_active else None  # type: ignore[union-attr]


@transaction.atomic
def accept(*, token: str, at: datetime, password: str, **chosen: Any) -> Member:
    """Use an invitation: the member gets their *password* and what they chose (name, language, time zone)."""
    invitation = _use(token, at=at, first=False)
    member = invitation.member
    assert member is not None
    for key, value in chosen.items():
        setattr(member, key, value)
    member.set_password(password)
    member.save()
    index(member)
    history.record("team.accept", subject=member, by=member, at=at)
    return member


@transaction.atomic
def found(*, token: str, at: datetime, name: str, email: str, password: str, **chosen: Any) -> Member:
    """Use the first link: whoever holds it becomes the administrator."""
    _use(token, at=at, first=True)
    refuse_taken(email)
    member = Member.objects.create_member(
        email=email, name=name, password=password, is_administrator=True, joined_on=at.date(), **chosen
    )
    index(member)
    history.record("team.found", subject=member, by=member, at=at)
    return member


def _open(member: Member | None, *, at: datetime, lasts: timedelta) -> str:
    token = secrets.token_urlsafe(32)
    Invitation.objects.create(member=member, token_hash=_hash(token), made_at=at, expires_at=at + lasts)
    return token


def _use(token: str, *, at: datetime, first: bool) -> Invitation:
    """Mark the invitation used. The update decides who was first when two press the button at the same moment."""
    invitation = find(token, at=at, first=first)
    if invitation is None or not Invitation.objects.filter(pk=invitation.pk, used_at=None).update(used_at=at):
        raise Refused(_("This link has been used, or is too old. Ask for a new one."))
    return invitation


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
