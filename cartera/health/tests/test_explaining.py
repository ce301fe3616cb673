"""The health page: sums that hold on what is printed, sentences made from the numbers, the way over the next line."""

import html
import re
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from django.urls import reverse

from cartera.accounts.models import Account
from cartera.health import differences, operations, queries, story, turns
from cartera.health.models import Factor, Scorecard, Snapshot
from cartera.health.tests.conftest import TODAY

BEFORE = TODAY - timedelta(days=56)


@pytest.fixture
def scored(trading):
    """Norte scored each month of two; it stopped ordering 61 days ago."""
    for weeks in (8, 4, 0):
        operations.score(as_of=TODAY - timedelta(weeks=weeks), by=None, at=trading.at)
    return trading


def page(client, member, account, **address):
    client.force_login(member)
    return client.get(reverse("health:account", args=[account.pk]), address).content.decode()


def text(body):
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)))


def cells(body, table="health-difference"):
    """The printed figures of the difference: body rows and foot rows, each the numbers of its last four columns."""
    drawn = re.search(rf'<table class="table cards {table}.*?</table>', body, re.S)[0]
    head, _mark, foot = drawn.partition("<tfoot>")
    return [row(one) for one in re.findall(r"<tr>.*?</tr>", head.partition("<tbody>")[2], re.S)], [
        row(one) for one in re.findall(r"<tr>.*?</tr>", foot, re.S)
    ]


def row(drawn):
    numbers = [text(cell).strip() for cell in re.findall(r"<td[^>]*>(.*?)</td>", drawn, re.S)]
    return [0 if one in ("–", "") else tenths(one) for one in numbers[-4:]], numbers


def tenths(printed):
    return round(float(printed.replace("−", "-").replace("+", "")) * 10)


def ends(account, before=BEFORE, after=TODAY):
    overrides = queries.overrides(account.pk)
    stood = queries.stood_on(account.pk, (before, after))
    return [
        differences.End(day, snapshot, queries.in_force_on(overrides, day))
        for day, snapshot in zip((before, after), stood, strict=True)
    ]


def test_the_parts_on_the_page_add_up_by_row_and_by_column(client, scored):
    body = page(client, scored.ana, scored.norte, before=BEFORE, after=TODAY)
    rows, [foot, *_more] = cells(body)
    assert any(figures[3] for figures, _all in rows)
    for figures, _all in rows:
        assert sum(figures[:3]) == figures[3]
    for column in range(4):
        assert sum(figures[column] for figures, _all in rows) == foot[0][column]
    first, last = (tenths(one) for one in foot[1][:2])
    assert foot[0][3] == last - first


def test_what_is_set_by_hand_is_a_part_of_its_own(client, scored):
    operations.override(
        scored.norte, score=Decimal("88.5"), why="Signed again", until=TODAY + timedelta(days=20), by=scored.ana,
        at=scored.at,
    )  # fmt: skip
    rows, foot = cells(page(client, scored.ana, scored.norte, before=BEFORE, after=TODAY))
    computed, by_hand, counted = foot
    assert sum(figures[3] for figures, _all in rows) == computed[0][3]
    assert computed[0][3] + by_hand[0][3] == counted[0][3]
    assert tenths(counted[1][1]) == 885
    assert counted[0][3] == tenths(counted[1][1]) - tenths(counted[1][0])
    found = differences.difference(*ends(scored.norte), scored.norte.pk)
    assert tenths(str(found.total)) == counted[0][3]
    assert "by hand" in story.difference(found)


def test_another_scorecard_is_told_apart_from_other_values(scored):
    old = Scorecard.objects.get()
    Scorecard.objects.update(switched_on_at=scored.at - timedelta(days=400))
    fresh = Scorecard.objects.create(
        family=old.family, version=2, made_at=scored.at, changed_at=scored.at, switched_on_at=scored.at
    )
    for factor in old.factors.exclude(measure="contracts.returns"):
        factor.pk, factor.scorecard = None, fresh
        factor.weight = 60 if factor.measure == "contracts.overdue" else factor.weight
        factor.save()
    before = differences.End(TODAY, queries.stood_on(scored.norte.pk, (TODAY, TODAY))[0], None)
    operations.score(as_of=TODAY + timedelta(days=1), by=None, at=scored.at + timedelta(days=1))
    after = differences.End(
        TODAY + timedelta(days=1), queries.stood_on(scored.norte.pk, (TODAY + timedelta(days=1), TODAY))[0], None
    )
    assert after.stood.scorecard == fresh
    found = differences.difference(before, after, scored.norte.pk)
    parts = {row.key: row for row in found.rows}
    assert parts["contracts.overdue"].card > 0, "more weight for what is in order"
    assert parts["contracts.returns"].after.points is None
    assert found.card != 0
    assert tenths(str(found.total)) == round((after.stood.score - before.stood.score) * 10)
    assert "the scorecard counts" in story.difference(found)


def test_a_value_that_went_missing_is_called_so(scored):
    Factor.objects.filter(measure="contracts.trend").update(fresh_days=30)
    before, after = ends(scored.norte, before=TODAY - timedelta(days=35))
    for end, days in ((before, 26), (after, 61)):
        row = next(row for row in end.stood.factors if row["measure"] == "contracts.trend")
        row["age"] = days
    row["points"] = row["part"] = None
    found = differences.difference(before, after, scored.norte.pk)
    assert next(one for one in found.rows if one.key == "contracts.trend").missing != 0


def test_a_difference_is_said_in_words_that_add_up(scored):
    found = differences.difference(*ends(scored.norte), scored.norte.pk)
    told = story.difference(found)
    assert told.startswith("Health fell by")
    assert "because rhythm of orders went from" in told
    assert "5 Jan 2026" in told
    parts = [tenths(one) for one in re.findall(r"[-−+]\d+\.\d(?= (?:because|by))", told)]
    assert sum(parts) == tenths(str(found.total))


def test_days_the_wrong_way_round_and_nonsense_are_taken_kindly(client, scored):
    told = text(page(client, scored.ana, scored.norte, before=TODAY, after=BEFORE))
    assert "Health fell by" in told
    told = text(page(client, scored.ana, scored.norte, before="soon", after="2026-13-45"))
    assert "Enter a valid date" in told


def test_before_the_first_scoring_there_is_nothing_to_compare(client, scored):
    told = text(page(client, scored.ana, scored.norte, before="2025-01-01", after=TODAY))
    assert "scored for the first time on 5 Jan 2026" in told


def test_two_clicks_on_the_line_choose_two_days(client, scored):
    first = re.findall(r'class="pick[^"]*"', page(client, scored.ana, scored.norte))
    assert len(first) == 26
    links = re.findall(r'<a href="(\?before=[^"]*)#compare" class="pick', page(client, scored.ana, scored.norte))
    chosen = html.unescape(links[3])
    assert "pick=after" in chosen
    body = client.get(reverse("health:account", args=[scored.norte.pk]) + chosen).content.decode()
    second = html.unescape(re.findall(r'<a href="(\?before=[^"]*)#compare" class="pick', body)[20])
    assert second.split("&")[0] == chosen.split("&")[0], "the first day stays"
    assert "pick=before" in second


def test_the_line_is_marked_where_something_happened(client, scored):
    operations.give_pulse(scored.norte, colour=1, text="Bea is leaving", by=scored.ana, at=scored.at)
    told = text(page(client, scored.ana, scored.norte))
    assert "1 mark on the line" in told
    assert "Pulse Red: Bea is leaving" in told


def test_the_page_says_how_it_stands_and_what_is_missing(client, scored):
    told = text(page(client, scored.ana, scored.norte))
    score = Account.objects.get(pk=scored.norte.pk).health
    assert f"Health is {score} of 100" in told
    assert "Most is missing in chance of another order" in told


def test_the_cheapest_way_over_the_next_line_is_in_the_measures_own_terms(scored):
    standing = queries.standing(scored.norte.pk)
    assert standing.score < 70
    found = turns.turn(standing, scored.norte.pk)
    assert found.is_possible
    assert found.steps
    assert re.match(r"The cheapest way to (40|70): about ", found.told)
    assert "or more (" in found.steps[0].told or "or less (" in found.steps[0].told


def test_what_nobody_can_move_is_said(client, scored):
    Factor.objects.update(actionable=False)
    assert "None of the factors on this scorecard" in text(page(client, scored.ana, scored.norte))
    Factor.objects.filter(measure="contracts.returns").update(actionable=True, effort=10)
    assert "Not within reach" in text(page(client, scored.ana, scored.norte))


def test_the_number_of_questions_is_constant(client, scored, django_assert_max_num_queries):
    client.force_login(scored.ana)
    for pulses in (0, 30):
        for hour in range(pulses):
            operations.give_pulse(scored.norte, colour=1, by=scored.ana, at=scored.at + timedelta(minutes=hour))
        with django_assert_max_num_queries(24):
            client.get(reverse("health:account", args=[scored.norte.pk]))


def test_a_group_is_told_by_its_worst_and_by_value(client, scored):
    Account.objects.filter(pk__in=[scored.puente.pk]).update(parent=scored.norte, health=20, revenue=9000)
    Account.objects.filter(pk__in=[scored.molino.pk]).update(parent=scored.puente, health=90, revenue=1000)
    Account.objects.filter(pk__in=[scored.harbour.pk]).update(parent=scored.puente, health=None, revenue=10_000)
    told = text(page(client, scored.ada, scored.norte))
    assert "3 accounts below it" in told
    assert "90% of the value is in red" in told
    assert "Weighted by value, health is 27" in told
    assert "covers 50% of the value" in told
    told = text(page(client, scored.ana, scored.norte))
    assert "1 account below it" in told, "what the member does not see is not counted"
    told = text(client.get(reverse("accounts:group", args=[scored.norte.pk])).content.decode())
    assert "100% of the value is in red" in told


def test_every_bar_leads_to_a_page_that_is_there(client, scored):
    client.force_login(scored.ana)
    for key, measure in queries.offered().items():
        assert client.get(measure.rows_url(scored.norte.pk)).status_code == 200, key


def test_snapshots_of_every_day_split_exactly(scored):
    for account in Account.objects.filter(health__isnull=False):
        days = list(Snapshot.objects.filter(account=account, score__isnull=False).order_by("on"))
        for one, other in pairwise(days):
            found = differences.difference(*ends(account, one.on, other.on), account.pk)
            assert round(found.total * 10) == round((other.score - one.score) * 10)
