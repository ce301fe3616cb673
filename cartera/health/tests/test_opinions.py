"""What people say beside the computed score: who may, how long it lasts, and what happens to it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from cartera.accounts import operations as accounts
from cartera.accounts.filters import qualifiers
from cartera.accounts.models import Account
from cartera.health import operations, queries, rules
from cartera.health.models import Override, Pulse
from cartera.health.operations.opinions import may_override
from cartera.kit import filters, undo
from cartera.kit.clock import pretending
from cartera.kit.errors import NotAllowed, Refused
from cartera.timeline.events import kinds
from cartera.timeline.models import Event

DAY = date(2026, 3, 2)
SOON = DAY + timedelta(days=14)
RED, AMBER, GREEN = Account.Pulse


def fresh(account):
    return Account.objects.select_related("lead").get(pk=account.pk)


def set_by_hand(cast, by="ana", until=SOON, score=80, account="norte", at=None):
    return operations.override(
        fresh(getattr(cast, account)), score=Decimal(score), why="They signed again by word of mouth", until=until,
        by=getattr(cast, by) if by else None, at=at or cast.at,
    )  # fmt: skip


def asked(cast, text, on=DAY):
    condition = filters.compile(
        text, qualifiers(), context=filters.FilterContext(cast.vera, on), free_text=lambda text: None
    )
    return set(Account.objects.filter(condition).values_list("external_id", flat=True))


def told(account):
    event = Event.objects.filter(account=account.pk).order_by("-pk").first()
    return str(kinds()[event.kind].sentence(event))


def test_the_latest_pulse_stands_and_the_ones_before_stay_in_the_history(cast):
    operations.give_pulse(cast.norte, colour=GREEN, by=cast.luz, at=cast.at)
    operations.give_pulse(
        cast.norte, colour=RED, why="sponsor", text="Bea is leaving", by=cast.ana, at=cast.at + timedelta(days=1)
    )
    account = fresh(cast.norte)
    assert (account.pulse, account.pulse_on) == (RED, DAY + timedelta(days=1))
    assert [(pulse.colour, pulse.by) for pulse in queries.pulses(account.pk)] == [(RED, cast.ana), (GREEN, cast.luz)]
    assert told(cast.norte) == "Pulse: Red – Bea is leaving"


def test_an_opinion_without_words_is_a_feeling(cast):
    operations.give_pulse(cast.norte, colour=AMBER, by=cast.ana, at=cast.at)
    assert told(cast.norte) == "Pulse: Amber – a feeling, nothing to show yet"


def test_a_pulse_taken_back_leaves_the_one_before(cast):
    operations.give_pulse(cast.norte, colour=GREEN, by=cast.ana, at=cast.at)
    change = operations.give_pulse(cast.norte, colour=RED, by=cast.ana, at=cast.at)
    undo.undo(change.pk, by=cast.ana, at=cast.at)
    assert fresh(cast.norte).pulse == GREEN
    assert told(cast.norte) == "took an opinion of the account back"
    with pytest.raises(Refused):
        undo.undo(change.pk, by=cast.ana, at=cast.at)


def test_who_does_not_see_the_account_has_no_say(cast):
    with pytest.raises(NotAllowed):
        operations.give_pulse(cast.norte, colour=GREEN, by=cast.nell, at=cast.at)
    assert not Pulse.objects.exists()


@pytest.mark.parametrize("wrong", [{"colour": 4}, {"colour": 1, "why": "weather"}])
def test_a_pulse_has_a_colour_and_a_reason_of_the_list(cast, wrong):
    with pytest.raises(ValidationError):
        operations.give_pulse(cast.norte, **wrong, by=cast.ana, at=cast.at)


@pytest.mark.parametrize(
    ("who", "may"),
    [("ana", True), ("diego", True), ("vera", True), ("ada", True), ("luz", False), ("marc", False), ("nell", False)],
)
def test_health_is_set_by_hand_by_who_leads_the_account_or_stands_above(cast, who, may):
    assert may_override(getattr(cast, who), fresh(cast.norte)) is may
    if not may:
        with pytest.raises(NotAllowed):
            set_by_hand(cast, by=who)
    else:
        set_by_hand(cast, by=who)
        assert fresh(cast.norte).override == 80


def test_of_an_account_that_nobody_leads_the_top_decides(cast):
    assert [who for who in ("ana", "diego", "vera", "ada") if may_override(getattr(cast, who), fresh(cast.solo))] == [
        "vera", "ada",
    ]  # fmt: skip


def test_what_is_set_by_hand_stands_beside_the_computed_score_and_ends_by_itself(cast):
    Account.objects.filter(pk=cast.norte.pk).update(health=Decimal("31.5"))
    set_by_hand(cast)
    account = fresh(cast.norte)
    assert (account.health, account.overriding) == (Decimal("31.5"), 80)
    assert told(cast.norte).startswith("Health set by hand to 80 until 16 Mar 2026: They signed")
    with pretending(SOON - timedelta(days=1)):
        assert fresh(cast.norte).overriding == 80
        assert queries.override_in_force(cast.norte.pk)
    with pretending(SOON):
        assert fresh(cast.norte).overriding is None
        assert queries.override_in_force(cast.norte.pk) is None
        operations.keep_opinions()
        assert fresh(cast.norte).override_until is None


@pytest.mark.parametrize("days", [0, -1, 366])
def test_it_has_to_end_after_today_and_within_a_year(cast, days):
    with pytest.raises(Refused):
        set_by_hand(cast, until=DAY + timedelta(days=days))
    assert not Override.objects.exists()
    set_by_hand(cast, until=DAY + timedelta(days=365))


@pytest.mark.parametrize("score", [-1, 101, Decimal("70.55")])
def test_it_is_a_score(cast, score):
    with pytest.raises(ValidationError):
        set_by_hand(cast, score=score)


def test_another_one_replaces_it_and_undoing_brings_it_back(cast):
    set_by_hand(cast, score=80)
    change = set_by_hand(cast, score=55, by="diego")
    assert fresh(cast.norte).override == 55
    assert Override.objects.in_force(DAY).count() == 1
    undo.undo(change.pk, by=cast.diego, at=cast.at)
    assert fresh(cast.norte).override == 80
    assert told(cast.norte) == "took back that health was set by hand"


def test_it_can_be_ended_early_and_that_can_be_undone(cast):
    set_by_hand(cast)
    later = cast.at + timedelta(days=3)
    with pretending(later.date()):
        change = operations.end_override(fresh(cast.norte), by=cast.ana, at=later)
        assert fresh(cast.norte).overriding is None
        assert [(row.since, row.last) for row in queries.overrides(cast.norte.pk)] == [(DAY, later.date())]
        with pytest.raises(Refused):
            operations.end_override(fresh(cast.norte), by=cast.ana, at=later)
        undo.undo(change.pk, by=cast.ana, at=later)
        assert fresh(cast.norte).overriding == 80
    assert queries.in_force_on(queries.overrides(cast.norte.pk), DAY + timedelta(days=13)).score == 80


def test_undoing_the_end_is_refused_once_there_is_another(cast):
    set_by_hand(cast)
    change = operations.end_override(fresh(cast.norte), by=cast.ana, at=cast.at)
    set_by_hand(cast, score=30)
    with pytest.raises(Refused):
        undo.undo(change.pk, by=cast.ana, at=cast.at)


def test_opinions_go_with_an_account_that_is_merged(cast):
    set_by_hand(cast, account="norte")
    operations.give_pulse(cast.norte, colour=RED, by=cast.ana, at=cast.at)
    accounts.merge(cast.norte, into=cast.puente, by=cast.vera, at=cast.at)
    operations.keep_opinions()
    assert (fresh(cast.puente).pulse, fresh(cast.puente).override) == (RED, 80)
    assert fresh(cast.norte).pulse is None


def test_they_can_be_asked_for_in_both_languages(cast):
    operations.give_pulse(cast.norte, colour=RED, by=cast.ana, at=cast.at)
    operations.give_pulse(cast.molino, colour=GREEN, by=cast.marc, at=cast.at)
    set_by_hand(cast, account="puente")
    Account.objects.filter(pk__in=[cast.norte.pk, cast.molino.pk]).update(health=75)
    assert asked(cast, "pulse:red") == asked(cast, "valoración:red") == {"norte"}
    assert asked(cast, "pulse:red,green") == {"norte", "molino"}
    assert asked(cast, "pulse:none") == {"puente", "harbour", "solo"}
    assert asked(cast, "overridden:yes") == asked(cast, "corregida:yes") == {"puente"}
    assert asked(cast, "overridden:yes", on=SOON) == set()
    assert asked(cast, "overridden:no") == {"norte", "molino", "harbour", "solo"}
    assert asked(cast, "disagrees:yes") == {"norte"}
    assert asked(cast, "disagrees:no") == {"molino", "puente", "harbour", "solo"}
    assert asked(cast, "disagrees:yes", on=DAY + timedelta(days=90)) == set(), "an old opinion disagrees no more"


@pytest.mark.parametrize(
    ("score", "pulse", "apart"),
    [("39.9", RED, 0), ("40.0", RED, "0.1"), ("82.5", RED, "42.6"), ("69.9", GREEN, "-0.1"), ("70", GREEN, 0),
     ("35", AMBER, -5), ("75", AMBER, "5.1"), (None, RED, None), ("50", None, None)],
)  # fmt: skip
def test_how_far_they_are_apart(score, pulse, apart):
    found = rules.disagreement(None if score is None else Decimal(score), pulse)
    assert found == (None if apart is None else Decimal(apart))
