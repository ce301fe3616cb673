"""Error pages: in the shell for members, bare for strangers, in the reader's language, never blank."""

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path


def forbid(request):
    raise PermissionDenied


def break_down(request):
    raise RuntimeError("a fault made for this test")


def accept(request):
    return HttpResponse("accepted")


urlpatterns = [
    path("forbidden/", forbid),
    path("broken/", break_down),
    path("accept/", accept),
    path("", include(settings.ROOT_URLCONF)),
]
pytestmark = pytest.mark.urls(__name__)


def test_a_member_finds_nothing_and_stays_in_the_shell(page):
    html = page("/nowhere/", status=404)
    assert "There is nothing here" in html
    assert 'class="topbar"' in html


def test_a_stranger_finds_nothing_and_sees_nothing(client, db):
    response = client.get("/nowhere/", headers={"Accept-Language": "es"})
    assert response.status_code == 404
    assert "Aquí no hay nada" in response.content.decode()
    assert "topbar" not in response.content.decode()


def test_what_is_not_allowed_says_whom_to_ask(page):
    assert "Ask your director" in page("/forbidden/", status=403)


def test_a_fault_is_admitted_in_the_members_language(client, cast):
    cast.ana.language = "es"
    cast.ana.save()
    client.force_login(cast.ana)
    client.raise_request_exception = False
    response = client.get("/broken/")
    assert response.status_code == 500
    assert "Un fallo nuestro" in response.content.decode()


def test_a_bad_request_is_answered_with_a_page(as_ana):
    response = as_ana.post("/preferences/", {"theme": "pink"})
    assert response.status_code == 400
    assert "could not be understood" in response.content.decode()


def test_a_form_without_its_token_is_not_accepted(cast):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.ana)
    response = strict.post("/accept/")
    assert response.status_code == 403
    assert "That was not sent" in response.content.decode()
