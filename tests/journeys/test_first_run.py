"""The first day: a one-time link, a customer list, the book; and every empty page says what to do next."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

CLIENTS = "Company,ID,Tier,Country\nAceites Olivar,1,A,ES\nBodega Clara,2,B,ES\nHarbour Foods,3,C,GB\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory, serve, command):
    """An installation on its first day, with what `make run` starts."""
    home = tmp_path_factory.mktemp("first") / "home"
    command(home, "migrate", "-v0")
    command(home, "collectstatic", "--no-input", "-v0")
    return serve(home, worker=True)


def menu(page) -> list[str]:
    return page.locator("nav.nav a").evaluate_all("all => all.map(one => one.getAttribute('href'))")


def test_from_the_first_link_to_the_book(visit, site, command, drop):
    page = visit(None)
    page.goto(re.search(r"http\S+", command(site.home, "first_link", "--base", site.base)).group())
    page.get_by_label("Your name").fill("Eva Egea")
    page.get_by_label("Mail address").fill("eva@company.example")
    page.get_by_label("Password", exact=True).fill("olive tree and lamp")
    page.get_by_role("button", name="Become the administrator").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome, Eva Egea")

    silent = []
    for place in menu(page):
        page.goto(place)
        if page.locator(".empty").count() and not page.locator(".empty a, .empty button, main form .primary").count():
            silent.append(place)
    assert silent == []

    page.goto("/welcome/")
    page.get_by_role("link", name="Bring in clients").click()
    page.get_by_role("link", name="Import a file").click()
    page.locator("input[name=kind][value=accounts]").check()
    drop(page, "clients.csv", CLIENTS)
    page.get_by_role("button", name="Read the file").click()
    page.get_by_role("button", name="Check the file").click()
    page.get_by_role("button", name="Import 3 rows").click(timeout=60_000)
    expect(page.locator(".figure", has_text="Created")).to_contain_text("3", timeout=60_000)
    page.goto("/accounts/")
    expect(page.locator(".accounts-table [data-open]")).to_have_text(
        ["Aceites Olivar", "Bodega Clara", "Harbour Foods"]
    )
