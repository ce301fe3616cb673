"""Files that are wrong, or written in their own way: each gets its error with line and column, or is read rightly."""

import gzip
import io
import zipfile
from datetime import UTC, datetime

import pytest
import xlsxwriter

from cartera.accounts.models import Account, Contact
from cartera.imports.errors import Undecided, Unreadable
from cartera.imports.models import Chunk, Run
from cartera.imports.tests.conftest import LEDGER


def accounts():
    return list(Account.objects.order_by("pk").values_list("name", flat=True))


def refused(bring, content, kind="accounts", **options):
    with pytest.raises(Unreadable) as caught:
        bring(content, kind, **options)
    assert not Chunk.objects.exists()
    return str(caught.value)


SPANISH = "Nombre;Ciudad;País\nPeña & Hijos;Cádiz;España\nLogroño;Ávila;España\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1", "mac_roman"]
)
def test_every_encoding_that_a_spreadsheet_writes(bring, encoding):
    bring(SPANISH.encode(encoding), "accounts")
    assert accounts() == ["Peña & Hijos", "Logroño"]


def test_windows_quotes_and_the_euro_sign(bring):
    bring("name;tags\n“Casa” – 5 €;x\nFé;y\n".encode("cp1252"), "accounts")
    assert accounts() == ["“Casa” – 5 €", "Fé"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_dialect(bring, delimiter, ending):
    lines = ["name", "country", "industry"], ['"Smith, ""Jr""; | Co"', "Spain", "Wine"], ["Plain", "France", ""]
    bring(ending.join(delimiter.join(line) for line in lines), "accounts")
    assert accounts() == ['Smith, "Jr"; | Co', "Plain"]


def test_excels_line_that_says_the_separator(bring):
    bring("sep=;\r\nname;country\r\nA, B;Spain\r\n", "accounts")
    assert accounts() == ["A, B"]


def test_a_title_above_the_headings_is_passed_over(bring):
    bring("Client list;;\n;;\nName;Country;Tier\nA;Spain;B\n", "accounts")
    assert accounts() == ["A"]


def test_compressed_files(bring):
    bring(gzip.compress(b"name\nA\n"), "accounts")
    assert accounts() == ["A"]


def test_empty_files(bring):
    assert refused(bring, b"") == "The file is empty."
    assert refused(bring, b"\n\n\n") == "The file has no rows."
    assert refused(bring, b"name\n") == "Line 1: The file has headings but no rows."


def test_what_is_no_table(bring):
    assert refused(bring, b"\x89PNG\r\n\x1a\n\x00") == "This is a PNG file, not a table."
    assert refused(bring, b"name\nabc\x00\x01\x02") == "Line 2: This is not a text file: it holds binary data."


def test_a_zip_that_is_no_workbook_and_a_workbook_cut_off(bring):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.csv", "name\nA\n")
    assert "This is a ZIP archive" in refused(bring, packed.getvalue())
    assert "damaged or was cut off" in refused(bring, packed.getvalue()[:-30])


def test_bombs_are_not_unpacked(bring):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (80 << 20))
    assert "beyond all measure" in refused(bring, packed.getvalue())
    assert "beyond all measure" in refused(bring, gzip.compress(b"name\n" + b"a\n" * (40 << 20)))


def test_a_gzip_file_cut_off(bring):
    assert "damaged or was cut off" in refused(bring, gzip.compress(b"name\n" + bytes(range(65, 90)) * 999)[:-20])


def test_utf_8_that_is_broken_in_one_place_says_on_which_line(bring):
    content = SPANISH.encode() * 3 + b"Jos\xe9;a;b\n"
    assert refused(bring, content) == (
        "Line 10: The file is written in UTF-8, but here is a byte (0xE9) that is not. Save it again as CSV UTF-8."
    )


def test_no_headings(bring):
    assert refused(bring, "Bodegas,17,a@b.example\nNorte,18,c@d.example\n") == (
        "Line 1: The first row holds data, not headings. Put a row above it that says what each column is."
    )


def test_a_column_missing(bring):
    assert refused(bring, "InvoiceNo,Customer,Qty\n1,2,3\n", "invoices") == (
        "The file has no column for: invoice date, unit price or line amount. It has: InvoiceNo, Customer, Qty."
    )


def test_rows_that_are_too_long_or_too_short(bring, left_out):
    run = bring("name,country,tier\nA,Spain,B,extra\nB\nC,Spain,A,,\n", "accounts")
    assert accounts() == ["B", "C"]
    assert left_out(run) == [
        ["A", "Spain", "B", "line 2 – has a cell in column 4, but there are only 3 headings", "extra"]
    ]


def test_a_cell_of_ten_megabytes(bring):
    content = 'name,tags\nA,x\nB,"' + "y" * 10_000_000 + '"\nC,z\n'
    assert refused(bring, content) == "Line 3, column 2: This cell holds more than 131,072 characters."


def test_a_quotation_mark_never_closed(bring):
    wide = "".join(f"client {n},x\n" for n in range(30_000))
    assert refused(bring, f'name,tags\nA,x\nB,"y\n{wide}').startswith(
        "Line 3, column 2: A quotation mark is opened here"
    )
    assert refused(bring, 'name,tags\nA,x\nB,"y\nC,z\n').startswith("Line 3: A quotation mark is opened here")


def test_a_cell_may_hold_lines(bring):
    bring('name,tags\n"A\nB",x\nC,"y\nz"\n', "accounts")
    assert accounts() == ["A B", "C"]


def test_control_characters_are_refused_at_their_place(bring, left_out):
    run = bring(b"name,country\nA\x07,Spain\nB,Sp\x00ain\nC,Spain\n", "accounts")
    assert accounts() == ["C"]
    assert [row[-1] for row in left_out(run)] == [
        "line 2 – name: holds a control character (0x07)",
        "line 3 – country: holds a control character (0x00)",
    ]


def test_spaces_that_cannot_be_seen(bring):
    bring("\ufeffname , country\n\u00a0 A\u00a0B \u200b,  Spain\n", "accounts")
    account = Account.objects.get()
    assert (account.name, account.country) == ("A B", "Spain")


def test_a_formula_is_text_and_leaves_as_text(bring, left_out):
    run = bring("name,tier\n=cmd|' /C calc'!A0,A\n@SUM(1),Z\n-5,Z\n", "accounts")
    assert accounts() == ["=cmd|' /C calc'!A0"]
    assert [row[0] for row in left_out(run)] == ["'@SUM(1)", "-5"]
    back = run.left_out_file().read_text(encoding="utf-8-sig").replace(",Z,", ",B,")
    bring(back, "accounts")
    assert accounts()[1:] == ["@SUM(1)", "-5"]


def test_a_spreadsheets_errors_are_no_names(bring, left_out):
    run = bring("name\n#REF!\nA\n", "accounts")
    assert left_out(run)[0][-1] == "line 2 – name: holds a spreadsheet's error (#REF!)"


def test_keys_that_stand_twice(bring, left_out):
    run = bring("id,name\n1,A\n2,B\n1,C\n1,A\n", "accounts")
    assert accounts() == ["A", "B"]
    assert [row[-1] for row in left_out(run)] == [
        "line 4 – has the same key as line 2",
        "line 5 – has the same key as line 2",
    ]


def test_mail_addresses_choices_and_lengths(bring, left_out):
    run = bring(f"name,tier,email,industry\nA,Z,a@b.example,x\nB,gold,b at c,x\nC,B,,{'x' * 81}\n", "accounts")
    assert [row[-1] for row in left_out(run)] == [
        "line 2 – tier: “Z” is none of: A, B, C, D",
        "line 3 – email: “b at c” is not a mail address",
        "line 4 – industry: is longer than 80 characters",
    ]


# Dates.


def issued(bring, *cells, **options):
    rows = "".join(f"{n};c;{cell};1\n" for n, cell in enumerate(cells))
    run = bring(f"number;client;date;amount\n{rows}", "invoices", **options)
    from cartera.contracts.models import Invoice

    moments = dict(Invoice.objects.values_list("number", "issued_at"))
    return run, [moments.get(str(n)) for n in range(len(cells))]


def day(year, month, day, *clock):
    return datetime(year, month, day, *clock, tzinfo=UTC)


def test_an_ambiguous_date_is_decided_by_the_others_of_its_column(bring):
    assert issued(bring, "03/04/2011", "25/04/2011")[1] == [day(2011, 4, 3), day(2011, 4, 25)]


def test_and_the_other_way_round(bring):
    assert issued(bring, "03/04/2011", "04/25/2011")[1] == [day(2011, 3, 4), day(2011, 4, 25)]


def test_dates_in_two_formats_are_refused_with_both_lines(bring):
    with pytest.raises(
        Undecided, match=r"line 2 says 25/12/2011 \(day first\), line 4 says 12/25/2011 \(month first\)"
    ):
        issued(bring, "25/12/2011", "03/04/2011", "12/25/2011")


def test_unless_somebody_says_which(bring, left_out):
    run, moments = issued(bring, "25/12/2011", "03/04/2011", "12/25/2011", ways={"issued_at": "dmy"})
    assert moments == [day(2011, 12, 25), day(2011, 4, 3), None]
    assert (
        left_out(run)[0][-1] == "line 4 – date: “12/25/2011” is written month first, the rest of the column day first"
    )


def test_dates_in_words_iso_two_digits_and_as_a_spreadsheet_counts_them(bring):
    cells = [
        "2011-04-03",
        "3 Apr 2011",
        "3 de abril de 2011",
        "3-abr-11",
        "April 3, 2011",
        "20110403",
        "40636",
        "3.4.11",
    ]
    assert issued(bring, *cells, ways={"issued_at": "dmy"})[1] == [day(2011, 4, 3)] * len(cells)


def test_times_and_zones(bring):
    cells = ["2011-07-03T08:26:00Z", "3/7/2011 8:26", "13/7/2011 8:26 PM", "2011-07-03T08:26:00+02:00", "40727.5"]
    assert issued(bring, *cells, zone="Europe/Madrid")[1] == [
        day(2011, 7, 3, 8, 26),
        day(2011, 7, 3, 6, 26),
        day(2011, 7, 13, 18, 26),
        day(2011, 7, 3, 6, 26),
        day(2011, 7, 3, 10),
    ]


@pytest.mark.parametrize("cell", ["31/02/2011", "tomorrow", "0/0/2011", "3/4", "99999999"])
def test_what_is_no_date(bring, left_out, cell):
    run, _moments = issued(bring, cell, "13/01/2011")
    assert left_out(run)[0][-1] == f"line 2 – date: “{cell}” is not a date"


# Numbers.


def amounts(bring, *cells, **options):
    from cartera.contracts.models import Invoice

    rows = "".join(f"{n}\tc\t2011-01-01\t{cell}\n" for n, cell in enumerate(cells))
    run = bring(f"number\tclient\tdate\tamount\n{rows}", "invoices", **options)
    found = dict(Invoice.objects.values_list("number", "total"))
    return run, [float(found[str(n)]) if str(n) in found else None for n in range(len(cells))]


def test_decimal_commas(bring):
    assert amounts(bring, "1.234,50", "1.234", "0,5", "12")[1] == [1234.5, 1234, 0.5, 12]


def test_decimal_points(bring):
    assert amounts(bring, "1,234.50", "1,234", "0.5", "1 234.5", "1'234.5")[1] == [1234.5, 1234, 0.5, 1234.5, 1234.5]


def test_signs_percentages_and_negatives_of_bookkeepers(bring):
    cells = ["€ 1.50", "1.50 €", "GBP 2.00", "(3.25)", "4-", "−5", "50%", "£(6.00)", "1.5E+2"]
    assert amounts(bring, *cells)[1] == [1.5, 1.5, 2, -3.25, -4, -5, 0.5, -6, 150]


def test_a_column_that_contradicts_itself_is_refused_at_the_line(bring, left_out):
    run, found = amounts(bring, "1.5", "2.5", "3,75", "3,000")
    assert found == [1.5, 2.5, None, 3000]
    assert left_out(run)[0][-1] == (
        "line 4 – amount: “3,75” is written with a decimal comma, the rest of the column with a point"
    )


@pytest.mark.parametrize("cell", ["abc", "1.2.3,4,5", "Infinity", "1,23,456.7", "12:30", "--5"])
def test_what_is_no_number(bring, left_out, cell):
    run, _found = amounts(bring, cell, "1.5", "2.5")
    assert left_out(run)[0][-1] == f"line 2 – amount: “{cell}” is not a number"


def test_a_number_too_large(bring, left_out):
    run, _found = amounts(bring, "1e30", "99999999999999999999", "1.5")
    assert [row[-1] for row in left_out(run)] == [
        "line 2 – amount: “1e30” is too large",
        "line 3 – amount: “99999999999999999999” is too large",
    ]


# Workbooks.


def workbook(rows, *, title_rows=0, sheets=("Clients",)):
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"in_memory": True, "remove_timezone": True}) as book:
        dated = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        for name in sheets:
            sheet = book.add_worksheet(name)
            for place, row in enumerate(rows if name == sheets[-1] else []):
                for column, cell in enumerate(row):
                    if isinstance(cell, datetime):
                        sheet.write_datetime(place + title_rows, column, cell, dated)
                    else:
                        sheet.write(place + title_rows, column, cell)
    return kept.getvalue()


def test_a_workbook_with_its_numbers_and_dates(bring):
    from cartera.contracts.models import Invoice

    rows = [
        ["InvoiceNo", "CustomerID", "InvoiceDate", "Quantity", "UnitPrice"],
        [536365, 17850.0, day(2010, 12, 1, 8, 26), 6, 2.55],
    ]
    bring(workbook(rows), "invoices", name="ledger.xlsx")
    invoice = Invoice.objects.get()
    assert (invoice.number, invoice.account.external_id, float(invoice.total)) == ("536365", "17850", 15.3)
    assert invoice.issued_at == day(2010, 12, 1, 8, 26)


def test_the_sheet_that_has_rows_is_read_and_lines_are_those_of_the_sheet(bring, left_out):
    rows = [["Name", "Tier"], ["A", "A"], ["", ""], ["B", "Z"]]
    run = bring(workbook(rows, title_rows=2, sheets=("Empty", "Full")), "accounts", name="x.xlsx")
    assert accounts() == ["A"]
    assert left_out(run)[0][-1] == "line 6 – Tier: “Z” is none of: A, B, C, D"


def test_a_workbook_twice_changes_nothing(bring):
    content = workbook([["Name", "External id", "Tier"], ["A", 1, "A"], ["B", 2.0, "B"]])
    bring(content, "accounts", name="x.xlsx")
    assert bring(content, "accounts", name="x.xlsx").same == 2


# What stays whole.


def test_a_file_that_cannot_be_read_leaves_nothing_behind(bring, media):
    with pytest.raises(Unreadable):
        bring(b"", "accounts")
    assert not Run.objects.exists()
    assert not list((media / "imports").glob("*"))


def test_an_empty_cell_erases_nothing(bring):
    bring("id,name,country,contact,email\n1,A,Spain,Bea,bea@a.example\n", "accounts")
    run = bring("id,name,country,contact,email\n1,A,,,\n", "accounts")
    assert run.same == 1
    assert Account.objects.get().country == "Spain"
    assert Contact.objects.get().email == "bea@a.example"


def test_memory_is_not_the_files(bring, monkeypatch):
    """Rows are held a chunk at a time."""
    from cartera.imports import scanning

    most = 0

    def watched(rows, size=3):
        nonlocal most
        for lines, cells in scanning.chunks(rows, size):
            most = max(most, len(cells))
            yield lines, cells

    monkeypatch.setattr("cartera.imports.chunks.chunks", watched)
    bring(LEDGER, "invoices")
    assert most == 3
