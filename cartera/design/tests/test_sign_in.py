"""The pages of signing in, in our look: no inline code, labelled fields, both languages."""

import pytest
from django.urls import reverse

from cartera.design.tests.elements import elements

FOR_STRANGERS = ["account_login", "account_reset_password", "account_reset_password_done"]
FOR_MEMBERS = [
    "mfa_index",
    "mfa_activate_totp",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "account_change_password",
    "account_reauthenticate",
]


def check(html):
    found = elements(html)
    assert [one for one in found if "style" in one.attributes or one.tag == "style"] == []
    kinds = {one.attributes.get("type") for one in found if one.tag == "script" and "src" not in one.attributes}
    assert kinds <= {"importmap", "application/json"}
    named = {one.attributes.get("for") for one in found if one.tag == "label"}
    fields = [one for one in found if one.tag in ("input", "textarea", "select")]
    shown = [one for one in fields if one.attributes.get("type") not in ("hidden", "search")]
    assert [one for one in shown if one.attributes.get("id") not in named] == []
    assert len([one for one in found if one.tag == "h1"]) == 1


@pytest.mark.parametrize("place", FOR_STRANGERS)
def test_a_strangers_pages(client, db, place):
    response = client.get(reverse(place))
    assert response.status_code == 200
    check(response.content.decode())


ENDS = ["account_reset_password_done", "account_reset_password_from_key_done", "account_inactive", "account_signup"]


@pytest.mark.parametrize("place", ENDS)
def test_no_page_of_signing_in_is_a_dead_end(client, db, place):
    links = [one.attributes.get("href") for one in elements(client.get(reverse(place)).text) if one.tag == "a"]
    assert links.count(reverse("account_login")) == 1


@pytest.mark.parametrize("place", FOR_MEMBERS)
def test_a_members_pages(client, cast, place):
    sign_in(client, cast.ana)
    client.post(reverse("account_reauthenticate"), {"password": "a-long-enough-one"})
    response = client.get(reverse(place))
    assert response.status_code == 200
    check(response.content.decode())


def sign_in(client, member):
    member.set_password("a-long-enough-one")
    member.save()
    return client.post(reverse("account_login"), {"login": member.email, "password": "a-long-enough-one"})


def test_signing_in_with_mail_and_password(client, cast):
    assert sign_in(client, cast.ana).headers["Location"] == "/"
    assert client.get("/design/").status_code == 200


def test_a_wrong_password_is_told_without_telling_who_exists(client, cast):
    html = [
        client.post(reverse("account_login"), {"login": mail, "password": "wrong-and-long"}).content.decode()
        for mail in ("ana@example.org", "nobody@example.org")
    ]
    alerts = [
        next(one.text.strip() for one in elements(page) if one.attributes.get("role") == "alert") for page in html
    ]
    assert alerts[0] == alerts[1] != []


def test_a_stranger_is_sent_to_sign_in_and_cannot_register(client, db):
    assert client.get("/design/").headers["Location"] == reverse("account_login") + "?next=/design/"
    assert "signup" not in client.get(reverse("account_login")).content.decode()


def test_a_stranger_chooses_the_language(client, db):
    response = client.post("/language/", {"language": "es", "next": reverse("account_login")}, follow=True)
    assert "Iniciar sesión en Cartera" in response.content.decode()
    assert client.post("/language/", {"language": "xx"}).status_code == 400


def test_the_second_factor_page_shows_its_secret_as_picture_and_text(client, cast):
    sign_in(client, cast.ana)
    client.post(reverse("account_reauthenticate"), {"password": "a-long-enough-one"})
    html = client.get(reverse("mfa_activate_totp")).content.decode()
    [picture] = [one for one in elements(html) if one.tag == "img"]
    assert picture.attributes["src"].startswith("data:image/svg+xml")
    assert picture.attributes["alt"].startswith("QR code")
