import pytest

from cartera.search import operations, queries
from cartera.search.operations import entry_of
from cartera.search.tests.test_search import HOUSES


@pytest.fixture
def page(client, cast, monkeypatch):
    monkeypatch.setattr(operations, "offers", lambda kind: [HOUSES] if kind == "search" else [])
    operations.searchables.cache_clear()
    operations.write(entry_of("house", n, f"Casa {n:02}", detail="Calle Mayor") for n in range(1, 61))
    client.force_login(cast.ana)
    yield client
    operations.searchables.cache_clear()


def test_the_palette_gets_the_best_twelve_as_links_and_the_way_to_all(page, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        text = page.get("/search/", {"q": "casa"}, headers={"hx-request": "true"}).text
    assert text.count("/houses/") == 12
    assert "/houses/1/" in text
    assert "Calle Mayor" in text
    assert "/search/all/?q=casa" in text
    assert "<html" not in text


def test_the_page_of_all_results_says_that_there_are_more(page):
    text = page.get("/search/all/", {"q": "casa"}).text
    assert text.count("/houses/") == 50
    assert "50+" in text


def test_what_was_typed_is_shown_as_text(page):
    nasty = '"><script>alert(1)</script>'
    assert "<script>alert" not in page.get("/search/all/", {"q": nasty}).text
    operations.write([entry_of("house", 99, "<b>Casa</b> Brava")])
    assert "&lt;b&gt;Casa" in page.get("/search/", {"q": "brava"}).text


@pytest.mark.parametrize(("text", "says"), [("", "What are you looking for?"), ("zzz", "Nothing found")])
def test_empty_pages_say_what_to_do(page, text, says):
    assert says in page.get("/search/all/", {"q": text}).text


@pytest.mark.parametrize("few_accounts", [2_000, 0])
@pytest.mark.parametrize("few_entries", [10_000, 0])
def test_nobody_finds_what_belongs_to_accounts_they_do_not_see(page, cast, monkeypatch, few_accounts, few_entries):
    monkeypatch.setattr(queries, "FEW_ACCOUNTS", few_accounts)
    monkeypatch.setattr(queries, "FEW_ENTRIES", few_entries)
    queries.caches["process"].clear()
    accounts = type(cast.norte).objects
    operations.write(
        entry_of("house", 100 + n, f"Finca {account.name}", account_id=account.pk)
        for n, account in enumerate(accounts.order_by("pk"))
    )
    for member, count in [(cast.ana, 2), (cast.marc, 1), (cast.sam, 0), (cast.ada, 5)]:
        for text in ("finca", "fi", "inca"):
            assert len(queries.find(text, visible_account_ids=accounts.visible_to(member))) == count, (member, text)
