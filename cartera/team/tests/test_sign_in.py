import base64
import hmac
import logging
import struct
import time
from datetime import timedelta
from hashlib import sha1

import pytest
from allauth.core.internal import ratelimit
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.cache import CacheHandler
from django.core.cache.backends import locmem
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from cartera.team.models import Invitation, Member
from cartera.team.operations import invitations, people

PASSWORD = "olive tree and lamp"


@pytest.fixture
def ana(cast):
    cast.ana.set_password(PASSWORD)
    cast.ana.save()
    return cast.ana


def sign_in(client, email="ana@example.org", password=PASSWORD):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def who(client):
    return client.session.get("_auth_user_id")


def code(secret, at=None):
    """The six digits that an authenticator app shows for *secret* (RFC 6238)."""
    counter = struct.pack(">Q", int((at or time.time()) // 30))
    digest = hmac.new(base64.b32decode(secret), counter, sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def turn_on_totp(client):
    page = client.get(reverse("mfa_activate_totp"))
    if page.status_code == 302:
        client.post(page.url, {"password": PASSWORD})
        page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code(secret)})
    return secret


def test_mail_and_password_sign_in_on_a_new_session(ana, client):
    client.get(reverse("account_login"))
    client.post(reverse("design:language"), {"language": "es", "next": "/"})
    before = client.cookies.get("sessionid")
    answer = sign_in(client, email=" ANA@example.org ")
    assert answer.status_code == 302
    assert who(client) == str(ana.pk)
    assert before is None or before.value != client.cookies["sessionid"].value


def test_the_address_that_everybody_guesses_leads_to_the_sign_in_page(db, client):
    assert client.get("/accounts/login/?next=/me/").url == reverse("account_login") + "?next=/me/"


@pytest.mark.parametrize("email", ["ana@example.org", "nobody@example.org"])
def test_a_wrong_password_and_an_unknown_address_read_the_same(ana, client, email):
    page = sign_in(client, email=email, password="wrong wrong wrong")
    [error] = page.context["form"].non_field_errors()
    assert "not correct" in error


def test_who_was_shut_out_cannot_come_in_and_their_open_sessions_end(ana, cast, client):
    sign_in(client)
    assert client.get(reverse("team:me")).status_code == 200
    people.deactivate(ana, by=cast.ada, at=cast.at)
    assert client.get(reverse("team:me")).status_code == 302
    again = Client()
    sign_in(again)
    assert who(again) is None


def test_after_five_wrong_passwords_nobody_gets_in_for_a_while_and_is_told(ana, client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "100/m/ip,5/5m/key"}
    for _try in range(5):
        sign_in(client, password="wrong wrong wrong")
    page = sign_in(client)
    assert who(client) is None
    assert "Too many failed login attempts" in str(page.context["form"].errors)
    assert (
        sign_in(Client(), email="marc@example.org", password="wrong").context["form"].errors
        != page.context["form"].errors
    )


def test_wrong_passwords_count_across_processes_and_restarts(ana, settings, monkeypatch):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "100/m/ip,5/5m/key"}
    for _process in range(5):
        locmem._caches.clear()  # a new process remembers nothing
        monkeypatch.setattr(ratelimit, "cache", CacheHandler()["default"])
        sign_in(Client(), password="wrong wrong wrong")
    client = Client()
    assert "Too many failed login attempts" in str(sign_in(client).context["form"].errors)
    assert who(client) is None


def test_wrong_passwords_count_under_whatever_name_and_port_the_server_is_called(ana, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "100/m/ip,5/5m/key"}
    for port in range(5):
        sign_in(Client(headers={"Host": f"localhost:{8000 + port}"}), password="wrong wrong wrong")
    client = Client(headers={"Host": "localhost:9000"})
    assert "Too many failed login attempts" in str(sign_in(client).context["form"].errors)


def test_one_address_on_the_net_cannot_try_everybody(ana, cast, client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/m/ip,100/5m/key"}
    for name in ("vera", "diego", "marc"):
        sign_in(client, email=f"{name}@example.org", password="wrong wrong wrong")
    assert "Too many failed login attempts" in str(sign_in(client).context["form"].errors)


def test_nobody_registers_by_themselves(db, client):
    data = {"email": "x@example.org", "password1": PASSWORD, "password2": PASSWORD}
    for answer in (client.get(reverse("account_signup")), client.post(reverse("account_signup"), data)):
        assert answer.status_code in (200, 302)
    assert not Member.objects.exists()


def test_a_password_is_reset_by_mail_and_strangers_learn_nothing(ana, client):
    answers = []
    for email in ("ana@example.org", "nobody@example.org"):
        answer = client.post(reverse("account_reset_password"), {"email": email})
        answers.append((answer.status_code, answer.headers.get("Location"), answer.content))
    assert answers[0] == answers[1]
    [sent] = mail.outbox
    link = next(word for word in sent.body.split() if "/sign-in/password/reset/key/" in word)
    page = client.get(link, follow=True)
    new = "lamp under the olive tree"
    client.post(page.request["PATH_INFO"], {"password1": new, "password2": new})
    sign_in(client, password=new)
    assert who(client) == str(ana.pk)


def test_with_a_second_factor_the_password_alone_does_not_open(ana, client):
    sign_in(client)
    secret = turn_on_totp(client)
    assert Authenticator.objects.filter(user=ana, type="totp").exists()
    other = Client()
    answer = sign_in(other)
    assert answer.url == reverse("mfa_authenticate")
    assert other.get(reverse("team:me")).status_code == 302
    assert who(other) is None
    assert other.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    assert who(other) is None
    other.post(reverse("mfa_authenticate"), {"code": code(secret, time.time() + 30)})
    assert who(other) == str(ana.pk)


def test_a_recovery_code_opens_once(ana, client):
    sign_in(client)
    turn_on_totp(client)
    codes = Authenticator.objects.get(user=ana, type="recovery_codes").wrap().get_unused_codes()
    for opened in (True, False):
        other = Client()
        sign_in(other)
        other.post(reverse("mfa_authenticate"), {"code": codes[0]})
        assert (who(other) is not None) == opened


def test_passkeys_can_be_offered_and_added(ana, client):
    offered = client.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"})
    assert "challenge" in str(offered.json())
    sign_in(client)
    page = client.get(reverse("mfa_add_webauthn"), follow=True)
    assert page.status_code == 200


def test_a_critical_step_asks_for_the_password_again(ana, client, settings):
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    sign_in(client)
    page = client.get(reverse("mfa_activate_totp"))
    assert page.url.startswith(reverse("account_reauthenticate"))
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
    wrong = client.post(reverse("account_reauthenticate"), {"password": "wrong wrong wrong"})
    assert wrong.status_code == 200
    assert client.post(reverse("account_reauthenticate"), {"password": PASSWORD}).status_code == 302
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_every_page_of_signing_in_opens(ana, client):
    for name in ("account_login", "account_signup", "account_reset_password", "account_reset_password_done"):
        assert client.get(reverse(name)).status_code == 200, name
    sign_in(client)
    turn_on_totp(client)
    for name in (
        "account_change_password", "account_logout", "account_reauthenticate", "mfa_index", "mfa_list_webauthn",
        "mfa_add_webauthn", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_deactivate_totp",
    ):  # fmt: skip
        assert client.get(reverse(name)).status_code == 200, name


def test_a_password_is_never_written_to_the_log(ana, client, caplog):
    caplog.set_level(logging.DEBUG)
    sign_in(client)
    sign_in(Client(), password="wrong wrong wrong")
    assert PASSWORD not in caplog.text
    assert "wrong wrong wrong" not in caplog.text


def test_i_see_where_i_am_signed_in_and_can_sign_out_there(ana, client):
    other = Client(headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"})
    sign_in(other)
    sign_in(client)
    page = client.get(reverse("team:me")).content.decode()
    assert "Firefox, Linux" in page
    session = UserSession.objects.get(session_key=other.session.session_key)
    client.post(reverse("team:end_session", args=[session.pk]))
    assert other.get(reverse("team:me")).status_code == 302
    assert client.get(reverse("team:me")).status_code == 200


def test_i_cannot_sign_others_out(ana, cast, client):
    stranger = Client()
    stranger.force_login(cast.marc)
    UserSession.objects.create(user=cast.marc, ip="127.0.0.1", session_key=stranger.session.session_key)
    sign_in(client)
    client.post(reverse("team:end_session", args=[UserSession.objects.get(user=cast.marc).pk]))
    client.post(reverse("team:end_session", args=[0]))
    assert stranger.get(reverse("team:me")).status_code == 200


def test_a_session_survives_a_change_of_language(ana, client):
    sign_in(client)
    client.post(reverse("design:preferences"), {"language": "es", "next": reverse("team:me")})
    page = client.get(reverse("team:me"))
    assert page.status_code == 200
    assert '<html lang="es"' in page.content.decode()


def test_changing_my_password_ends_my_other_sessions_and_keeps_this_one(ana, client):
    other = Client()
    sign_in(other)
    sign_in(client)
    new = "lamp under the olive tree"
    data = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post(reverse("account_change_password"), data).status_code == 302
    assert client.get(reverse("team:me")).status_code == 200
    assert other.get(reverse("team:me")).status_code == 302


def first_link(capsys, **options):
    call_command("first_link", **options)
    return next((word for word in capsys.readouterr().out.split() if "/welcome/" in word), None)


def test_the_first_link_makes_its_opener_the_administrator_once(db, client, capsys):
    link = first_link(capsys, port=8123)
    assert link.startswith("http://127.0.0.1:8123/welcome/")
    path = link.removeprefix("http://127.0.0.1:8123")
    assert client.get(path).status_code == 200
    data = {"name": "Fay", "email": "Fay@example.org", "language": "es", "time_zone": "Europe/Madrid"}
    assert client.post(path, {**data, "password": "12345"}).context["form"].errors
    page = client.post(path, {**data, "password": PASSWORD}, follow=True)
    assert page.request["PATH_INFO"] == reverse("team:welcome")
    fay = Member.objects.get()
    assert (fay.is_administrator, fay.email, who(client)) == (True, "fay@example.org", str(fay.pk))
    assert Client().get(path).status_code == 410
    assert Client().post(path, {**data, "email": "eve@example.org", "password": PASSWORD}).status_code == 410
    assert first_link(capsys) is None


def test_only_the_newest_first_link_works_and_only_for_a_day(db, client, capsys):
    old, new = (first_link(capsys).removeprefix("http://127.0.0.1:8000") for _ in range(2))
    assert client.get(old).status_code == 410
    assert client.get(new).status_code == 200
    Invitation.objects.update(expires_at=Invitation.objects.first().made_at - timedelta(seconds=1))
    assert client.get(new).status_code == 410


def test_a_first_link_does_not_open_as_an_invitation_nor_the_other_way_round(cast, client):
    token = invitations.invite(cast.luz, by=cast.ada, at=cast.at)
    Member.objects.filter(pk=cast.ada.pk).update(is_administrator=False)
    first = invitations.open_first_invitation(at=cast.at)
    assert client.get(reverse("team:found", args=[token])).status_code == 410
    assert client.get(reverse("team:accept", args=[first])).status_code == 410
