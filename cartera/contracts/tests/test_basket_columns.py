"""What a choice of products says, against the engine's slow definition on the same lines."""

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest

from cartera.accounts.models import Account
from cartera.catalogue.models import Product
from cartera.contracts import basket_columns
from cartera.contracts.models import Invoice, InvoiceLine
from cartera.engine import baskets
from cartera.lake import operations
from cartera.lake.queries import facts_as_of, facts_of

AS_OF = datetime(2026, 3, 3, tzinfo=UTC)
FIGURES = (basket_columns.refills, basket_columns.mainstream, basket_columns.unit_price)


@pytest.fixture(autouse=True)
def lake(settings, tmp_path):
    settings.LAKE = tmp_path / "lake"
    settings.LAKE.mkdir()


@pytest.fixture
def trade(cast):
    """Ten months of seeded trade: twelve accounts, the last without a line above zero."""
    dice = random.Random(5)
    products = [Product.objects.create(code=f"P{n}", name=f"Product {n}") for n in range(5)]
    accounts = [Account.objects.create(name=f"Client {n}", opened_at=cast.at) for n in range(12)]
    for account in accounts[:-1]:
        at = datetime(2025, 5, 1, tzinfo=UTC) + timedelta(hours=dice.randrange(3000))
        while at < AS_OF + timedelta(days=20):
            sell(account, at, [(dice.choice([*products, None]), dice) for _line in range(dice.randrange(1, 4))])
            at += timedelta(hours=dice.randrange(10, 2400))
    sell(accounts[-1], AS_OF - timedelta(days=5), [(products[0], None)])
    return accounts


def sell(account, at, bought):
    number = Invoice.objects.count()
    invoice = Invoice.objects.create(
        account=account, number=str(number), issued_at=at, recorded_at=at, currency="EUR", kind="invoice", total=1
    )
    for position, (product, dice) in enumerate(bought, 1):
        quantity = dice.choice([-1, 1, 2, 12]) if dice else -1
        price = Decimal(dice.randrange(100, 9_000)) / 100 if dice else Decimal(1)
        InvoiceLine.objects.create(
            invoice=invoice, position=position, product=product, quantity=quantity, unit_price=price,
            amount=quantity * price,
        )  # fmt: skip


def test_baskets_equal_the_engine_on_the_same_lines(trade):
    operations.publish()
    ids = np.array(sorted(account.pk for account in trade), np.int64)
    lines = InvoiceLine.objects.filter(amount__gt=0, product__isnull=False).select_related("invoice")
    expected = baskets.read(
        np.searchsorted(ids, [line.invoice.account_id for line in lines]),
        [line.invoice.issued_at.timestamp() / 86_400 for line in lines],
        [line.product_id for line in lines],
        [float(line.amount / line.quantity) for line in lines],
        size=len(ids),
        as_of=AS_OF.timestamp() / 86_400,
    )
    facts = facts_as_of(AS_OF)
    found = [figure(facts, AS_OF, ids)["value"] for figure in FIGURES]
    np.testing.assert_allclose(found[0], expected.refills)
    np.testing.assert_allclose(found[1], np.exp(expected.mainstream))
    np.testing.assert_allclose(found[2], expected.unit_price)
    assert np.isnan(found[0][-1])
    assert np.isfinite(found[0]).sum() > 8
    assert np.nanstd(found[0]) > 0.001


def test_an_account_has_the_same_baskets_asked_about_alone(trade):
    operations.publish()
    ids = np.array(sorted(account.pk for account in trade), np.int64)
    every, alone = facts_as_of(AS_OF), facts_of([int(ids[3])], AS_OF)
    for figure in FIGURES:
        one = figure(alone, AS_OF, ids[3:4])
        for name, column in figure(every, AS_OF, ids).items():
            np.testing.assert_allclose(one[name], column[3:4], err_msg=name)


def test_nothing_is_known_of_baskets_without_lines(cast):
    operations.publish()
    ids = np.array([1], np.int64)
    for figure in FIGURES:
        assert np.isnan(figure(facts_as_of(AS_OF), AS_OF, ids)["value"]).all()
