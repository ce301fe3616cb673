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


def enter(page, who: str, password: str = PASSWORD) -> None:
    """Fill in the form of the sign-in page, and send it."""
    page.locator("input[name=login]").fill(f"{who}@faro.example")
    page.locator("input[type=password]").fill(password)
    page.keyboard.press("Enter")


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
    enter(page, "irene")
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
    enter(page, "ana", "not-the-password")
    expect(page.get_by_role("alert").first).to_be_visible()
    assert "Miramar" not in page.content()


def test_a_passkey_opens_the_door_without_a_password(visit, site):
    """Browsers give passkeys to names only, so this visit is to localhost and not to 127.0.0.1."""
    home = site.base.replace("127.0.0.1", "localhost")
    page = visit(None)
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True}
    kind |= {"hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    key = device.send("WebAuthn.addVirtualAuthenticator", {"options": kind})["authenticatorId"]

    page.goto(home + "/sign-in/login/")
    enter(page, "luz")
    page.wait_for_url(lambda url: "login" not in url)
    page.goto(home + "/sign-in/2fa/webauthn/add/")
    if "reauthenticate" in page.url:
        page.locator("input[type=password]").fill(PASSWORD)
        page.keyboard.press("Enter")
    page.locator("input[name=name]").fill("Luz's laptop")
    page.locator("input[name=passwordless]").check()
    page.get_by_role("main").get_by_role("button", name="Add").click()
    page.wait_for_url("**/recovery-codes/**")
    assert len(device.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]) == 1
    page.goto(home + "/sign-in/2fa/webauthn/")
    expect(page.get_by_text("Luz's laptop")).to_be_visible()

    page.goto("about:blank")  # a page left open asks on, and an answer of its own could bring cookies back
    page.context.clear_cookies()
    page.goto(home + "/today/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in to Cartera")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")


def test_wrong_passwords_count_for_all_servers(visit, site, serve):
    """Five wrong ones, spread over two servers of one installation, close the door at both."""
    page, other = visit(None), serve(site.home)
    for try_no in range(5):
        page.goto([site.base, other.base][try_no % 2] + "/sign-in/login/")
        enter(page, "marc", "not-the-password")
        expect(page.get_by_role("alert").first).to_be_visible()
    for server in (site, other):
        page.goto(server.base + "/sign-in/login/")
        enter(page, "marc")
        expect(page.get_by_role("alert").first).to_contain_text("Too many")
