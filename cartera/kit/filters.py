"""Filters as text, `health:<50 -tier:C (owner:me OR "bodegas")`, turned into queries through what the apps offer."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from cartera.kit import filter_values
from cartera.kit.filter_language import FilterError, Given, Many, Node, Not, Term, Text, Word, parse
from cartera.kit.folding import folded

__all__ = ["FilterContext", "FilterError", "Qualifier", "compile"]

Kind = Literal["text", "choice", "number", "money", "date", "member", "flag"]
Choice = tuple[Any, str | Promise]


@dataclass(frozen=True)
class FilterContext:
    """Who asks, and on which day."""

    member: Any
    today: date
    kept: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class Qualifier:
    """A name that can stand before a colon.

    `build(op, value, context)` gives the condition for one value. `op` is "=", "<", "<=", ">", ">=" (number, money,
    date), "none" or "any" (value None: nothing is known, something is). The value is a str for text, a Decimal for
    number and money, a date for date, a bool for flag, and for choice and member the value of the choice; `me` is
    the asking member's pk. Lists, ranges, months and years are taken apart before: build never sees them.

    `choices(context)` gives (value, label) pairs; either may be typed. A choice qualifier completes with the value,
    a member qualifier with the label. `past` says that `<90d` means less than 90 days *ago* rather than ahead.
    `spanish` is the name's twin, which means the same.
    """

    name: str
    label: str | Promise
    kind: Kind
    build: Callable[[str, Any, FilterContext], Q]
    choices: Callable[[FilterContext], Iterable[Choice]] | None = None
    past: bool = False
    spanish: str = ""

    @property
    def shown(self) -> str:
        """The name in the reader's language."""
        return self.spanish if self.spanish and get_language() == "es" else self.name

    def options(self, context: FilterContext) -> list[Choice]:
        """The choices, asked for once per filter."""
        if self.choices is None:
            return []
        if self.name not in context.kept:
            context.kept[self.name] = list(self.choices(context))
        return context.kept[self.name]


def compile(
    text: str,
    qualifiers: Sequence[Qualifier],
    *,
    context: FilterContext,
    free_text: Callable[[str], Q],
) -> Q:
    """The condition that *text* asks for; an empty Q for a blank text. Raises FilterError and nothing else."""
    node = parse(text)
    named = {name: q for q in qualifiers for name in (q.name, q.spanish) if name}
    return Q() if node is None else _Compiler(named, context, free_text).of(node)


@dataclass(frozen=True)
class _Compiler:
    qualifiers: dict[str, Qualifier]
    context: FilterContext
    free_text: Callable[[str], Q]

    def of(self, node: Node) -> Q:
        match node:
            case Text(word):
                return self.free_text(word.text) if word.text.strip() else Q()
            case Term():
                return self._term(node)
            case Not(inner):
                return ~self.of(inner)
            case Many(either, parts):
                conditions = [self.of(part) for part in parts]
                return _any(conditions) if either else _all(conditions)

    def _term(self, term: Term) -> Q:
        qualifier = self.qualifiers.get(term.name.text.casefold())
        if qualifier is None:
            raise FilterError(self._unknown(term.name.text), term.name.column, term.name.length)
        return _any([self._value(qualifier, given) for given in term.values])

    def _value(self, qualifier: Qualifier, given: Given) -> Q:
        word = given.word
        if not given.quoted and word.text in ("none", "any"):
            self._no_sign(given)
            return qualifier.build(word.text, None, self.context)
        if qualifier.kind in ("number", "money", "date"):
            return self._range(qualifier, given)
        self._no_sign(given)
        match qualifier.kind:
            case "text":
                return qualifier.build("=", word.text, self.context)
            case "flag":
                return qualifier.build("=", filter_values.flag(word), self.context)
            case "member" if word.text == "me" and not given.quoted:
                return qualifier.build("=", self.context.member.pk, self.context)
        return qualifier.build("=", self._choice(qualifier, word), self.context)

    def _no_sign(self, given: Given) -> None:
        if given.sign not in ("", "="):
            raise FilterError(
                _("“%s” only works with numbers and dates.") % given.sign,
                given.word.column - len(given.sign),
                len(given.sign),
            )

    def _range(self, qualifier: Qualifier, given: Given) -> Q:
        read = filter_values.reading(qualifier.kind, past=qualifier.past, today=self.context.today)
        conditions = filter_values.bounds(given.sign, given.word, read, falling=qualifier.past)
        return _all([qualifier.build(op, value, self.context) for op, value in conditions])

    def _choice(self, qualifier: Qualifier, word: Word) -> Any:
        options = qualifier.options(self.context)
        wanted = folded(word.text)
        for value, label in options:
            if wanted in (folded(str(value)), folded(str(label))):
                return value
        names = [str(label if qualifier.kind == "member" else value) for value, label in options]
        raise FilterError(
            _("“%(word)s” is not one of the values of “%(name)s”.") % {"word": word.text, "name": qualifier.name}
            + _meant(word.text, names),
            word.column,
            word.length,
        )

    def _unknown(self, name: str) -> str:
        names = list(dict.fromkeys(qualifier.shown for qualifier in self.qualifiers.values()))
        return _("There is no filter called “%s”.") % name + _meant(name, names, colon=":")


def _any(conditions: list[Q]) -> Q:
    return conditions[0] if len(conditions) == 1 else Q(*conditions, _connector=Q.OR)


def _all(conditions: list[Q]) -> Q:
    return conditions[0] if len(conditions) == 1 else Q(*conditions)


def _meant(typed: str, names: list[str], colon: str = "") -> str:
    """A hint at what may have been meant: the nearest names, or the first few."""
    found = process.extract(typed, names, scorer=fuzz.ratio, processor=str.casefold, limit=3, score_cutoff=55)
    near = [name for name, *_score in found] or names[:5]
    listed = ", ".join(name + colon for name in near)
    return " " + _("Did you mean %s?") % listed if listed else ""
