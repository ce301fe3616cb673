"""The grammar of filters as text, and the tree that a text is read into. Knows no qualifier and no database."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.translation import gettext as _
from lark import Lark, Token, Transformer, UnexpectedInput, UnexpectedToken, v_args
from lark.exceptions import VisitError

LONGEST, DEEPEST = 500, 20

GRAMMAR = r"""
?start: either
?either: all ("OR" all)*
?all: one+
?one: MINUS one -> negated
    | "(" either ")" -> group
    | QUALIFIER value (_COMMA value)* -> term
    | WORD -> text
    | QUOTED -> text
value: SIGN? (BARE | QUOTED)

_COMMA.5: ","
MINUS: /-(?=\S)/
QUALIFIER.3: /[^\W\d][\w.]*:/
SIGN.4: /[<>]=?|=/
BARE: /[^\s,()"<>=][^\s,()"]*/
QUOTED.2: /"[^"]*"/
WORD: /[^\s()"-][^\s()"]*/
%ignore /\s+/
"""


class FilterError(Exception):
    """What is wrong with a filter: `message` in the reader's language, the `length` characters at `column` (from 1)."""

    def __init__(self, message: str, column: int, length: int = 1) -> None:
        super().__init__(message)
        self.message, self.column, self.length = message, column, max(length, 1)

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True)
class Word:
    """A piece of the text with its place."""

    text: str
    column: int
    length: int


@dataclass(frozen=True)
class Text:
    word: Word
    depth: int = 0


@dataclass(frozen=True)
class Given:
    """One value of a term: `sign` is "", "<", "<=", ">", ">=" or "="."""

    sign: str
    word: Word
    quoted: bool


@dataclass(frozen=True)
class Term:
    name: Word
    values: tuple[Given, ...]
    depth: int = 0


@dataclass(frozen=True)
class Not:
    of: "Node"
    depth: int


@dataclass(frozen=True)
class Many:
    """All of the parts, or (`either`) any of them."""

    either: bool
    parts: tuple["Node", ...]
    depth: int


Node = Text | Term | Not | Many


def parse(text: str) -> Node | None:
    """Read *text*; None when it is blank. Raises FilterError, and nothing else, whatever the text is."""
    if len(text) > LONGEST:
        raise FilterError(
            _("This filter is too long: %d characters at most.") % LONGEST, LONGEST + 1, len(text) - LONGEST
        )
    for place, character in enumerate(text, 1):
        if not character.isprintable() and not character.isspace():
            raise FilterError(_("There is a character here that cannot be searched for."), place)
    if not text.strip():
        return None
    try:
        return _parser().parse(text)  # type: ignore[return-value]
    except VisitError as error:
        raise error.orig_exc from None
    except UnexpectedInput as error:
        raise _explained(error, text) from None


@cache
def _parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr", transformer=_Reader(), maybe_placeholders=False)


def _word(token: Token, text: str | None = None) -> Word:
    return Word(str(token) if text is None else text, (token.start_pos or 0) + 1, len(token))


def _nested(parts: Any) -> int:
    depth = 1 + max(part.depth for part in parts)
    if depth > DEEPEST:
        raise FilterError(_("Too many brackets lie inside each other."), _first_column(parts[0]))
    return depth


def _first_column(node: Node) -> int:
    while isinstance(node, Not | Many):
        node = node.of if isinstance(node, Not) else node.parts[0]
    return node.word.column if isinstance(node, Text) else node.name.column


@v_args(inline=True)
class _Reader(Transformer[Token, Node]):
    """Builds the tree while the text is read, so that depth costs no stack."""

    def either(self, *parts: Node) -> Node:
        return Many(True, parts, _nested(parts))

    def all(self, *parts: Node) -> Node:
        return Many(False, parts, _nested(parts))

    def group(self, inner: Node) -> Node:
        return Many(False, (inner,), _nested((inner,)))

    def negated(self, _minus: Token, of: Node) -> Node:
        return Not(of, _nested((of,)))

    def text(self, token: Token) -> Node:
        return Text(_word(token, str(token)[1:-1]) if token.type == "QUOTED" else _word(token))

    def value(self, *tokens: Token) -> Given:
        sign, token = ("", tokens[0]) if len(tokens) == 1 else (str(tokens[0]), tokens[1])
        quoted = token.type == "QUOTED"
        return Given(sign, _word(token, str(token)[1:-1]) if quoted else _word(token), quoted)

    def term(self, name: Token, *values: Given) -> Node:
        word = Word(str(name)[:-1], (name.start_pos or 0) + 1, len(name) - 1)
        if values[0].word.column != word.column + len(name) + len(values[0].sign):
            raise FilterError(_missing(word.text), word.column, len(name))
        return Term(word, values)


def _missing(name: str) -> str:
    return _("Say what “%s” should be, right after the colon.") % name


def _explained(error: UnexpectedInput, text: str) -> FilterError:
    """What *error* means to someone who typed *text*."""
    ended = isinstance(error, UnexpectedToken) and error.token.type == "$END"
    place = len(text) if ended or error.pos_in_stream is None else error.pos_in_stream
    found = text[place : place + 1]
    if found == '"':
        return FilterError(_("This quotation mark is never closed."), place + 1)
    expected = set(getattr(error, "accepts", None) or getattr(error, "allowed", None) or ())
    if expected <= {"SIGN", "BARE", "QUOTED"} and expected:
        before = text[:place].rstrip()
        name = re.findall(r"[\w.]+(?=:)", before)[-1]
        return FilterError(_missing(name), len(before) or 1)
    if not found:
        if text.count("(") > text.count(")"):
            return FilterError(_("This bracket is never closed."), _unclosed(text) + 1)
        return FilterError(_("Something is missing at the end."), max(len(text.rstrip()), 1))
    if found == ")":
        return FilterError(_("There is nothing here for this bracket to close."), place + 1)
    return FilterError(_("“%s” makes no sense here. Put words with signs into quotation marks.") % found, place + 1)


def _unclosed(text: str) -> int:
    """The place of the first bracket that stays open."""
    opened: list[int] = []
    quoted = False
    for place, character in enumerate(text):
        quoted = quoted != (character == '"')
        if character == "(" and not quoted:
            opened.append(place)
        elif character == ")" and not quoted and opened:
            opened.pop()
    return opened[0] if opened else len(text) - 1
