"""Folding: what stands in the journal becomes daily totals in the lake.

The journal's files, the database and the lake cannot change in one step. So everything is decided in one transaction
of the database: how far each file was read, which people and workspaces there are, and the rows that the lake must
take, kept beside (`Fold.rows`). The lake takes them afterwards, under the fold's number, by which it knows what it has
already. Whoever dies in between is followed by someone who finishes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.conf import settings
from django.db import transaction

from cartera.kit.clock import start_of
from cartera.kit.locks import only_one
from cartera.lake import appending
from cartera.usage import gathering, journal, names, seen
from cartera.usage.facts import USAGE
from cartera.usage.gathering import Gathered, Rejected
from cartera.usage.journal import Frame
from cartera.usage.models import Aside, Fold, Hour, JournalFile, Workspace, WriteKey

AT_ONCE = 32 * 1024 * 1024  # bytes of the journal that are folded together
MOVED_AT_ONCE = 500  # workspaces whose days are moved together
KEPT_FOLDS = 200

type Row = tuple[int | None, datetime, datetime, int, int, str, int]


@dataclass
class Folded:
    """What was folded: messages counted, come twice, put aside; and workspaces whose days were moved."""

    events: int = 0
    twice: int = 0
    aside: int = 0
    moved: int = 0


def fold(*, at: datetime) -> Folded:
    """Fold all that stands in the journal, and move the days of workspaces that belong to another account now.

    Raises Busy when another process is at it.
    """
    done = Folded()
    with only_one("usage.fold"):
        _finish()
        while read := _read():
            done = _fold(read, done, at=at)
        while moved := list(Workspace.objects.moved().order_by("pk")[:MOVED_AT_ONCE]):
            _move(moved, at=at)
            done.moved += len(moved)
        _sweep(at=at)
    return done


@dataclass(frozen=True)
class _Read:
    """Some frames of the journal, and up to where its files were read for them."""

    frames: list[Frame]
    offsets: dict[str, int]


def _read() -> _Read | None:
    """The next frames that were not folded yet; None when there are none."""
    known = dict(JournalFile.objects.values_list("name", "offset"))
    frames: list[Frame] = []
    offsets: dict[str, int] = {}
    left = AT_ONCE
    for place in journal.files():
        begin = known.get(place.name, 0)
        for frame, end in journal.frames(place, begin, left):
            frames.append(frame)
            offsets[place.name] = end
        left -= offsets.get(place.name, begin) - begin
        if left <= 0:
            break
    return _Read(frames, offsets) if frames else None


def _fold(read: _Read, done: Folded, *, at: datetime) -> Folded:
    last = Fold.objects.values_list("pk", flat=True).first() or 0
    gathered = gathering.gather(read.frames, last_fold=last)
    seen.add(gathered.digests, at.date(), last + 1)
    with transaction.atomic():
        rows = _rows(gathered, at=at)
        _note(gathered)
        for name, offset in read.offsets.items():
            JournalFile.objects.update_or_create(name=name, defaults={"offset": offset})
        Fold.objects.create(pk=last + 1, at=at, rows=_packed(_table(rows)) if rows else None)
    _finish()
    return Folded(done.events + gathered.events, done.twice + gathered.twice, done.aside + len(gathered.aside))


def _rows(gathered: Gathered, *, at: datetime) -> list[Row]:
    """The rows that the lake must take; people and workspaces that are new are written on the way."""
    people = names.keep(gathered, at=at)
    rows = []
    for (who, group, feature, on, imported), events in gathered.days.items():
        person, workspace = people.of(who, group)
        when = (start_of(on), _known(on, imported, at))
        rows.append((workspace.counted_for, *when, workspace.pk, person, feature, events))
    return rows


def _known(on: date, imported: bool, at: datetime) -> datetime:
    """When we could know of it: when it is folded; what is imported was known to its sender at the end of its day."""
    return min(at, start_of(on + timedelta(days=1))) if imported else at


def _note(gathered: Gathered) -> None:
    """Write down what was put aside, and how much came in."""
    keys = set(WriteKey.objects.values_list("pk", flat=True))
    Aside.objects.bulk_create([_aside(one, keys) for one in gathered.aside], batch_size=1_000)
    for (hour, key), counts in gathered.hours.items():
        if key in keys:
            row, _is_new = Hour.objects.select_for_update().get_or_create(hour=hour, key_id=key)
            for name, count in counts.items():
                setattr(row, name, getattr(row, name) + count)
            row.save()


def _aside(one: Rejected, keys: set[int]) -> Aside:
    key = one.key_id if one.key_id in keys else None
    return Aside(reason=one.reason, key_id=key, received_at=one.received, message=one.text)


def _move(workspaces: Sequence[Workspace], *, at: datetime) -> None:
    """Take the days of *workspaces* back from where they were counted, and count them for whose they are now."""
    last = Fold.objects.values_list("pk", flat=True).first() or 0
    moved = _moved(workspaces, at=at)
    with transaction.atomic():
        for workspace in workspaces:
            Workspace.objects.filter(pk=workspace.pk).update(counted_for=workspace.account_id)
        Fold.objects.create(pk=last + 1, at=at, rows=_packed(moved) if len(moved) else None)
    _finish()


def _moved(workspaces: Sequence[Workspace], *, at: datetime) -> pa.Table:
    wanted = pc.field("workspace").isin([workspace.pk for workspace in workspaces])
    found = appending.rows(USAGE, wanted & _of({workspace.counted_for for workspace in workspaces}))
    keys = [name for name in found.column_names if name not in ("events", "known_at")]
    summed = found.group_by(keys).aggregate([("events", "sum")]).rename_columns([*keys, "events"])
    standing = summed.filter(pc.not_equal(summed["events"], 0))
    standing = standing.append_column("known_at", pa.array([at] * len(standing), pa.timestamp("us", "UTC")))
    now = {workspace.pk: workspace.account_id for workspace in workspaces}
    accounts = pa.array([now[pk] for pk in standing["workspace"].to_pylist()], pa.int64())
    place = standing.column_names.index("account_id")
    after = standing.set_column(place, "account_id", accounts)
    return pa.concat_tables([appending.taken_back(USAGE, standing), after])


def _of(accounts: set[int | None]) -> pc.Expression:
    """Of these accounts: files keep the rows of an account together."""
    field = pc.field("account_id")
    some = field.isin(sorted(account for account in accounts if account is not None))
    return some | field.is_null() if None in accounts else some


def _table(rows: Sequence[Row]) -> pa.Table:
    moment = pa.timestamp("us", "UTC")
    kinds = [("account_id", pa.int64()), ("happened_at", moment), ("known_at", moment), ("workspace", pa.int64()),
             ("person", pa.int64()), ("feature", pa.string()), ("events", pa.int64())]  # fmt: skip
    columns = zip(*rows, strict=True)
    return pa.table([pa.array(column, kind) for column, (_name, kind) in zip(columns, kinds, strict=True)],
                    names=[name for name, _kind in kinds])  # fmt: skip


def _packed(rows: pa.Table) -> bytes:
    file = BytesIO()
    pq.write_table(rows, file, compression="zstd")
    return file.getvalue()


def _finish() -> None:
    """Let the lake take what folds decided and it has not taken yet."""
    for waiting in Fold.objects.filter(rows__isnull=False).order_by("pk"):
        appending.append(USAGE, pq.read_table(BytesIO(waiting.rows or b"")), batch=str(waiting))
        Fold.objects.filter(pk=waiting.pk).update(rows=None)


def _sweep(*, at: datetime) -> None:
    """Remove the journal's files that nobody writes to and that were folded to their end; forget old message ids."""
    known = dict(JournalFile.objects.values_list("name", "offset"))
    for place in journal.files():
        with journal.abandoned(place) as is_left:
            if is_left and not next(journal.frames(place, known.get(place.name, 0), 1), None):
                _drop(place, known.get(place.name, 0), at=at)
    JournalFile.objects.exclude(name__in=[place.name for place in journal.files()]).delete()
    last = Fold.objects.values_list("pk", flat=True).first() or 0
    Fold.objects.filter(pk__lt=last - KEPT_FOLDS, rows=None).delete()
    seen.tidy(at.date(), last)


def _drop(place: Path, offset: int, *, at: datetime) -> None:
    """Remove a file; what was torn at its end, and so never acknowledged, is kept in `torn/` and told of."""
    torn = place.stat().st_size - offset
    if torn:
        kept = settings.HOME / "usage" / "torn"
        kept.mkdir(parents=True, exist_ok=True, mode=0o700)
        with place.open("rb") as file:
            file.seek(offset)
            rest = file.read()
        (kept / place.name).write_bytes(rest)
        text = f"{torn} bytes, kept in usage/torn/{place.name}"
        Aside.objects.create(reason=Aside.Reason.TORN, key=None, received_at=at, message=text)
    place.unlink()
