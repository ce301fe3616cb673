"""The book as a list: filtered by typing, sorted, edited in place, looked into from the side, handed over at once."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture
def book(visit):
    """Diego's list of accounts: his own people's, all of them."""
    page = visit("diego")
    page.goto("/accounts/")
    return page


def rows(page):
    return page.locator(".accounts-table tbody tr")


def test_a_filter_completes_while_it_is_typed(book):
    book.keyboard.press("/")
    book.keyboard.type("tie")
    expect(book.locator("cartera-completion [role=option]").first).to_contain_text("tier:")
    book.keyboard.press("ArrowDown")
    book.keyboard.press("Enter")
    book.keyboard.type("A")
    book.keyboard.press("Escape")
    book.keyboard.press("Enter")
    book.wait_for_url("**q=tier**")
    expect(rows(book).first).to_be_visible()
    assert set(rows(book).locator("[data-set=tier]").all_inner_texts()) == {"A"}


def test_a_wrong_filter_points_at_the_character(book):
    book.keyboard.press("/")
    book.keyboard.type("tier:A health:<<5")
    book.keyboard.press("Escape")
    book.keyboard.press("Enter")
    expect(book.locator("#filter-error")).to_contain_text("health")
    expect(book.locator(".wrong-place mark")).to_have_text("<")


def test_a_click_on_a_heading_sorts(book):
    book.get_by_role("columnheader", name="Revenue").get_by_role("link").click()
    heading = book.get_by_role("columnheader", name="Revenue")
    expect(heading).to_have_attribute("aria-sort", "descending")
    shown = [re.sub(r"\D", "", text) for text in rows(book).locator("td[data-label=Revenue]").all_inner_texts()]
    sums = [int(text) for text in shown if text]
    assert sums == sorted(sums, reverse=True)
    assert len(sums) > 20


def test_a_tier_is_changed_where_it_stands_and_changed_back(book):
    book.goto("/accounts/?q=tier:D")
    cell = rows(book).first.locator("[data-set=tier]")
    name = rows(book).first.locator("[data-open]").inner_text()
    cell.click()
    rows(book).first.locator("select").select_option("B")
    expect(cell).to_have_text("B")
    book.locator("cartera-toast").get_by_role("button", name="Undo").click()
    expect(rows(book).filter(has_text=name).locator("[data-set=tier]")).to_have_text("D")


def test_the_side_panel_keeps_the_list_and_steps_through_it(book):
    names = rows(book).locator("[data-open]").all_inner_texts()
    title = book.locator(".accounts-peek h2")
    book.keyboard.press("j")
    book.keyboard.press("j")
    book.keyboard.press("k")
    book.keyboard.press("Enter")
    expect(title).to_have_text(names[0])
    book.keyboard.press("]")
    expect(title).to_have_text(names[1])
    book.keyboard.press("[")
    expect(title).to_have_text(names[0])
    book.keyboard.press("Escape")
    expect(title).to_have_count(0)


def test_a_director_hands_over_everything_that_matches_and_takes_it_back(book):
    book.goto('/accounts/?q=owner:"Pau+Prats"+tier:C')
    figures = book.locator("#list-figures strong").first
    expect(book.locator("#list-figures")).to_contain_text("revenue")
    count = figures.inner_text()
    book.locator("[data-pick-all]").check()
    book.get_by_role("button", name="Select all that match").click()
    book.get_by_role("button", name="Hand over", exact=True).click()
    book.get_by_label("New steward").select_option(label="Marc Mora")
    book.get_by_role("button", name="Hand over the accounts").click()
    toast = book.locator("cartera-toast", has_text=f"{count} accounts")
    expect(toast).to_be_visible()
    expect(rows(book)).to_have_count(0)
    toast.get_by_role("button", name="Undo").click()
    expect(figures).to_have_text(count)
