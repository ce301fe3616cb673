"""How each reader likes it: language, colours, density, the keyboard and the palette."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture
def page(visit):
    """Marc before his list of accounts."""
    page = visit("marc")
    page.goto("/accounts/")
    return page


def choose(page, name: str) -> None:
    page.locator(".topbar-end cartera-menu").last.locator("button").first.click()
    page.get_by_role("button", name=name, exact=True).click()


def test_language_colours_and_density_are_kept(page):
    whole = page.locator("html")
    for name, attribute, value in [
        ("Español", "lang", "es"), ("English", "lang", "en"), ("Dark", "data-theme", "dark"),
        ("Compact", "data-density", "compact"),
    ]:  # fmt: skip
        choose(page, name)
        expect(whole).to_have_attribute(attribute, value)
    page.goto("/today/")
    expect(whole).to_have_attribute("data-theme", "dark")
    expect(whole).to_have_attribute("data-density", "compact")


def test_the_keyboard_explains_itself_and_goes_places(page):
    page.keyboard.press("?")
    help_ = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(help_).to_contain_text("Next row")
    page.keyboard.press("Escape")
    expect(help_).to_be_hidden()
    page.keyboard.press("g")
    page.keyboard.press("t")
    page.wait_for_url("**/today/")


def test_the_palette_finds_an_account_without_its_accents(page):
    page.keyboard.press("Control+k")
    page.keyboard.type("grand hotel alb")
    expect(page.get_by_role("option", name="Grand Hotel Alba")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Grand Hotel Alba")
