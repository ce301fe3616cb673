"""What may stand where the cursor is in a filter: names of qualifiers, then the values of one."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cartera.kit.filter_language import LONGEST
from cartera.kit.filters import FilterContext, Qualifier
from cartera.kit.folding import folded

MOST = 12
_NUMBERS: list[tuple[str, str | Promise]] = [
    ("<50", gettext_lazy("less than")),
    (">=50", gettext_lazy("at least")),
    ("10..20", gettext_lazy("between")),
]
_AHEAD: list[tuple[str, str | Promise]] = [
    ("<30d", gettext_lazy("within 30 days")),
    ("<90d", gettext_lazy("within 90 days")),
    ("<today", gettext_lazy("before today")),
]
_AGO: list[tuple[str, str | Promise]] = [
    ("<30d", gettext_lazy("in the last 30 days")),
    (">30d", gettext_lazy("longer than 30 days ago")),
    (">90d", gettext_lazy("longer than 90 days ago")),
]
_FLAGS: list[tuple[str, str | Promise]] = [("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))]
_NONE_OR_ANY: list[tuple[str, str | Promise]] = [
    ("none", gettext_lazy("nothing is known")),
    ("any", gettext_lazy("something is known")),
]


@dataclass(frozen=True)
class Completion:
    """Put `insert` in place of the characters from `start` up to `end` (from 0); `label` explains it."""

    insert: str
    label: str
    start: int
    end: int


def complete(text: str, cursor: int, qualifiers: Sequence[Qualifier], context: FilterContext) -> list[Completion]:
    """The completions for *text* with the cursor after *cursor* characters, the likeliest first."""
    cursor = min(max(cursor, 0), len(text))
    start = _start_of_term(text, cursor)
    end = cursor + next((n for n, c in enumerate(text[cursor:]) if c.isspace() or c in '()"'), len(text) - cursor)
    name, colon, rest = text[start:cursor].partition(":")
    if not colon:
        options: list[tuple[str, str | Promise]] = [(f"{q.shown}:", q.label) for q in qualifiers]
        return _fitting(options, name, start, end)
    qualifier = next((q for q in qualifiers if name.casefold() in (q.name, q.spanish)), None)
    if qualifier is None:
        return []
    value = rest.rpartition(",")[2]
    return _fitting(_values(qualifier, context), value.lstrip('"'), cursor - len(value), end)


def answer(request: HttpRequest, qualifiers: Sequence[Qualifier], context: FilterContext) -> JsonResponse:
    """The answer to the filter box's `?text=…&cursor=…`: a list of insert, label, start, end."""
    text = request.GET.get("text", "")[:LONGEST]
    cursor = request.GET.get("cursor", "")
    at = int(cursor) if cursor.isascii() and cursor.isdigit() and len(cursor) < 5 else len(text)
    return JsonResponse([asdict(one) for one in complete(text, at, qualifiers, context)], safe=False)


def _start_of_term(text: str, cursor: int) -> int:
    """Where the term begins that the cursor stands in: after a space, a bracket or a minus outside quotation marks."""
    start, quoted = 0, False
    for place, character in enumerate(text[:cursor]):
        if character == '"':
            quoted = not quoted
        elif not quoted and (character.isspace() or character in "()" or (character == "-" and place == start)):
            start = place + 1
    return start


def _values(qualifier: Qualifier, context: FilterContext) -> list[tuple[str, str | Promise]]:
    match qualifier.kind:
        case "number" | "money":
            return _NUMBERS + _NONE_OR_ANY
        case "date":
            return (_AGO if qualifier.past else _AHEAD) + _NONE_OR_ANY
        case "flag":
            return list(_FLAGS)
        case "member":
            names = [(_quoted(str(label)), "") for _value, label in qualifier.options(context)]
            return [("me", _("myself")), *names, *_NONE_OR_ANY]
    return [(_quoted(str(value)), label) for value, label in qualifier.options(context)] + _NONE_OR_ANY


def _quoted(value: str) -> str:
    plain = value and not any(character.isspace() or character in ',()<>="' for character in value)
    return value if plain and value not in ("none", "any", "me") else '"' + value.replace('"', "") + '"'


def _fitting(options: list[tuple[str, Any]], typed: str, start: int, end: int) -> list[Completion]:
    """The options that begin with what is typed, then those with a word that does; by insert or by label."""
    wanted = folded(typed)
    ranked = []
    for place, (insert, label) in enumerate(options):
        names = (folded(insert.strip('"')), folded(str(label)))
        if any(name.startswith(wanted) for name in names):
            ranked.append((0, place, insert, str(label)))
        elif any(f" {wanted}" in name for name in names):
            ranked.append((1, place, insert, str(label)))
    best = sorted(ranked)[:MOST]
    return [Completion(insert, label, start, end) for _rank, _place, insert, label in best]
