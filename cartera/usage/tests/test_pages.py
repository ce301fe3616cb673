"""The pages of usage: what they say, who may see them, and how many questions they ask."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from cartera.kit.clock import now
from cartera.kit.models import Change
from cartera.lake.queries import facts_as_of
from cartera.search import operations as search
from cartera.usage import keys, queries
from cartera.usage.models import Aside, Seats, Workspace, WriteKey
from cartera.usage.tests.test_measures import use

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME, settings.LAKE = tmp_path, tmp_path / "lake"
    for folder in ("lake", "tmp", "locks"):
        (tmp_path / folder).mkdir()
    keys.forget()


@pytest.fixture
def used(cast):
    """Bodegas Norte, used by twelve people of one workspace with twenty seats."""
    workspace = Workspace.objects.create(
        kind="group", external_id="norte", name="Norte", account=cast.norte, counted_for=cast.norte.pk,
        first_seen_at=AT - timedelta(days=90), last_seen_at=AT,
    )  # fmt: skip
    Seats.objects.create(workspace=workspace, seats=20, since=AT, known_at=AT - timedelta(days=9))
    people = [workspace.people.create(external_id=f"u{number}", name=f"User {number}") for number in range(12)]
    day = AT.date()
    use(*[(cast.norte.pk, day - timedelta(days=ago), one.pk, f"Feature {ago % 4}", 2, day - timedelta(days=ago))
          for one in people for ago in range(1, 60)])  # fmt: skip
    return workspace


def page(member, name, *args, query="", **headers):
    client = Client()
    client.force_login(member)
    return client.get(reverse(name, args=args) + query, headers=headers)


def post(member, place, *args, **data):
    client = Client()
    client.force_login(member)
    return client.post(reverse(place, args=args), data, follow=True)


def test_the_panel_says_who_uses_what_of_how_many_seats(cast, used):
    body = page(cast.ana, "usage:account", cast.norte.pk, **{"HX-Request": "true"}).content.decode()
    assert "Active people by week" in body
    assert ">12<" in body
    assert ">20<" in body
    assert "Feature 3" in body
    assert "<html" not in body


def test_the_page_names_the_people_behind_the_numbers(cast, used):
    body = page(cast.ana, "usage:account", cast.norte.pk).content.decode()
    assert all(f"User {number}" in body for number in range(12))


def test_an_account_that_never_used_the_product_says_so_in_a_line(cast):
    body = page(cast.ana, "usage:account", cast.puente.pk, **{"HX-Request": "true"}).content.decode()
    assert "reported nothing of this account yet" in body
    assert "chart" not in body


def test_usage_of_another_book_is_not_there(cast, used):
    assert page(cast.nell, "usage:account", cast.norte.pk).status_code == 404


def test_the_panel_asks_the_same_however_many_use_it(cast, used, django_assert_max_num_queries):
    client = Client()
    client.force_login(cast.ana)
    place = reverse("usage:account", args=[cast.norte.pk])
    client.get(place, headers={"HX-Request": "true"})
    with django_assert_max_num_queries(9):
        client.get(place, headers={"HX-Request": "true"})


def test_a_key_is_shown_once_and_kept_as_a_digest(cast):
    made = post(cast.ada, "usage:make_key", name="Portal").content.decode()
    key = made.split("<code>cw_")[1].split("</code>")[0]
    assert keys.known(f"cw_{key}") == WriteKey.objects.get().pk
    again = page(cast.ada, "usage:settings").content.decode()
    assert key not in again
    assert "Portal" in again
    told = str(list(WriteKey.objects.values_list())) + str(list(Change.objects.values_list("before", "after")))
    assert key not in told


def test_a_key_needs_a_name(cast):
    client = Client()
    client.force_login(cast.ada)
    assert client.post(reverse("usage:make_key"), {"name": ""}).status_code == 422
    assert not WriteKey.objects.exists()


def test_only_administrators_make_keys_and_tie(cast, used):
    for name, args in (("usage:make_key", []), ("usage:tie", [used.pk]), ("usage:ignore", [used.pk]),
                       ("usage:try_again", [])):  # fmt: skip
        assert post(cast.vera, name, *args, name="x").status_code == 403
    assert not WriteKey.objects.exists()


def test_a_workspace_is_tied_from_the_page_that_lists_it(cast):
    search.index([cast.norte])
    waiting = Workspace.objects.create(
        kind="group", external_id="w-9", name="Norte Bodegas", first_seen_at=AT, last_seen_at=AT
    )
    assert "Norte Bodegas" in page(cast.ada, "usage:untied").content.decode()
    assert "Norte Bodegas" not in page(cast.ada, "usage:untied", query="?q=other").content.decode()
    assert "Bodegas Norte" in page(cast.ada, "usage:workspace", waiting.pk, query="?q=Bodegas").content.decode()
    answer = post(cast.ada, "usage:tie", waiting.pk, account=cast.norte.pk).content.decode()
    assert "Bodegas Norte" in answer
    waiting.refresh_from_db()
    assert waiting.account == cast.norte
    feed = page(cast.ana, "timeline:feed", cast.norte.pk).content.decode()
    assert "belongs to this account" in feed


@pytest.mark.parametrize("account", ["x", "0", "99999999999999999999", "-1"])
def test_a_workspace_is_not_tied_to_what_is_no_account(cast, used, account):
    assert post(cast.ada, "usage:tie", used.pk, account=account).status_code == 404


def test_what_was_put_aside_can_be_looked_at_and_downloaded(cast):
    for number in range(3):
        Aside.objects.create(reason="kind", received_at=AT, message=f'{{"type":"sh\\tout","n":{number}}}<script>')
    body = page(cast.ada, "usage:aside", query="?reason=kind").content.decode()
    assert "A type of message that is not known" in body
    assert "<script>" not in body.split("<main")[1]
    answer = page(cast.ada, "usage:download_aside")
    assert len(b"".join(answer.streaming_content).splitlines()) == 4
    assert b"\tkind\t" in b"".join(page(cast.ada, "usage:download_aside").streaming_content)


def test_hours_without_anything_count_as_none(cast):
    hours = queries.by_hour(at=AT)
    assert len(hours) == 48
    assert hours[-1] == (AT, {"events": 0, "twice": 0, "aside": 0})


@pytest.mark.django_db
def test_the_demonstration_company_uses_its_portal(settings):
    settings.PRETEND_TODAY = "2026-03-02"
    call_command("demo", build_only=True, verbosity=0)
    rows = facts_as_of(now()).usage
    assert len(rows.to_pyarrow()) > 20_000
    assert Workspace.objects.untied().count() == 1
    assert Workspace.objects.moved().count() == 0
