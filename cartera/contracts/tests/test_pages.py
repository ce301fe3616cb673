"""Invoices as people meet them: the list, one of them, an account's money, who buys a product, currencies."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from cartera.catalogue.models import Product
from cartera.contracts import operations
from cartera.contracts.models import FxRate, Invoice
from cartera.search import queries as search

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def as_member(client):
    def sign_in(member):
        client.force_login(member)
        return client

    return sign_in


@pytest.fixture
def ledger(cast):
    """Norte owes an old and a new invoice, paid one and got a credit note; Harbour pays in pounds."""
    cast.beans = Product.objects.create(code="BEAN 1", name="Beans")
    rows = [
        ("norte", "F-1", "2025-12-10", "2026-01-09", None, "100.00", "EUR"),
        ("norte", "F-2", "2026-02-20", "2026-03-22", None, "50.00", "EUR"),
        ("norte", "F-3", "2025-11-03", "2025-12-03", "2025-12-01", "80.00", "EUR"),
        ("norte", "C-4", "2026-02-21", None, None, "-20.00", "EUR"),
        ("harbour", "H-1", "2026-02-10", "2026-02-20", None, "200.00", "GBP"),
    ]
    operations.issue_many(
        [
            {
                "account_id": getattr(cast, key).pk, "number": number, "currency": currency,
                "issued_at": datetime.fromisoformat(issued).replace(hour=12, tzinfo=UTC),
                "due_on": due and date.fromisoformat(due), "paid_on": paid and date.fromisoformat(paid),
                "lines": [{"product": cast.beans, "quantity": Decimal(1), "unit_price": Decimal(total)}],
            }
            for key, number, issued, due, paid, total, currency in rows
        ],
        by=None, at=cast.at,
    )  # fmt: skip
    return cast


def numbers(page):
    return [invoice.number for invoice in page.context["page"].rows]


def htmx(client, url):
    return client.get(url, headers={"HX-Request": "true"})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ["C-4", "F-2", "F-1", "F-3"]),
        ("state:overdue", ["F-1"]),
        ("state:open", ["F-2"]),
        ("state:open,overdue", ["F-2", "F-1"]),
        ("state:paid", ["F-3"]),
        ("state:credit", ["C-4"]),
        ("due:<30d", ["F-2", "F-1", "F-3"]),
        ("issued:2026-02", ["C-4", "F-2"]),
        ("total:>60", ["F-1", "F-3"]),
        ("currency:EUR -state:credit", ["F-2", "F-1", "F-3"]),
        ('product:"bean 1" total:<0', ["C-4"]),
        ("account:bodegas f-1", ["F-1"]),
        ("estado:overdue cuenta:bodegas moneda:EUR", ["F-1"]),
        ("nothing", []),
    ],
)
def test_the_list_filters_as_text(ledger, as_member, text, found):
    assert numbers(as_member(ledger.ana).get(reverse("contracts:invoices"), {"q": text})) == found


def test_a_wrong_filter_says_what_is_wrong_and_keeps_what_was_typed(ledger, as_member):
    page = as_member(ledger.ana).get(reverse("contracts:invoices"), {"q": "stat:overdue"}).content.decode()
    assert "Did you mean state:?" in page
    assert 'value="stat:overdue"' in page


def test_the_list_says_what_it_comes_to_in_each_currency_and_in_ours(ledger, as_member):
    total = as_member(ledger.vera).get(reverse("contracts:invoices")).context["total"]
    assert total.by_currency == [("EUR", Decimal("210.00")), ("GBP", Decimal("200.00"))]
    assert total.total is None
    operations.set_rate(
        currency="GBP", into="EUR", on=date(2026, 1, 1), rate=Decimal("1.2"), by=ledger.ada, at=ledger.at
    )
    page = as_member(ledger.vera).get(reverse("contracts:invoices"))
    assert page.context["total"].total == Decimal("450.00")
    assert "each at the rate of its day" in page.content.decode()


def test_the_list_takes_the_same_few_queries_however_many_invoices(ledger, as_member, django_assert_num_queries):
    client, url = as_member(ledger.ana), reverse("contracts:invoices")
    client.get(url)
    with django_assert_num_queries(6):
        client.get(url)
    row = {"account_id": ledger.norte.pk, "issued_at": ledger.at, "currency": "EUR", "lines": []}
    operations.issue_many([{**row, "number": f"N-{number}"} for number in range(120)], by=None, at=ledger.at)
    with django_assert_num_queries(6):
        page = client.get(url)
    assert page.context["total"].count == 124
    assert len(page.context["page"].rows) == 50


def test_who_does_not_see_the_account_sees_none_of_its_invoices(ledger, as_member):
    invoice = Invoice.objects.get(number="F-1")
    urls = [
        reverse("contracts:invoice", args=[invoice.pk]),
        reverse("contracts:money", args=[ledger.norte.pk]),
        f"{reverse('contracts:invoices')}?account={ledger.norte.pk}",
    ]
    for stranger in (ledger.nell, ledger.sam, ledger.marc):
        client = as_member(stranger)
        assert {client.get(url).status_code for url in urls} == {404}
        assert "F-1" not in numbers(client.get(reverse("contracts:invoices")))
        for name in ("pay", "unpay", "set_due"):
            assert client.post(reverse(f"contracts:{name}", args=[invoice.pk])).status_code == 404
        assert not [hit for hit in search.find_for(stranger, "F-1") if hit.kind == "invoice"]
    for friend in (ledger.ana, ledger.luz, ledger.diego, ledger.vera, ledger.ada):
        assert {as_member(friend).get(url).status_code for url in urls} == {200}
        assert [hit.pk for hit in search.find_for(friend, "F-1") if hit.kind == "invoice"] == [invoice.pk]


def test_an_invoice_is_marked_as_paid_and_that_can_be_undone(ledger, as_member):
    invoice, client = Invoice.objects.get(number="F-1"), as_member(ledger.ana)
    late = client.post(reverse("contracts:pay", args=[invoice.pk]), {"paid_on": "2026-02-30"})
    assert late.status_code == 422
    assert "data-open-now" in late.content.decode()
    page = client.post(
        reverse("contracts:pay", args=[invoice.pk]), {"paid_on": "2026-02-27"}, follow=True
    ).content.decode()
    assert "Marked F-1 as paid." in page
    assert "/undo/" in page
    client.post(reverse("contracts:unpay", args=[invoice.pk]))
    invoice.refresh_from_db()
    assert invoice.paid_on is None
    client.post(reverse("contracts:set_due", args=[invoice.pk]), {"due_on": "2026-04-01"})
    invoice.refresh_from_db()
    assert (invoice.due_on, invoice.state) == (date(2026, 4, 1), "open")


def test_hostile_words_stay_words(ledger, as_member):
    Product.objects.update(name=HOSTILE)
    ledger.norte.name = HOSTILE
    ledger.norte.save()
    invoice = Invoice.objects.get(number="F-1")
    invoice.lines.update(text=HOSTILE * 2)
    client = as_member(ledger.ana)
    for url in (
        reverse("contracts:invoices"),
        reverse("contracts:invoice", args=[invoice.pk]),
        reverse("contracts:money", args=[ledger.norte.pk]),
        reverse("contracts:product", args=[ledger.beans.pk]),
        reverse("timeline:feed", args=[ledger.norte.pk]),
    ):
        page = client.get(url).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page


def test_the_money_panel_shows_what_is_owed_bought_and_bought_most(ledger, as_member, django_assert_max_num_queries):
    client, url = as_member(ledger.ana), reverse("contracts:money", args=[ledger.norte.pk])
    htmx(client, url)
    with django_assert_max_num_queries(15):
        panel = htmx(client, url)
    text = panel.content.decode()
    assert (panel.context["late"][0].amount, panel.context["owed"].total) == (Decimal("100.00"), Decimal("150.00"))
    assert [(share.product, share.amount, share.share) for share in panel.context["top"]] == [
        (ledger.beans, Decimal("210.00"), 1)
    ]
    assert "€210" in text
    assert f"account={ledger.norte.pk}&amp;q=issued%3A2026-02" in text
    whole = client.get(url).content.decode()
    assert text.strip() in whole


def test_months_of_another_currency_are_unknown_without_a_rate(ledger, as_member):
    client, url = as_member(ledger.nell), reverse("contracts:money", args=[ledger.harbour.pk])
    assert "unknown" in htmx(client, url).content.decode()
    FxRate.objects.create(currency="GBP", into="EUR", on=date(2025, 1, 1), rate=Decimal("1.5"))
    assert "€300" in htmx(client, url).content.decode()


def test_who_buys_a_product_is_only_who_the_member_sees(ledger, as_member, django_assert_max_num_queries):
    url = reverse("contracts:product", args=[ledger.beans.pk])
    client = as_member(ledger.ana)
    htmx(client, url)
    with django_assert_max_num_queries(10):
        rows = htmx(client, url).context["buyers"]
    assert [(buyer.account, buyer.amount, buyer.quantity) for buyer in rows] == [(ledger.norte, Decimal(210), 4)]
    assert as_member(ledger.sam).get(url).context["buyers"] == []


def test_accounts_without_invoices_and_an_empty_list_say_what_to_do(cast, as_member):
    client = as_member(cast.ana)
    assert "No invoices yet" in client.get(reverse("contracts:invoices")).content.decode()
    assert "No invoices yet" in htmx(client, reverse("contracts:money", args=[cast.norte.pk])).content.decode()


def test_only_administrators_see_and_set_rates(ledger, as_member):
    url = reverse("contracts:rates")
    assert as_member(ledger.vera).get(url).status_code == 403
    client = as_member(ledger.ada)
    good = {"currency": "gbp", "into": "EUR", "on": "2026-01-01", "rate": "1.25"}
    for wrong in ({"currency": "£££"}, {"into": "GBP"}, {"rate": "0"}, {"rate": "-1"}, {"on": "soon"}):
        assert client.post(url, {**good, **wrong}).status_code == 422
    client.post(url, good)
    assert FxRate.objects.get().rate == Decimal("1.25")
    ledger.harbour.refresh_from_db()
    assert ledger.harbour.revenue == Decimal(250)
    assert "1.25 EUR" in client.get(url).content.decode()


def test_spanish_readers_get_their_words_and_their_numbers(ledger, as_member):
    ledger.ana.language = "es"
    ledger.ana.save()
    page = as_member(ledger.ana).get(reverse("contracts:invoices")).content.decode()
    assert "Facturas" in page
    assert "100,00 €" in page.replace("\xa0", " ")


def test_overdue_money_is_a_reason_to_turn_to_the_account(ledger, django_assert_max_num_queries):
    from cartera.accounts.models import Account
    from cartera.contracts.candidates import overdue

    with django_assert_max_num_queries(4):
        found = overdue(ledger.vera, date(2026, 3, 2), Account.objects.visible_to(ledger.vera))
    by_account = {candidate.account_id: candidate for candidate in found}
    norte, harbour = by_account[ledger.norte.pk], by_account[ledger.harbour.pk]
    assert (norte.value, norte.currency, norte.probability) == (Decimal(100), "EUR", 0.06)
    assert norte.deadline == date(2026, 3, 2) + timedelta(days=9)
    assert (harbour.value, harbour.currency, harbour.probability) == (Decimal(200), "GBP", 0.02)
    assert norte.evidence[0].url.endswith(f"?account={ledger.norte.pk}&q=state%3Aoverdue")
