"""The measures of money, against a slow version in plain Python, and never with a look into the future."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest
from django.utils import translation

from cartera.accounts.models import Account
from cartera.catalogue.models import Product
from cartera.contracts.models import FxRate, Invoice, InvoiceLine
from cartera.engine import concentration, foretelling, gaps, momentum, rhythm, trend
from cartera.lake import operations
from cartera.lake.queries import facts_as_of, facts_of, measures

AS_OF = datetime(2026, 3, 3, tzinfo=UTC)
KEYS = [
    "rhythm", "trend", "breadth", "returns", "overdue", "revenue_12m", "momentum", "concentration", "lateness",
    "recency", "frequency", "tenure", "order_value", "active_months", "orders_ahead", "refills", "mainstream",
    "unit_price",
]  # fmt: skip


@pytest.fixture(autouse=True)
def lake(settings, tmp_path):
    settings.LAKE = tmp_path / "lake"
    settings.LAKE.mkdir()


@pytest.fixture
def trade(cast):
    """Two and a half years of seeded trade: 20 accounts, some quiet, some returning, one of two currencies."""
    dice = random.Random(7)
    products = [Product.objects.create(code=f"P{n}", name=f"Product {n}") for n in range(6)]
    accounts = [Account.objects.create(name=f"Client {n}", opened_at=cast.at, currency="EUR") for n in range(20)]
    FxRate.objects.create(currency="GBP", into="EUR", on=date(2024, 1, 1), rate=Decimal("1.25"))
    sold = []
    for place, account in enumerate(accounts[:-1]):
        day = date(2023, 9, 1) + timedelta(days=dice.randrange(200))
        while day < date(2026, 4, 20) - timedelta(days=13 * place):
            sold.append(sale(dice, account, day, products, "GBP" if place == 3 and dice.random() < 0.3 else "EUR"))
            day += timedelta(days=dice.randrange(1, 12 + 6 * place))
    keep(sold)
    return accounts


def keep(sold):
    for number, (invoice, _lines) in enumerate(sold):
        invoice.number = f"{number}"
    Invoice.objects.bulk_create(invoice for invoice, _lines in sold)
    InvoiceLine.objects.bulk_create(
        InvoiceLine(invoice=invoice, position=place, product=product, quantity=1, unit_price=amount, amount=amount)
        for invoice, lines in sold
        for place, (product, amount) in enumerate(lines, 1)
    )


def sale(dice, account, day, products, currency):
    at = datetime(day.year, day.month, day.day, dice.randrange(24), tzinfo=UTC)
    sign = -1 if dice.random() < 0.15 else 1
    lines = [
        (dice.choice([*products, None]), sign * Decimal(dice.randrange(100, 90_000)) / 100)
        for _line in range(dice.randrange(1, 4))
    ]
    due = day + timedelta(days=30) if dice.random() < 0.8 else None
    paid = due + timedelta(days=dice.randrange(-10, 40)) if due and dice.random() < 0.7 else None
    invoice = Invoice(
        account=account, issued_at=at, currency=currency,
        recorded_at=at + timedelta(days=dice.choice([0, 0, 0, 9])), due_on=due, paid_on=paid,
        kind="invoice" if sign > 0 else "credit_note", total=sum(amount for _product, amount in lines),
    )  # fmt: skip
    return invoice, lines


def taken(accounts, as_of=AS_OF):
    """Every measure's columns for *accounts*."""
    operations.publish()
    facts, offered = facts_as_of(as_of), measures()
    ids = np.array(sorted(account.pk for account in accounts), np.int64)
    return {key: offered[f"contracts.{key}"].compute(facts, as_of, ids) for key in KEYS}


def known(account, as_of=AS_OF):
    return list(Invoice.objects.filter(account=account, recorded_at__lt=as_of, issued_at__lt=as_of).order_by("pk"))


def worth(invoice):
    return float(invoice.total) * (1.25 if invoice.currency == "GBP" else 1.0)


def months_ago(moment):
    """1 for what happened from 3 February to 2 March, and so on back."""
    month = moment.year * 12 + moment.month - (moment.day < AS_OF.day)
    return max(AS_OF.year * 12 + AS_OF.month - month, 1)


def orders_until(trade, moment):
    """The orders known then, counted by the engine."""
    rows = [
        (place, invoice.issued_at.timestamp() / 86400)
        for place, account in enumerate(trade)
        for invoice in known(account, moment)
        if invoice.kind == "invoice"
    ]
    owner, days = zip(*rows, strict=True)
    return gaps.gather(owner, days, size=len(trade), as_of=moment.timestamp() / 86400)


def test_rhythm_equals_the_engine_on_the_same_days(trade):
    found = taken(trade)["rhythm"]
    events = orders_until(trade, AS_OF)
    expected = rhythm.read(events, rhythm.fit(events))
    for name in ("silence", "own_gap", "usual_gap", "unlikely", "active", "quiet"):
        np.testing.assert_allclose(found[name], getattr(expected, name), rtol=1e-4, err_msg=name)
    assert np.isnan(found["value"][-1])


def test_orders_ahead_equal_the_engine_looking_back_on_what_was_known_when_the_same_was_asked(trade):
    now = orders_until(trade, AS_OF)
    day = foretelling.looked_back(np.nanmin(now.first), now.as_of, horizon=90) // 1
    then = orders_until(trade, datetime.fromtimestamp(day * 86400, UTC))
    expected = foretelling.foretell(now, foretelling.learn(then, now), horizon=90)
    found = taken(trade)["orders_ahead"]
    np.testing.assert_allclose(found["value"], expected.orders, rtol=1e-3)
    np.testing.assert_allclose(found["value"], found["active"] * found["if_active"])
    assert np.isnan(found["value"][-1])


def by_month(trade):
    """The net of each account's last 24 months, unknown before its first invoice."""
    table = np.full((len(trade), 24), np.nan)
    for place, account in enumerate(trade):
        invoices = known(account)
        if invoices:
            table[place, max(24 - max(months_ago(one.issued_at) for one in invoices), 0) :] = 0
        for invoice in invoices:
            if (ago := months_ago(invoice.issued_at)) <= 24:
                table[place, 24 - ago] += worth(invoice)
    return table


def test_trend_equals_the_engine_on_the_same_months(trade):
    expected = trend.change(by_month(trade))
    found = taken(trade)["trend"]
    for name in ("recent", "expected", "raw", "trust"):
        np.testing.assert_allclose(found[name], getattr(expected, name), rtol=1e-9, err_msg=name)
    np.testing.assert_allclose(found["value"], expected.change, rtol=1e-9)
    assert np.isfinite(found["value"]).sum() > 10


def test_momentum_equals_the_engine_on_the_same_months(trade):
    expected, found = momentum.change(by_month(trade)), taken(trade)["momentum"]
    for name in ("recent", "before", "raw", "trust"):
        np.testing.assert_allclose(found[name], getattr(expected, name), rtol=1e-9, err_msg=name)
    np.testing.assert_allclose(found["value"], expected.change, rtol=1e-9)
    assert np.isfinite(found["value"]).sum() > 10


def test_returns_and_revenue_of_twelve_months(trade):
    found = taken(trade)
    for place, account in enumerate(trade):
        year = [invoice for invoice in known(account) if months_ago(invoice.issued_at) <= 12]
        billed = sum(worth(invoice) for invoice in year if invoice.total > 0)
        credited = -sum(worth(invoice) for invoice in year if invoice.total < 0)
        expected = credited / billed if billed else np.nan
        assert found["returns"]["value"][place] == pytest.approx(expected, nan_ok=True)
        net = billed - credited if known(account) else np.nan
        assert found["revenue_12m"]["value"][place] == pytest.approx(net, nan_ok=True, abs=1e-6)


def test_breadth_equals_the_engine_on_the_same_lines(trade):
    rows = [
        (place, line.product_id, float(line.amount) * (1.25 if invoice.currency == "GBP" else 1))
        for place, account in enumerate(trade)
        for invoice in known(account)
        if months_ago(invoice.issued_at) <= 12
        for line in invoice.lines.all()
        if line.product_id
    ]
    expected = concentration.breadth(*map(list, zip(*rows, strict=True)), size=len(trade))
    found = taken(trade)["breadth"]
    np.testing.assert_allclose(found["value"], expected.effective)
    np.testing.assert_allclose(found["largest"], expected.largest)
    np.testing.assert_array_equal(np.nan_to_num(found["products"]), expected.products)
    np.testing.assert_allclose(taken(trade)["concentration"]["value"], expected.largest)


def test_overdue_is_what_was_not_known_to_be_paid(trade):
    found = taken(trade)["overdue"]
    for place, account in enumerate(trade):
        invoices = known(account)
        dated = [invoice for invoice in invoices if invoice.due_on]
        late = [
            invoice
            for invoice in dated
            if invoice.due_on < AS_OF.date() and not (invoice.paid_on and invoice.paid_on < AS_OF.date())
        ]
        if not dated:
            assert np.isnan(found["value"][place])
            continue
        amount = max(sum(worth(invoice) for invoice in late), 0)
        assert found["amount"][place] == pytest.approx(amount)
        assert found["invoices"][place] == sum(invoice.total > 0 for invoice in late)
        if late:
            assert found["oldest"][place] == max((AS_OF.date() - invoice.due_on).days for invoice in late)
        net = sum(worth(invoice) for invoice in invoices if months_ago(invoice.issued_at) <= 12)
        usual = net / min(max(months_ago(invoice.issued_at) for invoice in invoices), 12)
        expected = min(amount / usual, 12) if usual > 0 else 12
        assert found["value"][place] == pytest.approx(expected if amount else 0)


def test_orders_are_counted_as_a_person_would(trade):
    found = taken(trade)
    for place, account in enumerate(trade):
        orders = [invoice.issued_at for invoice in known(account) if invoice.kind == "invoice"]
        if not orders:
            assert all(np.isnan(found[key]["value"][place]) for key in ("recency", "frequency", "active_months"))
            assert found["tenure"]["value"][place] == 1  # opened on the day before
            continue
        year = [at for at in orders if months_ago(at) <= 12]
        days = len({at.date() for at in year})
        assert found["recency"]["value"][place] == (AS_OF.date() - max(orders).date()).days
        assert found["tenure"]["value"][place] == (AS_OF.date() - min(orders).date()).days
        assert found["frequency"]["value"][place] == days
        of = min(max(map(months_ago, orders)), 12)
        assert found["active_months"]["value"][place] == pytest.approx(len(set(map(months_ago, year))) / of)
        each = found["revenue_12m"]["value"][place] / days if days else np.nan
        assert found["order_value"]["value"][place] == pytest.approx(each, nan_ok=True)


def delays(account):
    """By how many days each of the invoices that it paid in two years was late, and the oldest open one is."""
    dated = [invoice for invoice in known(account) if invoice.kind == "invoice" and invoice.due_on]
    paid = [invoice for invoice in dated if invoice.paid_on and invoice.paid_on < AS_OF.date()]
    late = [(AS_OF.date() - invoice.due_on).days for invoice in dated if invoice not in paid]
    habit = [(one.paid_on - one.due_on).days for one in paid if one.paid_on >= date(2024, 3, 3)]
    return habit, max([0, *late]), bool(dated)


def test_lateness_is_judged_by_what_the_client_did_before_and_everybody_does(trade):
    found, said = taken(trade)["lateness"], [delays(account) for account in trade]
    payers = [habit for habit, _late, _dated in said if habit]
    for place, (habit, late, dated) in enumerate(said):
        if not dated:
            assert np.isnan(found["value"][place])
            continue
        least = min(late, 180)
        everybody = sum(sum(one >= least for one in theirs) / len(theirs) for theirs in payers)
        share = (everybody + 5 * 0.5 * np.exp(-least / 30)) / (len(payers) + 5)
        expected = (sum(one >= least for one in habit) + 4 * share) / (len(habit) + 4) if late else 1
        assert (found["days"][place], found["payments"][place]) == (late, len(habit))
        assert found["value"][place] == pytest.approx(expected)
        assert found["usual"][place] == pytest.approx(
            sorted(habit)[(len(habit) - 1) // 2] if habit else np.nan, nan_ok=True
        )
    assert np.unique(found["value"]).size > 5


def test_who_always_pays_ten_days_late_is_no_alarm_at_eight(cast):
    dice, product = random.Random(3), [Product.objects.create(code="P", name="P")]
    sold = []
    for account, usual in ((cast.norte, 10), (cast.puente, -2)):
        for month in range(1, 13):
            invoice, lines = sale(dice, account, date(2025, month, 3), product, "EUR")
            invoice.kind, invoice.total = "invoice", abs(invoice.total)
            invoice.due_on = date(2025, month, 20)
            invoice.paid_on = invoice.due_on + timedelta(days=usual)
            sold.append((invoice, lines))
        invoice, lines = sale(dice, account, date(2026, 1, 25), product, "EUR")
        invoice.kind, invoice.total, invoice.due_on, invoice.paid_on = "invoice", 100, date(2026, 2, 23), None
        sold.append((invoice, lines))
    keep(sold)
    found = taken([cast.norte, cast.puente])["lateness"]
    assert found["days"].tolist() == [8, 8]
    assert found["value"][0] > 0.8
    assert found["value"][1] < 0.12


@pytest.mark.parametrize("as_of", [datetime(2025, 6, 30, tzinfo=UTC), AS_OF])
def test_what_becomes_known_later_never_changes_a_value(trade, cast, as_of):
    """The same answer whether the future is in the lake or not: whatever was recorded or paid from that moment on."""
    with_future = taken(trade, as_of)
    Invoice.objects.filter(paid_on__gte=as_of.date()).update(paid_on=None)
    future = Invoice.objects.filter(recorded_at__gte=as_of)
    assert future.exists()
    InvoiceLine.objects.filter(invoice__in=future).delete()
    future.delete()
    without = taken(trade, as_of)
    for key, columns in with_future.items():
        for name, column in columns.items():
            np.testing.assert_allclose(column, without[key][name], rtol=1e-6, err_msg=f"{key} {name}")


def test_an_account_has_the_same_figures_asked_about_alone(trade):
    together = taken(trade)
    alone = taken([trade[4]])
    for key, columns in alone.items():
        for name, column in columns.items():
            np.testing.assert_allclose(column, together[key][name][4:5], err_msg=f"{key} {name}")


def test_an_account_has_the_same_figures_read_from_the_database(trade):
    together, asked = taken(trade), [trade[4].pk, trade[7].pk]
    facts, offered = facts_of(asked, AS_OF), measures()
    for key in KEYS:
        for name, column in offered[f"contracts.{key}"].compute(facts, AS_OF, np.array(asked)).items():
            np.testing.assert_allclose(column, together[key][name][[4, 7]], err_msg=f"{key} {name}")


def test_without_a_rate_the_money_is_unknown_but_ratios_are_not(cast):
    products = [Product.objects.create(code="P", name="P")]
    dice = random.Random(1)
    keep([sale(dice, cast.norte, date(2026, month, 5), products, "JPY") for month in range(1, 3)])
    found = taken([cast.norte])
    assert np.isnan(found["revenue_12m"]["value"][0])
    assert found["returns"]["value"][0] >= 0
    assert found["rhythm"]["days"][0] >= 1


def test_every_measure_is_unknown_without_facts(cast):
    accounts = [cast.norte, cast.puente]
    found = taken(accounts)
    assert found["tenure"]["value"].tolist() == [1, 1]  # they were opened the day before
    assert all(np.isnan(columns["value"]).all() for key, columns in found.items() if key != "tenure")
    assert all(column.shape == (2,) for columns in found.values() for column in columns.values())


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_value_can_be_said(trade, language):
    offered = measures()
    with translation.override(language):
        for key, columns in taken(trade).items():
            for place in range(len(trade)):
                told = {name: None if np.isnan(c[place]) else float(c[place]) for name, c in columns.items()}
                if told["value"] is not None:
                    sentence = offered[f"contracts.{key}"].sentence(told)
                    assert sentence.endswith(".")
                    assert "nan" not in sentence
