"""Search, tried on a kind of thing of its own: accounts and the apps above lie on higher floors."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import caches
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cartera.search import by_part, operations, queries, rules
from cartera.search.models import Entry
from cartera.search.offers import Searchable
from cartera.search.operations import entry_of

HOUSES = Searchable(
    key="house", label="Houses", model=ContentType, title=lambda thing: thing.model,
    text=lambda thing: thing.app_label, url=lambda hit: f"/houses/{hit.pk}/",
)  # fmt: skip
NAMES = ["Bodegas Núñez", "Núñez", "Viñas Nunez e Hijos", "Annunezza", "El Molino", "100% Café", 'La "Rosa"', "Ñu"]


@pytest.fixture(params=["read through", "by index"])
def houses(db, request, monkeypatch):
    """Houses known by the names above; small kinds are read through, large ones looked up in the index."""
    monkeypatch.setattr(operations, "offers", lambda kind: [HOUSES] if kind == "search" else [])
    operations.searchables.cache_clear()
    caches["process"].clear()
    if request.param == "by index":
        monkeypatch.setattr(queries, "FEW_ENTRIES", 0)
    operations.write(entry_of("house", n, name, account_id=n % 2) for n, name in enumerate(NAMES, 1))
    yield
    operations.searchables.cache_clear()
    caches["process"].clear()


def titles(text, **given):
    return [hit.title for hit in queries.find(text, **given)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("nunez", ["Núñez", "Bodegas Núñez", "Viñas Nunez e Hijos", "Annunezza"]),
        ("NÚÑEZ", ["Núñez", "Bodegas Núñez", "Viñas Nunez e Hijos", "Annunezza"]),
        ("une", ["Annunezza", "Bodegas Núñez", "Núñez", "Viñas Nunez e Hijos"]),
        ("nunez bodegas", ["Bodegas Núñez"]),
        ("hij nun", ["Viñas Nunez e Hijos"]),
        ("moli", ["El Molino"]),
        ("100%", ["100% Café"]),
        ('"rosa', ['La "Rosa"']),
        ("zzz", []),
        ("", []),
        ("  ", []),
        ("\0", []),
    ],
)
def test_any_part_of_a_name_finds_it_the_best_first(houses, text, found):
    assert titles(text) == found


def test_one_or_two_letters_find_the_beginnings_of_names(houses):
    assert titles("n")[:2] == ["Ñu", "Núñez"]
    assert "Núñez" in titles("nu")
    assert titles("ñu")[0] == "Ñu"


def test_only_what_belongs_to_visible_accounts_is_found(houses):
    odd = ContentType.objects.none()
    assert titles("nunez", visible_account_ids=odd) == []


def test_a_thing_is_found_by_its_present_name_only(houses):
    operations.write([entry_of("house", 5, "El Faro", text="lighthouse@example.org")])
    assert titles("molino") == []
    assert titles("faro") == titles("lighthouse@exa") == ["El Faro"]
    operations.forget(ContentType, [5])
    assert titles("faro") == []
    assert Entry.objects.filter(object_id=5).count() == 0


def test_the_whole_index_can_be_built_anew(houses):
    assert operations.reindex() == ContentType.objects.count() == Entry.objects.count()
    assert titles("molino") == []
    assert "permission" in titles("permiss")


@pytest.mark.parametrize("text", ["nunez", "n", "nu", "une hij", "zzz", "100%"])
@pytest.mark.parametrize("rare", [10_000, 0])
def test_common_and_rare_texts_match_the_same_rows(houses, monkeypatch, text, rare):
    matched = set(queries.matching_ids(text, "house"))
    monkeypatch.setattr(by_part, "RARE", dict.fromkeys(by_part.RARE, rare))
    assert (
        set(
            Entry.objects.filter(queries.matching(text, "house", outer="object_id")).values_list("object_id", flat=True)
        )
        == matched
    )


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.one_of(st.text(max_size=30), st.text(alphabet="nuñez\"'%_*:()-+^ANDORT ", max_size=30)))
def test_whatever_is_typed_is_searched_for_as_text(houses, text):
    words = operations.folded(text.replace("\0", " ")).split()
    for title in titles(text):
        assert all(word in operations.folded(title) for word in words)
    list(Entry.objects.filter(queries.matching(text, "house", outer="object_id")))


def test_the_thing_itself_comes_before_beginnings_words_and_parts():
    assert [rules.rank("nu", head, f" {head}") for head in ("nu", "nunez", "el nunez", "minun")] == [0, 1, 2, 3]
