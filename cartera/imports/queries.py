"""Questions about kinds, files and runs."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cartera.imports.errors import Unreadable
from cartera.imports.headings import names_of, recognise, signature
from cartera.imports.leftout import PROBLEM
from cartera.imports.models import RememberedMapping, Run
from cartera.imports.offers import ImportKind
from cartera.imports.reading import Format, Table, open_table
from cartera.kit import clock
from cartera.kit.features import offers

SILENT = timedelta(minutes=3)


def kinds() -> list[ImportKind]:
    """Everything that can be imported, in the order in which a new installation needs it."""
    return sorted(offers("imports"), key=lambda kind: kind.order)


def kind_of(key: str) -> ImportKind:
    """The kind with *key*. Raise LookupError if no app offers it."""
    for kind in kinds():
        if kind.key == key:
            return kind
    raise LookupError(key)


def kinds_for(member: Any) -> list[ImportKind]:
    """What *member* may import."""
    return [kind for kind in kinds() if kind.may(member)]


def may_import(member: Any) -> bool:
    return bool(kinds_for(member))


def runs_of(member: Any) -> QuerySet[Run]:
    """The imports that *member* may look at: their own, and for administrators everybody's; the newest first."""
    mine = Run.objects.filter(kind__in=[kind.key for kind in kinds_for(member)]).select_related("by")
    return mine if member.is_administrator else mine.filter(by=member)


def run_for(member: Any, run_id: int) -> Run | None:
    return runs_of(member).filter(pk=run_id).first()


def twin_of(run: Run) -> Run | None:
    """An earlier import of the very same file that was carried out."""
    states = (Run.State.DONE, Run.State.STOPPED, Run.State.FAILED)
    same = Run.objects.filter(kind=run.kind, sha256=run.sha256, state__in=states)
    return same.exclude(pk=run.pk).filter(rows__gt=0).first()


def is_interrupted(run: Run) -> bool:
    """Whether nothing was heard for too long of a run that should be at work."""
    return run.is_moving and (run.beat_at is None or run.beat_at < clock.now() - SILENT)


def table_of(run: Run) -> Table:
    """The run's file, opened as it was decided to be read."""
    names = frozenset().union(*(names_of(column) for column in kind_of(run.kind).columns()))
    return open_table(run.source, wanted=Format(**run.format), known=names)


def places_of(run: Run) -> dict[str, int]:
    """For each mapped column, the place of its heading."""
    return {key: int(place) for place, key in run.mapping.items() if key}


def delimiter_of(run: Run) -> str:
    return run.format.get("delimiter") or ","


def as_of(run: Run) -> date:
    """The last day that the file may speak of."""
    said = run.options.get("as_of")
    return date.fromisoformat(said) if said else clock.today()


def proposed(kind: ImportKind, headings: Sequence[str]) -> dict[str, str]:
    """The mapping (place to column key) for these headings: the one remembered, else what is recognised."""
    columns = list(kind.columns())
    kept = RememberedMapping.objects.filter(kind=kind.key, signature=signature(headings)).first()
    if kept and set(kept.mapping.values()) <= {column.key for column in columns}:
        return kept.mapping
    found = recognise([("" if heading == PROBLEM else heading) for heading in headings], columns)
    return {str(place): key for place, key in found.items()}


def missing_columns(kind: ImportKind, mapped: Collection[str]) -> list[str]:
    """What is required and not among the columns *mapped*."""
    columns = list(kind.columns())
    missing = [str(column.label) for column in columns if column.required and column.key not in mapped]
    if kind.any_of and not set(kind.any_of) & set(mapped):
        labels = [str(column.label) for column in columns if column.key in kind.any_of]
        missing.append(_(" or ").join(labels))
    return missing


def refuse_missing(kind: ImportKind, mapped: Collection[str], headings: Sequence[str]) -> None:
    """Raise Unreadable if a required column has no place in the file."""
    missing = missing_columns(kind, mapped)
    if missing:
        raise Unreadable(
            _("The file has no column for: %(missing)s. It has: %(headings)s.")
            % {"missing": ", ".join(missing), "headings": ", ".join(headings)}
        )
