from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from cartera.accounts import operations
from cartera.accounts.models import Account, Closing, Contact, Stewardship
from cartera.kit import undo as undoing
from cartera.kit.errors import NotAllowed, Refused
from cartera.kit.models import Change

LATER = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)


def leads(account):
    return list(account.stewardships.filter(role="lead").order_by("pk").values_list("member__name", "since", "until"))


def undo(change, by):
    return undoing.undo(change.pk, by=by, at=LATER)


def test_opening_an_account_gives_it_a_lead_and_a_history(cast):
    account = operations.open_account(name=" Nuevo Puerto ", lead=cast.ana, by=cast.diego, at=LATER, tier="A")
    assert (account.name, account.lead, leads(account)) == (
        "Nuevo Puerto", cast.ana, [("Ana Arias", date(2026, 3, 2), None)],
    )  # fmt: skip
    assert Change.objects.get(subject_id=account.pk).verb == "accounts.open"


def test_an_associate_opens_no_account(cast):
    with pytest.raises(NotAllowed):
        operations.open_account(name="Mine", by=cast.luz, at=LATER)


def test_many_accounts_open_at_once_with_their_leads(cast):
    rows = [{"name": f"Client {n}", "lead_id": cast.marc.pk if n % 2 else None, "tags": ["x"]} for n in range(50)]
    ids = operations.open_many(rows, by=None, at=LATER)
    opened = Account.objects.in_bulk(ids)
    assert [opened[pk].name for pk in ids] == [row["name"] for row in rows]
    assert opened[ids[0]].tags == ["x"]
    assert opened[ids[0]].opened_at == LATER
    assert Stewardship.objects.filter(account__in=ids, member=cast.marc, until=None).count() == 25
    assert not operations.with_wrong_lead().exists()


def test_an_account_opened_after_many_has_an_id_of_its_own(cast):
    ids = operations.open_many([{"name": "One"}, {"name": "Two"}], by=None, at=LATER)
    assert operations.open_account(name="Three", by=None, at=LATER).pk > max(ids)


def test_editing_keeps_what_was_before_and_can_be_undone(cast):
    change = operations.edit(
        cast.norte, by=cast.ana, at=LATER, tier="B", custom={"cellar": "3"}, tags=[" wine ", "wine"]
    )
    assert change.before == {"tier": "A", "custom": {}, "tags": []}
    assert Account.objects.get(pk=cast.norte.pk).tags == ["wine"]
    undo(change, cast.ana)
    account = Account.objects.get(pk=cast.norte.pk)
    assert (account.tier, account.custom, account.tags) == ("A", {}, [])


def test_an_edit_that_was_edited_again_is_not_undone(cast):
    change = operations.edit(cast.norte, by=cast.ana, at=LATER, tier="B")
    operations.edit(cast.norte, by=cast.ana, at=LATER, tier="C")
    with pytest.raises(Refused):
        undo(change, cast.ana)


def test_setting_what_is_there_writes_nothing(cast):
    assert operations.edit(cast.norte, by=cast.ana, at=LATER, tier="A") is None


def test_nobody_edits_an_account_that_they_do_not_see(cast):
    with pytest.raises(NotAllowed):
        operations.edit(cast.harbour, by=cast.ana, at=LATER, tier="A")


def test_a_group_cannot_be_part_of_itself(cast):
    operations.edit(cast.puente, by=cast.ana, at=LATER, parent_id=cast.norte.pk)
    cast.norte.refresh_from_db()
    with pytest.raises(Refused):
        operations.edit(cast.norte, by=cast.ana, at=LATER, parent_id=cast.puente.pk)


def test_a_book_is_handed_over_in_one_change_that_can_be_undone(cast):
    book = Account.objects.led_by(cast.ana)
    change = operations.hand_over(book, to=cast.marc, by=cast.diego, at=LATER, why="parental leave")
    assert set(Account.objects.led_by(cast.marc)) == {cast.norte, cast.puente, cast.molino}
    assert leads(cast.norte) == [
        ("Ana Arias", date(2025, 1, 1), date(2026, 3, 2)), ("Marc Mora", date(2026, 3, 2), None),
    ]  # fmt: skip
    undo(change, cast.diego)
    assert set(Account.objects.led_by(cast.ana)) == {cast.norte, cast.puente}
    assert leads(cast.norte) == [("Ana Arias", date(2025, 1, 1), None)]
    assert not operations.with_wrong_lead().exists()


def test_handing_over_is_not_undone_after_someone_moved_one_of_the_accounts_again(cast):
    change = operations.hand_over(Account.objects.led_by(cast.ana), to=cast.marc, by=cast.diego, at=LATER)
    operations.hand_over(cast.norte, to=cast.ana, by=cast.diego, at=LATER + timedelta(hours=1))
    with pytest.raises(Refused):
        undo(change, cast.diego)


def test_a_director_does_not_hand_over_the_accounts_of_another(cast):
    with pytest.raises(NotAllowed):
        operations.hand_over(
            Account.objects.filter(pk__in=[cast.norte.pk, cast.harbour.pk]), to=cast.marc, by=cast.diego, at=LATER
        )


def test_nobody_gets_accounts_after_leaving(cast):
    cast.marc.is_active = False
    with pytest.raises(Refused):
        operations.hand_over(cast.norte, to=cast.marc, by=cast.diego, at=LATER)


def test_an_account_nobody_owns_can_be_taken_up_and_given_up(cast):
    taken = operations.hand_over(cast.solo, to=cast.nell, by=cast.vera, at=LATER)
    cast.solo.refresh_from_db()
    assert cast.solo.lead == cast.nell
    undo(taken, cast.vera)
    operations.hand_over(cast.norte, to=None, by=cast.vera, at=LATER)
    cast.norte.refresh_from_db()
    assert cast.norte.lead is None
    assert not operations.with_wrong_lead().exists()


def test_books_are_balanced_account_by_account(cast):
    change = operations.hand_over_each(
        {cast.norte.pk: cast.marc.pk, cast.molino.pk: cast.ana.pk, cast.puente.pk: cast.ana.pk}, by=cast.diego, at=LATER
    )
    assert set(Account.objects.led_by(cast.ana)) == {cast.puente, cast.molino}
    undo(change, cast.diego)
    assert set(Account.objects.led_by(cast.ana)) == {cast.norte, cast.puente}


def test_a_cover_sees_the_account_until_the_cover_ends(cast):
    change = operations.assign(
        cast.norte, member=cast.nell, role="cover", until=date(2026, 3, 9), by=cast.diego, at=LATER
    )
    assert cast.norte in Account.objects.visible_to(cast.nell)
    undo(change, cast.diego)
    assert cast.norte not in Account.objects.visible_to(cast.nell)
    with pytest.raises(Refused):
        operations.assign(cast.norte, member=cast.nell, role="cover", by=cast.diego, at=LATER)


def test_ending_the_leads_stewardship_leaves_nobody_and_can_be_undone(cast):
    change = operations.end_stewardship(cast.norte.stewardships.get(role="lead"), by=cast.diego, at=LATER)
    cast.norte.refresh_from_db()
    assert cast.norte.lead is None
    undo(change, cast.diego)
    cast.norte.refresh_from_db()
    assert cast.norte.lead == cast.ana


def test_a_client_leaves_with_a_reason_and_comes_back_to_the_stage_it_had(cast):
    operations.move_stage(cast.norte, to="at_risk", by=cast.ana, at=LATER)
    change = operations.close(cast.norte, reason="price", note="12 % dearer", by=cast.diego, at=LATER)
    assert Closing.objects.get().stage_before == "at_risk"
    with pytest.raises(Refused):
        operations.move_stage(cast.norte, to="active", by=cast.ana, at=LATER)
    undo(change, cast.diego)
    assert (Account.objects.get(pk=cast.norte.pk).stage, Closing.objects.count()) == ("at_risk", 0)
    cast.norte.refresh_from_db()
    operations.close(cast.norte, reason="other", by=cast.diego, at=LATER)
    reopened = operations.reopen(cast.norte, by=cast.diego, at=LATER)
    assert Account.objects.get(pk=cast.norte.pk).stage == "at_risk"
    undo(reopened, cast.diego)
    assert Account.objects.get(pk=cast.norte.pk).stage == "lost"


def test_tier_and_tags_of_many_accounts_change_at_once_and_back(cast):
    book = Account.objects.visible_to(cast.diego)
    tiered, count = operations.set_many(book, field="tier", value="B", by=cast.diego, at=LATER)
    assert count == 1
    tagged, count = operations.tag(book, add=["wine", " fair "], remove=[], by=cast.diego, at=LATER)
    assert count == 3
    assert Account.objects.get(pk=cast.molino.pk).tags == ["wine", "fair"]
    undo(tiered, cast.diego)
    undo(tagged, cast.diego)
    assert Account.objects.get(pk=cast.norte.pk).tier == "A"
    assert Account.objects.get(pk=cast.molino.pk).tags == []


def test_kept_figures_are_written_where_they_differ(cast):
    rows = [
        {"account_id": cast.norte.pk, "health": 61.26, "revenue": Decimal("1200.50"), "health_line": [60, 61.3],
         "last_touch_at": LATER, "next_touch_on": date(2026, 3, 9)},
        {"account_id": cast.puente.pk, "health": float("nan"), "revenue": None, "health_line": [],
         "last_touch_at": None, "next_touch_on": None},
    ]  # fmt: skip
    assert operations.keep_figures(rows) == 1
    norte = Account.objects.get(pk=cast.norte.pk)
    assert (norte.health, norte.revenue, norte.health_line) == (Decimal("61.3"), Decimal("1200.50"), [60, 61.3])
    assert (norte.last_touch_at, norte.next_touch_on) == (LATER, date(2026, 3, 9))
    assert operations.keep_figures(rows) == 0
    assert Account.objects.get(health__gt=60) == norte


def test_only_kept_figures_are_kept(cast):
    with pytest.raises(TypeError):
        operations.keep_figures([{"account_id": cast.norte.pk, "name": "x"}])


def test_people_are_added_edited_and_leave(cast):
    boss = operations.add_contact(cast.norte, name="Carla Cano", by=cast.ana, at=LATER, power=5)
    operations.edit_contact(cast.bea, reports_to=boss, by=cast.ana, at=LATER)
    with pytest.raises(Refused):
        operations.edit_contact(boss, reports_to=cast.bea, by=cast.ana, at=LATER)
    left = operations.mark_left(cast.bea, on=date(2026, 3, 1), by=cast.ana, at=LATER)
    assert list(cast.norte.contacts.present()) == [boss]
    undo(left, cast.ana)
    assert Contact.objects.get(pk=cast.bea.pk).left_on is None
