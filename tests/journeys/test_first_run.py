"""The first day: a one-time link, a customer list, a ledger, and a first score in the book.

And every empty page says what to do next.
"""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

CLIENTS = "Company,ID,Tier,Country\nAceites Olivar,1,A,ES\nBodega Clara,2,B,ES\nHarbour Foods,3,C,GB\n"


# Whether the list shows a score yet, asked from within whatever page is open.
SCORED = """() => {
    const list = new XMLHttpRequest()
    list.open("GET", "/accounts/", false)
    list.send()
    return /class="health (good|watch|bad)/.test(list.responseText)
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory, serve, command):
    """An installation on its first day, with what `make run` starts."""
    home = tmp_path_factory.mktemp("first") / "home"
    command(home, "migrate", "-v0")
    command(home, "collectstatic", "--no-input", "-v0")
    return serve(home, worker=True)


def ledger() -> str:
    """Fifteen months of invoices: one client orders every month, one stopped half a year ago, one came once."""
    today = datetime.now(tz=UTC).date()
    months = {"1": range(15), "2": range(6, 15), "3": [2]}
    lines = [
        f"{client}-{back},{client},{today - timedelta(days=30 * back):%Y-%m-%d},OIL,Olive oil,12,8.50"
        for client, backs in months.items()
        for back in backs
    ]
    return "\n".join(["InvoiceNo,CustomerID,InvoiceDate,StockCode,Description,Quantity,UnitPrice", *lines]) + "\n"


def bring(page, drop, kind: str, name: str, text: str, *, rows: int) -> None:
    """Import a file by the pages' own steps: drop it, have it read, checked, brought in."""
    page.goto("/imports/")
    page.get_by_role("link", name="Import a file").first.click()
    page.locator(f"input[name=kind][value={kind}]").check()
    drop(page, name, text)
    page.get_by_role("button", name="Read the file").click()
    page.get_by_role("button", name="Check the file").click()
    page.get_by_role("button", name=f"Import {rows} rows").click(timeout=60_000)
    expect(page.locator(".figure", has_text="Created")).to_contain_text(str(rows), timeout=60_000)


def menu(page) -> list[str]:
    return page.locator("nav.nav a").evaluate_all("all => all.map(one => one.getAttribute('href'))")


def test_from_the_first_link_to_the_first_score(visit, site, command, drop):
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
    bring(page, drop, "accounts", "clients.csv", CLIENTS, rows=3)
    page.goto("/accounts/")
    expect(page.locator(".accounts-table [data-open]")).to_have_text(
        ["Aceites Olivar", "Bodega Clara", "Harbour Foods"]
    )

    bring(page, drop, "invoices", "ledger.csv", ledger(), rows=25)
    page.goto("/settings/scorecards/")
    page.get_by_role("button", name="Score every account now").click()
    page.wait_for_function(SCORED, polling=1_000, timeout=120_000)
    page.goto("/accounts/")
    regular = page.locator(".accounts-table tr", has_text="Aceites Olivar")
    expect(regular.locator(".health .score")).to_have_text(re.compile(r"^\d+$"))
    regular.locator("[data-open]").click()
    page.get_by_role("link", name="Open the account").click()
    expect(page.locator(".health .coverage").first).to_contain_text("known")
    expect(page.get_by_role("group", name="How the score comes about")).to_be_visible()
