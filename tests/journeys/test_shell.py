"""The shell and its components: nothing for axe to find, nothing for the policy to block, keys and menus that work."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing_on_the_page_of_components(visit, axe, width, dark):
    page = visit(width=width, dark=dark)
    page.goto("/design/?toast=1")
    page.wait_for_load_state("networkidle")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing_where_one_signs_in(visit, axe, dark):
    page = visit(None, dark=dark)
    page.goto("/accounts/login/")
    assert axe(page) == []


def test_axe_finds_nothing_in_what_opens(visit, axe):
    page = visit()
    page.goto("/design/")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_be_visible()
    assert axe(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_visible()
    assert axe(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("#shortcuts")).to_be_hidden()
    page.locator(".topbar-end cartera-menu > button").last.click()
    expect(page.get_by_role("button", name="Español")).to_be_visible()
    assert axe(page) == []


def test_rows_are_walked_with_j_and_k_and_opened_with_enter(visit):
    page = visit()
    page.goto("/design/")
    for key in "jjk":
        page.keyboard.press(key)
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#2"
    page.keyboard.press("Enter")
    assert page.url.endswith("#2")


def test_keys_do_what_the_page_declares_but_not_while_writing(visit):
    page = visit()
    page.goto("/design/")
    page.keyboard.press("/")
    expect(page.locator("input[name=q]")).to_be_focused()
    page.keyboard.type("e?j")
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.locator("h1").click()
    page.keyboard.press("e")
    expect(page.locator("#sample-dialog")).to_be_visible()


def test_the_help_lists_the_keys_of_this_page(visit):
    page = visit()
    page.goto("/design/")
    page.keyboard.press("?")
    lines = page.locator("#shortcuts dt").all_inner_texts()
    assert {"Next row", "Open a dialog", "Filter the accounts", "Fold the navigation away"} <= set(lines)


def test_the_navigation_folds_and_stays_folded(visit):
    page = visit()
    page.goto("/design/")
    wide = page.locator("#nav").bounding_box()["width"]
    page.get_by_role("button", name="Fold the navigation away").click()
    page.reload()
    assert page.locator("#nav").bounding_box()["width"] < wide / 2


def test_a_panel_loads_and_remembers_being_folded(visit):
    page = visit()
    page.goto("/design/")
    expect(page.locator("#panel-gallery")).to_contain_text("This came by itself")
    page.get_by_text("Already here").click()
    page.reload()
    expect(page.locator("cartera-panel[key=gallery-here] .panel-body")).to_be_hidden()


def test_a_failed_request_says_so_and_offers_to_repeat(visit):
    page = visit()
    page.route("**/design/panel/", lambda route: route.abort())
    page.goto("/design/")
    expect(page.locator("cartera-toast").first).to_be_visible()
    page.unroute("**/design/panel/")
    visit.complaints.clear()
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#panel-gallery")).to_contain_text("This came by itself")


def test_colours_and_language_change_from_the_menu(visit):
    page = visit()
    page.goto("/design/")
    page.locator(".topbar-end cartera-menu > button").last.click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 19, 22)"
    page.locator(".topbar-end cartera-menu > button").last.click()
    page.get_by_role("button", name="Español").click()
    expect(page.locator("html")).to_have_attribute("lang", "es")
