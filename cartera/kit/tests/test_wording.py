"""A change reads in words: what was done, to which field, from what to what."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from cartera.accounts import operations as accounts
from cartera.kit import verbs, wording
from cartera.kit.history import record
from cartera.kit.models import Change
from cartera.team.operations import posts

pytestmark = pytest.mark.django_db


def said(change):
    """Each difference as (label, before, after)."""
    [fields] = wording.differences([change])
    return [(str(one.label), one.before, one.after) for one in fields]


def test_fields_choices_and_people_are_named(cast):
    change = accounts.edit(cast.puente, by=cast.ana, at=cast.at, tier="A", parent_id=cast.norte.pk, industry="Wine")
    assert said(change) == [("tier", "B", "A"), ("part of", None, "Bodegas Norte"), ("industry", None, "Wine")]
    moved = accounts.move_stage(cast.puente, to="at_risk", by=cast.ana, at=cast.at, why="No orders")
    with translation.override("es"):
        assert said(moved) == [("fase", "Activa", "En riesgo"), ("motivo", None, "No orders")]


def test_what_a_verb_notes_for_taking_it_back_is_not_for_readers(cast):
    change = accounts.hand_over(cast.puente, to=cast.marc, by=cast.diego, at=cast.at, why="Balance")
    assert said(change) == [
        ("to whom", None, "Marc Mora"), ("how many", None, 1), ("why", None, "Balance"),
        ("from whom", None, "Ana Arias"),
    ]  # fmt: skip
    promoted = posts.promote(
        cast.ana, rung=cast.rungs[2], reports_to=cast.diego, since=date(2026, 3, 2), by=cast.ada, at=cast.at
    )
    assert [label for label, _before, _after in said(promoted)] == ["rung", "reports to", "since"]
    assert said(promoted)[2][2] == date(2026, 3, 2)


def test_many_accounts_are_counted_not_listed(cast):
    from cartera.accounts.models import Account

    both = Account.objects.filter(pk__in=[cast.norte.pk, cast.puente.pk])
    change, _count = accounts.set_many(both, field="tier", value="C", by=cast.diego, at=cast.at)
    [(label, was, became)] = said(change)
    assert (label, set(was.split(", ")), became) == ("tier", {"A: 1", "B: 1"}, "C")


def test_the_verb_of_an_app_that_is_gone_shows_its_bare_notes(cast):
    change = record("gone.tidy", by=cast.ana, at=cast.at, before={"rooms": 3}, after={"rooms": 4, "swept": True})
    assert verbs.label("gone.tidy") == "gone.tidy"
    assert said(change) == [("rooms", 3, 4), ("swept", None, "yes")]


@pytest.mark.parametrize("text", ["2026-02-30", "2026-13-99", "<script>", "é" * 5000])
def test_hostile_notes_stay_text(cast, text):
    change = record("gone.tidy", by=cast.ana, at=cast.at, after={"note": text, "list": [text, 1, None]})
    values = [after for _label, _before, after in said(change)]
    assert all(isinstance(value, str) and len(value) <= wording.LONGEST + 1 for value in values)


def test_wording_a_page_takes_as_many_queries_as_kinds_of_things(cast, django_assert_num_queries):
    for account in (cast.puente, cast.harbour, cast.solo):
        accounts.edit(account, by=cast.ada, at=cast.at, parent_id=cast.norte.pk)
    changes = list(Change.objects.filter(verb="accounts.edit"))
    with django_assert_num_queries(1):
        assert len(wording.differences(changes)) == 3


def test_moments_and_amounts_keep_their_type(cast):
    before, after = {"opened_at": None, "revenue": "12.50"}, {"opened_at": cast.at, "revenue": None}
    change = record("accounts.edit", subject=cast.norte, by=cast.ana, at=cast.at, before=before, after=after)
    change.refresh_from_db()
    told = {label: (str(was), became) for label, was, became in said(change)}
    moment = datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert told == {"opened": ("None", moment), "revenue, 12 months": ("12.50", None)}
