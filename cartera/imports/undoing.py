"""Taking an import back: what it made goes, what it changed is as before, except where somebody changed it since."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import batched
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils.translation import gettext as _

from cartera.imports import journal, queries
from cartera.imports.models import Chunk, Run
from cartera.imports.offers import ImportKind
from cartera.kit import history
from cartera.kit.errors import NotAllowed, Refused

MOST_NAMED = 200
BATCH = 500


def undo(run: Run, *, by: Any, at: datetime) -> Run:
    """Undo chunk by chunk, the last first, each in one transaction; what cannot be undone is kept and named."""
    kind = queries.kind_of(run.kind)
    if by is not None and not kind.may(by):
        raise NotAllowed(_("You may not undo this import."))
    states = (Run.State.DONE, Run.State.STOPPED, Run.State.FAILED, Run.State.UNDOING)
    if not Run.objects.filter(pk=run.pk, state__in=states).update(state=Run.State.UNDOING):
        raise Refused(_("This import is not in a state in which it can be undone."))
    for chunk in run.chunks.filter(undone_at=None).order_by("-number"):
        with transaction.atomic():
            kept = _undo_chunk(chunk, kind)
            Chunk.objects.filter(pk=chunk.pk).update(undone_at=at)
            _keep_back(run, kept)
    with transaction.atomic():
        if kind.tidy:
            kind.tidy(run.chunks.memos())
        history.record("imports.undo", subject=run, by=by, at=at, after={"kept": len(run.kept_back)})
        Run.objects.filter(pk=run.pk).update(state=Run.State.UNDONE, ended_at=at)
    run.refresh_from_db()
    return run


def _keep_back(run: Run, kept: list[dict[str, Any]]) -> None:
    if kept:
        run.kept_back = [*run.kept_back, *kept]
        Run.objects.filter(pk=run.pk).update(kept_back=run.kept_back[:MOST_NAMED])


def _undo_chunk(chunk: Chunk, kind: ImportKind) -> list[dict[str, Any]]:
    kept: list[dict[str, Any]] = []
    for entry in reversed(chunk.made):
        kept += _unmake(entry, kind)
    by_model: dict[str, list[Sequence[Any]]] = defaultdict(list)
    for label, pk, before, after in reversed(chunk.edited):
        by_model[label].append((pk, before, after))
    for label, edits in by_model.items():
        kept += _restore(label, edits, kind)
    return kept


def _unmake(entry: dict[str, Any], kind: ImportKind) -> list[dict[str, Any]]:
    """Delete what was made, but rows that were changed since or that others refer to; return those."""
    model, fields = apps.get_model(entry["model"]), kind.watched.get(entry["model"], ())
    ids = list(journal.spread(entry["ids"]))
    there = dict.fromkeys(model._base_manager.filter(pk__in=ids).order_by().values_list("pk", flat=True))
    kept: dict[int, str] = {}
    if fields:
        now = journal.fingerprints(entry["model"], ids, fields)
        sums = zip(sorted(ids), entry["sums"], strict=True)
        kept = {pk: _("was changed since") for pk, total in sums if pk in now and now[pk] != total}
    doomed = set(there) - set(kept)
    while held := referred_to(model, doomed):
        kept |= dict.fromkeys(held, _("is used by something made since"))
        doomed -= held
    _untie(model, doomed)
    for batch in batched(sorted(doomed), BATCH):
        model._base_manager.filter(pk__in=batch).delete()
    if kind.undone:
        kind.undone(entry["model"], sorted(doomed))
    return [_named(model, pk, why) for pk, why in kept.items()]


def referred_to(model: type[models.Model], ids: Iterable[int]) -> set[int]:
    """Which of *ids* are held by rows that would not go with them."""
    found: set[int] = set()
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel) or relation.on_delete not in (models.PROTECT, models.RESTRICT):
            continue
        field = relation.field
        rows = field.model._base_manager.filter(**{f"{field.name}__in": list(ids)}).order_by()
        if field.model is model:
            rows = rows.exclude(pk__in=list(ids))
        found |= set(rows.values_list(field.attname, flat=True).distinct())
    return found


def _untie(model: type[models.Model], ids: set[int]) -> None:
    """Rows that go together do not hold each other."""
    for field in model._meta.concrete_fields:
        if field.is_relation and field.null and field.related_model is model:
            model._base_manager.filter(pk__in=ids).exclude(**{field.name: None}).update(**{field.name: None})


def _restore(label: str, edits: list[Sequence[Any]], kind: ImportKind) -> list[dict[str, Any]]:
    """Put back what was before, where the row still says what the import wrote."""
    model = apps.get_model(label)
    rows = model._base_manager.in_bulk([pk for pk, _before, _after in edits])
    fields = {field.attname: field for field in model._meta.concrete_fields}
    kept, changed, names = [], {}, set()
    for pk, before, after in edits:
        row = rows.get(pk)
        if row is None:
            continue
        if _plain({name: getattr(row, name) for name in after}) != after:
            kept.append(_named(model, pk, _("was changed since")))
            continue
        for name, value in before.items():
            field = fields[name]
            setattr(row, name, value if field.is_relation else field.to_python(value))
            names.add(field.name)
        changed[pk] = row
    if names:
        model._base_manager.bulk_update(list(changed.values()), sorted(names), batch_size=BATCH)
    if kind.undone:
        kind.undone(label, list(changed))
    return kept


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """*values* as they look after a journey through JSON."""
    return json.loads(json.dumps(values, cls=DjangoJSONEncoder))


def _named(model: type[models.Model], pk: int, why: str) -> dict[str, Any]:
    row = model._base_manager.filter(pk=pk).first()
    return {"what": str(model._meta.verbose_name), "name": str(row), "id": pk, "why": why}
