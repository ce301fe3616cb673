"""The page behind the measures of contact: each person's rhythm, and each touch."""

from datetime import timedelta

import pytest
from django.urls import reverse

from cartera.accounts.models import Contact
from cartera.kit.clock import now
from cartera.timeline import in_touch
from cartera.timeline.models import Interaction

HOSTILE = '<script>alert(1)</script> & "x"'


@pytest.fixture(autouse=True)
def lake(settings, tmp_path):
    settings.LAKE = tmp_path / "lake"
    settings.LAKE.mkdir()


def talk(account, days_ago, *contacts, **fields):
    at = now() - timedelta(days=days_ago)
    given = {"kind": "call", "direction": "in", "happened_at": at, "recorded_at": at} | fields
    Interaction.objects.create(account=account, **given).contacts.set(contacts)


@pytest.fixture
def people(cast):
    """Bea, silent for a hundred days; Uli, in rhythm; Gil, who left; Noa, with whom nobody ever talked."""
    Contact.objects.update(recorded_at=now() - timedelta(days=400))
    given = {"account": cast.norte, "recorded_at": now() - timedelta(days=400)}
    cast.uli = Contact.objects.create(name="Uli User", **given)
    cast.gil = Contact.objects.create(name="Gil Gone", left_on=now().date() - timedelta(days=20), **given)
    cast.noa = Contact.objects.create(name=HOSTILE, **given)
    for days_ago in range(100, 300, 10):
        talk(cast.norte, days_ago, cast.bea)
    for days_ago in range(2, 300, 10):
        talk(cast.norte, days_ago, cast.uli)
    talk(cast.norte, 30, cast.gil)
    return cast


def test_the_page_shows_who_has_gone_silent_and_who_is_in_rhythm(people):
    found = in_touch.people(people.norte, in_touch.facts_now(people.norte, now()))
    assert [(person.contact, person.days) for person in found] == [
        (people.uli, 18), (people.bea, 8), (people.noa, 0), (people.gil, 1),
    ]  # fmt: skip
    uli, bea, noa, gil = found
    assert (uli.rhythm.silent, uli.rhythm.silence) == (False, 2)
    assert (bea.rhythm.silent, bea.rhythm.silence) == (True, 100)
    assert bea.rhythm.one_in > 10
    assert (noa.rhythm, noa.last, gil.rhythm, gil.share) == (None, None, None, None)
    assert uli.share + bea.share + noa.share == pytest.approx(1)


def test_the_page_says_what_the_measures_say_and_escapes_names(people, client):
    client.force_login(people.ana)
    page = client.get(reverse("timeline:contact", args=[people.norte.pk])).content.decode()
    assert "1 of the 2 people we usually speak to has gone silent, 1 of them a decision maker or sponsor." in page
    assert "days, silent for 100: 1 in " in page
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page


def test_notes_withdrawn_and_internal_talk_are_no_contact(cast, client):
    talk(cast.norte, 3, subject="Heard of us", direction="internal")
    talk(cast.norte, 3, subject="To remember", kind="note")
    talk(cast.norte, 3, subject="By mistake", withdrawn_at=now())
    client.force_login(cast.ana)
    page = client.get(reverse("timeline:contact", args=[cast.norte.pk])).content.decode()
    assert "No contact yet" in page
    assert not any(subject in page for subject in ("Heard of us", "To remember", "By mistake"))


def test_the_page_of_an_account_without_people_says_what_to_do(cast, client):
    client.force_login(cast.ana)
    page = client.get(reverse("timeline:contact", args=[cast.puente.pk])).content.decode()
    assert reverse("accounts:add_contact", args=[cast.puente.pk]) in page


def test_the_page_asks_as_much_of_two_touches_as_of_two_hundred(people, client, django_assert_max_num_queries):
    client.force_login(people.ana)
    address = reverse("timeline:contact", args=[people.norte.pk])
    client.get(address)
    for days_ago in range(1, 150):
        talk(people.norte, days_ago, people.uli, people.bea)
    with django_assert_max_num_queries(20):
        page = client.get(address)
    token = page.context["page"].next
    assert client.get(address, {"after": token}).context["page"].rows[0] not in page.context["page"].rows
