"""The pages about scorecards: who may look, who may change, and what careless input is answered."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from cartera.accounts.models import Account, SavedView
from cartera.health import operations
from cartera.health.models import Assignment, Family, Scorecard, Standing
from cartera.health.tests.conftest import TODAY
from cartera.health.tests.test_scorecards import other_scorecard, usual  # noqa: F401 - a fixture


@pytest.fixture
def scored(trading, usual):  # noqa: F811 - the fixture
    operations.score(as_of=TODAY, by=None, at=trading.at)
    return trading


@pytest.fixture
def draft(scored):
    return operations.draft(
        Family.objects.get(), copied_from=Scorecard.objects.get(), by=scored.ada, at=scored.at + timedelta(hours=1)
    )


@pytest.fixture
def ada(client, scored):
    """The administrator's browser."""
    client.force_login(scored.ada)
    return client


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def at(name, *args):
    return reverse(f"health:{name}", args=args)


def test_the_list_says_who_gets_what(ada, scored, django_assert_max_num_queries):
    small = other_scorecard(scored)
    lines = [
        operations.Line(filter="tier:B", name="Tier B", family_id=small.pk),
        operations.Line(family_id=Family.objects.get(name="Health").pk),
    ]
    operations.assign(lines, by=scored.ada, at=scored.at)
    with django_assert_max_num_queries(26):
        told = text(ada.get(at("scorecards")))
    assert "Tier B tier:B Small clients, version 1 2" in told
    assert "Everyone else Health, version 1 3" in told


def test_those_who_lead_others_look_and_change_nothing(client, scored, draft):
    client.force_login(scored.vera)
    pages = [at("scorecards"), at("scorecard", draft.family_id), at("version", draft.pk), at("preview", draft.pk)]
    for page in pages:
        response = client.get(page)
        assert response.status_code == 200
        assert "Throw the draft away" not in text(response)
    assert "Scorecards" in text(client.get(at("scorecards")))
    for name, args in (
        ("preview", [draft.pk]), ("switch_on", [draft.pk]), ("throw_away", [draft.pk]), ("order", [draft.pk]),
        ("drop", [draft.pk, "contracts.trend"]), ("draft", [draft.family_id]), ("version", [draft.pk]),
        ("scorecard", [draft.family_id]), ("order_segments", []), ("add_segment", []), ("start", []),
        ("factor", [draft.pk, "contracts.trend"]), ("score_all", []), ("call_off", [draft.pk]),
    ):  # fmt: skip
        assert client.post(at(name, *args)).status_code == 403, name
    client.force_login(scored.nell)
    assert client.get(at("scorecards")).status_code == 403
    assert client.get(at("version", draft.pk)).status_code == 403


def test_a_scorecard_is_begun_as_a_copy_or_from_the_proposal(ada, scored):
    response = ada.post(at("start"), {"name": "Small", "copied_from": Scorecard.objects.get().pk})
    card = Scorecard.objects.get(family__name="Small")
    assert response.url == at("version", card.pk)
    assert card.copied_from.version == 1
    ada.post(at("start"), {"name": "Proposed"})
    assert Scorecard.objects.get(family__name="Proposed").factors.exists()
    assert ada.post(at("start"), {"name": ""}).status_code == 422
    assert "already" in text(ada.post(at("start"), {"name": "health"}))


def test_a_version_shows_its_factors_and_shares(ada, draft, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        response = ada.get(at("version", draft.pk))
    assert "Rhythm of orders" in text(response)
    assert 'name="contracts.rhythm"' in response.content.decode()


def test_weights_are_saved_together_and_errors_stand_at_the_field(ada, draft):
    weights = {factor.measure: "1" for factor in draft.factors.all()}
    assert ada.post(at("version", draft.pk), {**weights, "contracts.trend": "7.25"}).status_code == 302
    assert str(draft.factors.get(measure="contracts.trend").weight) == "7.25"
    wrong = ada.post(at("version", draft.pk), {**weights, "contracts.trend": "-3"})
    assert wrong.status_code == 422
    assert 'aria-describedby="wrong-' in wrong.content.decode()
    assert str(draft.factors.get(measure="contracts.trend").weight) == "7.25"


def test_factors_move_by_button_and_by_dragging(ada, draft):
    first, second, *rest = [factor.measure for factor in draft.factors.all()]
    ada.post(at("order", draft.pk), {"order": [first, second, *rest], "down": first})
    assert [factor.measure for factor in draft.factors.all()][:2] == [second, first]
    ada.post(at("order", draft.pk), {"order": [*rest, "nobody.knows", first, second, first]})
    assert [factor.measure for factor in draft.factors.all()] == [*rest, first, second]


def test_measures_are_found_by_words_and_show_how_accounts_lie(ada, draft):
    told = text(ada.get(at("measures", draft.pk)))
    assert "Revenue of twelve months" in told
    assert "On the draft" in told
    found = text(ada.get(at("measures", draft.pk), {"q": "DEVOLU"}))
    assert "No such measure" in found
    assert "Returns" in text(ada.get(at("measures", draft.pk), {"q": "returns"}))
    assert "known of 4 of 5" in text(ada.get(at("spread", draft.pk, "contracts.rhythm")))
    assert ada.get(at("spread", draft.pk, "nobody.knows")).status_code == 404


CURVE = {"value": ["0", "1000", ""], "points": ["0", "100", ""], "weight": "5", "unknown": "redistribute"}


def test_a_measure_becomes_a_factor_with_a_proposed_curve(ada, draft, django_assert_max_num_queries):
    place = at("factor", draft.pk, "contracts.revenue_12m")
    ada.get(place)
    with django_assert_max_num_queries(14):
        page = ada.get(place).content.decode()
    assert "<cartera-curve" in page
    assert "Add to the draft" in page
    assert ada.post(place, CURVE).url == at("version", draft.pk)
    assert draft.factors.get(measure="contracts.revenue_12m").curve == [[0, 0], [1000, 100]]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"value": ["0", "zwei"]}, "Corner 2: “zwei” is not a number."),
        ({"value": ["0", "0"]}, "Two corners have the value 0."),
        ({"points": ["0", "120"]}, "points lie between 0 and 100"),
        ({"value": ["0", "inf"]}, "must be finite"),
        ({"value": ["0"], "points": ["0"]}, "at least two corners"),
        ({"value": ["0", ""], "points": ["0", "10"]}, "Corner 2: “” is not a number."),
        ({"value": list(map(str, range(30))), "points": ["1"] * 30}, "20 corners at most"),
        ({"weight": "abc"}, "Enter a number."),
        ({"weight": "20000"}, "less than or equal to 10000"),
        ({"unknown": "maybe"}, "Select a valid choice"),
        ({"actionable": "on"}, "Say how many minutes"),
        ({"fresh_days": "0"}, "greater than or equal to 1"),
    ],
)
def test_careless_input_is_answered_at_the_field(ada, draft, given, said):
    response = ada.post(at("factor", draft.pk, "contracts.revenue_12m"), {**CURVE, **given})
    assert response.status_code == 422
    assert said in text(response)
    assert not draft.factors.filter(measure="contracts.revenue_12m").exists()


def test_a_corner_is_typed_as_in_spanish_too(ada, draft):
    ada.post(
        at("factor", draft.pk, "contracts.revenue_12m"), {**CURVE, "value": ["1000", "0,5"], "points": ["100", "0"]}
    )
    assert draft.factors.get(measure="contracts.revenue_12m").curve == [[0.5, 0], [1000, 100]]


def test_what_is_switched_on_has_no_page_to_edit_it(ada, scored):
    card = Scorecard.objects.get()
    for name, args in (("measures", [card.pk]), ("factor", [card.pk, "contracts.trend"])):
        assert ada.get(at(name, *args)).status_code == 404
    response = ada.post(at("drop", card.pk, "contracts.trend"), follow=True)
    assert card.factors.filter(measure="contracts.trend").exists()
    assert "no draft any more" in text(response)


def test_a_preview_is_asked_for_shown_and_then_switched_on(ada, scored, draft, django_assert_max_num_queries):
    operations.drop_factor(draft, "contracts.rhythm", by=scored.ada, at=scored.at)
    assert "Not previewed yet" in text(ada.get(at("preview", draft.pk)))
    assert ada.post(at("switch_on", draft.pk), {"why": "Because"}, follow=True).status_code != 500
    assert Scorecard.objects.get(pk=draft.pk).is_draft
    assert ada.post(at("preview", draft.pk)).status_code == 302
    with django_assert_max_num_queries(14):
        told = text(ada.get(at("preview", draft.pk)))
    for words in ("From which band to which", "Those that", "Bodegas Norte", "Rhythm of orders", "Switch Health 2 on"):
        assert words in told
    wrong = ada.post(at("switch_on", draft.pk), {"why": "", "from_day": "2020-01-01"})
    assert wrong.status_code == 422
    assert "That day is past" in text(wrong)
    assert ada.post(at("switch_on", draft.pk), {"why": "It cried wolf"}).url == at("scorecard", draft.family_id)
    told = text(ada.get(at("scorecard", draft.family_id)))
    assert "It cried wolf" in told
    assert "Ada Adler" in told


def test_a_company_without_accounts_can_preview_and_switch_on(client, cast, usual, tmp_path, settings):  # noqa: F811
    Account.objects.update(merged_into=cast.norte.pk)
    settings.LAKE = tmp_path / "lake"
    client.force_login(cast.ada)
    card = operations.draft(usual, copied_from=None, by=cast.ada, at=cast.at)
    assert client.post(at("preview", card.pk), follow=True).status_code == 200
    assert client.get(at("factor", card.pk, "contracts.trend")).status_code == 200
    client.post(at("switch_on", card.pk), {"why": "The first"})
    assert not Scorecard.objects.get(pk=card.pk).is_draft


def test_a_version_for_a_day_to_come_can_be_called_off(ada, scored, draft):
    ada.post(at("preview", draft.pk))
    ada.post(at("switch_on", draft.pk), {"why": "Next week", "from_day": "2026-03-09"})
    told = text(ada.get(at("version", draft.pk)))
    assert "Call it off" in told
    assert "From 9 Mar 2026" in told
    ada.post(at("call_off", draft.pk))
    assert Scorecard.objects.get(pk=draft.pk).is_draft


def test_a_preview_names_only_accounts_that_the_reader_sees(client, scored, draft):
    operations.drop_factor(draft, "contracts.rhythm", by=scored.ada, at=scored.at)
    operations.preview(draft, by=scored.ada, at=scored.at)
    client.force_login(scored.diego)
    told = text(client.get(at("preview", draft.pk)))
    assert "Bodegas Norte" in told
    assert "Harbour Foods" not in told
    assert "counted, but not named" in told


def test_segments_are_added_changed_moved_and_taken_out(ada, scored):
    small = other_scorecard(scored)
    health = Family.objects.get(name="Health")
    view = SavedView.objects.create(name="Iberia", owner=scored.ada, filter="country:ES", shared=True)
    wrong = ada.post(at("add_segment"), {"filter": "teir:B", "family": small.pk})
    assert wrong.status_code == 422
    assert "Character 1: There is no filter called “teir”." in text(wrong)
    assert "would catch everyone" in text(ada.post(at("add_segment"), {"filter": "", "family": small.pk}))
    assert "scoring decides it" in text(ada.post(at("add_segment"), {"filter": "salud:<50", "family": small.pk}))
    ada.post(at("add_segment"), {"filter": "tier:B", "family": small.pk, "why": "They buy little"})
    assert ada.post(at("add_segment"), {"view": view.pk, "family": small.pk}).status_code == 422, (
        "no account is in Spain"
    )
    scored.norte.country = "ES"
    scored.norte.save()
    ada.post(at("add_segment"), {"view": view.pk, "family": small.pk})
    assert lines() == [("", "tier:B", small), ("Iberia", "country:ES", small), ("", "", health)]
    ada.post(at("order_segments"), {"order": ["0", "1"], "up": "1"})
    assert [line[1] for line in lines()] == ["country:ES", "tier:B", ""]
    ada.post(at("segment", 2), {"family": small.pk})
    ada.post(at("segment", 0), {"view": view.pk, "filter": "tier:A", "name": "Big", "family": health.pk})
    assert lines() == [("Big", "tier:A", health), ("", "tier:B", small), ("", "", small)]
    ada.post(at("drop_segment", 1))
    assert [line[1] for line in lines()] == ["tier:A", ""]
    assert ada.post(at("drop_segment", 1), follow=True).status_code != 500
    assert [line[1] for line in lines()] == ["tier:A", ""], "the last line stays"
    assert ada.post(at("segment", 9), {"family": small.pk}).status_code == 404


def lines():
    segments = Assignment.objects.first().segments.select_related("family")
    return [(line.name, line.filter, line.family) for line in segments]


def test_the_score_says_which_scorecard_made_it(client, scored):
    client.force_login(scored.ana)
    assert Standing.objects.get(account=scored.norte).scorecard.version == 1
    for name in ("panel", "account"):
        assert "Health, version 1" in text(client.get(at(name, scored.norte.pk)))


def test_scorecards_speak_spanish(client, scored, draft):
    scored.ada.language = "es"
    scored.ada.save()
    client.force_login(scored.ada)
    for name, args, words in (
        ("scorecards", [], "Qué cuadro recibe cada cuenta"),
        ("version", [draft.pk], "Borrador"),
        ("factor", [draft.pk, "contracts.trend"], "Puntos"),
    ):
        assert words in text(client.get(at(name, *args)))
