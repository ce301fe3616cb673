"""Runs as their pages show them."""

from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from cartera.imports import amounts, dates, leftout, queries
from cartera.imports.cells import plain
from cartera.imports.forms import PREFIX, ColumnsForm
from cartera.imports.models import Run

COUNTS = ("rows", "created", "changed", "same", "rejected")
SAMPLES, LEFT_OUT = 3, 50
TONES = {
    Run.State.NEW: ("neutral", "columns-3"),
    Run.State.DONE: ("good", "check"),
    Run.State.CHECKED: ("accent", "list-checks"),
    Run.State.STOPPED: ("watch", "pause"),
    Run.State.FAILED: ("bad", "circle-alert"),
    Run.State.UNDONE: ("neutral", "undo-2"),
}
KINDS = {
    "text": gettext_lazy("text"),
    "number": gettext_lazy("number"),
    "date": gettext_lazy("date"),
    "mail": gettext_lazy("mail address"),
    "nothing": gettext_lazy("empty"),
}


@dataclass(frozen=True)
class Shown:
    """A run with what its row in the list says."""

    run: Run
    label: Any
    tone: str
    icon: str
    state: Any


def of(run: Run) -> Shown:
    tone, icon = TONES.get(run.state, ("neutral", "loader"))  # type: ignore[call-overload]
    label = next((kind.label for kind in queries.kinds() if kind.key == run.kind), run.kind)
    if queries.is_interrupted(run):
        return Shown(run, label, "watch", "triangle-alert", pgettext("import", "Interrupted"))
    return Shown(run, label, tone, icon, run.get_state_display())


def page_of(run: Run) -> dict[str, Any]:
    """What the page of a run says: counts, reasons, the first rows that were left out, how columns were read."""
    kind = queries.kind_of(run.kind)
    dry = run.state in (Run.State.CHECKING, Run.State.CHECKED) or (run.state == Run.State.FAILED and not run.rows)
    counts = run.dry if dry else {name: getattr(run, name) for name in COUNTS}
    extra, reasons = (run.dry.get("extra", {}), run.dry.get("reasons", [])) if dry else (run.extra, run.reasons)
    headings, rows = leftout.read(run.left_out_file(dry=dry), queries.delimiter_of(run), LEFT_OUT)
    return {
        "run": run,
        "shown": of(run),
        "kind": kind,
        "dry": dry,
        "interrupted": queries.is_interrupted(run),
        "counts": {name: counts.get(name, 0) for name in COUNTS},
        "incoming": counts.get("created", 0) + counts.get("changed", 0),
        "extra": [(kind.extras.get(name, name), number) for name, number in extra.items()],
        "reasons": sorted(reasons, key=lambda reason: -reason["count"]),
        "left_out_headings": headings[:-1],
        "left_out": [(row[-1], row[:-1]) for row in rows],
        "readings": _readings(run),
        "done_rows": run.checked_rows if run.state == Run.State.CHECKING else run.rows,
        "zone": run.options.get("zone", "UTC"),
    }


def _readings(run: Run) -> list[tuple[str, str, str]]:
    """How number and date columns were read: the heading, the way, and what to doubt."""
    found = []
    places = queries.places_of(run)
    for key, said in run.readings.items():
        if key not in places:
            continue
        heading = run.headings[places[key]]
        dated = {"dmy", "mdy"} & set(said["proved"]) or (said["open"] and not said["numeric"])
        if dated:
            way = _("day first") if said["order"] == "dmy" else _("month first")
            found.append((heading, way, _doubt(said)))
        elif said["numeric"]:
            way = _("decimal comma") if said["mark"] == "comma" else _("decimal point")
            found.append((heading, way, ", ".join(said["currencies"])))
    return found


def _doubt(said: dict[str, Any]) -> str:
    if said["proved"] or not said["open"]:
        return ""
    return _("“%(text)s” on line %(line)s could be either: check it") % {
        "text": said["open"][1],
        "line": said["open"][0],
    }


def columns_of(run: Run, form: ColumnsForm) -> list[dict[str, Any]]:
    """For each heading: its select, some of its cells, and what they look like."""
    sample = list(islice(queries.table_of(run).rows(), 20))
    found = []
    for place, heading in enumerate(run.headings):
        cells = [plain(cells[place]) for _line, cells in sample if place < len(cells)]
        filled = [cell for cell in cells if cell.strip()]
        found.append(
            {
                "heading": heading,
                "field": form[f"{PREFIX}{place}"],
                "samples": [cell[:60] for cell in dict.fromkeys(filled)][:SAMPLES],
                "looks": KINDS[looks(filled)],
            }
        )
    return found


def looks(cells: list[str]) -> str:
    """What kind of thing these cells seem to be."""
    if not cells:
        return "nothing"
    tests = {
        "mail": lambda cell: "@" in cell and "." in cell.rpartition("@")[2],
        "number": lambda cell: amounts.parse(cell, "point") is not None or amounts.parse(cell, "comma") is not None,
        "date": lambda cell: dates.parse(cell, "dmy") is not None or dates.parse(cell, "mdy") is not None,
    }
    return next((name for name, test in tests.items() if all(map(test, cells))), "text")
