"""What an app offers so that its rows can come from a file: the columns, their headings, and how they are loaded."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

# What the history notes of a file that is brought in, for the verbs of its kinds.
COUNTS: Mapping[str, Text] = {"rows": _("rows"), "created": _("new"), "changed": _("changed")}


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column that a file may have.

    `headings` are further names, English and Spanish, under which it is recognised; `kind` is one of text, mail,
    integer, decimal, date, datetime, choice, flag; `choices` maps the value kept to the names it may have in a file.
    """

    key: str
    label: Text
    headings: tuple[str, ...] = ()
    kind: str = "text"
    required: bool = False
    choices: Mapping[str, tuple[Text, ...]] = field(default_factory=dict)
    max_length: int = 0
    least: int | None = None
    most: int | None = None


class Row(NamedTuple):
    """A row of the file whose cells were all understood: its line, and the values by column key (None: empty)."""

    number: int
    values: dict[str, Any]


class Problem(NamedTuple):
    """Why the row at line `number` was left out. `column` is a column's key, or empty for the row as a whole."""

    number: int
    column: str
    message: Text


@dataclass(kw_only=True)
class Result:
    """What a load did: how many rows were created, changed and the same, which were refused, and how to undo it.

    `made` lists (model label, ids) in the order of creation; `edited` lists (model label, id, before, after);
    `extra` counts what else came to be, such as clients opened for invoices; `account_ids` are told to the history.
    """

    created: int = 0
    changed: int = 0
    same: int = 0
    problems: list[Problem] = field(default_factory=list)
    made: list[tuple[str, Sequence[int]]] = field(default_factory=list)
    edited: list[tuple[str, int, dict[str, Any], dict[str, Any]]] = field(default_factory=list)
    extra: Counter[str] = field(default_factory=Counter)
    account_ids: list[int] = field(default_factory=list)
    memo: dict[str, Any] = field(default_factory=dict)


class Known(dict[Any, Any]):
    """Ids looked up before, kept for the run; what a chunk adds is forgotten again if the chunk is rolled back."""

    LIMIT = 200_000

    def __init__(self) -> None:
        super().__init__()
        self._added: list[Any] = []

    def add(self, key: Any, value: Any) -> None:
        """Keep what the present chunk made."""
        self[key] = value
        self._added.append(key)

    def settle(self, *, kept: bool) -> None:
        if not kept:
            for key in self._added:
                self.pop(key, None)
        self._added.clear()
        if len(self) > self.LIMIT:
            self.clear()


@dataclass(kw_only=True)
class ImportContext:
    """What a load may ask: who imports and when, the date pretended, the options, and what earlier chunks left.

    `line_of(key)` gives the line on which the file itself holds a key (None: nowhere), so that a row may refer to a
    later one. `memos` are the `memo` of all earlier chunks, in order; `bag` is scratch space for the run.
    """

    by: Any
    at: datetime
    as_of: date
    options: dict[str, Any] = field(default_factory=dict)
    columns: frozenset[str] = frozenset()
    line_of: Callable[[str], int | None] = lambda key: None
    memos: Callable[[], list[dict[str, Any]]] = list
    dry: bool = False
    bag: dict[str, Any] = field(default_factory=dict)
    _known: dict[str, Known] = field(default_factory=dict)

    def known(self, name: str) -> Known:
        return self._known.setdefault(name, Known())

    def settle(self, *, kept: bool) -> None:
        """The chunk was committed, or rolled back."""
        for known in self._known.values():
            known.settle(kept=kept)


@dataclass(frozen=True, kw_only=True)
class ImportKind:
    """Something that can be imported.

    `columns` gives the columns as of now (own fields come and go). `key_of` gives a row's identity within a file
    from its `key_columns`, or None where rows may repeat. `load` brings in one chunk inside a transaction; `finish`,
    once all chunks are in, ties up what needed the whole file. `may` says who may import it; `verb` stands in the
    history. `watched` names, for each model that it makes, the fields whose change by somebody else protects a row from
    being undone; `tidy`, told the memos of the chunks, puts right what undoing leaves behind, and `undone`
    is told the model's label and the ids of rows that undoing took away or put back. Of the columns `any_of`
    the file must have one.
    """

    key: str
    label: Text
    hint: Text
    icon: str
    columns: Callable[[], Sequence[Column]]
    key_columns: tuple[str, ...] = ()
    key_of: Callable[[dict[str, Any]], str | None] = lambda values: None
    load: Callable[[list[Row], ImportContext], Result]
    may: Callable[[Any], bool]
    verb: str
    finish: Callable[[ImportContext], Result] | None = None
    watched: dict[str, tuple[str, ...]] = field(default_factory=dict)
    extras: dict[str, Text] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    tidy: Callable[[Sequence[dict[str, Any]]], None] | None = None
    undone: Callable[[str, list[int]], None] | None = None
    order: int = 0
