"""The page shell: what every page has, and what no page may have."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from cartera.design import shell
from cartera.design.tests.elements import elements
from cartera.kit.models import Change


def test_a_page_says_who_is_signed_in_and_what_day_is_pretended(page):
    html = page("/design/")
    assert "Ana Arias" in html
    assert "As of 2 Mar 2026" in html


def test_no_style_and_no_script_stands_in_the_page_itself(page):
    found = elements(page("/design/?toast=1"))
    assert [one for one in found if "style" in one.attributes or one.tag == "style"] == []
    assert [name for one in found for name in one.attributes if name.startswith("on")] == []
    inline = [one for one in found if one.tag == "script" and "src" not in one.attributes]
    assert [one.attributes["type"] for one in inline] == ["importmap"]


def test_the_import_map_is_let_through_by_the_policy(as_ana):
    response = as_ana.get("/design/")
    [script] = [one for one in elements(response.content.decode()) if one.attributes.get("type") == "importmap"]
    assert f"'nonce-{script.attributes['nonce']}'" in response.headers["Content-Security-Policy"]
    assert "'unsafe" not in response.headers["Content-Security-Policy"]


def test_every_module_that_modules_ask_for_is_on_the_map(page):
    asked = set()
    for path in Path(shell.__file__).parent.glob("static/design/*.js"):
        asked |= set(re.findall(r'^import .*?"(.+?)";', path.read_text(), re.MULTILINE))
    assert asked
    html = page("/design/")
    assert all(f'"{name}": "/static/' in html for name in asked)


def test_ids_are_unique_and_every_control_has_a_name(page):
    found = elements(page("/design/"))
    ids = [one.attributes["id"] for one in found if "id" in one.attributes]
    ids = [one for one in ids if not one.startswith("id_")]  # the page shows one form twice, right and wrong
    assert sorted(set(ids)) == sorted(ids)
    nameless = [
        one
        for one in found
        if one.tag in ("button", "a") and not (one.text.strip() or one.attributes.get("aria-label"))
    ]
    assert nameless == []


def test_a_page_asks_the_database_only_who_is_there(as_ana, django_assert_max_num_queries):
    as_ana.get("/design/")
    with django_assert_max_num_queries(3):  # the session, the member, and whom they lead
        as_ana.get("/design/")


def test_the_first_visit_weighs_less_than_100_kilobytes(as_ana):
    html = as_ana.get("/design/").content
    addresses = {
        one.attributes.get("src") or one.attributes.get("href", "")
        for one in elements(html.decode())
        if one.tag in ("script", "link") and not one.attributes.get("type", "").startswith("image")
    }
    modules = [f"/static/design/{path.name}" for path in Path(shell.__file__).parent.glob("static/design/*.js")]
    files = {address.removeprefix("/static/") for address in [*addresses, *modules] if "/static/" in address}
    weight = len(gzip.compress(html)) + sum(len(gzip.compress(Path(finders.find(name)).read_bytes())) for name in files)
    assert weight < 60_000


@pytest.mark.parametrize(("name", "value"), [("language", "es"), ("theme", "dark"), ("density", "compact")])
def test_a_preference_is_kept_with_its_history_and_the_page_stays(as_ana, cast, name, value):
    response = as_ana.post("/preferences/", {name: value, "next": "/design/"})
    assert response.headers["Location"] == "/design/"
    cast.ana.refresh_from_db()
    assert getattr(cast.ana, name) == value
    assert Change.objects.get(verb="design.choose").after == {name: value}


def test_the_chosen_language_colours_and_density_are_on_the_page(as_ana):
    for name, value in [("language", "es"), ("theme", "dark"), ("density", "compact")]:
        as_ana.post("/preferences/", {name: value})
    html = as_ana.get("/design/").content.decode()
    assert '<html lang="es" data-theme="dark" data-density="compact">' in html
    assert "A fecha de 2 mar 2026" in html


def test_the_same_preference_twice_is_no_change(as_ana, cast):
    as_ana.post("/preferences/", {"theme": cast.ana.theme})
    assert not Change.objects.filter(verb="design.choose").exists()


@pytest.mark.parametrize("wrong", [{"theme": "pink"}, {"language": "xx"}, {"density": ""}])
def test_an_unknown_preference_is_refused(as_ana, cast, wrong):
    before = (cast.ana.theme, cast.ana.language, cast.ana.density)
    assert as_ana.post("/preferences/", wrong).status_code == 400
    cast.ana.refresh_from_db()
    assert (cast.ana.theme, cast.ana.language, cast.ana.density) == before


def test_nobody_is_sent_to_another_site(as_ana):
    assert (
        as_ana.post("/preferences/", {"theme": "dark", "next": "https://elsewhere.example/"}).headers["Location"] == "/"
    )


@pytest.mark.parametrize(
    ("path", "here"),
    [("/accounts/", True), ("/accounts/12/", True), ("/today/", False), ("/", False)],
)
def test_the_navigation_knows_where_one_is(path, here):
    from cartera.design.templatetags.cartera import is_here

    assert is_here("/accounts/", path) is here
