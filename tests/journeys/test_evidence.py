"""Whether to trust the score: the evidence, and a risk that is learned, switched on, and followed to its rows."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
WORKER = True


def hundredths(text: str) -> int:
    """A number with two decimals, as the page writes it, in whole hundredths."""
    return round(float(text.replace("−", "-")) * 100)


def test_the_director_reads_whether_to_trust_the_score(visit, axe):
    page = visit("diego")
    page.get_by_role("link", name="Evidence").click()
    score = page.get_by_role("region", name="Health score")
    expect(score.locator(".notice")).to_contain_text(re.compile("trust|tells|No conclusion"))
    expect(score.get_by_role("row", name=re.compile("Right order"))).to_contain_text(re.compile(r"\d+.?% – \d+"))
    expect(page.get_by_role("heading", name="The green that left")).to_be_visible()
    expect(page.get_by_role("heading", name="The red that stayed")).to_be_visible()
    expect(page.get_by_role("button", name="Run the backtest")).to_have_count(0)
    assert axe(page) == []


def test_the_administrator_learns_a_version_switches_it_on_and_follows_a_part_to_its_rows(visit, axe):
    page = visit("ada")
    page.goto("/settings/risk/")
    expect(page.get_by_role("heading", name="Version 1")).to_be_visible()
    page.get_by_role("button", name="Learn from our history").click()
    expect(page.get_by_text("Learning has begun")).to_be_visible()
    # The page looks for the new version by itself; the worker takes some seconds to learn it.
    expect(page.get_by_role("heading", name="Version 2")).to_be_visible(timeout=120_000)
    expect(page.get_by_text("It appears here by itself")).to_have_count(0)
    assert axe(page) == []
    switching = page.locator("form", has=page.get_by_role("button", name="Switch this version on"))
    switching.get_by_label("Why").fill("It knows the last month too")
    switching.get_by_role("button").click()
    expect(page.get_by_text("Version 2, learned as of")).to_be_visible()

    page.goto("/accounts/?q=miramar")
    page.locator(".accounts-table [data-open]").first.click()
    page.get_by_role("link", name="Open the account").click()
    page.get_by_role("link", name="Curves, history and what changed").click()
    page.get_by_role("button", name="Score again").click()
    page.get_by_role("link", name=re.compile("Risk of loss within 90 days")).click()
    expect(page.get_by_text("by version 2")).to_be_visible()
    parts = page.locator("tbody td[data-label='Log-odds']").all_inner_texts()
    assert sum(map(hundredths, parts)) == hundredths(page.locator("tfoot td").inner_text())
    assert axe(page) == []
    page.locator("tbody th a").first.click()
    expect(page.locator("tbody tr, .timeline-event, .list li").first).to_be_visible()
