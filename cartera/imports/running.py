"""Bringing a file in: what is decided about it first, then its chunks, and what state the run is in after."""

import logging
import secrets
from typing import Any

from django.utils.translation import gettext as _

from cartera.imports import queries, scanning
from cartera.imports.cells import Converter, Reading
from cartera.imports.chunks import Pass, Plan, Superseded, Told
from cartera.imports.errors import Unreadable
from cartera.imports.keys import Keys
from cartera.imports.models import Run
from cartera.kit import bulk, clock

logger = logging.getLogger(__name__)


def prepared(run: Run, tell: Told) -> Plan:
    """Scan the file once and decide how it is read. Raise Unreadable with the place of what is wrong."""
    kind = queries.kind_of(run.kind)
    table = queries.table_of(run)
    columns = list(kind.columns())
    places = queries.places_of(run)
    queries.refuse_missing(kind, places, table.headings)
    found = scanning.scan(table, places, columns, lambda rows: tell("scan", rows, 0))
    readings = scanning.decide(
        found,
        columns,
        zone=run.options.get("zone", "UTC"),
        wanted=run.options.get("ways", {}),
        comma=table.format.delimiter == ";",
    )
    Run.objects.filter(pk=run.pk).update(total_rows=found.rows, readings=_shown(found, readings))
    run.total_rows = found.rows
    if not found.rows:
        raise Unreadable(_("The file has headings but no rows."), line=table.format.heading_line)
    converters = {column.key: Converter(column, readings[column.key]) for column in columns if column.key in places}
    keys = Keys(run.folder / f"keys-{run.runner}.sqlite", anew=True)
    if kind.key_columns:
        scanning.note_keys(table, kind, places, converters, keys)
    labels = {column.key: str(column.label) for column in columns}
    return Plan(
        run=run, kind=kind, table=table, columns=columns, places=places, converters=converters, keys=keys, labels=labels
    )


def _shown(found: scanning.Scan, readings: dict[str, Reading]) -> dict[str, dict[str, Any]]:
    """How the columns were read, for the page."""
    shown = {}
    for key, evidence in found.evidence.items():
        numeric = bool({"point", "comma"} & set(evidence.count)) or bool(evidence.currencies)
        reading = readings[key]
        shown[key] = {
            "mark": reading.mark,
            "order": reading.order,
            "proved": sorted(evidence.first),
            "open": evidence.open,
            "currencies": sorted(evidence.currencies),
            "numeric": numeric,
        }
    return shown


def carry_out(run: Run, *, dry: bool, tell: Told = lambda stage, rows, of: None) -> Run:
    """Check the file (dry: all of it is rolled back) or bring it in from where its journal ends; return the run.

    Raise Unreadable if the file as a whole is not right, Superseded if another process took the run over.
    """
    run.runner = secrets.token_hex(16)
    Run.objects.filter(pk=run.pk).update(
        state=Run.State.CHECKING if dry else Run.State.RUNNING,
        runner=run.runner,
        beat_at=clock.now(),
        stop_asked=False,
        error="",
    )
    try:
        state = _passed(run, dry=dry, tell=tell)
    except Superseded:
        raise
    except Exception as error:
        if not isinstance(error, Unreadable):
            logger.exception("import %s failed", run.pk)
        _end(run, Run.State.FAILED, error=str(error) if isinstance(error, Unreadable) else repr(error))
        raise
    if not dry:
        bulk.learn_sizes()
    _end(run, state)
    run.refresh_from_db()
    return run


def _passed(run: Run, *, dry: bool, tell: Told) -> str:
    plan = prepared(run, tell)
    try:
        return Pass(plan, dry=dry, tell=tell).run_all()
    finally:
        plan.keys.close()
        plan.keys.path.unlink(missing_ok=True)


def _end(run: Run, state: str, error: str = "") -> None:
    ended = {"state": state, "error": error, "ended_at": clock.now(), "runner": ""}
    Run.objects.filter(pk=run.pk, runner=run.runner).update(**ended)
