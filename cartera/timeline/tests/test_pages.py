"""The composer, the feed and one conversation, as people meet them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from cartera.kit import history
from cartera.search import operations as search
from cartera.timeline import operations
from cartera.timeline.models import Event, Interaction

HOSTILE = '<script>alert(1)</script> & "x"'


@pytest.fixture
def as_member(client):
    def sign_in(member):
        client.force_login(member)
        return client

    return sign_in


def talk(cast, **changes):
    given = {
        "account": cast.norte, "kind": "call", "happened_at": cast.at - timedelta(days=1), "members": [cast.ana],
        "contacts": [cast.bea], "subject": "Spring order", "by": cast.ana, "at": cast.at,
    }  # fmt: skip
    return operations.log(**given | changes)


def htmx(client, url, data=None):
    headers = {"HX-Request": "true"}
    return client.get(url, headers=headers) if data is None else client.post(url, data, headers=headers)


def many(cast, count):
    operations.log_many(
        [
            {
                "account_id": cast.norte.pk, "kind": "call", "happened_at": cast.at - timedelta(hours=number),
                "subject": f"Call {number}", "member_ids": [cast.ana.pk], "contact_ids": [cast.bea.pk],
            }
            for number in range(count)
        ],
        by=None, at=cast.at,
    )  # fmt: skip


def test_a_call_is_logged_with_nothing_but_the_key_that_sends_the_form(cast, as_member):
    page = as_member(cast.ana).get(reverse("timeline:composer", args=[cast.norte.pk]))
    assert 'data-key="l"' in page.content.decode()
    answer = htmx(
        as_member(cast.ana),
        reverse("timeline:composer", args=[cast.norte.pk]),
        {"kind": "call", "direction": "out", "members": [cast.ana.pk]},
    )
    assert answer.status_code == 200
    assert "timeline-changed" in answer["HX-Trigger"]
    interaction = Interaction.objects.get()
    assert (interaction.kind, interaction.subject, list(interaction.members.all())) == ("call", "", [cast.ana])
    assert "saved" in answer.content.decode()
    assert reverse("kit:undo", args=[Event.objects.get().change_id]) in answer.content.decode()


def test_a_wrong_field_comes_back_with_its_error_and_what_was_typed(cast, as_member):
    answer = htmx(
        as_member(cast.ana),
        reverse("timeline:composer", args=[cast.norte.pk]),
        {"kind": "call", "direction": "out", "happened_at": "2026-03-09T10:00", "text": HOSTILE, "subject": HOSTILE},
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "lies in the future" in page
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert not Interaction.objects.exists()


def test_a_moment_is_read_in_the_zone_of_who_typed_it(cast, as_member):
    cast.ana.time_zone = "Atlantic/Canary"
    cast.ana.save()
    cast.luz.time_zone = "Europe/Madrid"
    cast.luz.save()
    for member in (cast.ana, cast.luz):
        as_member(member).post(
            reverse("timeline:composer", args=[cast.norte.pk]),
            {"kind": "call", "direction": "in", "happened_at": "2026-03-01T10:00", "subject": member.name},
        )
    assert Interaction.objects.get(subject="Ana Arias").happened_at == datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert Interaction.objects.get(subject="Luz Leal").happened_at == datetime(2026, 3, 1, 9, tzinfo=UTC)
    page = as_member(cast.ana).get(reverse("timeline:feed", args=[cast.norte.pk])).content.decode()
    assert "1 Mar 2026, 09:00" in page


def test_the_feed_shows_hostile_words_as_words(cast, as_member):
    talk(cast, subject=HOSTILE, text=HOSTILE * 20)
    history.record("accounts.edit", subject=cast.norte, by=cast.ana, at=cast.at, before={"name": HOSTILE},
                   after={"name": HOSTILE}, account_ids=[cast.norte.pk])  # fmt: skip
    page = as_member(cast.ana).get(reverse("timeline:feed", args=[cast.norte.pk])).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_the_feed_takes_the_same_few_queries_whatever_happened(cast, as_member, django_assert_num_queries):
    client, url = as_member(cast.ana), reverse("timeline:feed", args=[cast.norte.pk])
    many(cast, 3)
    htmx(client, url)
    with django_assert_num_queries(7):
        htmx(client, url)
    many(cast, 200)
    with django_assert_num_queries(7):
        htmx(client, url)


def test_the_feed_pages_back_and_forth_without_gap_or_repetition(cast, as_member):
    many(cast, 75)
    client, url = as_member(cast.ana), reverse("timeline:feed", args=[cast.norte.pk])
    first = client.get(url)
    second = client.get(url, {"after": first.context["page"].next})
    third = client.get(url, {"after": second.context["page"].next})
    seen = [event.interaction.subject for page in (first, second, third) for event in page.context["page"].rows]
    assert seen == [f"Call {number}" for number in range(75)]
    assert third.context["page"].next is None
    back = client.get(url, {"after": third.context["page"].previous})
    assert back.context["page"].rows == second.context["page"].rows


def test_the_feed_filters_by_group_and_by_words(cast, as_member):
    talk(cast)
    talk(cast, subject="Other", text="They opened a terrace")
    history.record("accounts.open", subject=cast.norte, by=cast.ana, at=cast.at, account_ids=[cast.norte.pk])
    client, url = as_member(cast.ana), reverse("timeline:feed", args=[cast.norte.pk])

    def shown(**given):
        return {str(reading.sentence) for reading in client.get(url, given).context["readings"]}

    assert shown() == {"Spring order", "Other", "Account opened"}
    assert shown(group="talk") == {"Spring order", "Other"}
    assert shown(group="change") == {"Account opened"}
    assert shown(q="TERRACE") == {"Other"}
    assert shown(group="money") == set()


def test_the_panel_is_the_same_as_the_feed_on_its_own_page(cast, as_member):
    talk(cast)
    client, url = as_member(cast.ana), reverse("timeline:feed", args=[cast.norte.pk])
    rows = [
        page.content.decode().partition("<ol")[2].partition("</ol>")[0] for page in (client.get(url), htmx(client, url))
    ]
    assert rows[0] == rows[1]
    assert rows[0]


def test_what_was_before_an_edit_can_be_read(cast, as_member):
    interaction = talk(cast)
    client = as_member(cast.ana)
    answer = client.post(
        reverse("timeline:edit", args=[interaction.pk]),
        {"kind": "meeting", "direction": "out", "subject": "Summer order", "happened_at": "2026-03-01T09:00",
         "members": [cast.ana.pk]},
    )  # fmt: skip
    assert answer.status_code == 302
    feed = client.get(reverse("timeline:feed", args=[cast.norte.pk])).content.decode()
    assert "edited, show what was before" in feed
    before = htmx(client, reverse("timeline:before", args=[interaction.pk])).content.decode()
    assert "Spring order" in before
    assert "Bea Bosch" in before
    page = client.get(reverse("timeline:interaction", args=[interaction.pk])).content.decode()
    assert before.partition("<ol")[2].partition("</ol>")[0] in page


def test_saving_without_a_change_does_not_mark_it_as_edited(cast, as_member):
    interaction = talk(cast, happened_at=cast.at - timedelta(days=1, seconds=17))
    client = as_member(cast.ana)
    url = reverse("timeline:edit", args=[interaction.pk])
    form = client.get(url).context["form"]
    data = {name: value for name, value in form.initial.items() if value is not None}
    client.post(url, {**data, "happened_at": f"{form.initial['happened_at']:%Y-%m-%dT%H:%M}"})
    interaction.refresh_from_db()
    assert interaction.edited_at is None


def test_a_withdrawn_conversation_leaves_the_feed(cast, as_member):
    interaction = talk(cast)
    client = as_member(cast.ana)
    page = client.post(reverse("timeline:withdraw", args=[interaction.pk]), follow=True).content.decode()
    assert "Nothing has happened yet" in page
    assert "Withdrawn: Spring order" in page


def test_who_does_not_see_the_account_finds_nothing(cast, client, as_member):
    interaction = talk(cast)
    urls = [reverse(f"timeline:{name}", args=[cast.norte.pk]) for name in ("composer", "feed")]
    urls += [reverse(f"timeline:{name}", args=[interaction.pk]) for name in ("interaction", "before", "edit")]
    for stranger in (cast.nell, cast.sam, cast.marc):
        assert {as_member(stranger).get(url).status_code for url in urls} == {404}
        assert client.post(reverse("timeline:withdraw", args=[interaction.pk])).status_code == 404
    for friend in (cast.ana, cast.luz, cast.diego, cast.vera, cast.ada):
        assert {as_member(friend).get(url).status_code for url in urls} == {200}


def test_logging_from_anywhere_begins_with_accounts_of_my_own(cast, as_member):
    client = as_member(cast.ana)
    assert {account.name for account in client.get(reverse("timeline:log")).context["accounts"]} == {
        "Bodegas Norte", "Puente Azul",
    }  # fmt: skip
    search.index([cast.norte, cast.puente])
    found = htmx(client, reverse("timeline:log") + "?q=puen").content.decode()
    assert "Puente Azul" in found
    assert "Bodegas" not in found
    talk(cast)
    assert [account.name for account in client.get(reverse("timeline:log")).context["accounts"]] == ["Bodegas Norte"]


def test_only_an_administrator_sets_the_rhythm(cast, as_member):
    url = reverse("timeline:rhythm")
    assert as_member(cast.vera).get(url).status_code == 403
    assert as_member(cast.ada).get(url).status_code == 200
    answer = as_member(cast.ada).post(url, {"A": 7, "B": 30, "C": 60, "D": 0})
    assert answer.status_code == 422
    talk(cast)
    as_member(cast.ada).post(url, {"A": 7, "B": 30, "C": 60, "D": 90})
    cast.norte.refresh_from_db()
    assert (cast.norte.next_touch_on - cast.norte.last_touch_at.date()).days == 7
