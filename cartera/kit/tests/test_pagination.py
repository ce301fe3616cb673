from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cartera.kit.models import Change
from cartera.kit.pagination import keyset_page

AT = datetime(2026, 3, 2, tzinfo=UTC)


def rows_of(values):
    """Changes whose subject_id (which may be unknown), verb and moment are the *values*."""
    return Change.objects.bulk_create(
        [
            Change(verb=f"v{v}", at=AT + timedelta(microseconds=v or 0), subject_id=v, subject_label=str(v))
            for v in values
        ]
    )


def ours():
    """Those changes alone: an app's migration may have made one of its own."""
    return Change.objects.filter(verb__startswith="v")


def expected(rows, name, falling):
    known = sorted((r for r in rows if getattr(r, name) is not None), key=lambda r: (getattr(r, name), r.pk))
    unknown = sorted((r for r in rows if getattr(r, name) is None), key=lambda r: r.pk)
    return known[::-1] + unknown[::-1] if falling else known + unknown


@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.lists(st.one_of(st.none(), st.integers(-3, 3)), max_size=12),
    size=st.integers(1, 5),
    sort=st.sampled_from(["subject_id", "-subject_id", "verb", "-verb", "at", "-at", "pk", "-id"]),
)
@pytest.mark.parametrize("filtered", [False, True])
def test_turning_pages_forth_and_back_shows_every_row_once_in_order(values, size, sort, filtered, monkeypatch):
    from django.db import transaction

    monkeypatch.setattr("cartera.kit.pagination.WALK", 2)  # so that few rows are many

    with transaction.atomic():
        rows = rows_of(values)
        Change.objects.bulk_create([Change(verb="w", at=AT, subject_id=n - 3) for n in range(6)])
        queryset = Change.objects.filter(pk__in=[row.pk for row in rows])
        ordered = expected(rows, sort.removeprefix("-"), sort.startswith("-"))
        pages = [keyset_page(queryset, sort, size, filtered=filtered)]
        while pages[-1].next:
            pages.append(keyset_page(queryset, sort, size, pages[-1].next, filtered=filtered))
        assert [row for page in pages for row in page.rows] == ordered
        assert [len(page) for page in pages[:-1]] == [size] * (len(pages) - 1)
        back = pages[-1]
        for page in pages[-2::-1]:
            back = keyset_page(queryset, sort, size, back.previous, filtered=filtered)
            assert back.rows == page.rows
        assert back.previous is None
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_a_forged_or_foreign_token_shows_the_first_page():
    rows_of(range(5))
    first = keyset_page(ours(), "subject_id", 2)
    for token in ("", "x", "a:b", "W10:x", first.next + "x", keyset_page(ours(), "-at", 2).next):
        assert keyset_page(ours(), "subject_id", 2, token).rows == first.rows


@pytest.mark.django_db
def test_counting_stops_at_the_cap():
    rows_of(range(5))
    page = keyset_page(ours(), "-at", 2)
    assert (page.count(), page.count().more) == (5, False)
    assert (page.count(cap=3), page.count(cap=3).more) == (3, True)


@pytest.mark.django_db
def test_a_page_asks_for_ties_for_what_lies_beyond_and_for_the_unknown_as_it_needs_them(django_assert_num_queries):
    rows_of([1, 2, 3, None, None])
    with django_assert_num_queries(1):
        page = keyset_page(ours(), "subject_id", 2)
    with django_assert_num_queries(3):
        keyset_page(ours(), "subject_id", 2, page.next)
