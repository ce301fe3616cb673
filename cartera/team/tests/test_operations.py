from datetime import UTC, date, datetime

import pytest

from cartera.kit import undo
from cartera.kit.errors import NotAllowed, Refused
from cartera.kit.models import Change
from cartera.search import queries as search
from cartera.team.models import Absence, Invitation, Member, Post, Qualification
from cartera.team.operations import company, invitations, own, people, posts, records
from cartera.team.queries import below, circle

TODAY = date(2026, 3, 2)
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def fresh(member):
    """The member as another request would meet them."""
    return Member.objects.get(pk=member.pk)


def promote(person, by, **chosen):
    present = Post.objects.select_related("rung", "reports_to").get(member=person, until=None)
    chosen = {"rung": present.rung, "reports_to": present.reports_to, "since": TODAY, **chosen}
    return posts.promote(person, by=by, at=AT, **chosen)


def test_a_promotion_is_a_new_post_and_the_old_one_is_kept(cast):
    change = promote(cast.ana, cast.diego, rung=cast.rungs[2])
    old, new = Post.objects.filter(member=cast.ana).order_by("since")
    assert (old.rung.level, old.until) == (2, TODAY)
    assert (new.rung.level, new.since, new.until) == (3, TODAY, None)
    assert change.verb == "team.promote"
    assert change.before["rung"] == "Account manager"


def test_a_move_changes_who_sees_whom_and_can_be_taken_back(cast):
    change = promote(cast.ana, cast.vera, reports_to=cast.dora)
    assert cast.luz.pk in below(fresh(cast.dora))
    assert cast.ana.pk not in circle(fresh(cast.diego))
    undo.undo(change.pk, by=cast.vera, at=AT)
    assert cast.ana.pk in below(fresh(cast.diego))
    assert Post.objects.filter(member=cast.ana).count() == 1


def test_an_undo_does_not_trample_on_what_came_later(cast):
    change = promote(cast.ana, cast.vera, reports_to=cast.dora)
    promote(cast.ana, cast.vera, reports_to=cast.vera)
    with pytest.raises(Refused):
        undo.undo(change.pk, by=cast.vera, at=AT)


def test_reporting_lines_cannot_close_a_circle(cast):
    for superior in (cast.luz, cast.diego):
        with pytest.raises(Refused, match="circle"):
            promote(cast.diego, cast.ada, reports_to=superior)


def test_a_line_planned_for_later_counts_when_looking_for_circles(cast):
    promote(cast.diego, cast.ada, reports_to=cast.dora, since=date(2026, 4, 1))
    with pytest.raises(Refused, match="circle"):
        promote(cast.dora, cast.ada, reports_to=cast.diego)


def test_a_post_cannot_begin_before_the_present_one(cast):
    with pytest.raises(Refused, match="2025-01-01"):
        promote(cast.ana, cast.diego, since=date(2024, 12, 31))


def test_superiors_promote_within_their_own_line_and_below_their_own_rung(cast):
    for person, by, chosen in [
        (cast.ana, cast.ana, {}),
        (cast.diego, cast.ana, {}),
        (cast.ana, cast.dora, {}),
        (cast.ana, cast.luz, {}),
        (cast.ana, cast.sam, {}),
        (cast.ana, cast.diego, {"reports_to": cast.dora}),
        (cast.ana, cast.diego, {"reports_to": None}),
        (cast.ana, cast.diego, {"rung": cast.rungs[3]}),
    ]:
        with pytest.raises(NotAllowed):
            promote(person, by, **chosen)
    assert not Change.objects.filter(verb__startswith="team.").exists()


def test_who_leaves_is_out_at_once_and_their_people_report_one_step_up(cast):
    change = people.leave(cast.ana, on=TODAY, by=cast.diego, at=AT)
    assert not fresh(cast.ana).is_active
    assert Post.objects.on(TODAY).get(member=cast.luz).reports_to == cast.diego
    assert not Post.objects.on(TODAY).filter(member=cast.ana).exists()
    with pytest.raises(NotAllowed):
        undo.undo(change.pk, by=cast.diego, at=AT)
    undo.undo(change.pk, by=cast.ada, at=AT)
    assert fresh(cast.ana).is_active
    assert fresh(cast.ana).left_on is None
    assert Post.objects.on(TODAY).get(member=cast.luz).reports_to == cast.ana


def test_a_post_planned_for_later_is_never_held_by_who_leaves_before(cast):
    promote(cast.ana, cast.diego, rung=cast.rungs[2], since=date(2026, 4, 1))
    change = people.leave(cast.ana, on=TODAY, by=cast.ada, at=AT)
    assert not Post.objects.on(date(2026, 4, 2)).filter(member=cast.ana).exists()
    undo.undo(change.pk, by=cast.ada, at=AT)
    assert Post.objects.on(date(2026, 4, 2)).get(member=cast.ana).rung.level == 3
    assert Post.objects.on(TODAY).get(member=cast.ana).rung.level == 2


def test_nobody_leaves_in_the_future_or_without_right(cast):
    with pytest.raises(Refused):
        people.leave(cast.ana, on=date(2026, 3, 3), by=cast.ada, at=AT)
    for by in (cast.ana, cast.dora, cast.luz, cast.sam):
        with pytest.raises(NotAllowed):
            people.leave(cast.ana, on=TODAY, by=by, at=AT)


def test_the_last_administrator_stays(cast):
    with pytest.raises(Refused, match="only administrator"):
        people.set_administrator(cast.ada, False, by=cast.ada, at=AT)
    with pytest.raises(Refused, match="only administrator"):
        people.leave(cast.ada, on=TODAY, by=cast.ada, at=AT)
    people.set_administrator(cast.vera, True, by=cast.ada, at=AT)
    change = people.set_administrator(cast.ada, False, by=cast.vera, at=AT)
    with pytest.raises(Refused, match="only administrator"):
        people.leave(cast.vera, on=TODAY, by=cast.vera, at=AT)
    undo.undo(change.pk, by=cast.vera, at=AT)
    assert fresh(cast.ada).is_administrator


def test_only_administrators_hire_invite_shut_out_and_appoint(cast):
    for by in (cast.vera, cast.diego, cast.ana, cast.sam):
        with pytest.raises(NotAllowed):
            people.hire(name="Eva", email="eva@example.org", by=by, at=AT)
        with pytest.raises(NotAllowed):
            invitations.invite(cast.luz, by=by, at=AT)
        with pytest.raises(NotAllowed):
            people.deactivate(cast.luz, by=by, at=AT)
        with pytest.raises(NotAllowed):
            people.set_administrator(cast.luz, True, by=by, at=AT)
        with pytest.raises(NotAllowed):
            company.save_rung(cast.rungs[0], by=by, at=AT, name="Minion")
    assert not Change.objects.filter(verb__startswith="team.").exists()


def test_an_address_belongs_to_one_person_however_it_is_written(cast):
    with pytest.raises(Refused, match="here already"):
        people.hire(name="Another Ana", email=" ANA@example.org ", by=cast.ada, at=AT)


def test_a_superior_cannot_change_the_address_that_opens_an_account(cast):
    with pytest.raises(NotAllowed):
        people.edit_person(cast.ana, by=cast.diego, at=AT, email="diego+ana@example.org")
    people.edit_person(cast.ana, by=cast.diego, at=AT, hourly_cost=40)
    people.edit_person(cast.ana, by=cast.ada, at=AT, email="Ana.Arias@example.org")
    assert fresh(cast.ana).email == "ana.arias@example.org"


def test_someone_hired_comes_in_by_their_newest_invitation_once(cast):
    eva = people.hire(name="Eva", email="eva@example.org", rung=cast.rungs[0], reports_to=cast.ana, by=cast.ada, at=AT)
    assert not eva.has_usable_password()
    first = invitations.invite(eva, by=cast.ada, at=AT)
    token = invitations.invite(eva, by=cast.ada, at=AT)
    with pytest.raises(Refused):
        invitations.accept(token=first, at=AT, password="a long pass phrase")
    invitations.accept(token=token, at=AT, password="a long pass phrase", name="Eva Egea", language="es")
    assert fresh(eva).check_password("a long pass phrase")
    assert (fresh(eva).name, fresh(eva).language) == ("Eva Egea", "es")
    with pytest.raises(Refused):
        invitations.accept(token=token, at=AT, password="another pass phrase")


def test_an_invitation_grows_old_and_dies_with_leaving(cast):
    token = invitations.invite(cast.luz, by=cast.ada, at=AT)
    assert not invitations.find(token, at=AT + invitations.LASTS, first=False)
    people.leave(cast.luz, on=TODAY, by=cast.ana, at=AT)
    assert not invitations.find(token, at=AT, first=False)


def test_a_secret_is_kept_only_as_a_hash(cast):
    token = invitations.invite(cast.luz, by=cast.ada, at=AT)
    assert token not in str(list(Invitation.objects.values())) + str(list(Change.objects.values()))


def test_the_first_link_founds_one_administrator(cast):
    assert invitations.open_first_invitation(at=AT) is None
    Member.objects.filter(pk=cast.ada.pk).update(is_administrator=False)
    old = invitations.open_first_invitation(at=AT)
    token = invitations.open_first_invitation(at=AT)
    details = {"name": "Fay", "email": "fay@example.org", "password": "a long pass phrase", "at": AT}
    with pytest.raises(Refused):
        invitations.found(token=old, **details)
    assert invitations.found(token=token, **details).is_administrator
    with pytest.raises(Refused):
        invitations.found(token=token, **details)


def test_the_first_link_stops_working_as_soon_as_someone_administers(cast):
    Member.objects.filter(pk=cast.ada.pk).update(is_administrator=False)
    token = invitations.open_first_invitation(at=AT)
    Member.objects.filter(pk=cast.ada.pk).update(is_administrator=True)
    assert invitations.find(token, at=AT, first=True) is None


def absent(person, by, first=TODAY, last=date(2026, 3, 6)):
    return records.record_absence(person, kind="holiday", first_day=first, last_day=last, by=by, at=AT)


def test_absences_are_recorded_by_oneself_and_from_above(cast):
    for by in (cast.ana, cast.diego, cast.vera, cast.ada):
        _absence, change = absent(cast.ana, by)
        undo.undo(change.pk, by=by, at=AT)
    for by in (cast.luz, cast.marc, cast.dora, cast.sam):
        with pytest.raises(NotAllowed):
            absent(cast.ana, by)
    assert not Absence.objects.exists()


def test_a_cancelled_absence_comes_back_unless_the_days_are_taken(cast):
    absence, _change = absent(cast.ana, cast.ana)
    cancelled = records.cancel_absence(absence, by=cast.ana, at=AT)
    undo.undo(cancelled.pk, by=cast.ana, at=AT)
    again = records.cancel_absence(Absence.objects.get(), by=cast.ana, at=AT)
    absent(cast.ana, cast.ana)
    with pytest.raises(Refused):
        undo.undo(again.pk, by=cast.ana, at=AT)


def test_nobody_is_away_twice_or_backwards(cast):
    absent(cast.ana, cast.ana)
    with pytest.raises(Refused, match="already"):
        absent(cast.ana, cast.ana, first=date(2026, 3, 6), last=date(2026, 3, 9))
    with pytest.raises(Refused, match="before"):
        absent(cast.ana, cast.ana, first=date(2026, 4, 6), last=date(2026, 4, 5))


def test_a_qualification_is_updated_removed_and_put_back(cast):
    def held():
        return list(Qualification.objects.filter(member=cast.ana).values_list("name", "level"))

    def speaks(level):
        return records.qualify(cast.ana, kind="language", name="German", level=level, by=cast.ana, at=AT)

    speaks("A2")
    german, change = speaks("B1")
    assert held() == [("German", "B1")]
    undo.undo(change.pk, by=cast.ana, at=AT)
    assert held() == [("German", "A2")]
    gone = records.disqualify(german, by=cast.diego, at=AT)
    assert held() == []
    undo.undo(gone.pk, by=cast.diego, at=AT)
    assert [name for name, _level in held()] == ["German"]
    with pytest.raises(NotAllowed):
        records.qualify(cast.ana, kind="skill", name="Juggling", by=cast.marc, at=AT)


def test_the_ladder_keeps_rungs_that_people_have_held(cast):
    with pytest.raises(Refused):
        company.remove_rung(cast.rungs[0], by=cast.ada, at=AT)
    requirement = company.ask_for(cast.rungs[2], kind="certificate", name="Negotiation", by=cast.ada, at=AT)
    with pytest.raises(Refused):
        company.ask_for(cast.rungs[2], kind="certificate", name="negotiation", by=cast.ada, at=AT)
    change = company.ask_no_more(requirement, by=cast.ada, at=AT)
    undo.undo(change.pk, by=cast.ada, at=AT)
    assert cast.rungs[2].requirements.count() == 1


def test_a_profile_is_ones_own(cast):
    with pytest.raises(NotAllowed):
        own.edit_profile(cast.ana, by=cast.ada, at=AT, theme="dark")
    with pytest.raises(TypeError):
        own.edit_profile(cast.ana, by=cast.ana, at=AT, is_administrator=True)
    own.edit_profile(cast.ana, by=cast.ana, at=AT, theme="dark")
    assert fresh(cast.ana).theme == "dark"
    assert own.edit_profile(cast.ana, by=cast.ana, at=AT, theme="dark") is None


def test_people_are_found_by_name_and_address_at_once(cast):
    def found(words):
        return [hit.title for hit in search.find_for(cast.luz, words, kinds=["member"], limit=5)]

    eva = people.hire(name="Eva Egea", email="eva@example.org", by=cast.ada, at=AT)
    assert found("egea") == ["Eva Egea"]
    people.edit_person(eva, by=cast.ada, at=AT, name="Eva Elizalde")
    assert found("egea") == []
    assert found("eva@exam") == ["Eva Elizalde"]
