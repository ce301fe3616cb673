"""What a change was before and after, as people read it: names of fields, choices, people and days in words."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Model
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cartera.kit import verbs
from cartera.kit.models import Change

LONGEST = 400
ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
# What verbs of several apps note down.
WORDS: dict[str, str | Promise] = {
    "name": gettext_lazy("name"),
    "count": gettext_lazy("how many"),
    "accounts": gettext_lazy("accounts"),
    "on": gettext_lazy("day"),
    "until": gettext_lazy("until"),
    "why": gettext_lazy("why"),
    "undone": gettext_lazy("taken back"),
}

Names = Mapping[tuple[type[Model], int], str]


@dataclass(frozen=True)
class Difference:
    """A field of a change: its name, and its value before and after; None where there was none or it is not told."""

    label: str | Promise
    before: Any
    after: Any
    was_told: bool


def differences(changes: Iterable[Change]) -> list[list[Difference]]:
    """For each of *changes* what it changed, in words, in as many queries as there are kinds of things named."""
    told = [(change, list(_told(change))) for change in changes]
    names = _names(told)
    return [
        [
            Difference(
                label,
                _worded(field, change.before.get(name), names),
                _worded(field, change.after.get(name), names),
                name in change.before,
            )
            for name, label, field in fields
        ]
        for change, fields in told
    ]


def _told(change: Change) -> Iterator[tuple[str, str | Promise, Field | None]]:
    """What readers are told of *change*: each name with its label, and its field if a model has it."""
    verb = verbs.offered().get(change.verb)
    for name in dict.fromkeys([*change.before, *change.after]):
        field = _field(change, verb, name)
        label = verb.words.get(name, ...) if verb else name
        if label is ...:
            label = field.verbose_name if field else WORDS.get(name)
        if label is not None:
            yield name, label, field


def _field(change: Change, verb: verbs.Verb | None, name: str) -> Field | None:
    subject = (apps.get_model(change.subject_type),) if _is_there(change.subject_type) else ()
    for model in (*subject, *(verb.models if verb else ())):
        try:
            found = model._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        if isinstance(found, Field):
            return found
    return None


def _is_there(label: str) -> bool:
    return label.lower() in {model._meta.label_lower for model in apps.get_models()}


def _names(told: list[tuple[Change, list[tuple[str, Any, Field | None]]]]) -> Names:
    """What the things are called that the changes name by their ids."""
    wanted: dict[type[Model], set[int]] = {}
    for change, fields in told:
        for name, _label, field in fields:
            for side in (change.before, change.after):
                if field is not None and field.related_model and (ids := _ids(side.get(name))):
                    wanted.setdefault(field.related_model, set()).update(ids)
    return {
        (model, thing.pk): str(thing)
        for model, ids in wanted.items()
        for thing in model._default_manager.filter(pk__in=ids).order_by()
    }


def _ids(value: Any) -> list[int]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, int)]


def _worded(field: Field | None, value: Any, names: Names) -> Any:
    """*value* as it is shown: a text, a number, a day or a moment; None where there is nothing."""
    if value in (None, "", [], {}):
        return None
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field is not None and field.related_model and _ids(value):
        return ", ".join(names.get((field.related_model, pk), "–") for pk in _ids(value))
    if isinstance(value, list | dict):
        return _short(_listed(field, value))
    if field is not None:
        return _of_field(field, value)
    return _day(value) or _short(value)


def _of_field(field: Field, value: Any) -> Any:
    if field.flatchoices:
        return dict(field.flatchoices).get(value, value)
    if field.get_internal_type() in ("DateField", "DateTimeField", "DecimalField", "TimeField"):
        value = field.to_python(value)
    return f"{value:%H:%M}" if isinstance(value, time) else _short(value)


def _listed(field: Field | None, value: list[Any] | dict[str, Any]) -> str:
    """A list's values, or a dictionary's with their names; how many, where they are lists of ids."""
    if isinstance(value, list):
        return ", ".join(one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in value)
    choices = dict(field.flatchoices or ()) if field is not None else {}
    parts = ((choices.get(name, name) or "–", len(of) if isinstance(of, list) else of) for name, of in value.items())
    return ", ".join(f"{name}: {of}" for name, of in parts)


def _day(value: Any) -> date | None:
    """A day that was noted down as text."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) and ISO_DAY.fullmatch(value) else None
    except ValueError:
        return None


def _short(value: Any) -> Any:
    """A text no longer than is readable; days, moments and numbers as they are."""
    return value[:LONGEST] + "…" if isinstance(value, str) and len(value) > LONGEST else value
