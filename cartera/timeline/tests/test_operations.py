"""Conversations: what logging, editing and withdrawing one does."""

from datetime import UTC, date, datetime, timedelta

import pytest

from cartera.kit import undo
from cartera.kit.errors import NotAllowed, Refused
from cartera.kit.models import Change
from cartera.timeline import operations
from cartera.timeline.models import Event, Interaction


def call(cast, **changes):
    given = {
        "account": cast.norte,
        "kind": "call",
        "happened_at": cast.at,
        "members": [cast.ana],
        "contacts": [cast.bea],
        "subject": "About the spring order",
        "by": cast.ana,
        "at": cast.at,
    }
    return operations.log(**given | changes)


def test_a_call_stands_on_the_feed_with_who_made_it(cast):
    interaction = call(cast)
    [event] = Event.objects.filter(account=cast.norte)
    assert (event.interaction, event.by, event.at, event.group) == (interaction, cast.ana, cast.at, "talk")
    assert event.change == interaction.change


def test_a_call_of_ours_moves_the_next_contact_by_the_cadence_of_the_tier(cast):
    call(cast)
    cast.norte.refresh_from_db()
    assert (cast.norte.last_touch_at, cast.norte.last_touch_ours) == (cast.at, True)
    assert cast.norte.next_touch_on == date(2026, 3, 16)


def test_notes_and_talk_among_ourselves_are_no_contact(cast):
    call(cast, kind="note")
    call(cast, direction="internal")
    cast.norte.refresh_from_db()
    assert cast.norte.last_touch_at is None
    assert cast.norte.next_touch_on is None


def test_an_older_call_written_down_later_does_not_move_the_last_contact_back(cast):
    call(cast)
    call(cast, happened_at=cast.at - timedelta(days=5), direction="in")
    cast.norte.refresh_from_db()
    assert (cast.norte.last_touch_at, cast.norte.last_touch_ours) == (cast.at, True)


def test_editing_keeps_what_was_before(cast):
    interaction = call(cast)
    change = operations.edit(
        interaction, subject="About the summer order", contacts=[], minutes=20, by=cast.luz, at=cast.at
    )
    assert change.before == {"subject": "About the spring order", "contacts": [cast.bea.pk], "minutes": None}
    interaction.refresh_from_db()
    assert interaction.edited_at == cast.at
    assert operations.edit(interaction, minutes=20, by=cast.ana, at=cast.at) is None


def test_moving_a_call_to_another_day_moves_the_last_contact(cast):
    interaction = call(cast)
    operations.edit(interaction, happened_at=datetime(2026, 2, 20, 8, tzinfo=UTC), by=cast.ana, at=cast.at)
    cast.norte.refresh_from_db()
    assert cast.norte.next_touch_on == date(2026, 3, 6)


def test_an_edit_can_be_undone_once_and_only_while_nothing_else_changed(cast):
    interaction = call(cast)
    first = operations.edit(interaction, happened_at=cast.at - timedelta(hours=3), contacts=[], by=cast.ana, at=cast.at)
    undo.undo(first.pk, by=cast.ana, at=cast.at)
    interaction.refresh_from_db()
    assert interaction.happened_at == cast.at
    assert list(interaction.contacts.all()) == [cast.bea]
    second = operations.edit(interaction, subject="Other", by=cast.ana, at=cast.at)
    operations.edit(interaction, subject="Another", by=cast.ana, at=cast.at)
    with pytest.raises(Refused):
        undo.undo(second.pk, by=cast.ana, at=cast.at)


def test_a_withdrawn_call_leaves_the_feed_and_the_figures_and_comes_back(cast):
    interaction = call(cast)
    change = operations.withdraw(interaction, by=cast.ana, at=cast.at)
    cast.norte.refresh_from_db()
    assert cast.norte.last_touch_at is None
    assert not Event.objects.standing().filter(account=cast.norte).exists()
    undo.undo(change.pk, by=cast.ana, at=cast.at)
    cast.norte.refresh_from_db()
    assert cast.norte.last_touch_at == cast.at
    assert Event.objects.standing().filter(account=cast.norte).count() == 1


def test_undoing_a_logged_call_withdraws_it_unless_it_was_edited(cast):
    interaction = call(cast)
    undo.undo(interaction.change.pk, by=cast.ana, at=cast.at)
    interaction.refresh_from_db()
    assert interaction.withdrawn_at == cast.at
    other = call(cast)
    operations.edit(other, subject="Longer", by=cast.ana, at=cast.at)
    with pytest.raises(Refused):
        undo.undo(other.change.pk, by=cast.ana, at=cast.at)


def test_nobody_logs_edits_or_withdraws_on_an_account_they_do_not_see(cast):
    interaction = call(cast)
    for verb in (
        lambda by: call(cast, by=by),
        lambda by: operations.edit(interaction, subject="x", by=by, at=cast.at),
        lambda by: operations.withdraw(interaction, by=by, at=cast.at),
        lambda by: operations.log_many([{"account_id": cast.norte.pk, "happened_at": cast.at}], by=by, at=cast.at),
        lambda by: undo.undo(interaction.change.pk, by=by, at=cast.at),
    ):
        for stranger in (cast.nell, cast.sam):
            with pytest.raises(NotAllowed):
                verb(stranger)


def test_people_of_another_account_cannot_have_been_there(cast):
    with pytest.raises(Refused):
        call(cast, account=cast.puente)


def test_many_conversations_are_one_row_of_history_and_each_its_own_on_the_feed(cast, django_assert_max_num_queries):
    rows = [
        {
            "account_id": account.pk,
            "kind": "meeting",
            "happened_at": cast.at - timedelta(days=day),
            "member_ids": [cast.ana.pk],
            "contact_ids": [cast.bea.pk] if account == cast.norte else [],
        }
        for account in (cast.norte, cast.puente)
        for day in range(30)
    ]
    with django_assert_max_num_queries(25):
        ids = operations.log_many(rows, by=None, at=cast.at)
    assert Interaction.objects.filter(pk__in=ids).count() == Event.objects.filter(interaction__in=ids).count() == 60
    assert Change.objects.filter(verb="timeline.log_many").count() == 1
    assert set(Event.objects.values_list("by", flat=True)) == {cast.ana.pk}
    cast.puente.refresh_from_db()
    assert cast.puente.next_touch_on == date(2026, 4, 1)


def test_another_cadence_moves_every_next_contact(cast):
    call(cast)
    with pytest.raises(NotAllowed):
        operations.set_cadence({"A": 7}, by=cast.vera, at=cast.at)
    operations.set_cadence({"A": 7, "B": 30}, by=cast.ada, at=cast.at)
    cast.norte.refresh_from_db()
    assert cast.norte.next_touch_on == date(2026, 3, 9)


def test_the_feed_is_never_rewritten(cast):
    call(cast)
    event = Event.objects.get()
    with pytest.raises(TypeError):
        event.save()
    with pytest.raises(TypeError):
        Event.objects.update(subject="Something else")
