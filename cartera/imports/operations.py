"""The verbs of an import but its passes over the rows (running.py) and its undoing (undoing.py)."""

import hashlib
import shutil
from dataclasses import asdict
from datetime import datetime
from typing import Any, BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from cartera.imports import queries
from cartera.imports.headings import names_of, signature
from cartera.imports.models import RememberedMapping, Run
from cartera.imports.offers import ImportKind
from cartera.imports.reading import Format, open_table
from cartera.kit import clock
from cartera.kit.errors import Refused

BLOCK = 1 << 20


def bring(
    kind: ImportKind,
    file: BinaryIO,
    *,
    name: str,
    by: Any,
    at: datetime,
    options: dict[str, Any] | None = None,
    wanted: Format | None = None,
) -> Run:
    """Keep *file* and recognise its columns. Raise Unreadable, keeping nothing, if it is no table."""
    run = Run.objects.create(kind=kind.key, file_name=name[-255:], by=by, made_at=at, at=at, options=options or {})
    try:
        run.sha256, run.size = _keep(run, file)
        recognised(run, wanted)
    except BaseException:
        shutil.rmtree(run.folder, ignore_errors=True)
        run.delete()
        raise
    run.save()
    return run


def recognised(run: Run, wanted: Format | None = None) -> None:
    """Open the run's file and set its format, headings and proposed mapping."""
    kind = queries.kind_of(run.kind)
    names = frozenset().union(*(names_of(column) for column in kind.columns()))
    table = open_table(run.source, wanted=wanted, known=names)
    run.format, run.headings = asdict(table.format), table.headings
    run.mapping = queries.proposed(kind, table.headings)


def _keep(run: Run, file: BinaryIO) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    run.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with run.source.open("wb") as kept:
        while block := file.read(BLOCK):
            digest.update(block)
            size += kept.write(block)
    return digest.hexdigest(), size


@transaction.atomic
def choose(run: Run, mapping: dict[str, str], *, options: dict[str, Any] | None = None) -> None:
    """Decide which heading is which column, and remember it for the next file with these headings."""
    run.mapping = {place: key for place, key in mapping.items() if key}
    run.options = {**run.options, **(options or {})}
    run.save(update_fields=["mapping", "options"])
    RememberedMapping.objects.update_or_create(
        kind=run.kind, signature=signature(run.headings), defaults={"mapping": run.mapping}
    )


def read_differently(run: Run, wanted: Format) -> None:
    """Read the file as *wanted*, and recognise its columns anew. Raise Unreadable, changing nothing, if that fails."""
    recognised(run, wanted)
    run.save(update_fields=["format", "headings", "mapping"])


def reconsider(run: Run) -> None:
    """Go back to the columns of a run that has not begun to change anything."""
    if run.rows:
        raise Refused(_("Part of the file is imported already: undo it first."))
    Run.objects.filter(pk=run.pk).update(state=Run.State.NEW, error="")


def await_worker(run: Run, *, dry: bool) -> None:
    """Show the run as at work from now on, though the worker has yet to take it up."""
    state = Run.State.CHECKING if dry else Run.State.RUNNING
    Run.objects.filter(pk=run.pk).update(
        state=state, runner="", beat_at=clock.now(), checked_rows=0, stop_asked=False, error=""
    )


def await_undoing(run: Run) -> None:
    states = (Run.State.DONE, Run.State.STOPPED, Run.State.FAILED, Run.State.RUNNING, Run.State.UNDOING)
    begun = Run.objects.filter(pk=run.pk, state__in=states, rows__gt=0)
    if not begun.update(state=Run.State.UNDOING, runner="", beat_at=clock.now()):
        raise Refused(_("There is nothing to undo."))


def ask_to_stop(run: Run) -> None:
    """The run stops after the chunk it is at; it can be resumed."""
    Run.objects.filter(pk=run.pk).update(stop_asked=True)
