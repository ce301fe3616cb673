"""The page of an account: a conversation in two keystrokes, and a score that can be taken apart."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture
def account(visit):
    """Ana before the page of Hoteles Miramar."""
    page = visit("ana")
    page.goto("/accounts/?q=miramar")
    page.locator(".accounts-table [data-open]").first.click()
    page.get_by_role("link", name="Open the account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hoteles Miramar")
    return page


def number(text: str) -> float:
    return float(re.search(r"-?\d+(\.\d+)?", text.replace("−", "-")).group())


def test_a_call_is_logged_with_two_keystrokes_around_its_words(account):
    expect(account.get_by_placeholder("What was it about?")).to_be_visible()
    account.keyboard.press("l")
    account.keyboard.type("Spoke with purchasing about the silence")
    account.keyboard.press("Enter")
    first = account.locator(".timeline-event").first
    expect(first).to_contain_text("Spoke with purchasing about the silence")
    expect(first).to_contain_text("Ana Arias")
    expect(account.get_by_placeholder("What was it about?")).to_have_value("")


def test_the_waterfall_adds_up_to_the_score_shown(account):
    shown = number(account.locator(".accounts-head .health").first.inner_text())
    account.get_by_role("link", name="Curves, history and what changed").click()
    gives = account.locator(".health-factors tbody td[data-label=Gives]").all_inner_texts()
    total = number(account.locator(".health-factors tfoot .num").first.inner_text())
    assert sum(number(text) for text in gives if text != "–") == pytest.approx(total, abs=0.05 * len(gives) + 0.05)
    assert shown == pytest.approx(total, abs=1)  # the whole points reached


def test_every_bar_leads_to_the_rows_behind_it(account):
    bars = account.locator("cartera-panel[key=health] svg a")
    expect(bars.first).to_be_visible()
    for address in set(bars.evaluate_all("all => all.map(one => one.getAttribute('href'))")):
        assert account.goto(address.partition("#")[0]).status == 200  # a panel of this very page has no answer
        # Nothing overdue has no rows, and its page says so.
        rows = account.locator("main :is(tbody tr, .timeline-event, .list li, .empty):visible")
        expect(rows.first).to_be_visible()
