"""A small ledger with the oddities of the real one."""

from decimal import Decimal

import pytest
from django.db.models import Sum

from cartera.accounts.models import Account
from cartera.catalogue.models import Product
from cartera.contracts.models import Invoice, InvoiceLine
from cartera.imports import chunks, running, scanning, undoing
from cartera.imports.models import Chunk
from cartera.imports.tests.conftest import HEADINGS, LEDGER
from cartera.kit import clock


@pytest.fixture(autouse=True)
def _as_of(settings):
    settings.PRETEND_TODAY = "2011-12-10"


def counts(run):
    return {name: getattr(run, name) for name in ("rows", "created", "changed", "same", "rejected")}


def totals():
    return dict(Invoice.objects.order_by().values_list("account__external_id").annotate(Sum("total")))


def test_every_line_with_a_client_comes_in_and_the_others_are_kept_with_the_reason(bring, left_out):
    run = bring(LEDGER, "invoices")
    assert counts(run) == {"rows": 11, "created": 9, "changed": 0, "same": 0, "rejected": 2}
    assert [row[-1] for row in left_out(run)] == ["line 6 – CustomerID: is empty", "line 10 – CustomerID: is empty"]
    assert left_out(run)[0][:4] == ["536414", "22139", "", "56"]
    assert run.reasons == [{"column": "CustomerID", "message": "is empty", "count": 2, "line": 6}]
    assert run.extra == {"accounts": 3, "products": 7, "invoices": 6}


def test_totals_of_clients_are_the_files_own_to_the_last_digit(bring):
    bring(LEDGER, "invoices")
    assert totals() == {
        "17850": Decimal("28.48"),
        "13047": Decimal("45.301"),
        "12680": Decimal("14.85"),
    }


def test_a_line_that_stands_twice_on_an_invoice_is_two_lines(bring):
    bring(LEDGER, "invoices")
    lines = InvoiceLine.objects.filter(invoice__number="536365").values_list("position", "text")
    assert list(lines) == [(1, "WHITE HANGING HEART"), (2, "WHITE METAL LANTERN"), (3, "WHITE METAL LANTERN")]


def test_cancellations_are_credit_notes_and_clients_are_named_by_their_id(bring):
    bring(LEDGER, "invoices")
    assert Invoice.objects.get(number="C536379").kind == Invoice.Kind.CREDIT_NOTE
    account = Account.objects.get(external_id="13047")
    assert (account.name, account.country, account.currency) == ("Client 13047", "EIRE", "GBP")
    assert account.opened_at == Invoice.objects.get(number="536366").issued_at


def test_a_code_typed_in_small_letters_is_the_same_product(bring):
    bring(LEDGER, "invoices")
    assert Product.objects.filter(code__iexact="85123a").count() == 1


def test_history_is_known_when_it_happened_so_that_the_past_can_be_judged(bring):
    bring(LEDGER, "invoices")
    assert all(invoice.recorded_at == invoice.issued_at for invoice in Invoice.objects.all())


def test_dates_are_read_month_first_because_one_of_them_can_only_be(bring):
    bring(LEDGER, "invoices")
    assert Invoice.objects.get(number="550193").issued_at.isoformat() == "2011-04-15T09:27:00+00:00"
    assert Invoice.objects.get(number="581587").issued_at.date().isoformat() == "2011-12-09"


def test_lines_after_the_day_that_is_pretended_are_left_out(bring, left_out, settings):
    settings.PRETEND_TODAY = "2011-09-09"
    run = bring(LEDGER, "invoices")
    assert run.created == 8
    assert left_out(run)[-1][-1] == "line 12 – InvoiceDate: lies after the day that is today"


@pytest.mark.parametrize("size", [1, 2, 3, 5_000])
def test_the_same_file_twice_changes_nothing(bring, monkeypatch, size):
    bring(LEDGER, "invoices")
    before = totals(), Account.objects.count(), InvoiceLine.objects.count()
    monkeypatch.setattr(chunks, "chunks", lambda rows: scanning.chunks(rows, size))
    again = bring(LEDGER, "invoices")
    assert counts(again) == {"rows": 11, "created": 0, "changed": 0, "same": 9, "rejected": 2}
    assert before == (totals(), Account.objects.count(), InvoiceLine.objects.count())


@pytest.mark.parametrize("size", [1, 2, 3])
def test_invoices_may_straddle_chunks(bring, monkeypatch, size):
    monkeypatch.setattr(chunks, "chunks", lambda rows: scanning.chunks(rows, size))
    run = bring(LEDGER, "invoices")
    assert counts(run) == {"rows": 11, "created": 9, "changed": 0, "same": 0, "rejected": 2}
    assert totals()["17850"] == Decimal("28.48")
    assert [line.position for line in InvoiceLine.objects.filter(invoice__number="536365")] == [1, 2, 3]


@pytest.mark.parametrize("size", [1, 2, 5_000])
def test_a_longer_file_adds_only_what_is_new_repeated_lines_too(bring, monkeypatch, size):
    monkeypatch.setattr(chunks, "chunks", lambda rows: scanning.chunks(rows, size))
    bring(LEDGER, "invoices")
    longer = LEDGER + "536365,71053,WHITE METAL LANTERN,6,12/1/2010 8:26,3.39,17850,United Kingdom\n"
    run = bring(longer, "invoices")
    assert counts(run) == {"rows": 12, "created": 1, "changed": 0, "same": 9, "rejected": 2}
    assert totals()["17850"] == Decimal("48.82")


def test_left_out_rows_can_be_corrected_and_brought_back(bring, left_out):
    run = bring(LEDGER, "invoices")
    text = run.left_out_file().read_text(encoding="utf-8-sig").replace("0,,United", "0,17850,United")
    back = bring(text, "invoices", ways={"issued_at": "mdy"})
    assert counts(back) == {"rows": 2, "created": 1, "changed": 0, "same": 0, "rejected": 1}
    assert left_out(back)[0][-1] == "line 3 – CustomerID: is empty"


def test_a_dry_run_says_the_same_and_changes_nothing(bring, left_out):
    run = bring(LEDGER, "invoices", dry=True)
    assert {name: run.dry[name] for name in ("rows", "created", "rejected")} == {
        "rows": 11,
        "created": 9,
        "rejected": 2,
    }
    assert len(left_out(run, dry=True)) == 2
    assert not Account.objects.exists()
    assert not Product.objects.exists()
    assert not Chunk.objects.exists()
    assert running.carry_out(run, dry=False).created == 9


def test_a_run_that_was_stopped_goes_on_where_it_stopped(bring, monkeypatch):
    monkeypatch.setattr(chunks, "chunks", lambda rows: scanning.chunks(rows, 2))
    run = bring(LEDGER, "invoices", carry_out=False)
    from cartera.imports import operations

    run = running.carry_out(run, dry=False, tell=lambda stage, rows, of: stage == "run" and operations.ask_to_stop(run))
    assert (run.state, run.rows) == (run.State.STOPPED, 2)
    run = running.carry_out(run, dry=False)
    assert run.state == run.State.DONE
    assert counts(run) == {"rows": 11, "created": 9, "changed": 0, "same": 0, "rejected": 2}
    assert totals()["17850"] == Decimal("28.48")


def test_undoing_leaves_nothing_behind(bring, cast):
    run = bring(LEDGER, "invoices")
    run = undoing.undo(run, by=cast.ada, at=clock.now())
    assert run.state == run.State.UNDONE
    assert run.kept_back == []
    assert not Invoice.objects.exists()
    assert not Product.objects.exists()
    assert set(Account.objects.values_list("external_id", flat=True)) == {
        "norte",
        "puente",
        "molino",
        "harbour",
        "solo",
    }


def test_undoing_a_later_file_takes_back_only_what_it_added(bring):
    bring(LEDGER, "invoices")
    before = totals()
    longer = LEDGER + "536365,71053,WHITE METAL LANTERN,6,12/1/2010 8:26,3.39,17850,United Kingdom\n"
    undoing.undo(bring(longer, "invoices"), by=None, at=clock.now())
    assert totals() == before


def test_undoing_keeps_and_names_what_somebody_changed_since(bring):
    run = bring(LEDGER, "invoices")
    Account.objects.filter(external_id="13047").update(name="Hammond & Co")
    run = undoing.undo(run, by=None, at=clock.now())
    assert [(kept["name"], kept["why"]) for kept in run.kept_back] == [("Hammond & Co", "was changed since")]
    assert list(Account.objects.values_list("name", flat=True)) == ["Hammond & Co"]


def test_amounts_stand_where_the_file_gives_no_price(bring):
    run = bring("Factura;Cliente;Fecha;Importe\nF1;C1;01/02/2011;1.234,50\nF1;C1;13/02/2011;-0,50 €\n", "invoices")
    assert (run.created, totals()) == (2, {"C1": Decimal("1234")})


def test_an_invoice_number_of_two_clients_is_two_invoices(bring):
    row = "1,P,X,1,1/13/2011,2.00,{},Spain\n"
    bring(HEADINGS + row.format("a") + row.format("b"), "invoices")
    assert totals() == {"a": Decimal(2), "b": Decimal(2)}
