"""The long parts of an import, for the worker."""

from typing import Any

from django.contrib.auth import get_user_model
from django.tasks import task
from django.utils import translation

from cartera.imports import chunks, running, undoing
from cartera.imports.errors import Unreadable
from cartera.imports.models import Run
from cartera.kit import clock


def _language(member: Any) -> str:
    return getattr(member, "language", "") or translation.get_language() or "en"


@task
def carry_out(run_id: int, dry: bool, language: str) -> None:
    """Check the run's file or bring it in. What is wrong with it stands on the run, for its page, in *language*."""
    run = Run.objects.select_related("by").get(pk=run_id)
    with translation.override(language):
        try:
            running.carry_out(run, dry=dry)
        except (Unreadable, chunks.Superseded):
            return


@task
def undo(run_id: int, member_id: int) -> None:
    """Take the run back."""
    member = get_user_model()._default_manager.get(pk=member_id)
    with translation.override(_language(member)):
        undoing.undo(Run.objects.get(pk=run_id), by=member, at=clock.now())
