"""Taking a verb back. An app offers how; the verb's history row says what was before."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from cartera.kit.errors import Refused
from cartera.kit.features import offers
from cartera.kit.models import Change


@dataclass(frozen=True, kw_only=True)
class Undo:
    """How *verb* is taken back: `run(change, *, by, at)` checks rights, restores, and records with `undoes=change`."""

    verb: str
    run: Callable[..., Change]


def can_undo(change: Change) -> bool:
    """Whether some app knows how to take a change of this verb back."""
    return change.undoes_id is None and _undo_of(change.verb) is not None


@transaction.atomic
def undo(change_id: int, *, by: Any, at: datetime) -> Change:
    """Take a change back, once. Raises Refused or NotAllowed when that cannot be, or is not for *by* to do."""
    change = Change.objects.select_for_update().filter(pk=change_id).first()
    if change is None:
        raise Refused(_("There is no such change."))
    if change.undoes_id is not None:
        raise Refused(_("This took something back already; do it again by hand if you want it back."))
    if Change.objects.filter(undoes=change).exists():
        raise Refused(_("This has been undone already."))
    how = _undo_of(change.verb)
    if how is None:
        raise Refused(_("This cannot be undone."))
    undoing = how.run(change, by=by, at=at)
    if undoing.undoes_id != change.pk:
        raise TypeError(f"the undo of {change.verb} did not record what it undoes")
    return undoing


def offer(request: HttpRequest, change: Change, message: str | Promise) -> None:
    """Tell the member what was done, with an Undo button if the verb can be taken back."""
    messages.success(request, str(message), extra_tags=f"undo:{change.pk}" if can_undo(change) else "")


def _undo_of(verb: str) -> Undo | None:
    return next((undo for undo in offers("undo") if undo.verb == verb), None)
