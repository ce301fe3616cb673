"""An import in the terminal: a bar while it runs, a table of what happened, and where the left-out rows lie."""

import hashlib
import signal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from cartera.imports import operations, queries, running
from cartera.imports.errors import Unreadable
from cartera.imports.models import Run
from cartera.imports.offers import ImportKind
from cartera.imports.reading import Format
from cartera.kit import clock


class Failed(Exception):
    """Nothing was imported, and why."""


def bring_in(options: dict[str, Any]) -> Run:
    """Do what the command line says and tell about it. Raise Failed if nothing could be read."""
    console = Console(soft_wrap=True)
    kind = _kind(options["kind"])
    try:
        run = _unfinished(kind, options) if options["resume"] else _new(kind, options)
        run = _with_bar(run, console, dry=options["dry_run"])
    except Unreadable as error:
        raise Failed(f"{options['file'].name}: {error}") from error
    _tell(run, kind, console, dry=options["dry_run"])
    return run


def _kind(key: str) -> ImportKind:
    try:
        return queries.kind_of(key)
    except LookupError:
        names = ", ".join(kind.key for kind in queries.kinds())
        raise Failed(
            _("Nothing is imported as “%(key)s”. There are: %(names)s.") % {"key": key, "names": names}
        ) from None


def _member(mail: str | None, kind: ImportKind) -> Any:
    if not mail:
        return None
    member = get_user_model()._default_manager.filter(email__iexact=mail, is_active=True).first()
    if member is None:
        raise Failed(_("Nobody here has the mail address %(mail)s.") % {"mail": mail})
    if not kind.may(member):
        raise Failed(_("%(name)s may not import %(kind)s.") % {"name": member, "kind": kind.label})
    return member


def _new(kind: ImportKind, options: dict[str, Any]) -> Run:
    path: Path = options["file"]
    if not path.is_file():
        raise Failed(_("There is no file %(path)s.") % {"path": path})
    by = _member(options["by"], kind)
    said = {
        "as_of": clock.today().isoformat(),
        "currency": (options["currency"] or settings.CURRENCY).upper(),
        "zone": options["zone"] or getattr(by, "time_zone", settings.TIME_ZONE),
    }
    wanted = Format(encoding=options["encoding"], delimiter=options["delimiter"], sheet=options["sheet"])
    with path.open("rb") as file:
        run = operations.bring(kind, file, name=path.name, by=by, at=clock.now(), options=said, wanted=wanted)
    mapping = _mapped(run, kind, options["map"])
    if options["dates"]:
        dated = [column.key for column in kind.columns() if column.kind in ("date", "datetime")]
        said = {"ways": dict.fromkeys(dated, options["dates"])}
    operations.choose(run, mapping, options=said)
    return run


def _mapped(run: Run, kind: ImportKind, pairs: list[str]) -> dict[str, str]:
    """The proposed mapping with what the command line says about single headings."""
    mapping, keys = dict(run.mapping), {column.key for column in kind.columns()}
    for pair in pairs:
        heading, _equals, key = pair.rpartition("=")
        if heading not in run.headings:
            raise Failed(_("The file has no heading “%(heading)s”.") % {"heading": heading})
        if key and key not in keys:
            said = {"kind": kind.label, "key": key, "keys": ", ".join(sorted(keys))}
            raise Failed(_("%(kind)s have no column “%(key)s”. There are: %(keys)s.") % said)
        mapping = {place: value for place, value in mapping.items() if value != key}
        mapping[str(run.headings.index(heading))] = key
    return mapping


def _unfinished(kind: ImportKind, options: dict[str, Any]) -> Run:
    """The newest run of this very file that was stopped, failed or interrupted."""
    with options["file"].open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    states = [Run.State.RUNNING, Run.State.STOPPED, Run.State.FAILED]
    run = Run.objects.filter(kind=kind.key, sha256=digest, state__in=states).first()
    if run is None:
        raise Failed(_("This file has no unfinished import to go on with."))
    return run


def _with_bar(run: Run, console: Console, *, dry: bool) -> Run:
    """Run with a progress bar; the first Ctrl-C stops after the present chunk."""
    stages = {"scan": _("Reading"), "check": _("Checking"), "run": _("Importing")}
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(
        *columns, console=console, transient=True, refresh_per_second=4, disable=not console.is_terminal
    ) as progress:
        task = progress.add_task("")

        def tell(stage: str, rows: int, of: int) -> None:
            progress.update(task, description=stages[stage], completed=rows, total=of or None)

        before = signal.signal(signal.SIGINT, lambda number, frame: operations.ask_to_stop(run))
        try:
            return running.carry_out(run, dry=dry, tell=tell)
        finally:
            signal.signal(signal.SIGINT, before)


def _tell(run: Run, kind: ImportKind, console: Console, *, dry: bool) -> None:
    counts = (
        run.dry if dry else {name: getattr(run, name) for name in ("rows", "created", "changed", "same", "rejected")}
    )
    extra, reasons = (run.dry["extra"], run.dry["reasons"]) if dry else (run.extra, run.reasons)
    title = f"{run.file_name} → {kind.label}" + (" · " + _("dry run, nothing was changed") if dry else "")
    table = Table(title=title, title_justify="left", show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for name, label in _labels().items():
        table.add_row(label, f"{counts.get(name, 0):,}")
    for name, number in extra.items():
        table.add_row(str(kind.extras.get(name, name)), f"{number:,}")
    console.print(table)
    if reasons:
        _tell_reasons(run, reasons, console, dry=dry)
    if "currency" in kind.options and not any(key == "currency" for key in run.mapping.values()):
        console.print(
            _("Amounts without a currency were taken as %(currency)s.") % {"currency": run.options["currency"]}
        )
    if run.state == Run.State.STOPPED:
        console.print(_("Stopped. The same command with --resume goes on from here."))


def _tell_reasons(run: Run, reasons: list[dict[str, Any]], console: Console, *, dry: bool) -> None:
    table = Table(title=_("Left out, and why"), title_justify="left")
    for heading in (_("Rows"), _("Column"), _("Problem"), _("First on line")):
        table.add_column(heading, justify="right" if heading in (_("Rows"), _("First on line")) else "left")
    for reason in sorted(reasons, key=lambda reason: -reason["count"]):
        table.add_row(f"{reason['count']:,}", reason["column"], reason["message"], f"{reason['line']:,}")
    console.print(table)
    console.print(_("All of them, with their reasons: %(path)s") % {"path": run.left_out_file(dry=dry)}, style="bold")


def _labels() -> dict[str, str]:
    return {
        "rows": _("Rows read"),
        "created": _("Created"),
        "changed": _("Changed"),
        "same": _("Already as in the file"),
        "rejected": _("Left out"),
    }
