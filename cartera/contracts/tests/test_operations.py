"""Invoices: issuing, paying, credit notes, several currencies, and the figures that accounts keep of them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from cartera.catalogue.models import Product
from cartera.contracts import figures, operations
from cartera.contracts.models import Invoice
from cartera.kit import undo
from cartera.kit.errors import NotAllowed, Refused
from cartera.timeline.models import Event


@pytest.fixture
def beans(db):
    return Product.objects.create(code="BEANS", name="Beans")


def invoice(cast, number="F-1", amount="100.00", **changes):
    given = {
        "account": cast.norte,
        "number": number,
        "issued_at": datetime(2026, 1, 15, 10, tzinfo=UTC),
        "due_on": date(2026, 2, 14),
        "currency": "EUR",
        "lines": [{"text": "Beans", "quantity": Decimal(1), "unit_price": Decimal(amount)}],
        "by": cast.ana,
        "at": cast.at,
    }
    return operations.issue(**given | changes)


def kept(account):
    account.refresh_from_db()
    return account.revenue, account.overdue, account.last_order_on


def test_an_invoice_is_the_exact_sum_of_its_lines(cast, beans):
    lines = [{"product": beans, "quantity": Decimal(3), "unit_price": Decimal("0.333")}] * 3
    made = invoice(cast, lines=lines)
    made.refresh_from_db()
    assert made.total == Decimal("2.9970")
    assert [line.position for line in made.lines.all()] == [1, 2, 3]
    assert sum(line.amount for line in made.lines.all()) == made.total


def test_an_account_keeps_its_revenue_what_is_overdue_and_its_last_order(cast):
    invoice(cast)
    invoice(cast, "F-2", "50", issued_at=datetime(2026, 2, 20, tzinfo=UTC), due_on=date(2026, 3, 22))
    assert kept(cast.norte) == (Decimal(150), Decimal(100), date(2026, 2, 20))


def test_a_credit_note_lowers_revenue_and_is_no_order(cast):
    invoice(cast)
    note = invoice(cast, "C-9", "-30", issued_at=datetime(2026, 2, 1, tzinfo=UTC), due_on=None)
    assert note.kind == Invoice.Kind.CREDIT_NOTE
    assert kept(cast.norte) == (Decimal(70), Decimal(100), date(2026, 1, 15))


def test_what_is_not_known_is_not_zero(cast):
    assert kept(cast.norte) == (None, None, None)
    invoice(cast, due_on=None, issued_at=datetime(2024, 1, 15, tzinfo=UTC))
    assert kept(cast.norte) == (Decimal(0), None, date(2024, 1, 15))


def test_twelve_months_end_today_and_roll(cast):
    invoice(cast, issued_at=datetime(2025, 3, 2, 23, 59, tzinfo=UTC))
    invoice(cast, "F-2", "40", issued_at=datetime(2025, 3, 3, tzinfo=UTC))
    invoice(cast, "F-3", "2", issued_at=datetime(2026, 3, 2, 23, 59, tzinfo=UTC))
    assert kept(cast.norte)[0] == Decimal(42)
    assert figures.keep_account_figures(on=date(2026, 3, 3)) == 1
    assert kept(cast.norte)[0] == Decimal(2)
    assert figures.keep_account_figures(on=date(2026, 3, 3)) == 0


def test_money_of_another_currency_converts_at_the_rate_of_the_day(cast):
    for on, rate in ((date(2026, 1, 1), "1.10"), (date(2026, 2, 1), "1.20")):
        operations.set_rate(currency="GBP", into="EUR", on=on, rate=Decimal(rate), by=cast.ada, at=cast.at)
    invoice(cast, currency="gbp")
    invoice(cast, "F-2", "10", currency="GBP", issued_at=datetime(2026, 2, 1, tzinfo=UTC), due_on=None)
    assert kept(cast.norte)[:2] == (Decimal("122.00"), Decimal("110.00"))


def test_a_rate_the_other_way_round_serves_as_well(cast):
    operations.set_rate(currency="EUR", into="JPY", on=date(2026, 1, 1), rate=Decimal(160), by=cast.ada, at=cast.at)
    invoice(cast, amount="16000", currency="JPY")
    assert kept(cast.norte)[0] == Decimal(100)


def test_without_a_rate_revenue_is_unknown_until_the_rate_is_given(cast):
    invoice(cast)
    invoice(cast, "F-2", currency="USD")
    assert kept(cast.norte)[:2] == (None, None)
    operations.set_rate(currency="USD", into="EUR", on=date(2025, 1, 1), rate=Decimal("0.5"), by=cast.ada, at=cast.at)
    assert kept(cast.norte)[:2] == (Decimal(150), Decimal(150))


def test_only_an_administrator_sets_rates_and_only_stewards_touch_invoices(cast):
    with pytest.raises(NotAllowed):
        operations.set_rate(currency="USD", into="EUR", on=date(2025, 1, 1), rate=Decimal(1), by=cast.vera, at=cast.at)
    made = invoice(cast)
    for stranger in (cast.nell, cast.sam, cast.marc):
        with pytest.raises(NotAllowed):
            operations.mark_paid(made, on=date(2026, 3, 1), by=stranger, at=cast.at)
        with pytest.raises(NotAllowed):
            invoice(cast, "F-7", by=stranger)


def test_a_paid_invoice_is_not_overdue_and_payment_can_be_undone(cast):
    made = invoice(cast)
    change = operations.mark_paid(made, on=date(2026, 3, 1), by=cast.ana, at=cast.at)
    assert kept(cast.norte)[1] == Decimal(0)
    with pytest.raises(Refused):
        operations.mark_paid(made, on=date(2026, 3, 1), by=cast.ana, at=cast.at)
    undo.undo(change.pk, by=cast.ana, at=cast.at)
    made.refresh_from_db()
    assert made.paid_on is None
    assert kept(cast.norte)[1] == Decimal(100)


def test_an_undo_does_not_trample_on_a_later_change(cast):
    made = invoice(cast)
    change = operations.set_due(made, on=date(2026, 5, 1), by=cast.ana, at=cast.at)
    assert kept(cast.norte)[1] == Decimal(0)
    operations.set_due(made, on=date(2026, 6, 1), by=cast.ana, at=cast.at)
    with pytest.raises(Refused):
        undo.undo(change.pk, by=cast.ana, at=cast.at)


def test_nothing_is_paid_in_the_future_and_no_number_is_used_twice(cast):
    made = invoice(cast)
    with pytest.raises(Refused):
        operations.mark_paid(made, on=date(2026, 3, 3), by=cast.ana, at=cast.at)
    with pytest.raises(Refused):
        invoice(cast)


def test_each_invoice_stands_on_the_feed_once_however_it_came_in(cast, django_assert_max_num_queries):
    invoice(cast)
    rows = [
        {
            "account_id": account.pk,
            "number": f"M-{number}",
            "issued_at": cast.at,
            "currency": "EUR",
            "lines": [{"quantity": Decimal(2), "unit_price": Decimal("1.5")}],
        }
        for account in (cast.norte, cast.puente)
        for number in range(40)
    ]
    with django_assert_max_num_queries(50):
        ids = operations.issue_many(rows, by=None, at=cast.at)
    assert len(ids) == 80
    assert Event.objects.filter(kind="contracts.issue", group="money").count() == 81
    data = Event.objects.get(about_id=ids[0]).data
    assert (data["kind"], Decimal(data["total"]), data["currency"]) == ("invoice", Decimal(3), "EUR")
    assert kept(cast.puente)[0] == Decimal(120)
    operations.catch_up()
    assert Event.objects.filter(kind="contracts.issue").count() == 81


def test_an_imported_invoice_that_grew_says_its_new_total(cast):
    row = {"account_id": cast.norte.pk, "number": "M-1", "issued_at": cast.at, "currency": "EUR"}
    lines = [{"quantity": Decimal(2), "unit_price": Decimal("1.5")}]
    operations.issue_many([{**row, "lines": lines}], by=None, at=cast.at)
    Invoice.objects.update(total=Decimal("7.25"))
    operations.catch_up()
    assert Decimal(Event.objects.get(kind="contracts.issue").data["total"]) == Decimal("7.25")


def test_when_invoices_are_gone_so_are_their_events_and_figures(cast):
    made = invoice(cast)
    made.delete()
    operations.catch_up()
    assert not Event.objects.filter(kind="contracts.issue").exists()
    assert kept(cast.norte) == (None, None, None)
