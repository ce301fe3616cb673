"""What is published is what stands in the database, month by month, and nothing of it is ever half there."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.db import connection

from cartera.contracts.models import Invoice, InvoiceLine
from cartera.kit.clock import start_of
from cartera.lake import extracting, joining, manifest, operations
from cartera.lake.queries import facts_as_of
from cartera.timeline.models import Interaction

LATE = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def lake(settings, tmp_path):
    settings.LAKE = tmp_path / "lake"
    settings.LAKE.mkdir()
    return settings.LAKE


def bill(account, day, total="100.00", number="", **fields):
    at = datetime.combine(day, datetime.min.time(), tzinfo=UTC) + timedelta(hours=10, microseconds=1)
    fields = {"issued_at": at, "recorded_at": at, "currency": "EUR", **fields}
    number = number or f"{day}-{total}"
    invoice = Invoice.objects.create(account=account, number=number, total=Decimal(total), **fields)
    InvoiceLine.objects.create(
        invoice=invoice, position=1, quantity=2, unit_price=Decimal(total) / 2, amount=Decimal(total)
    )
    return invoice


def rows(name):
    found = getattr(facts_as_of(LATE), name).to_pyarrow().to_pylist()
    return sorted(found, key=lambda row: [str(value) for value in row.values()])


def test_what_was_published_is_what_stands_in_the_database(cast):
    invoice = bill(cast.norte, date(2026, 1, 5), "12.3400", due_on=date(2026, 2, 4))
    bill(cast.puente, date(2026, 2, 6), "-7.05", kind="credit_note")
    done = operations.publish(["invoices"])
    assert (done.rows, done.months, done.gone) == (2, 2, 0)
    norte = next(row for row in rows("invoices") if row["account_id"] == cast.norte.pk)
    assert norte == {
        "account_id": cast.norte.pk, "happened_at": invoice.issued_at, "known_at": invoice.recorded_at,
        "invoice_id": invoice.pk, "kind": "invoice", "due_on": date(2026, 2, 4), "currency": "EUR",
        "total": Decimal("12.3400"),
    }  # fmt: skip
    other = next(row for row in rows("invoices") if row["account_id"] == cast.puente.pk)
    assert (other["total"], other["due_on"]) == (Decimal("-7.0500"), None)


def test_every_fact_can_be_published_and_read_empty_and_full(cast):
    at = cast.at
    names = ["contacts", "stewardships", "interactions", "conversations", "invoices", "invoice_lines", "payments"]
    assert all(isinstance(rows(name), list) for name in names)
    talk = Interaction.objects.create(
        account=cast.norte, kind="call", direction="in", happened_at=at, recorded_at=at, minutes=5
    )
    talk.contacts.add(cast.bea)
    bill(cast.norte, date(2026, 1, 5), paid_on=date(2026, 1, 20))
    operations.publish()
    assert {name: len(rows(name)) for name in names} == {
        "contacts": 1, "stewardships": 5, "interactions": 1, "conversations": 1, "invoices": 1, "invoice_lines": 1,
        "payments": 1,
    }  # fmt: skip
    assert rows("payments")[0]["known_at"] == start_of(date(2026, 1, 20))


def test_only_months_that_changed_are_written_again(cast, lake):
    for month in (1, 2, 3):
        bill(cast.norte, date(2026, month, 5))
    operations.publish()
    before = manifest.read(lake).parts["invoices"]
    bill(cast.puente, date(2026, 2, 20))
    assert operations.publish(["invoices"]).months == 1
    after = manifest.read(lake).parts["invoices"]
    assert [month for month in after if after[month] != before[month]] == ["2026-02"]
    assert len(rows("invoices")) == 4
    assert operations.publish().rows == 2  # the lines of that month
    assert operations.publish().rows == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("total", Decimal("100.01")),
        ("currency", "EUP"),
        ("kind", "credit_note"),
        ("due_on", date(2026, 3, 1)),
        ("issued_at", datetime(2026, 1, 5, 11, tzinfo=UTC)),
        ("recorded_at", datetime(2026, 1, 6, 11, tzinfo=UTC)),
    ],
)
def test_an_edit_of_any_column_is_noticed(cast, field, value):
    invoice = bill(cast.norte, date(2026, 1, 5))
    bill(cast.norte, date(2026, 2, 5))
    operations.publish()
    Invoice.objects.filter(pk=invoice.pk).update(**{field: value})
    assert operations.publish(["invoices"]).months == 1


@pytest.mark.parametrize("kind", [kind for kind in Interaction.Kind.values if kind != "call"])
def test_an_edited_choice_is_noticed(cast, kind):
    talk = Interaction.objects.create(
        account=cast.norte, kind="call", direction="in", happened_at=cast.at, recorded_at=cast.at
    )
    operations.publish()
    Interaction.objects.filter(pk=talk.pk).update(kind=kind)
    assert operations.publish(["interactions"]).months == 1
    assert rows("interactions")[0]["kind"] == kind


def test_what_was_undone_or_withdrawn_leaves_the_lake(cast, lake, monkeypatch):
    bill(cast.norte, date(2026, 1, 5))
    gone = bill(cast.norte, date(2026, 2, 5))
    operations.publish()
    gone.delete()
    assert operations.publish(["invoices"]).gone == 1
    assert [row["happened_at"].month for row in rows("invoices")] == [1]
    Invoice.objects.all().delete()
    operations.publish()
    assert rows("invoices") == rows("invoice_lines") == []
    monkeypatch.setattr(manifest, "GRACE", -1.0)
    operations.publish()
    assert not list((lake / "invoices").glob("*/*.parquet"))


def test_two_edits_that_swap_their_amounts_are_noticed(cast):
    one, two = bill(cast.norte, date(2026, 1, 5), "10"), bill(cast.norte, date(2026, 1, 6), "20")
    operations.publish()
    Invoice.objects.filter(pk=one.pk).update(total=20)
    Invoice.objects.filter(pk=two.pk).update(total=10)
    assert operations.publish(["invoices"]).months == 1


def test_a_late_row_rewrites_the_month_it_belongs_to(cast):
    bill(cast.norte, date(2026, 1, 5))
    operations.publish()
    bill(cast.norte, date(2025, 11, 5), recorded_at=cast.at)
    assert operations.publish(["invoices"]).months == 1
    assert len(facts_as_of(start_of(date(2026, 2, 1))).invoices.to_pyarrow()) == 1


@pytest.mark.parametrize("step", ["os.replace", "cartera.lake.manifest.write"])
def test_a_publication_that_dies_leaves_the_lake_as_it_was(cast, lake, monkeypatch, step):
    bill(cast.norte, date(2026, 1, 5))
    operations.publish()
    before = rows("invoices")
    bill(cast.puente, date(2026, 1, 9))

    def die(*args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(step, die)
        with pytest.raises(KeyboardInterrupt):
            operations.publish()
    assert rows("invoices") == before
    operations.publish()
    assert len(rows("invoices")) == 2
    assert not list(lake.glob("**/*.tmp"))
    kept = {str(path.relative_to(lake)) for path in lake.glob("**/*.parquet")}
    now = manifest.read(lake)
    assert kept == {*now.files(), *now.before}


def test_who_reads_keeps_the_files_of_the_lake_as_it_was_when_they_began(cast):
    bill(cast.norte, date(2026, 1, 5))
    operations.publish()
    reading = facts_as_of(LATE).invoices
    bill(cast.puente, date(2026, 1, 9))
    operations.publish()
    assert len(reading.to_pyarrow()) == 1
    assert len(rows("invoices")) == 2


def test_a_file_can_be_read_by_any_other_tool(cast, lake):
    bill(cast.norte, date(2026, 1, 5))
    operations.publish()
    [file] = (lake / "invoices" / "month=2026-01").glob("*.parquet")
    assert pq.read_table(file, partitioning=None).num_rows == 1


def test_rows_far_apart_are_all_found(cast):
    bill(cast.norte, date(2026, 1, 5), id=10**12)
    bill(cast.norte, date(2026, 1, 6), id=5)
    operations.publish()
    assert len(rows("invoices")) == 2


@pytest.mark.parametrize("widest", [joining.WIDEST, -1])  # read apart and put together, or joined by the database
def test_lines_tell_what_is_said_of_their_own_invoice(cast, monkeypatch, widest):
    monkeypatch.setattr(joining, "WIDEST", widest)
    if widest > 0:
        monkeypatch.setattr(extracting, "between", None)
    accounts = [cast.norte, cast.puente]
    for number in (7, 3, 9, 5):
        bill(
            accounts[number % 4 == 1], date(2026, 1, number), number, id=number, currency="EUR" if number > 4 else "USD"
        )
    first = Invoice.objects.get(pk=3)
    InvoiceLine.objects.create(invoice=first, position=2, quantity=1, unit_price=4, amount=4)
    operations.publish(["invoice_lines"])
    names = ("account_id", "happened_at", "known_at", "currency", "amount")
    of_invoice = ("invoice__account_id", "invoice__issued_at", "invoice__recorded_at", "invoice__currency")
    said = sorted(tuple(row[name] for name in names) for row in rows("invoice_lines"))
    assert said == sorted(InvoiceLine.objects.values_list(*of_invoice, "amount"))


def test_unknown_values_stay_unknown_wherever_they_stand(cast):
    days = [None, date(2026, 3, 1), None]
    for number, day in enumerate(days, 1):
        bill(cast.norte, date(2026, 1, number), due_on=day)
    talk = {"account": cast.norte, "kind": "call", "direction": "in", "recorded_at": cast.at}
    for number, minutes in enumerate([None, 7, None]):
        Interaction.objects.create(happened_at=cast.at + timedelta(seconds=number), minutes=minutes, **talk)
    operations.publish()
    by_moment = sorted(rows("invoices"), key=lambda row: row["happened_at"])
    assert [row["due_on"] for row in by_moment] == days
    by_moment = sorted(rows("interactions"), key=lambda row: row["happened_at"])
    assert [row["minutes"] for row in by_moment] == [None, 7, None]
    assert operations.publish().rows == 0


def test_a_code_that_holds_what_separates_codes_is_refused_rather_than_shifted(cast):
    bill(cast.norte, date(2026, 1, 5), kind="a,b")
    operations.publish(["invoices"])
    assert rows("invoices")[0]["kind"] == "a,b"
    Invoice.objects.update(kind="a\x1fb")
    with pytest.raises(pa.ArrowInvalid):
        operations.publish(["invoices"])


@pytest.mark.django_db(transaction=True)
def test_what_is_written_while_facts_are_read_waits_for_the_next_publication(cast, monkeypatch):
    if connection.vendor == "sqlite":
        pytest.skip("a database in memory has one connection")
    bill(cast.norte, date(2026, 1, 5))
    read = extracting.ranges

    def write_meanwhile(fact):
        with ThreadPoolExecutor(1) as other:
            other.submit(lambda: (bill(cast.norte, date(2026, 1, 9)), connection.close())).result()
        return read(fact)

    with monkeypatch.context() as patch:
        patch.setattr(extracting, "ranges", write_meanwhile)
        assert operations.publish(["invoices"]).rows == 1
    assert operations.publish(["invoices"]).rows == 2


def test_months_are_written_in_groups_without_keeping_all_rows(cast, monkeypatch, lake):
    monkeypatch.setattr(operations, "GROUP_ROWS", 2)
    monkeypatch.setattr(operations, "WAITING_ROWS", 3)
    for day in range(1, 8):
        bill(cast.norte, date(2026, 1 + day % 3, day))
    assert operations.publish(["invoices"]).rows == 7
    assert len(rows("invoices")) == 7


def test_an_unknown_engine_is_refused(settings):
    from django.core.exceptions import ImproperlyConfigured

    settings.LAKE_ENGINE = "abacus"
    with pytest.raises(ImproperlyConfigured, match="abacus"):
        facts_as_of(LATE)


@pytest.mark.parametrize(
    ("keys", "wanted", "places"),
    [
        ([5, 2, 9], [9, 2, 2], [2, 1, 1]),
        ([5, 2, 9], [9, 3], None),
        ([5, 2], [9], None),
        ([], [9], None),
    ],
)
def test_a_line_whose_invoice_is_gone_gets_no_other(keys, wanted, places):
    found = joining.places_of(np.array(keys, np.int64), np.array(wanted, np.int64))
    assert places == (None if found is None else found.tolist())
