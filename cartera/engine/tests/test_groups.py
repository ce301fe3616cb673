from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartera.engine import groups

SCORES = st.none() | st.decimals(0, 100, places=1)
VALUES = st.none() | st.decimals(-100, 1000, places=2)


@given(st.lists(st.tuples(SCORES, VALUES), max_size=12))
def test_a_group_is_summed_up_as_the_slow_way_does(rows):
    found = groups.summary([score for score, _v in rows], [value for _s, value in rows], line=40)
    euros = [(s, max(v, 0)) for s, v in rows if v is not None]
    whole = sum(v for _s, v in euros)
    known = sum(v for s, v in euros if s is not None)
    assert found.value == whole
    assert found.unvalued == sum(v is None for _s, v in rows)
    assert found.coverage == (known / whole if whole else None)
    if known:
        assert found.weighted == sum(s * v for s, v in euros if s is not None) / known
        assert found.red == sum(v for s, v in euros if s is not None and s < 40) / known
        assert min(s for s, v in euros if s is not None) <= found.weighted + Decimal("1e-9")
    else:
        assert found.weighted is found.red is None
    scored = [s for s, _v in rows if s is not None]
    assert (found.worst is None) == (not scored)
    if scored:
        assert rows[found.worst][0] == min(scored)


@given(st.lists(st.tuples(SCORES, VALUES), min_size=1, max_size=6), VALUES)
def test_an_unknown_score_moves_neither_the_mean_nor_the_red(rows, value):
    before = groups.summary([s for s, _v in rows], [v for _s, v in rows], line=40)
    after = groups.summary([*(s for s, _v in rows), None], [*(v for _s, v in rows), value], line=40)
    assert (after.worst, after.weighted, after.red) == (before.worst, before.weighted, before.red)


def test_the_many_small_ones_do_not_hide_the_one_that_pays():
    scores = [Decimal(20), *[Decimal(90)] * 9]
    found = groups.summary(scores, [Decimal(910), *[Decimal(10)] * 9], line=40)
    assert (found.worst, found.weighted, found.red) == (0, Decimal("26.3"), Decimal("0.91"))


def test_lengths_have_to_agree():
    with pytest.raises(ValueError, match="argument 2"):
        groups.summary([None], [], line=40)
