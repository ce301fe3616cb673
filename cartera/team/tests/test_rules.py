from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cartera.team import rules

TODAY = date(2026, 3, 2)


@st.composite
def companies(draw):
    """Reporting lines without circles: each person reports to an earlier one or to nobody."""
    size = draw(st.integers(1, 12))
    return {n: draw(st.one_of(st.none(), st.integers(0, n - 1))) if n else None for n in range(size)}


def chain(superiors, person):
    """The slow, obvious way: everyone above *person*, one step after another."""
    found = []
    while (person := superiors.get(person)) is not None and person not in found:
        found.append(person)
    return found


def circle(member, superiors):
    return rules.circle_of(member, superiors=superiors, leads_everyone=frozenset(), is_administrator=False)


@given(companies())
def test_a_circle_holds_exactly_those_whose_line_passes_through_the_member(superiors):
    for member in superiors:
        expected = {person for person in superiors if member in chain(superiors, person)}
        assert circle(member, superiors) == expected | {member}
        assert rules.below(member, superiors) == expected


@given(companies())
def test_whoever_sees_someone_sees_all_that_they_see(superiors):
    circles = {member: circle(member, superiors) for member in superiors}
    assert all(circles[seen] <= circles[member] for member in circles for seen in circles[member])


@given(companies(), st.data())
def test_a_new_superior_closes_a_circle_exactly_when_the_line_comes_back(superiors, data):
    person = data.draw(st.sampled_from(sorted(superiors)))
    superior = data.draw(st.sampled_from(sorted(superiors)))
    comes_back = superior == person or person in chain(superiors, superior)
    assert rules.would_circle(superiors, person=person, superior=superior) == comes_back


@given(companies())
def test_even_a_line_that_is_a_circle_comes_to_an_end(superiors):
    circular = {**superiors, 0: max(superiors)}
    assert all(member in circle(member, circular) for member in circular)


def test_nobody_sees_their_own_pay_and_those_above_do():
    def may(verb, **who):
        return rules.may_for(verb, **{"is_self": False, "stands_above": False, "is_administrator": False, **who})

    for verb in rules.SUPERIOR_VERBS:
        assert may(verb, stands_above=True)
        assert may(verb, is_administrator=True)
        assert not may(verb, is_self=True)
        assert not may(verb)
    for verb in rules.OWN_VERBS:
        assert may(verb, is_self=True)
        assert not may(verb)
    for verb in rules.HIRING_VERBS:
        assert not may(verb, stands_above=True, is_self=True)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_a_qualification_counts_on_its_last_day_and_not_on_the_next(expires):
    assert rules.validity(expires, today=expires) == "expiring"
    assert rules.validity(expires, today=expires + timedelta(days=1)) == "expired"
    assert rules.validity(expires, today=expires - timedelta(days=91)) == "met"


def test_how_someone_stands_with_what_a_rung_asks_for():
    asked = [rules.Held("certificate", name) for name in ("Negotiation", "Coaching", "Law", "First aid")]
    held = [
        rules.Held("certificate", "negotiation", TODAY + timedelta(days=400)),
        rules.Held("certificate", "Coaching", TODAY + timedelta(days=30)),
        rules.Held("certificate", "Law", TODAY - timedelta(days=1)),
        rules.Held("skill", "First aid"),
    ]
    states = [one.state for one in rules.standings(asked, held, today=TODAY)]
    assert states == ["met", "expiring", "expired", "missing"]


def test_someone_works_on_their_days_of_the_week_unless_away():
    week = [TODAY + timedelta(days=n) for n in range(7)]  # from a Monday
    away = [(week[1], week[2])]
    works = [rules.works_on(day, working_days="12345", absences=away) for day in week]
    assert works == [True, False, False, True, True, False, False]
