"""Move every reference from one row to another, keeping a journal by which it can be undone.

Every foreign key to the model is found in the registry, those of apps above too. Where a unique constraint stands in
the way, rows that belong to their owner (CASCADE) stay behind with it; rows that are records of their own (PROTECT)
must not be lost from sight, so that the merge is refused.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.models import CASCADE, ForeignKey, Model, OneToOneField, Q, UniqueConstraint
from django.utils.translation import gettext as _

from cartera.kit import bulk
from cartera.kit.errors import Refused

# {"timeline.interaction.account": [ids of the rows that were moved]}
Journal = dict[str, list[int]]


def move(from_: Model, to: Model, *, except_for: frozenset[str]) -> Journal:
    """Let all rows that point at *from_* point at *to*, and return which they were."""
    journal: Journal = {}
    for key, field in _references(type(from_), except_for):
        rows = field.model._base_manager.filter(**{field.attname: from_.pk})
        blocked = _blocked(field, from_, to)
        if blocked and field.remote_field.on_delete is not CASCADE:
            names = ", ".join(str(row) for row in field.model._base_manager.filter(pk__in=blocked)[:5])
            raise Refused(
                _("Both have %(kind)s with the same key: %(names)s. Change one of each first.")
                % {"kind": field.model._meta.verbose_name, "names": names}
            )
        if ids := list(rows.exclude(pk__in=blocked).order_by().values_list("pk", flat=True)):
            field.model._base_manager.filter(pk__in=bulk.one_of(ids)).update(**{field.attname: to.pk})
            journal[key] = ids
    return journal


def move_back(journal: Journal, *, from_: Model, to: Model) -> None:
    """Let the rows of *journal* that still point at *to* point at *from_* again."""
    fields = dict(_references(type(from_), frozenset()))
    for key, ids in journal.items():
        field = fields[key]
        rows = field.model._base_manager.filter(pk__in=bulk.one_of(ids), **{field.attname: to.pk})
        rows.update(**{field.attname: from_.pk})


def _references(model: type[Model], except_for: frozenset[str]) -> Iterator[tuple[str, ForeignKey]]:
    for other in apps.get_models(include_auto_created=True):
        for field in other._meta.local_fields:
            key = f"{other._meta.label_lower}.{field.name}"
            if isinstance(field, ForeignKey) and field.related_model is model and key not in except_for:
                yield key, field


def _blocked(field: ForeignKey, from_: Model, to: Model) -> list[int]:
    """Rows of *from_* that cannot move because *to* has one with the same key."""
    found: set[int] = set()
    for names, condition in _unique_keys(field):
        others = [name for name in names if name != field.name]
        rows = field.model._base_manager.filter(condition)
        taken = set(rows.filter(**{field.attname: to.pk}).values_list(*others or ["pk"]))
        if not others:
            found.update(rows.filter(**{field.attname: from_.pk}).values_list("pk", flat=True) if taken else ())
            continue
        for pk, *key in rows.filter(**{field.attname: from_.pk}).values_list("pk", *others):
            if tuple(key) in taken and None not in key:
                found.add(pk)
    return sorted(found)


def _unique_keys(field: ForeignKey) -> Iterator[tuple[list[str], Any]]:
    options = field.model._meta
    if field.unique or isinstance(field, OneToOneField):
        yield [field.name], Q()
    for names in options.unique_together:
        if field.name in names:
            yield list(names), Q()
    for constraint in options.constraints:
        if isinstance(constraint, UniqueConstraint) and field.name in constraint.fields:
            yield list(constraint.fields), constraint.condition or Q()
