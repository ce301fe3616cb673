import re
from datetime import date

import pytest
from django.urls import reverse

from cartera.team.models import Absence, Invitation, Member, Post, Qualification, Requirement, Rung, Team
from cartera.team.operations import invitations

ROLES = ("vera", "diego", "ana", "luz", "sam", "ada")
ABOVE_ANA = {"vera", "diego", "ada"}


@pytest.fixture
def as_(cast, client):
    """Sign somebody in: `as_("ana")` gives a browser that is theirs."""

    def sign_in(who):
        client.force_login(getattr(cast, who))
        return client

    return sign_in


@pytest.fixture
def company(cast):
    """Ana speaks German, has a certificate that expires soon, and is away; the next rung asks for two."""
    senior = cast.rungs[2]
    Requirement.objects.create(rung=senior, kind="certificate", name="Negotiation")
    Requirement.objects.create(rung=senior, kind="certificate", name="Coaching")
    Qualification.objects.create(member=cast.ana, kind="certificate", name="Negotiation", expires_on=date(2026, 4, 1))
    Qualification.objects.create(member=cast.ana, kind="language", name="German", level="B2")
    Absence.objects.create(
        member=cast.ana, kind="sick", first_day=date(2026, 3, 1), last_day=date(2026, 3, 5), note="Knee"
    )
    Member.objects.filter(pk=cast.ana.pk).update(hourly_cost="37.50")
    return cast


def test_every_page_opens_for_those_it_is_for_and_for_nobody_else(company, as_, client):
    ana, rung, team = company.ana.pk, company.rungs[0].pk, company.support.pk
    allowed = {
        reverse("team:chart"): set(ROLES),
        reverse("team:list"): set(ROLES),
        reverse("team:member", args=[ana]): set(ROLES),
        reverse("team:me"): set(ROLES),
        reverse("team:welcome"): set(ROLES),
        reverse("team:edit", args=[ana]): ABOVE_ANA,
        reverse("team:new_post", args=[ana]): ABOVE_ANA,
        reverse("team:leave", args=[ana]): ABOVE_ANA,
        reverse("team:new_absence", args=[ana]): ABOVE_ANA | {"ana"},
        reverse("team:qualify", args=[ana]): ABOVE_ANA | {"ana"},
        **{
            address: {"ada"}
            for address in (
                reverse("team:settings"), reverse("team:hire"), reverse("team:ladder"), reverse("team:new_rung"),
                reverse("team:rung", args=[rung]), reverse("team:requirement", args=[rung]), reverse("team:teams"),
                reverse("team:new_team"), reverse("team:team", args=[team]),
            )
        },
    }  # fmt: skip
    for address in allowed:
        assert client.get(address).url.startswith(reverse("account_login")), address
    for who in ROLES:
        browser = as_(who)
        for address, those in allowed.items():
            assert browser.get(address).status_code == (200 if who in those else 403), (who, address)


def test_what_changes_something_takes_a_post_from_those_who_may(company, as_, client):
    ana, absence, held = company.ana.pk, Absence.objects.get().pk, Qualification.objects.first().pk
    addresses = {
        reverse("team:cancel_absence", args=[absence]): {"luz", "sam"},
        reverse("team:disqualify", args=[held]): {"luz", "sam"},
        reverse("team:invite", args=[ana]): {"vera", "diego", "ana", "luz", "sam"},
        reverse("team:shut_out", args=[ana]): {"vera", "diego", "ana", "luz", "sam"},
        reverse("team:let_in", args=[ana]): {"vera", "diego", "ana", "luz", "sam"},
        reverse("team:administrator", args=[ana]): {"vera", "diego", "ana", "luz", "sam"},
        reverse("team:remove_rung", args=[company.rungs[0].pk]): {"vera", "sam"},
        reverse("team:remove_requirement", args=[Requirement.objects.first().pk]): {"vera", "sam"},
        reverse("team:remove_team", args=[company.support.pk]): {"vera", "sam"},
    }
    for address, refused in addresses.items():
        for who in refused:
            assert as_(who).post(address).status_code == 403, (who, address)
        assert as_("ada").get(address).status_code == 405, address


def test_pay_is_seen_by_those_above_and_nobody_else(company, as_):
    address = reverse("team:member", args=[company.ana.pk])
    for who in ROLES:
        text = as_(who).get(address).content.decode()
        assert ("€37.50" in text) == (who in ABOVE_ANA), who
        assert ("44,000" in text) == (who in ABOVE_ANA), who


def test_why_somebody_is_away_is_for_them_and_those_above(company, as_):
    address = reverse("team:member", args=[company.ana.pk])
    for who in ROLES:
        text = as_(who).get(address).content.decode()
        assert "Away until 5 Mar 2026" in text
        assert ("Sick leave" in text and "Knee" in text) == (who in ABOVE_ANA | {"ana"}), who
        assert ("Negotiation" in text) == (who in ABOVE_ANA | {"ana"}), who
        assert "German" in text


def test_a_member_sees_what_the_next_rung_asks_for(company, as_):
    text = as_("ana").get(reverse("team:member", args=[company.ana.pk])).content.decode()
    assert "What Senior account manager asks for" in text
    assert "expires on 1 Apr 2026" in text
    assert "1 is missing." in text


def test_the_chart_shows_the_lines_and_the_others(company, as_):
    text = as_("luz").get(reverse("team:chart")).content.decode()
    names = ("Vera Vidal", "Diego Duarte", "Marc Mora", "Ana Arias", "Luz Leal", "Dora Dean", "Nell North", "Sam Soto")
    places = [text.index(f">{name}</a>") for name in names]
    assert places == sorted(places)
    assert text.count("<ul") == text.count("</ul>")
    assert text.count("<details") == text.count("</details>")
    assert len(re.findall(r"<li[ >]", text)) == text.count("</li>")


def test_a_search_keeps_those_found_and_the_line_above_them(company, as_):
    text = as_("ada").get(reverse("team:chart") + "?q=german").content.decode()
    assert "1 person found" in text
    assert all(f">{name}</a>" in text for name in ("Vera Vidal", "Diego Duarte", "Ana Arias"))
    assert not any(f">{name}</a>" in text for name in ("Marc Mora", "Dora Dean", "Sam Soto"))


def test_a_fragment_equals_its_part_of_the_page(company, as_):
    browser = as_("ada")
    for name in ("team:chart", "team:list"):
        whole = browser.get(reverse(name) + "?q=ana").content.decode()
        part = browser.get(reverse(name) + "?q=ana", headers={"HX-Request": "true"}).content.decode().strip()
        assert part.startswith("<div id=")
        assert part in whole


def test_the_list_filters_and_sorts(company, as_):
    browser = as_("ana")

    def names(query):
        people = browser.get(reverse("team:list") + query).context["people"]
        return [person.member.name for person in people]

    assert names(f"?team={company.support.pk}") == ["Sam Soto"]
    assert names("?away=1") == ["Ana Arias"]
    assert names("?sort=-rung")[0] == "Vera Vidal"
    assert names("?sort=nonsense") == sorted(names(""))
    assert names("?q=nobody-has-this-name") == []


@pytest.mark.parametrize(("name", "most"), [("team:chart", 9), ("team:list", 10), ("team:member", 12), ("team:me", 9)])
def test_queries_do_not_grow_with_people(company, as_, django_assert_max_num_queries, name, most):
    address = reverse(name, args=[company.diego.pk] if name == "team:member" else [])
    browser = as_("diego")
    for n in range(20):
        member = Member.objects.create_member(email=f"more{n}@example.org", name=f"More {n}", team=company.management)
        Post.objects.create(member=member, rung=company.rungs[0], reports_to=company.diego, since=date(2025, 1, 1))
        Qualification.objects.create(member=member, kind="language", name="Greek")
        Absence.objects.create(member=member, first_day=date(2026, 3, 1), last_day=date(2026, 3, 9))
    with django_assert_max_num_queries(most):
        assert browser.get(address).status_code == 200


@pytest.mark.parametrize("name", ["settings", "ladder", "teams"])
def test_queries_of_the_settings_do_not_grow(company, as_, django_assert_max_num_queries, name):
    browser = as_("ada")
    for n in range(20):
        Member.objects.create_member(email=f"more{n}@example.org", name=f"More {n}", team=company.management)
        rung = Rung.objects.create(name=f"Rung {n}", level=20 + n)
        Requirement.objects.create(rung=rung, kind="skill", name="Patience")
        Team.objects.create(name=f"Team {n}", kind="support")
    with django_assert_max_num_queries(7):
        assert browser.get(reverse(f"team:{name}")).status_code == 200


def test_empty_pages_offer_the_next_step(cast, as_):
    Post.objects.all().delete()
    Rung.objects.all().delete()
    browser = as_("ada")
    assert "No reporting lines yet" in browser.get(reverse("team:chart")).content.decode()
    assert "No ladder yet" in browser.get(reverse("team:ladder")).content.decode()
    assert "Nothing recorded yet" in browser.get(reverse("team:member", args=[cast.ana.pk])).content.decode()


def test_a_promotion_by_the_form_is_said_and_can_be_undone(company, as_):
    browser = as_("diego")
    address = reverse("team:new_post", args=[company.ana.pk])
    form = browser.get(address).context["form"]
    assert form.initial["rung"] == company.rungs[1]
    data = {"rung": company.rungs[2].pk, "reports_to": company.diego.pk, "since": "2026-03-02"}
    page = browser.post(address, data, follow=True).content.decode()
    assert "Ana Arias has a new post." in page
    assert "/undo/" in page


def test_a_refusal_is_said_beside_the_form(company, as_):
    address = reverse("team:new_post", args=[company.diego.pk])
    data = {"rung": company.rungs[3].pk, "reports_to": company.luz.pk, "since": "2026-03-02"}
    answer = as_("ada").post(address, data)
    assert "the line would close a circle" in answer.content.decode()


def test_a_form_with_mistakes_changes_nothing(company, as_):
    browser = as_("ada")
    for name, data in [
        ("team:edit", {"name": "", "email": "not a mail", "hourly_cost": "-3"}),
        ("team:new_post", {"since": "31-31-2026"}),
        ("team:new_absence", {"kind": "holiday", "first_day": "2026-05-05", "last_day": "2026-05-01"}),
        ("team:qualify", {"kind": "magic", "name": ""}),
        ("team:leave", {"on": ""}),
    ]:
        answer = browser.post(reverse(name, args=[company.luz.pk]), data)
        assert answer.context["form"].errors, name
    assert Member.objects.get(pk=company.luz.pk).name == "Luz Leal"


def test_a_superiors_form_does_not_offer_the_address(company, as_):
    assert "email" not in as_("diego").get(reverse("team:edit", args=[company.ana.pk])).context["form"].fields
    data = {"name": "Ana Arias", "email": "x@example.org", "hourly_cost": "40", "hourly_cost_currency": "eur"}
    as_("diego").post(reverse("team:edit", args=[company.ana.pk]), data)
    ana = Member.objects.get(pk=company.ana.pk)
    assert (ana.email, ana.hourly_cost, ana.hourly_cost_currency) == ("ana@example.org", 40, "EUR")


def test_my_details_are_kept_and_spoken_in_my_language(company, as_):
    browser = as_("ana")
    data = {
        "name": "Ana A.", "language": "es", "theme": "dark", "density": "compact", "time_zone": "Europe/Madrid",
        "works_from": "08:30", "works_until": "16:00", "working_days": ["1", "2", "3", "5"],
    }  # fmt: skip
    page = browser.post(reverse("team:me"), data, follow=True)
    assert '<html lang="es" data-theme="dark" data-density="compact"' in page.content.decode()
    assert Member.objects.get(pk=company.ana.pk).working_days == "1235"
    assert browser.post(reverse("team:me"), {**data, "works_until": "08:00"}).context["form"].errors


def test_hiring_shows_a_link_that_is_not_shown_again(company, as_):
    browser = as_("ada")
    data = {"name": "Eva Egea", "email": "eva@example.org", "team": company.management.pk, "since": "2026-03-02"}
    link = browser.post(reverse("team:hire"), data).context["link"]
    assert Invitation.objects.get().is_open(company.at)
    assert link.rsplit("/", 2)[1] not in browser.get(reverse("team:settings")).content.decode()
    assert browser.post(reverse("team:hire"), data).context["form"].errors


def test_an_invitation_brings_somebody_in_signed_in_and_in_their_language(company, client):
    eva = Member.objects.create_member(email="eva@example.org", name="Eva")
    link = reverse("team:accept", args=[invitations.invite(eva, by=company.ada, at=company.at)])
    data = {"name": "Eva Egea", "password": "short", "language": "es", "time_zone": "Europe/Madrid"}
    assert client.get(link).status_code == 200
    assert client.post(link, data).context["form"].errors
    assert client.post(link, {**data, "password": "eva@example.org"}).context["form"].errors
    page = client.post(link, {**data, "password": "olive tree and lamp"}, follow=True)
    assert page.request["PATH_INFO"] == reverse("team:welcome")
    assert '<html lang="es"' in page.content.decode()
    assert client.get(link).status_code == 410


def test_the_chart_survives_names_that_want_to_be_markup(company, as_):
    Member.objects.filter(pk=company.ana.pk).update(name="<script>alert(1)</script>")
    assert "<script>alert" not in as_("ada").get(reverse("team:chart")).content.decode()
