from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from cartera.kit.history import record
from cartera.kit.jobs import JOBS
from cartera.kit.models import Change, JobRun


@pytest.fixture
def page(client, cast):
    client.force_login(cast.ada)
    return client


@pytest.fixture
def changes(cast):
    for n in range(60):
        names = {"before": {"name": f"Old {n}"}, "after": {"name": "New"}}
        record("test.tidy", by=cast.ana, at=cast.at + timedelta(minutes=n), subject=cast.norte, **names)
    return record("test.smash", by=None, at=cast.at + timedelta(days=1), after={"ids": list(range(5000))})


@pytest.mark.parametrize("address", ["/history/", "/history/completion/", "/settings/jobs/"])
def test_only_administrators_look_behind_the_scenes(client, cast, address):
    for member, status in [(cast.vera, 403), (cast.ana, 403), (cast.sam, 403), (cast.ada, 200)]:
        client.force_login(member)
        assert client.get(address).status_code == status


def test_the_history_shows_who_did_what_and_what_was_before(page, changes, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        text = page.get("/history/").text
    assert "test.smash" in text
    assert "Cartera itself" in text
    assert "Old 59" in text
    assert "Old 5<" not in text
    assert "Bodegas Norte" in text


@pytest.mark.parametrize(
    ("text", "count"),
    [("verb:test.smash", 1), ('by:"ana arias"', 50), ("by:none verb:test.smash", 1), ("norte", 50),
     ("on:2026-03-03", 1),
     ("about:accounts.account -verb:test.tidy", 0), ("undone:yes", 0)],
)  # fmt: skip
def test_the_history_answers_filters(page, changes, text, count):
    assert len(page.get("/history/", {"q": text}).context["rows"]) == count


def test_a_wrong_filter_is_explained_and_shows_nothing(page, changes):
    response = page.get("/history/", {"q": "verbs:x"})
    assert "Did you mean verb:" in response.text
    assert "<mark>verbs</mark>:x" in response.text
    assert response.context["rows"] == []


def test_the_filter_completes_verbs(page, changes):
    assert [one["insert"] for one in page.get("/history/completion/", {"text": "verb:test"}).json()] == [
        "test.smash",
        "test.tidy",
    ]


def test_the_history_pages_by_cursor(page, changes):
    first = page.get("/history/")
    second = page.get("/history/", {"after": first.context["page"].next})
    assert len(first.context["rows"]) == 50
    assert "Old 0" in second.text
    assert page.get("/history/", {"after": second.context["page"].previous}).text.count("<tr") == 51


def test_an_empty_history_says_what_it_is_for(page, monkeypatch):
    monkeypatch.setattr("cartera.kit.views.changes_for_reading", Change.objects.none)
    assert "written down here" in page.get("/history/").text


def test_the_jobs_page_shows_last_and_next_runs(page, cast):
    JobRun.objects.create(
        job=JOBS[0].key, due_at=cast.at, outcome="failed", error="OSError: disk full", started_at=cast.at
    )
    text = page.get("/settings/jobs/").text
    assert "Failed" in text
    assert "disk full" in text


@pytest.mark.parametrize(("language", "said"), [("en", "1,300 scored"), ("es", "1.300 puntuadas")])
def test_what_a_run_counted_is_said_in_the_readers_language(page, cast, language, said):
    for told in ({"scored": 1300}, {"floors": 2}):
        JobRun.objects.update_or_create(
            job="health.news", defaults={"due_at": cast.at, "outcome": "done", "started_at": cast.at, "told": told}
        )
        text = page.get("/settings/jobs/", headers={"Accept-Language": language}).text
        assert (said in text) is ("scored" in told), "words that have changed since say nothing"


@pytest.mark.django_db
def test_the_database_itself_refuses_to_rewrite_the_history(cast):
    change = record("test.tidy", by=cast.ana, at=cast.at)
    deleting = "DELETE FROM kit_change WHERE id = %s" if connection.vendor == "postgresql" else None
    for statement in filter(None, ["UPDATE kit_change SET verb = 'x' WHERE id = %s", deleting]):
        with pytest.raises(DatabaseError, match="never rewritten"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [change.pk])
    assert Change.objects.get(pk=change.pk).verb == "test.tidy"
