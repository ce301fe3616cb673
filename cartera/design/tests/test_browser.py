"""In a real browser: nothing for axe to find, nothing for the policy to block, keys and menus that work."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect, sync_playwright

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chromium():
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright's own loop runs in this thread
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def window(chromium, live_server, cast, client):
    """Open a window, as Ana unless she is not signed in; whatever the browser complains of fails the test."""
    complaints, opened = [], []

    def open_window(*, signed_in=True, width=1440, dark=False):
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            locale="en-GB",
        )
        if signed_in:
            client.force_login(cast.ana)
            session = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        opened.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    open_window.complaints = complaints
    yield open_window
    for context in opened:
        context.close()
    assert complaints == []


def violations(page):
    found = Axe().run(page, options={"runOnly": LEVELS}).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing_on_the_page_of_components(window, width, dark):
    page = window(width=width, dark=dark)
    page.goto("/design/?toast=1")
    page.wait_for_load_state("networkidle")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing_where_one_signs_in(window, dark):
    page = window(signed_in=False, dark=dark)
    page.goto(reverse("account_login"))
    assert violations(page) == []


def test_axe_finds_nothing_in_what_opens(window):
    page = window()
    page.goto("/design/")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("#shortcuts")).to_be_hidden()
    page.locator(".topbar-end cartera-menu > button").last.click()
    expect(page.get_by_role("button", name="Español")).to_be_visible()
    assert violations(page) == []


def test_rows_are_walked_with_j_and_k_and_opened_with_enter(window):
    page = window()
    page.goto("/design/")
    for key in "jjk":
        page.keyboard.press(key)
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#2"
    page.keyboard.press("Enter")
    assert page.url.endswith("#2")


def test_keys_do_what_the_page_declares_but_not_while_writing(window):
    page = window()
    page.goto("/design/")
    page.keyboard.press("/")
    expect(page.locator("input[name=q]")).to_be_focused()
    page.keyboard.type("e?j")
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.locator("h1").click()
    page.keyboard.press("e")
    expect(page.locator("#sample-dialog")).to_be_visible()


def test_the_help_lists_the_keys_of_this_page(window):
    page = window()
    page.goto("/design/")
    page.keyboard.press("?")
    lines = page.locator("#shortcuts dt").all_inner_texts()
    assert {"Next row", "Open a dialog", "Filter the accounts", "Fold the navigation away"} <= set(lines)


def test_the_navigation_folds_and_stays_folded(window):
    page = window()
    page.goto("/design/")
    wide = page.locator("#nav").bounding_box()["width"]
    page.get_by_role("button", name="Fold the navigation away").click()
    page.reload()
    assert page.locator("#nav").bounding_box()["width"] < wide / 2


def test_a_panel_loads_and_remembers_being_folded(window):
    page = window()
    page.goto("/design/")
    expect(page.locator("#panel-gallery")).to_contain_text("This came by itself")
    page.get_by_text("Already here").click()
    page.reload()
    expect(page.locator("cartera-panel[key=gallery-here] .panel-body")).to_be_hidden()


def test_a_failed_request_says_so_and_offers_to_repeat(window):
    page = window()
    page.route("**/design/panel/", lambda route: route.abort())
    page.goto("/design/")
    expect(page.locator("cartera-toast").first).to_be_visible()
    page.unroute("**/design/panel/")
    window.complaints.clear()
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#panel-gallery")).to_contain_text("This came by itself")


def test_colours_and_language_change_from_the_menu(window):
    page = window()
    page.goto("/design/")
    page.locator(".topbar-end cartera-menu > button").last.click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 19, 22)"
    page.locator(".topbar-end cartera-menu > button").last.click()
    page.get_by_role("button", name="Español").click()
    expect(page.locator("html")).to_have_attribute("lang", "es")
