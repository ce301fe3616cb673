"""The demonstration company is taken out, and the first run begins."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_an_administrator_takes_the_demonstration_out(visit):
    page = visit("ada")
    page.get_by_role("link", name="Demonstration company").click()
    page.get_by_label("Name of the company").fill("Faro")
    page.keyboard.press("Enter")
    expect(page.locator(".error").first).to_contain_text("Faro Coffee")
    page.get_by_label("Name of the company").fill("Faro Coffee")
    page.get_by_role("button", name="Take Faro Coffee out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome to Cartera")
    page.get_by_label("Your name").fill("Eva Egea")
    page.get_by_label("Mail address").fill("eva@company.example")
    page.get_by_label("Password", exact=True).fill("olive tree and lamp")
    page.get_by_role("button", name="Become the administrator").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome, Eva Egea")
    page.get_by_role("link", name="See the accounts").click()
    expect(page.get_by_text("No accounts yet")).to_be_visible()
    expect(page.get_by_role("link", name="Demonstration company")).to_have_count(0)
