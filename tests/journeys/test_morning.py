"""A manager's morning: who needs me now, why, and what is at stake; then done, taken back, and put off."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture
def miramar(visit):
    """Ana's page of today, and on it the line of Hoteles Miramar, which has gone silent."""
    page = visit("ana")
    page.goto("/today/")
    return page, page.locator(".today-line", has_text="Hoteles Miramar")


def press(line, key: str) -> None:
    line.locator("[data-open]").focus()
    line.page.keyboard.press(key)


def test_today_says_who_needs_me_and_every_reason_opens(miramar):
    page, line = miramar
    expect(line).to_contain_text(re.compile(r"Orders every \d+ days, silent for \d+"))
    expect(line).to_contain_text(re.compile(r"At stake\s*€\d"))
    line.get_by_role("link", name="Rhythm of orders").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Invoices")
    expect(page.locator("tbody tr").first).to_be_visible()


def test_done_logs_a_conversation_and_the_toast_takes_it_back(miramar):
    page, line = miramar
    press(line, "c")
    page.get_by_label("Subject").fill("They will order again on Friday")
    page.keyboard.press("Enter")
    expect(line).to_have_count(0)
    page.locator("cartera-toast", has_text="Logged for Hoteles Miramar").get_by_role("button", name="Undo").click()
    expect(line).to_have_count(1)
    line.locator("[data-open]").click()
    expect(page.locator(".timeline-event", has_text="put it back onto today's plan")).to_be_visible()
    expect(
        page.locator(".timeline-event", has_text="They will order again on Friday").locator(".timeline-kind")
    ).to_have_count(0)


def test_snoozing_puts_a_client_off_until_a_day(miramar):
    page, line = miramar
    press(line, "s")
    page.get_by_label("Why?").fill("Waiting for their answer")
    page.keyboard.press("Enter")
    expect(page.locator("cartera-toast", has_text="Hoteles Miramar is snoozed")).to_be_visible()
    expect(line).to_have_count(0)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    expect(line).to_have_count(0)
