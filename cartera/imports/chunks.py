"""One pass over a file's rows: each chunk's rows, its journal and its history are one transaction."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cartera.imports import journal, queries
from cartera.imports.cells import Bad, Converter
from cartera.imports.keys import Keys
from cartera.imports.leftout import PROBLEM, LeftOut
from cartera.imports.models import Chunk, Run
from cartera.imports.offers import Column, ImportContext, ImportKind, Problem, Result, Row
from cartera.imports.reading import Cells, Table
from cartera.imports.scanning import ahead, chunks
from cartera.kit import clock, history

# Told which stage is at work, how many rows it has done, and of how many (0: unknown).
Told = Callable[[str, int, int], None]
MOST_REASONS = 60
_QUOTED = re.compile("“.*?”", re.DOTALL)


class Superseded(Exception):
    """Another process took this run over."""


@dataclass(kw_only=True)
class Plan:
    """All that is decided about a file before its rows are brought in."""

    run: Run
    kind: ImportKind
    table: Table
    columns: list[Column]
    places: dict[str, int]
    converters: dict[str, Converter]
    keys: Keys
    labels: dict[str, str] = field(default_factory=dict)

    def label(self, key: str) -> str:
        """The heading in the file of the column *key*, or its name if the file has none."""
        return self.table.headings[self.places[key]] if key in self.places else self.labels.get(key, key)


class Pass:
    """One pass over the rows. Counts go to the run with every chunk, so that whoever looks sees them move."""

    def __init__(self, plan: Plan, *, dry: bool, tell: Told) -> None:
        self.plan, self.run, self.dry, self.tell = plan, plan.run, dry, tell
        last = None if dry else self.run.chunks.order_by("-number").first()
        self.number = last.number + 1 if last else 1
        self.counts, self.extra, self.reasons = self._counted_so_far()
        self.left_out = LeftOut(
            self.run.left_out_file(dry=dry),
            [heading for heading in plan.table.headings if heading != PROBLEM],
            delimiter=queries.delimiter_of(self.run),
            size=last.left_out_size if last else 0,
        )
        self.dry_memos: list[dict[str, Any]] = []
        self.context = ImportContext(
            by=self.run.by,
            at=self.run.at or self.run.made_at,
            as_of=queries.as_of(self.run),
            options=self.run.options,
            columns=frozenset(plan.places),
            line_of=plan.keys.line_of,
            memos=(lambda: self.dry_memos) if dry else self.run.chunks.memos,
            dry=dry,
        )

    def _counted_so_far(self) -> tuple[Counter[str], Counter[str], dict[tuple[str, str], dict[str, Any]]]:
        if self.dry:
            return Counter(), Counter(), {}
        run = self.run
        counts = Counter(rows=run.rows, created=run.created, changed=run.changed, same=run.same, rejected=run.rejected)
        return counts, Counter(run.extra), {(reason["column"], reason["message"]): reason for reason in run.reasons}

    def run_all(self) -> str:
        """Work through all chunks and return the state in which the run then is."""
        for lines, cells, rows, problems in ahead(self._still_to_come()):
            self._chunk(lines, cells, rows, problems)
            self.tell("check" if self.dry else "run", self.counts["rows"], self.run.total_rows)
            if self._stop_asked():
                return Run.State.NEW if self.dry else Run.State.STOPPED
        if self.plan.kind.finish and not self.dry:
            self._chunk([], [], [], [], self.plan.kind.finish)
        return Run.State.CHECKED if self.dry else Run.State.DONE

    def _stop_asked(self) -> bool:
        return Run.objects.filter(pk=self.run.pk, stop_asked=True).exists()

    def _chunk(
        self,
        lines: list[int],
        cells: list[Cells],
        rows: list[Row],
        problems: list[Problem],
        finish: Callable[[ImportContext], Result] | None = None,
    ) -> None:
        """Bring in one chunk, or at the end what *finish* does, with all that tells of it."""
        with transaction.atomic():
            self._claim()
            repeated = self._repeated(lines)
            result = self._loaded([row for row in rows if row.number not in repeated] if repeated else rows, finish)
            rejected = self._leave_out(lines, cells, [*repeated.values(), *problems, *result.problems])
            self._count(len(lines), rejected, result)
            if self.dry:
                self.dry_memos.append(result.memo)
                transaction.set_rollback(True)
            else:
                self._write(len(lines), lines[-1] if lines else 0, result)
        self.context.settle(kept=not self.dry)
        if self.dry:
            self._show()
        self.number += 1

    def _loaded(self, rows: list[Row], finish: Callable[[ImportContext], Result] | None) -> Result:
        if finish:
            return finish(self.context)
        return self.plan.kind.load(rows, self.context) if rows else Result()

    def _claim(self) -> None:
        if not Run.objects.filter(pk=self.run.pk, runner=self.run.runner).update(beat_at=clock.now()):
            raise Superseded

    def _repeated(self, lines: list[int]) -> dict[int, Problem]:
        """The lines whose key stood before in the file."""
        found = self.plan.keys.repeats(lines[0], lines[-1]) if lines else {}
        message = _("has the same key as line %(line)s")
        return {line: Problem(line, "", message % {"line": first}) for line, first in found.items()}

    def _still_to_come(self) -> Iterator[tuple[list[int], list[Cells], list[Row], list[Problem]]]:
        """The lines and cells of each chunk, its rows whose cells were all understood, and what is wrong with others.

        Nothing here asks a database, so that another thread may be ahead of the one that writes.
        """
        for lines, cells in chunks(islice(self.plan.table.rows(), self.counts["rows"], None)):
            yield lines, cells, *self._converted(lines, cells)

    def _converted(self, lines: list[int], cells: list[Cells]) -> tuple[list[Row], list[Problem]]:
        even, problems = squared(lines, cells, len(self.plan.table.headings))
        columns = list(zip(*even, strict=True))
        keys = list(self.plan.converters)
        values = []
        for key in keys:
            converter = self.plan.converters[key]
            converted = list(map(converter.__getitem__, columns[self.plan.places[key]]))
            problems += [
                Problem(lines[i], key, value.message) for i, value in enumerate(converted) if type(value) is Bad
            ]
            values.append(converted)
        bad = {problem.number for problem in problems}
        rows = [
            Row(line, dict(zip(keys, row, strict=True)))
            for line, row in zip(lines, zip(*values, strict=True), strict=True)
            if line not in bad
        ]
        return rows, problems

    def _leave_out(self, lines: list[int], cells: list[Cells], problems: list[Problem]) -> int:
        """Write the refused rows with their problems to the file, count the reasons, and return how many rows."""
        if not problems:
            return 0
        by_line: dict[int, list[Problem]] = {}
        for problem in problems:
            by_line.setdefault(problem.number, []).append(problem)
            self._reason(problem)
        width = len(self.plan.table.headings)
        kept = [place for place, heading in enumerate(self.plan.table.headings) if heading != PROBLEM]
        template = _("line %(line)s – %(problems)s")
        refused = [(line, row) for line, row in zip(lines, cells, strict=True) if line in by_line]
        self.left_out.add(
            [
                [
                    *(row[place] if place < len(row) else "" for place in kept),
                    template % {"line": line, "problems": "; ".join(map(self._said, by_line[line]))},
                    *row[width:],
                ]
                for line, row in refused
            ]
        )
        return len(by_line)

    def _said(self, problem: Problem) -> str:
        return f"{self.plan.label(problem.column)}: {problem.message}" if problem.column else str(problem.message)

    def _reason(self, problem: Problem) -> None:
        column = self.plan.label(problem.column) if problem.column else ""
        message = str(problem.message)
        if "“" in message:
            message = _QUOTED.sub("“…”", message)
        if (column, message) not in self.reasons and len(self.reasons) >= MOST_REASONS:
            column, message = "", _("other reasons")
        reason = self.reasons.setdefault(
            (column, message), {"column": column, "message": message, "count": 0, "line": problem.number}
        )
        reason["count"] += 1

    def _count(self, rows: int, rejected: int, result: Result) -> None:
        self.counts.update(
            rows=rows, created=result.created, changed=result.changed, same=result.same, rejected=rejected
        )
        self.extra.update(result.extra)

    def _write(self, rows: int, last_line: int, result: Result) -> None:
        """The journal, the history and the counts, in the chunk's own transaction."""
        run = self.run
        Chunk.objects.create(
            run=run,
            number=self.number,
            rows=rows,
            last_line=last_line,
            left_out_size=self.left_out.size,
            made=journal.made(result.made, self.plan.kind.watched),
            edited=result.edited,
            memo=result.memo,
        )
        if result.account_ids or result.created or result.changed:
            history.record(
                self.plan.kind.verb,
                subject=run,
                by=run.by,
                at=self.context.at,
                after={"rows": rows, "created": result.created, "changed": result.changed, "chunk": self.number},
                account_ids=result.account_ids,
            )
        Run.objects.filter(pk=run.pk).update(**self.counts, extra=dict(self.extra), reasons=list(self.reasons.values()))

    def _show(self) -> None:
        dry = {**self.counts, "extra": dict(self.extra), "reasons": list(self.reasons.values())}
        Run.objects.filter(pk=self.run.pk).update(dry=dry, checked_rows=self.counts["rows"])


def squared(lines: list[int], cells: list[Cells], width: int) -> tuple[list[Cells], list[Problem]]:
    """All rows as wide as the headings: short ones filled up with nothing, long ones cut and told."""
    problems: list[Problem] = []
    if all(len(row) == width for row in cells):
        return cells, problems
    even: list[Cells] = []
    for line, row in zip(lines, cells, strict=True):
        if len(row) > width and any(row[width:]):
            place = next(i for i, cell in enumerate(row) if i >= width and cell)
            problems.append(
                Problem(
                    line,
                    "",
                    _("has a cell in column %(column)s, but there are only %(width)s headings")
                    % {"column": place + 1, "width": width},
                )
            )
        even.append([*row[:width], *[""] * (width - len(row))])
    return even, problems
