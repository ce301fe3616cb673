"""Views of the list that members keep for themselves or share."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cartera.accounts.models import SavedView
from cartera.accounts.operations.rights import require
from cartera.kit import history
from cartera.kit.errors import NotAllowed, Refused
from cartera.kit.models import Change
from cartera.team.models import Member


@transaction.atomic
def save_view(
    *, name: str, filter: str, sort: str, columns: list[str], shared: bool, by: Member, at: datetime,
    view: SavedView | None = None,
) -> SavedView:  # fmt: skip
    """Keep a view under *name*, or change *view*, which must be one's own."""
    if shared:
        require(by, "share_view")
    if view is not None and view.owner_id != by.pk:
        raise NotAllowed(_("This view belongs to someone else; save it under a name of your own."))
    if SavedView.objects.filter(owner=by, name=name).exclude(pk=view.pk if view else 0).exists():
        raise Refused(_("You have a view of this name already."))
    view = view or SavedView(owner=by)
    view.name, view.filter, view.sort, view.columns, view.shared = name, filter, sort, columns, shared
    view.full_clean()
    view.save()
    history.record("accounts.save_view", subject=view, by=by, at=at, after={"filter": filter, "shared": shared})
    return view


@transaction.atomic
def drop_view(view: SavedView, *, by: Member, at: datetime) -> Change:
    """Take a view of one's own away."""
    if view.owner_id != by.pk:
        raise NotAllowed(_("This view belongs to someone else."))
    before = {
        "name": view.name,
        "filter": view.filter,
        "sort": view.sort,
        "columns": view.columns,
        "shared": view.shared,
    }
    change = history.record("accounts.drop_view", subject=view, by=by, at=at, before=before)
    view.delete()
    return change


@transaction.atomic
def undo_drop_view(change: Change, *, by: Member, at: datetime) -> Change:
    """Bring the view back."""
    if change.by_id != by.pk:
        raise NotAllowed(_("This view belongs to someone else."))
    view = SavedView.objects.create(owner=by, **change.before)
    return history.record("accounts.drop_view", subject=view, by=by, at=at, undoes=change)
