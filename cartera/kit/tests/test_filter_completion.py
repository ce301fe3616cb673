import json
from datetime import date
from types import SimpleNamespace

import pytest
from django.test import RequestFactory
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from cartera.kit.filter_columns import on_column
from cartera.kit.filter_completion import Completion, answer, complete
from cartera.kit.filters import FilterContext, Qualifier
from cartera.kit.tests.test_filters import QUALIFIERS

CONTEXT = FilterContext(SimpleNamespace(pk=99), date(2026, 3, 2))


def inserts(text, cursor=None):
    return [one.insert for one in complete(text, len(text) if cursor is None else cursor, QUALIFIERS, CONTEXT)]


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("he", ["health:"]),
        ("last", ["touched:"]),
        ("tier:A -ti", ["tier:"]),
        ("(ren", ["renewal:"]),
        ("tier:", ["A", "B", "C", "D", "none", "any"]),
        ("tier:b", ["B"]),
        ("tier:A,", ["A", "B", "C", "D", "none", "any"]),
        ("owner:", ["me", '"Ana Arias"', '"Íñigo Núñez"', "none", "any"]),
        ("owner:nun", ['"Íñigo Núñez"']),
        ('owner:"ana a', ['"Ana Arias"']),
        ("open:", ["yes", "no"]),
        ("renewal:", ["<30d", "<90d", "<today", "none", "any"]),
        ("touched:", ["<30d", ">30d", ">90d", "none", "any"]),
        ("health:n", ["none"]),
        ("nothing:", []),
        ("zzz", []),
    ],
)
def test_the_box_offers_names_and_then_values(text, offered):
    assert inserts(text) == offered


def test_an_empty_box_offers_every_name():
    assert inserts("") == [f"{q.name}:" for q in QUALIFIERS]


def test_a_spanish_reader_is_offered_the_spanish_name_and_may_type_either():
    both = [Qualifier(name="open", spanish="abierto", label="Open", kind="flag", build=on_column("open"))]
    with translation.override("es"):
        assert [one.insert for one in complete("a", 1, both, CONTEXT)] == ["abierto:"]
    for text in ("abierto:", "open:"):
        assert [one.insert for one in complete(text, len(text), both, CONTEXT)] == ["yes", "no"]


def test_a_completion_replaces_the_word_that_the_cursor_stands_in():
    assert complete("tier:A hea x", 9, QUALIFIERS, CONTEXT) == [Completion("health:", "Health", 7, 10)]
    assert complete("tier:A,b health:<5", 8, QUALIFIERS, CONTEXT) == [Completion("B", "B", 7, 8)]


def test_the_answer_is_a_list_in_json():
    request = RequestFactory().get("/", {"text": "hea", "cursor": "3"})
    assert json.loads(answer(request, QUALIFIERS, CONTEXT).content) == [
        {"insert": "health:", "label": "Health", "start": 0, "end": 3}
    ]


@given(st.text(max_size=40), st.integers(-5, 60))
def test_completing_never_fails(text, cursor):
    for one in complete(text, cursor, QUALIFIERS, CONTEXT):
        assert 0 <= one.start <= one.end <= len(text)
