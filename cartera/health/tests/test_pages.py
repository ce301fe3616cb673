import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from cartera.health import operations
from cartera.health.tests.conftest import TODAY


@pytest.fixture
def scored(trading):
    operations.score(as_of=TODAY.replace(month=1), by=None, at=trading.at)
    operations.score(as_of=TODAY, by=None, at=trading.at)
    return trading


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_the_panel_says_why(client, scored):
    client.force_login(scored.ana)
    told = text(client.get(reverse("health:panel", args=[scored.norte.pk])))
    assert "Rhythm of orders" in told
    assert "silent for 61" in told
    assert "known" in told, "coverage stands beside the score"


def test_the_page_explains_every_factor_and_what_changed(client, scored, django_assert_max_num_queries):
    client.force_login(scored.ana)
    with django_assert_max_num_queries(24):
        response = client.get(reverse("health:account", args=[scored.norte.pk]))
    told = text(response)
    for words in (
        "From 0 to the score",
        "Trend of revenue",
        "Coverage of contacts",
        "Two days side by side",
        "History",
    ):
        assert words in told
    assert f"/invoices/?account={scored.norte.pk}" in response.content.decode()
    assert "Unknown: its weight goes to the others." in told


def test_the_page_speaks_spanish(client, scored):
    scored.ana.language = "es"
    scored.ana.save()
    client.force_login(scored.ana)
    told = text(client.get(reverse("health:account", args=[scored.norte.pk])))
    for words in ("De 0 a la puntuación", "De qué se compone", "Dos días frente a frente"):
        assert words in told


def test_unknown_is_shown_as_unknown(client, scored):
    client.force_login(scored.ada)
    told = text(client.get(reverse("health:account", args=[scored.solo.pk])))
    assert "No score" in told
    assert "0.0" not in told


def test_before_the_first_scoring_the_page_says_so(client, cast):
    client.force_login(cast.ana)
    assert "Not scored yet" in text(client.get(reverse("health:account", args=[cast.norte.pk])))
    assert "has not been scored yet" in text(client.get(reverse("health:panel", args=[cast.norte.pk])))


def test_health_of_others_accounts_is_not_there(client, scored):
    client.force_login(scored.nell)
    for name in ("panel", "account"):
        assert client.get(reverse(f"health:{name}", args=[scored.norte.pk])).status_code == 404
    assert client.post(reverse("health:again", args=[scored.norte.pk])).status_code == 404


def test_scoring_again_from_the_panel_equals_the_panel(client, scored):
    client.force_login(scored.ana)
    again = client.post(reverse("health:again", args=[scored.norte.pk]), headers={"HX-Request": "true"})
    assert text(again) == text(client.get(reverse("health:panel", args=[scored.norte.pk])))


def test_an_administrator_has_everything_scored(client, scored):
    client.force_login(scored.ada)
    page = reverse("health:scorecards")
    assert client.post(reverse("health:score_all")).url == "/"
    assert client.post(reverse("health:score_all"), {"next": page}).url == page


def test_the_command_scores_and_prints(trading):
    out = StringIO()
    call_command("score", "--as-of", "2026-03-02", stdout=out)
    told = re.sub(r"\s+", " ", out.getvalue())
    assert "scored │ 4" in told
    assert "unknown │ 1" in told
