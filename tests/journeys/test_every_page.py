"""Every page of the menu, of one thing and of every form, in a browser: nothing complains, overflows or shuts out."""

import re
import shutil

import pytest

pytestmark = pytest.mark.browser

LOOKS = [
    pytest.param({"width": 1440, "height": 900, "dark": False}, id="wide-light"),
    pytest.param({"width": 390, "height": 844, "dark": True, "language": "es"}, id="phone-dark-es"),
]
LONG = "Industrias" + "aceituneras" * 8
CLIENTS = f"Company,ID,Tier,Contact,Owner\n{LONG},L1,A,{LONG[:90]},ana@faro.example\nNobody's,L2,Z,,\n"
FORMS = [
    "/accounts/new/", "/accounts/duplicates/", "/products/add/", "/imports/new/", "/log/", "/settings/people/invite/",
    "/settings/people/ladder/", "/settings/people/ladder/new/", "/settings/people/teams/",
    "/settings/people/teams/new/",
    "/sign-in/password/change/", "/sign-in/2fa/", "/sign-in/logout/", "/search/all/?q=Industrias", "/people/list/",
]  # fmt: skip


@pytest.fixture(scope="module")
def site(demo_home, tmp_path_factory, serve, command):
    """The demonstration company with a client and a person whose names have ninety letters and no space."""
    home = tmp_path_factory.mktemp("site") / "home"
    shutil.copytree(demo_home, home)
    (home / "clients.csv").write_text(CLIENTS)
    command(home, "import", str(home / "clients.csv"), "--as", "accounts")
    return serve(home)


def links(page, place: str, pattern: str) -> list[str]:
    """The addresses of one shape that the page at *place* leads to."""
    page.goto(place)
    page.wait_for_load_state("networkidle")
    found = page.locator("a[href]").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    return [*dict.fromkeys(link for link in found if re.fullmatch(pattern, link))]


def menu(page) -> list[str]:
    """The addresses of the navigation, and of the first account on the list."""
    first = links(page, "/accounts/", r"/accounts/\d+/")[0]
    places = page.locator("nav a[href^='/']").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    return [*dict.fromkeys(places), first, first + "health/", "/me/", "/design/"]


def details(page) -> list[str]:
    """One page of each kind of thing, the forms that change it, and those that make a new one."""
    account = links(page, "/accounts/?q=Industrias", r"/accounts/\d+/")[0]
    contact = links(page, account, r"/accounts/\d+/people/\d+/")[0]
    busy = links(page, "/accounts/?q=revenue:>1", r"/accounts/\d+/")[0]
    conversation = links(page, busy, r"/interactions/\d+/")[0]
    member = links(page, "/people/list/", r"/people/\d+/")[0]
    rung = links(page, "/settings/people/ladder/", r"/settings/people/ladder/\d+/")[0]
    team = links(page, "/settings/people/teams/", r"/settings/people/teams/\d+/")[0]
    return [
        account, account + "edit/", account + "people/new/", contact, f"/log/?account={account.split('/')[2]}",
        links(page, "/invoices/", r"/invoices/\d+/")[0], links(page, "/products/", r"/products/\d+/")[0],
        conversation, conversation + "edit/", links(page, "/imports/", r"/imports/\d+/")[0],
        member, *(f"{member}{form}/" for form in ("details", "post", "absences", "qualifications", "leaves")),
        rung, team, "/history/?q=about:imports.run", *FORMS,
    ]  # fmt: skip


def overflow(page) -> int:
    """How many pixels the page is wider than the window."""
    return page.evaluate("document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth")


def faults(page, axe, places: list[str]) -> list[str]:
    """What is wrong with the pages at *places*."""
    wrong = []
    for place in places:
        answer = page.goto(place)
        page.wait_for_load_state("networkidle")
        wrong += [f"{place}: {answer.status}"] if answer.status != 200 else []
        wrong += [f"{place}: {overflow(page)} pixels too wide"] if overflow(page) > 0 else []
        wrong += axe(page)
    return wrong


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("who", ["ada", "ana"])
def test_every_page_of_the_menu_is_sound(visit, axe, look, who):
    page = visit(who, **look)
    wrong = faults(page, axe, menu(page))
    assert wrong == [], "\n".join(wrong)
    assert visit.complaints == []


@pytest.mark.parametrize("look", LOOKS)
def test_every_page_of_one_thing_and_every_form_is_sound(visit, axe, look):
    page = visit("ada", **look)
    wrong = faults(page, axe, details(page))
    assert wrong == [], "\n".join(wrong)
    assert visit.complaints == []
