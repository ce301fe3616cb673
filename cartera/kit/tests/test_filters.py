from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db.models import Q
from hypothesis import given
from hypothesis import strategies as st

from cartera.kit import filters
from cartera.kit.filter_columns import on_choice, on_column, on_text
from cartera.kit.filters import FilterContext, FilterError, Qualifier

QUALIFIERS = [
    Qualifier(name="health", label="Health", kind="number", build=on_column("health")),
    Qualifier(name="revenue", label="Revenue", kind="money", build=on_column("revenue")),
    Qualifier(name="renewal", label="Renewal", kind="date", build=on_column("renewal")),
    Qualifier(name="touched", label="Last contact", kind="date", build=on_column("touched"), past=True),
    Qualifier(name="name", label="Name", kind="text", build=on_text("name")),
    Qualifier(name="open", label="Open", kind="flag", build=on_column("open")),
    Qualifier(name="tier", label="Tier", kind="choice", build=on_choice("tier"),
              choices=lambda context: [(tier, tier) for tier in "ABCD"]),
    Qualifier(name="owner", label="Owner", kind="member", build=on_column("lead"),
              choices=lambda context: [(7, "Ana Arias"), (8, "Íñigo Núñez")]),
]  # fmt: skip
CONTEXT = FilterContext(SimpleNamespace(pk=99), date(2026, 3, 2))


def compiled(text):
    return filters.compile(text, QUALIFIERS, context=CONTEXT, free_text=lambda text: Q(name__icontains=text))


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("", Q()),
        ("  ", Q()),
        ("bodegas", Q(name__icontains="bodegas")),
        ('"bodegas norte"', Q(name__icontains="bodegas norte")),
        ("coca-cola", Q(name__icontains="coca-cola")),
        ("-bodegas", ~Q(name__icontains="bodegas")),
        ("health:<50", Q(health__lt=50)),
        ("health:>=12.5", Q(health__gte=Decimal("12.5"))),
        ("health:12,5", Q(Q(health__exact=12), Q(health__exact=5), _connector=Q.OR)),
        ("health:10..20", Q(Q(health__gte=10), Q(health__lte=20))),
        ("health:10..", Q(health__gte=10)),
        ("health:..20", Q(health__lte=20)),
        ("health:none", Q(health__isnull=True)),
        ("HEALTH:any", Q(health__isnull=False)),
        ("revenue:>10k", Q(revenue__gt=10_000)),
        ("revenue:<1.5m", Q(revenue__lt=1_500_000)),
        ("renewal:<90d", Q(renewal__lt=date(2026, 5, 31))),
        ("touched:<90d", Q(touched__gt=date(2025, 12, 2))),
        ("touched:>2w", Q(touched__lt=date(2026, 2, 16))),
        ("touched:<2026-01-01", Q(touched__lt=date(2026, 1, 1))),
        ("renewal:2026-03-01", Q(renewal__exact=date(2026, 3, 1))),
        ("renewal:2026-02", Q(Q(renewal__gte=date(2026, 2, 1)), Q(renewal__lte=date(2026, 2, 28)))),
        ("renewal:>2026", Q(renewal__gt=date(2026, 12, 31))),
        ("renewal:2026-01..2026-02", Q(Q(renewal__gte=date(2026, 1, 1)), Q(renewal__lte=date(2026, 2, 28)))),
        ("renewal:today", Q(renewal__exact=date(2026, 3, 2))),
        ("name:norte", Q(name__icontains="norte")),
        ('name:"el norte"', Q(name__icontains="el norte")),
        ("open:yes", Q(open__exact=True)),
        ("tier:a,B", Q(Q(tier__exact="A"), Q(tier__exact="B"), _connector=Q.OR)),
        ("tier:none", Q(tier="")),
        ("owner:me", Q(lead__exact=99)),
        ('owner:"inigo nunez"', Q(lead__exact=8)),
        ("-tier:C health:<50", Q(~Q(tier__exact="C"), Q(health__lt=50))),
        ("tier:A OR tier:B", Q(Q(tier__exact="A"), Q(tier__exact="B"), _connector=Q.OR)),
        ("x (tier:A OR y) ", Q(Q(name__icontains="x"), Q(Q(tier__exact="A"), Q(name__icontains="y"), _connector=Q.OR))),
        ("-(tier:A health:<5)", ~Q(Q(tier__exact="A"), Q(health__lt=5))),
        ("or", Q(name__icontains="or")),
        ("ORIGINAL", Q(name__icontains="ORIGINAL")),
    ],
)
def test_a_text_asks_for_what_it_says(text, condition):
    assert compiled(text) == condition


@pytest.mark.parametrize(
    ("text", "column", "length", "says"),
    [
        ("tier:A helth:<50", 8, 5, "health:"),
        ("tier:E", 6, 1, "A, B, C, D"),
        ("tier:", 5, 1, "“tier”"),
        ("tier: A", 1, 5, "“tier”"),
        ("a tier:A,", 9, 1, "“tier”"),
        ("health:<x", 9, 1, "not a number"),
        ("health:10..x", 12, 1, "not a number"),
        ("renewal:2026-02-30", 9, 10, "not a date"),
        ("renewal:99999y", 9, 6, "not a date"),
        ("tier:<A", 6, 1, "numbers and dates"),
        ("open:maybe", 6, 5, "yes or no"),
        ('a "b', 3, 1, "never closed"),
        ("a (b", 3, 1, "never closed"),
        ("a b)", 4, 1, "nothing here"),
        ("a OR", 4, 1, "missing"),
        ("()", 2, 1, "nothing here"),
        ("a \0 b", 3, 1, "cannot be searched"),
        ("a" * 501, 501, 1, "too long"),
        ("(" * 30 + "a" + ")" * 30, 31, 1, "inside each other"),
        ("-" * 30 + "a", 31, 1, "inside each other"),
    ],
)
def test_a_mistake_is_shown_where_it_is(text, column, length, says):
    with pytest.raises(FilterError) as error:
        compiled(text)
    assert says in error.value.message
    assert (error.value.column, error.value.length) == (column, length)


pieces = st.sampled_from(
    ["tier", "health", "owner", "renewal", ":", "<", ">=", "..", ",", "(", ")", "-", '"', " ", "OR", "me", "none", "A",
     "50", "1e9", "9" * 20, "-90d", "2026-13", "\u202e", "\ud800", "ñ", "\0", "%", "'", "\\", "\n", "NaN", "٣d", "²"]
)  # fmt: skip


@given(st.one_of(st.text(max_size=60), st.lists(pieces, max_size=40).map("".join)))
def test_whatever_is_typed_is_read_or_refused_in_words(text):
    refusal = refused(text)
    assert refusal is None or (refusal.message and 1 <= refusal.column <= max(len(text), 1))


def refused(text):
    try:
        compiled(text)
    except FilterError as error:
        return error
