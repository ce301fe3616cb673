"""Every page of the menu, and an account's, in a browser: nothing complains, overflows or shuts anybody out."""

import re

import pytest

pytestmark = pytest.mark.browser

LOOKS = [
    pytest.param({"width": 1440, "height": 900, "dark": False}, id="wide-light"),
    pytest.param({"width": 390, "height": 844, "dark": True, "language": "es"}, id="phone-dark-es"),
]


def places(page) -> list[str]:
    """The addresses of the navigation, and of the first account on the list."""
    page.goto("/accounts/")
    links = page.locator("nav a[href^='/']").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    account = page.locator("a[href*='/accounts/']").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    first = next(link for link in account if re.fullmatch(r"/accounts/\d+/", link))
    return [*dict.fromkeys(links), first, first + "health/", "/me/", "/design/"]


def overflow(page) -> int:
    """How many pixels the page is wider than the window."""
    return page.evaluate("document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth")


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("who", ["ada", "ana"])
def test_every_page_is_sound(visit, axe, look, who):
    page, wrong = visit(who, **look), []
    for place in places(page):
        answer = page.goto(place)
        page.wait_for_load_state("networkidle")
        wrong += [f"{place}: {answer.status}"] if answer.status != 200 else []
        wrong += [f"{place}: {overflow(page)} pixels too wide"] if overflow(page) > 0 else []
        wrong += axe(page)
    assert wrong == [], "\n".join(wrong)
    assert visit.complaints == []
