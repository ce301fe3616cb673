"""Scorecards as data: who gets which, and a version's way from draft to being in force."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from cartera.accounts.models import Account, CustomField
from cartera.health import operations, queries, undoing
from cartera.health.models import Assignment, Factor, Family, Scorecard, Snapshot, Standing
from cartera.health.operations import Line
from cartera.health.tests.conftest import TODAY
from cartera.kit import undo
from cartera.kit.errors import NotAllowed, Refused
from cartera.kit.filters import FilterError
from cartera.kit.models import Change
from cartera.timeline.models import Event


@pytest.fixture
def usual(db):
    """The first scorecard, in force since the year before."""
    begun = datetime(2025, 1, 1, tzinfo=UTC)
    Scorecard.objects.update(switched_on_at=begun)
    Assignment.objects.update(since=begun)
    return Family.objects.get()


def by_ada(cast, hours=0):
    return {"by": cast.ada, "at": cast.at + timedelta(hours=hours)}


def new_version(cast, family, hours=1, **weights):
    """The next version of *family*, previewed and switched on *hours* after the test's morning."""
    card = operations.draft(family, copied_from=family.versions.switched_on().first(), **by_ada(cast, hours))
    found = {f"contracts.{name}": Decimal(weight) for name, weight in weights.items()}
    operations.weigh_factors(card, found, **by_ada(cast, hours))
    operations.preview(card, **by_ada(cast, hours))
    operations.switch_on(card, why="Overdue money told us more.", **by_ada(cast, hours))
    return Scorecard.objects.get(pk=card.pk)


def other_scorecard(cast, name="Small clients"):
    card = operations.start_scorecard(name=name, copied_from=Scorecard.objects.first(), **by_ada(cast))
    operations.drop_factor(card, "contracts.breadth", **by_ada(cast))
    operations.preview(card, **by_ada(cast))
    operations.switch_on(card, why="They buy one thing.", **by_ada(cast))
    return card.family


def cards(trading):
    return dict(Standing.objects.values_list("account__name", "scorecard__family__name"))


def test_an_account_gets_the_scorecard_of_the_first_segment_that_matches_it(trading, usual):
    small, b = other_scorecard(trading), other_scorecard(trading, "Tier B")
    lines = [
        Line(filter="tier:B", family_id=b.pk),
        Line(filter="tier:B,C", family_id=small.pk),
        Line(family_id=usual.pk),
    ]
    operations.assign(lines, **by_ada(trading, 1))
    operations.score(as_of=TODAY, by=None, at=trading.at + timedelta(hours=2))
    assert cards(trading) == {
        "Bodegas Norte": "Health", "Puente Azul": "Tier B", "El Molino": "Tier B", "Harbour Foods": "Small clients",
        "Solo Trading": "Health",
    }  # fmt: skip


def test_moving_to_another_scorecard_is_written_into_the_history_and_adds_up(trading, usual):
    operations.score(as_of=TODAY - timedelta(days=1), by=None, at=trading.at)
    small = other_scorecard(trading)
    operations.assign([Line(filter="tier:B", family_id=small.pk), Line(family_id=usual.pk)], **by_ada(trading, 1))
    run = operations.score(as_of=TODAY, by=None, at=trading.at + timedelta(hours=2))
    before, after = Snapshot.objects.filter(account=trading.puente).order_by("on")
    assert [before.scorecard.family, after.scorecard.family] == [usual, small]
    assert "contracts.breadth" not in [row["measure"] for row in after.factors]
    assert after.change == after.score - before.score
    assert (run.accounts, sum(run.bands.values())) == (5, 5)


def test_a_few_accounts_are_scored_by_their_own_scorecards_too(trading, usual):
    small = other_scorecard(trading)
    operations.assign([Line(filter="tier:B", family_id=small.pk), Line(family_id=usual.pk)], **by_ada(trading, 1))
    ids = [trading.puente.pk, trading.norte.pk]
    operations.score(as_of=TODAY, by=None, at=trading.at + timedelta(hours=2), account_ids=ids)
    assert cards(trading) == {"Puente Azul": "Small clients", "Bodegas Norte": "Health"}


@pytest.mark.parametrize(
    ("text", "column"), [("health:<50", 1), ("tier:B riesgo:>20", 8), ("owner:me", 7), ("nonsense:1", 1), ("tier:(", 1)]
)
def test_a_segment_must_make_sense_for_everyone(trading, usual, text, column):
    with pytest.raises(FilterError) as wrong:
        operations.assign([Line(filter=text, family_id=usual.pk), Line(family_id=usual.pk)], **by_ada(trading))
    assert wrong.value.column >= column
    assert Assignment.objects.count() == 1


def test_a_segment_whose_filter_lost_its_meaning_catches_nobody(trading, usual):
    field = CustomField.objects.create(key="route", label="Route")
    small = other_scorecard(trading)
    operations.assign(
        [Line(filter="field.route:north", family_id=small.pk), Line(family_id=usual.pk)], **by_ada(trading)
    )
    Account.objects.filter(pk=trading.norte.pk).update(custom={"route": "north"})
    assert queries.accounts_of(small, trading.at).tolist() == [trading.norte.pk]
    field.delete()
    assert len(queries.accounts_of(small, trading.at)) == 0
    assert len(queries.accounts_of(usual, trading.at)) == 5


def test_the_last_line_catches_everyone_and_only_the_last(trading, usual):
    for lines in (
        [],
        [Line(filter="tier:A", family_id=usual.pk)],
        [Line(family_id=usual.pk), Line(family_id=usual.pk)],
    ):
        with pytest.raises(Refused):
            operations.assign(lines, **by_ada(trading))


def test_a_scorecard_without_a_version_in_force_cannot_be_given_to_anyone(trading, usual):
    card = operations.start_scorecard(name="Not yet", **by_ada(trading))
    with pytest.raises(Refused, match="Switch one on first"):
        operations.assign([Line(family_id=card.family_id)], **by_ada(trading))


def test_the_order_of_segments_can_be_taken_back_once(trading, usual):
    small = other_scorecard(trading)
    change = operations.assign([Line(filter="tier:B", family_id=small.pk), Line(family_id=usual.pk)], **by_ada(trading))
    undo.undo(change.pk, **by_ada(trading, 1))
    assert [line.family for line in Assignment.objects.in_force(trading.at + timedelta(hours=2)).segments.all()] == [
        usual
    ]
    with pytest.raises(Refused):
        undo.undo(change.pk, **by_ada(trading, 2))


def test_a_version_is_never_edited_once_switched_on(trading, usual):
    card = usual.versions.get()
    for edit in (
        lambda: operations.put_factor(card, "contracts.trend", weight="1", **by_ada(trading)),
        lambda: operations.drop_factor(card, "contracts.trend", **by_ada(trading)),
        lambda: operations.order_factors(card, ["contracts.trend"], **by_ada(trading)),
        lambda: operations.weigh_factors(card, {"contracts.trend": Decimal(1)}, **by_ada(trading)),
        lambda: operations.throw_away(card, **by_ada(trading)),
        lambda: operations.preview(card, **by_ada(trading)),
        lambda: operations.switch_on(card, why="", **by_ada(trading)),
    ):
        with pytest.raises(Refused):
            edit()
    assert operations.drafts.written(card) == operations.drafts.written(Scorecard.objects.get())


def test_a_scorecard_has_one_draft(trading, usual):
    operations.draft(usual, copied_from=None, **by_ada(trading))
    with pytest.raises(Refused, match="has a draft already"):
        operations.draft(usual, copied_from=None, **by_ada(trading))


def test_a_draft_is_a_copy_and_its_edits_can_be_taken_back(trading, usual):
    first = usual.versions.get()
    card = operations.draft(usual, copied_from=first, **by_ada(trading))
    assert (card.version, operations.drafts.written(card)) == (2, operations.drafts.written(first))
    change = operations.put_factor(
        card, "contracts.revenue_12m", curve=[[0, 0], [1000, 100]], weight="12.5", actionable=True, effort=30,
        **by_ada(trading),
    )  # fmt: skip
    added = card.factors.last()
    assert (added.measure, added.weight, added.effort) == ("contracts.revenue_12m", Decimal("12.5"), 30)
    undo.undo(change.pk, **by_ada(trading))
    assert operations.drafts.written(card) == operations.drafts.written(first)


def test_factors_are_reordered_and_dropped(trading, usual):
    card = operations.draft(usual, copied_from=usual.versions.get(), **by_ada(trading))
    operations.order_factors(card, ["contracts.returns", "contracts.trend"], **by_ada(trading))
    operations.drop_factor(card, "contracts.trend", **by_ada(trading))
    assert [factor.measure for factor in card.factors.all()][:2] == ["contracts.returns", "contracts.returning"]


def test_what_nobody_has_previewed_as_it_is_is_not_switched_on(trading, usual):
    card = operations.draft(usual, copied_from=usual.versions.get(), **by_ada(trading))
    with pytest.raises(Refused, match="Preview it first"):
        operations.switch_on(card, why="", **by_ada(trading))
    operations.preview(card, **by_ada(trading))
    operations.weigh_factors(card, {"contracts.trend": Decimal(80)}, **by_ada(trading, 1))
    with pytest.raises(Refused, match="Preview it first"):
        operations.switch_on(card, why="", **by_ada(trading, 1))


def test_without_any_weight_nothing_is_switched_on(trading, usual):
    card = operations.draft(usual, copied_from=usual.versions.get(), **by_ada(trading))
    operations.weigh_factors(card, {factor.measure: Decimal(0) for factor in card.factors.all()}, **by_ada(trading))
    operations.preview(card, **by_ada(trading))
    with pytest.raises(Refused, match="no score"):
        operations.switch_on(card, why="", **by_ada(trading))


def test_a_version_is_in_force_from_its_moment_until_the_next_one(trading, usual):
    operations.score(as_of=TODAY, by=None, at=trading.at)
    second = new_version(trading, usual, overdue=90)
    third = operations.draft(usual, copied_from=second, **by_ada(trading, 2))
    operations.preview(third, **by_ada(trading, 2))
    to_come = trading.at + timedelta(days=9)
    operations.switch_on(third, why="From next week on", from_moment=to_come, **by_ada(trading, 2))
    in_force = [
        Scorecard.objects.in_force(trading.at + timedelta(hours=hours)).filter(version__gt=1).first()
        for hours in (0, 3, 24 * 8, 24 * 9)
    ]
    assert in_force == [None, second, second, third]
    operations.score(as_of=TODAY, by=None, at=trading.at + timedelta(hours=3))
    assert {row.scorecard_id for row in Standing.objects.all()} == {second.pk}


def test_switching_on_is_history_and_stands_on_the_feed_of_who_gets_it(trading, usual):
    second = new_version(trading, usual, overdue=90)
    change = Change.objects.get(verb="health.switch_on", subject_id=second.pk)
    assert (change.by, change.after["why"]) == (trading.ada, "Overdue money told us more.")
    events = Event.objects.filter(kind="health.switch_on")
    assert events.count() == 5


def test_what_nothing_was_scored_by_yet_can_be_called_off(trading, usual):
    operations.score(as_of=TODAY, by=None, at=trading.at)
    second = new_version(trading, usual, overdue=90)
    change = Change.objects.get(verb="health.switch_on", subject_id=second.pk)
    undo.undo(change.pk, **by_ada(trading, 2))
    assert Scorecard.objects.get(pk=second.pk).is_draft
    operations.preview(second, **by_ada(trading, 3))
    operations.switch_on(second, why="Now", **by_ada(trading, 3))
    operations.score(as_of=TODAY, by=None, at=trading.at + timedelta(hours=3))
    with pytest.raises(Refused, match="scored by it already"):
        operations.call_off(second, **by_ada(trading, 4))


def test_a_draft_is_thrown_away_with_its_scorecard_and_comes_back_with_it(trading, usual):
    card = operations.start_scorecard(name="Try", copied_from=usual.versions.get(), **by_ada(trading))
    before = operations.drafts.written(card)
    change = operations.throw_away(card, **by_ada(trading))
    assert not Family.objects.filter(name="Try").exists()
    undo.undo(change.pk, **by_ada(trading))
    again = Scorecard.objects.get(family__name="Try")
    assert again.is_draft
    assert operations.drafts.written(again) == before


def test_the_preview_says_exactly_what_switching_on_then_does(trading, usual):
    operations.score(as_of=TODAY, by=None, at=trading.at)
    before = dict(Standing.objects.values_list("account", "score"))
    card = operations.draft(usual, copied_from=usual.versions.get(), **by_ada(trading, 1))
    operations.weigh_factors(card, {"contracts.overdue": Decimal(90)}, **by_ada(trading, 1))
    operations.drop_factor(card, "contracts.trend", **by_ada(trading, 1))
    found = operations.preview(card, **by_ada(trading, 1)).found
    operations.switch_on(card, why="", **by_ada(trading, 1))
    operations.score(as_of=TODAY, by=None, at=trading.at + timedelta(hours=2))
    movers = found["fell"] + found["rose"]
    assert movers
    assert sum(map(sum, found["matrix"])) == 5
    for mover in movers:
        standing = Standing.objects.get(account=mover["account"])
        assert float(standing.score) == mover["after"]
        assert float(before[mover["account"]]) == mover["before"]
        assert round(sum(part for _measure, part in mover["parts"]), 1) == round(mover["after"] - mover["before"], 1)


def test_a_factor_that_no_app_measures_is_unknown_and_breaks_nothing(trading, usual):
    card = operations.draft(usual, copied_from=usual.versions.get(), **by_ada(trading))
    operations.put_factor(card, "usage.gone", curve=[[0, 0], [1, 100]], weight="10", **by_ada(trading))
    operations.preview(card, **by_ada(trading))
    operations.switch_on(card, why="", **by_ada(trading))
    operations.score(as_of=TODAY, by=None, at=trading.at + timedelta(hours=1))
    standing = Standing.objects.get(account=trading.puente)
    assert standing.score is not None
    assert standing.factors[-1]["value"] is None


def test_only_administrators_change_scorecards(trading, usual):
    card = operations.draft(usual, copied_from=None, **by_ada(trading))
    by_vera = {"by": trading.vera, "at": trading.at}
    for verb in (
        lambda: operations.draft(usual, copied_from=None, **by_vera),
        lambda: operations.start_scorecard(name="Mine", **by_vera),
        lambda: operations.rename(usual, name="Mine", about="", **by_vera),
        lambda: operations.put_factor(card, "contracts.trend", weight="1", **by_vera),
        lambda: operations.throw_away(card, **by_vera),
        lambda: operations.preview(card, **by_vera),
        lambda: operations.switch_on(card, why="", **by_vera),
        lambda: operations.call_off(card, **by_vera),
        lambda: operations.assign([Line(family_id=usual.pk)], **by_vera),
    ):
        with pytest.raises(NotAllowed):
            verb()


def test_what_can_be_moved_states_its_effort(trading, usual):
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        Factor.objects.update(actionable=True, effort=None)


def test_every_undo_belongs_to_a_verb_that_says_what_was_before(trading, usual):
    new_version(trading, usual, overdue=90)
    verbs = set(Change.objects.values_list("verb", flat=True))
    # Those of opinions and of risk are tested beside them.
    others = {"health.pulse", "health.override", "health.end_override", "health.switch_risk"}
    undone = {found.verb for found in undoing.UNDO} - verbs - others
    assert undone == {"health.throw_away", "health.rename", "health.assign"}
