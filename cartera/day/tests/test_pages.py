import re
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from cartera.accounts.models import Account
from cartera.day import queries
from cartera.day.models import Dismissal
from cartera.day.tests.test_plan import stand, troubled  # noqa: F401 - a fixture
from cartera.health.models import Run, Snapshot
from cartera.timeline.models import Interaction

HTMX = {"HX-Request": "true"}


@pytest.fixture
def page(client, troubled):  # noqa: F811
    def get(member, path="/today/", **kwargs):
        client.force_login(member)
        return client.get(path, **kwargs)

    return get


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_the_front_door_leads_to_today(page, troubled):  # noqa: F811
    assert page(troubled.ana, "/").url == "/today/"


def test_today_says_what_to_do_why_and_for_how_much(page, troubled):  # noqa: F811
    told = text(page(troubled.ana))
    assert "7 h 30 min free" in told
    assert "plan covers €28,500 of €28,500 at stake" in told
    assert "Bodegas Norte Make a plan to win them back Health is 20" in told
    assert "Bea Bosch, sponsor" in told
    assert "€40,000 × 60%" in told


def test_today_speaks_spanish(page, troubled):  # noqa: F811
    troubled.ana.language = "es"
    troubled.ana.save()
    told = text(page(troubled.ana))
    assert "7 h 30 min libres" in told
    assert "La salud es 20" in told


def test_done_in_place_equals_reloading(client, page, troubled):  # noqa: F811
    page(troubled.ana)
    form = client.get(
        reverse("day:done", args=[troubled.norte.pk]) + "?keys=health.red&minutes=30&subject=Plan", headers=HTMX
    )
    assert b"<dialog" in form.content
    assert b'value="Plan"' in form.content
    fragment = client.post(
        reverse("day:done", args=[troubled.norte.pk]),
        {"keys": "health.red", "kind": "call", "direction": "out", "minutes": "30", "subject": "Plan"},
        headers=HTMX,
    )
    assert fragment.status_code == 200
    assert b"cartera-toast" in fragment.content
    assert Interaction.objects.get().subject == "Plan"
    whole = client.get("/today/").content.decode()
    plan = fragment.content.decode().split("<div hx-swap-oob")[0]
    assert normal(plan) in normal(whole)


def normal(html):
    return re.sub(r"\s+", " ", re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]+"', "", html)).strip()


def test_a_form_with_a_mistake_comes_back_into_the_dialog(client, page, troubled):  # noqa: F811
    page(troubled.ana)
    answer = client.post(
        reverse("day:snooze", args=[troubled.norte.pk]), {"keys": "health.red", "until": "soon"}, headers=HTMX
    )
    assert answer["HX-Retarget"] == "#today-dialog"
    assert b'aria-invalid="true"' in answer.content
    assert not Dismissal.objects.exists()


def test_without_scripts_the_same_works_as_pages(client, page, troubled):  # noqa: F811
    page(troubled.ana)
    assert client.get(reverse("day:not_today", args=[troubled.norte.pk]) + "?keys=health.red").status_code == 200
    answer = client.post(reverse("day:not_today", args=[troubled.norte.pk]), {"keys": "health.red", "why": "busy"})
    assert answer.url == "/today/"
    assert Dismissal.objects.get().until == date(2026, 3, 3)


def test_a_superior_looks_at_a_day_but_does_not_decide_in_it(page, troubled):  # noqa: F811
    told = page(troubled.diego, f"/today/?of={troubled.ana.pk}")
    assert "Today of Ana Arias" in text(told)
    assert reverse("day:done", args=[troubled.norte.pk]) not in told.content.decode()
    assert page(troubled.ana, f"/today/?of={troubled.diego.pk}").status_code == 404
    assert page(troubled.ana, "/today/?of=nobody").status_code == 404


def test_others_accounts_cannot_be_decided_about(page, troubled):  # noqa: F811
    assert page(troubled.nell, reverse("day:done", args=[troubled.norte.pk])).status_code == 404


def test_accounts_that_nobody_looks_after_are_shown_to_those_who_lead(page, troubled):  # noqa: F811
    assert "1 account that nobody looks after" in text(page(troubled.vera, "/today/beside/"))
    assert "nobody looks after" not in text(page(troubled.nell, "/today/beside/"))


def test_moves_of_health_since_yesterday(page, troubled):  # noqa: F811
    from cartera.health.models import Scorecard

    Snapshot.objects.create(
        account=troubled.puente, on=date(2026, 3, 2), scorecard=Scorecard.objects.get(), score=30, coverage=1,
        fingerprint=1, change=-22,
    )  # fmt: skip
    assert "Puente Azul 30 At risk" in text(page(troubled.ana, "/today/beside/")).split("Since yesterday")[1]


def test_an_empty_day_says_why(client, cast):
    Account.objects.exclude(pk=cast.norte.pk).update(merged_into=cast.norte)
    client.force_login(cast.nell)
    assert "No accounts yet" in text(client.get("/today/"))
    client.force_login(cast.ana)
    assert "No scores yet" in text(client.get("/today/"))
    client.force_login(cast.ada)
    assert "Score every account now" in text(client.get("/today/"))
    Run.objects.create(at=cast.at, on=cast.at.date(), whole=True, accounts=1, unknown=0, changed=1, seconds=1, seen=0)
    client.force_login(cast.ana)
    assert "Nothing needs you now" in text(client.get("/today/"))


def test_a_long_day_shows_its_first_lines_and_the_rest_when_asked(page, troubled, monkeypatch):  # noqa: F811
    monkeypatch.setattr(queries, "SHOWN", 1)
    first, whole = (page(troubled.ana, address).content.decode() for address in ("/today/", "/today/?all=1"))
    assert first.count("today-line") == 1
    assert "1 more after these" in text(page(troubled.ana))
    assert whole.count("today-line") == 2
    assert "more after these" not in whole


def test_the_menu_of_whose_day_lists_those_below(page, troubled):  # noqa: F811
    told = text(page(troubled.diego, f"/today/people/?of={troubled.ana.pk}"))
    assert "My day" in told
    assert "Ana Arias" in told
    assert "Diego" not in told


def test_the_page_asks_a_constant_number_of_questions(client, troubled, django_assert_max_num_queries):  # noqa: F811
    client.force_login(troubled.ana)
    client.get("/today/")  # how wide her circle is, is asked once a minute
    with django_assert_max_num_queries(12):
        response = client.get("/today/")
    assert len(response.content) < 60_000


def test_the_command_prints_the_day(troubled, capsys):  # noqa: F811
    call_command("today", "--member", "ana@example.org", "--as-of", "2026-03-02")
    told = re.sub(r"\s+", " ", capsys.readouterr().out)
    assert "7 h 30 min free · plan covers €28,500 of €28,500 at stake" in told
    assert "Bodegas Norte" in told
    assert "60%" in told


def test_the_command_says_how_to_make_a_member(db):
    with pytest.raises(CommandError, match="cartera hire"):
        call_command("today", "--member", "nobody@example.org")
    with pytest.raises(CommandError, match="not a date"):
        call_command("score", "--as-of", "yesterday")


def test_the_plan_of_a_member_whose_money_is_unknown(client, cast):
    stand(cast.norte, health=20, revenue=None)
    client.force_login(cast.ana)
    told = text(client.get("/today/"))
    assert "what is at stake is unknown" in told
    assert "At stake unknown" in told
