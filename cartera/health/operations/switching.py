"""Switching a version on, at once or at a moment to come, and taking that back while nothing was scored by it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cartera.health.models import Scorecard, Segment, Snapshot, Standing
from cartera.health.operations.drafts import locked_draft
from cartera.health.queries.scorecards import accounts_of
from cartera.kit import history
from cartera.kit.errors import Refused
from cartera.kit.models import Change
from cartera.team.models import Member
from cartera.team.queries import require


@transaction.atomic
def switch_on(
    card: Scorecard, *, why: str, by: Member | None, at: datetime, from_moment: datetime | None = None
) -> Change:
    """Have the draft score its accounts from *from_moment* on (*at* if not given); it is never edited again.

    Refused when it could not score anything, or was not previewed as it now is.
    """
    require(by, "set_up")
    present, moment = locked_draft(card), max(from_moment or at, at)
    if not any(factor.weight for factor in present.factors.all()):
        raise Refused(_("No factor has a weight: there would be no score."))
    if not present.is_previewed():
        raise Refused(_("Preview it first: nobody has seen yet what it would change as it is now."))
    present.switched_on_at, present.switched_on_by, present.why = moment, by, why
    present.save(update_fields=["switched_on_at", "switched_on_by", "why"])
    return history.record(
        "health.switch_on", subject=present, by=by, at=at, after={"from": moment, "why": why},
        account_ids=accounts_of(present.family, at).tolist(),
    )  # fmt: skip


def call_off(card: Scorecard, *, by: Member | None, at: datetime) -> Change:
    """Make a version a draft again that was switched on, but by which nothing was scored yet."""
    return _called_off(card, by=by, at=at)


def undo_switch_on(change: Change, *, by: Member | None, at: datetime) -> Change:
    """The same, as the undo of switching on."""
    card = Scorecard.objects.filter(pk=change.subject_id or 0).first()
    if card is None:
        raise Refused(_("It was changed again since; nothing was undone."))
    return _called_off(card, by=by, at=at, undoes=change)


@transaction.atomic
def _called_off(card: Scorecard, *, by: Member | None, at: datetime, undoes: Change | None = None) -> Change:
    require(by, "set_up")
    present = Scorecard.objects.select_for_update(of=("self",)).select_related("family").switched_on().get(pk=card.pk)
    if any(kind.objects.filter(scorecard=present).exists() for kind in (Standing, Snapshot)):
        raise Refused(_("Accounts were scored by it already. To go back, make a new version from the one before."))
    if not present.family.versions.switched_on().exclude(pk=present.pk).exists() and _is_assigned(present):
        raise Refused(
            _("Accounts get this scorecard, and it has no other version. Change the order of segments first.")
        )
    if present.family.versions.drafts().exists():
        raise Refused(_("%s has a draft already: switch it on or throw it away first.") % present.family)
    before = {"from": present.switched_on_at, "why": present.why}
    present.switched_on_at, present.switched_on_by, present.why = None, None, ""
    present.save(update_fields=["switched_on_at", "switched_on_by", "why"])
    return history.record("health.call_off", subject=present, by=by, at=at, before=before, undoes=undoes)


def _is_assigned(card: Scorecard) -> bool:
    return Segment.objects.filter(family=card.family_id).exists()
