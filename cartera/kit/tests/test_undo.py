import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.test import RequestFactory

from cartera.kit import undo
from cartera.kit.apps import Kit
from cartera.kit.errors import NotAllowed, Refused
from cartera.kit.history import record
from cartera.kit.models import Change


def untidy(change, *, by, at):
    if by.name != "Ana Arias":
        raise NotAllowed
    return record("test.untidy", by=by, at=at, undoes=change)


UNDO = [undo.Undo(verb="test.tidy", run=untidy)]


@pytest.fixture
def tidied(cast, monkeypatch):
    monkeypatch.setattr(Kit, "undo", "tests.test_undo.UNDO")
    return record("test.tidy", by=cast.ana, at=cast.at)


@pytest.fixture
def page(client, cast):
    client.force_login(cast.ana)
    return client


def press_undo(page, change, **headers):
    return page.post(f"/undo/{change.pk}/", headers=headers)


def test_undoing_takes_back_and_returns_to_the_page(page, tidied):
    response = press_undo(page, tidied, referer="http://testserver/undo/somewhere/")
    assert (response.status_code, response.url) == (302, "http://testserver/undo/somewhere/")
    assert tidied.undone.verb == "test.untidy"
    assert [str(message) for message in get_messages(response.wsgi_request)] == ["Undone."]


def test_undoing_never_sends_anyone_to_another_site(page, tidied):
    assert press_undo(page, tidied, referer="https://evil.example/").url == "/"


def test_undoing_from_within_a_page_shows_it_anew(page, tidied):
    assert press_undo(page, tidied, hx_request="true").headers["HX-Refresh"] == "true"


def test_nothing_is_undone_twice_nor_an_undo_undone(cast, tidied):
    undone = undo.undo(tidied.pk, by=cast.ana, at=cast.at)
    for change_id, reason in [(tidied.pk, "undone already"), (undone.pk, "by hand"), (0, "no such change")]:
        with pytest.raises(Refused, match=reason):
            undo.undo(change_id, by=cast.ana, at=cast.at)


def test_what_no_app_takes_back_is_refused(cast, tidied):
    other = record("test.smash", by=cast.ana, at=cast.at)
    with pytest.raises(Refused, match="cannot be undone"):
        undo.undo(other.pk, by=cast.ana, at=cast.at)


def test_a_refusal_reaches_the_page_as_a_note(client, cast, tidied):
    client.force_login(cast.marc)
    refused = press_undo(client, tidied, hx_request="true")
    assert (refused.status_code, refused.headers["HX-Reswap"]) == (403, "none")
    assert "You may not do this." in refused.text
    assert press_undo(client, tidied).status_code == 403
    assert not Change.objects.filter(verb="test.untidy").exists()


def test_undo_takes_a_post(page, tidied):
    assert page.get(f"/undo/{tidied.pk}/").status_code == 405


def test_undo_asks_for_the_forms_own_token(cast, tidied):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.ana)
    assert press_undo(strict, tidied).status_code == 403


def test_an_offer_carries_the_way_back_only_where_there_is_one(cast, tidied):
    request = RequestFactory().get("/")
    request.session = {}
    request._messages = FallbackStorage(request)
    undo.offer(request, tidied, "Tidied 3 rooms")
    undo.offer(request, record("test.smash", by=cast.ana, at=cast.at), "Smashed")
    assert [(str(note), note.extra_tags) for note in get_messages(request)] == [
        ("Tidied 3 rooms", f"undo:{tidied.pk}"),
        ("Smashed", ""),
    ]


def test_history_cannot_be_rewritten(tidied):
    with pytest.raises(TypeError):
        Change.objects.update(verb="x")
    with pytest.raises(TypeError):
        Change.objects.all().delete()
    with pytest.raises(TypeError):
        tidied.save()
    with pytest.raises(TypeError):
        tidied.delete()
