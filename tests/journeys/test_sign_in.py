"""Who comes in: with a second factor, and not as a stranger."""

import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import expect

from cartera.kit.demo import PASSWORD

pytestmark = pytest.mark.browser


def code(secret: str, *, steps: int = 0) -> str:
    """What an authenticator shows for *secret*, now or some half minutes ahead."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def test_a_second_factor_is_asked_for_once_it_is_set_up(visit):
    page = visit("irene")
    page.goto("/sign-in/2fa/totp/activate/")
    if page.locator("input[type=password]").count():
        page.locator("input[type=password]").fill(PASSWORD)
        page.keyboard.press("Enter")
    secret = page.locator("#authenticator_secret").input_value()
    page.locator("input[name=code]").fill(code(secret))
    page.keyboard.press("Enter")
    page.wait_for_url("**/recovery-codes/**")
    page.context.clear_cookies()
    page.goto("/sign-in/login/")
    page.locator("input[name=login]").fill("irene@faro.example")
    page.locator("input[type=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator("input[name=code]").fill("000000")
    page.keyboard.press("Enter")
    expect(page.locator(".error").first).to_be_visible()
    page.locator("input[name=code]").fill(code(secret, steps=1))  # one that was not used yet
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")


def test_a_stranger_gets_no_further_than_the_door(visit):
    page = visit(None)
    for place in ("/", "/accounts/", "/accounts/1/", "/imports/", "/settings/people/", "/settings/demonstration/"):
        page.goto(place)
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in to Cartera")
    page.locator("input[name=login]").fill("ana@faro.example")
    page.locator("input[type=password]").fill("not-the-password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").first).to_be_visible()
    assert "Miramar" not in page.content()
