"""A backtest and the learning of a risk model, beside one scoring of the same accounts."""

from datetime import UTC, datetime
from decimal import Decimal

from bench import OPTIONS, report, seconds, set_up
from lake_bench import fill

AS_OF = datetime(2026, 1, 1, tzinfo=UTC)
CUTS = 12


def main() -> None:
    set_up()
    accounts, invoices = OPTIONS["accounts"], max(OPTIONS["usage_rows"] // 2, 1)
    fill(accounts, invoices, lines=1)
    some_leave()
    at = f"{accounts:,} accounts, {2 * invoices:,} rows"
    score()
    scoring = seconds(score)
    report("score every account again", at=at, ours=scoring, unit="s")
    report(
        f"backtest, {CUTS} cuts", at=at, ours=seconds(backtest), limit=CUTS * scoring / 2, unit="s",
        barest=f"half of {CUTS} scorings",
    )  # fmt: skip
    report(
        "learn a risk model", at=at, ours=seconds(learn), limit=CUTS * scoring / 2, unit="s",
        barest=f"half of {CUTS} scorings",
    )  # fmt: skip


def some_leave() -> None:
    """Take out what every fifth account ordered after some day of the last year and a half."""
    from django.db import connection

    past = "timestamptz '2026-01-01 00:00+00' - (account_id * 7919 %% 540) * interval '1 day'"
    if connection.vendor == "sqlite":
        past = "datetime('2026-01-01', '-' || (account_id * 7919 %% 540) || ' days')"
    gone = f"SELECT id FROM contracts_invoice WHERE account_id %% 5 = 0 AND issued_at > {past}"
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM contracts_invoiceline WHERE invoice_id IN ({gone})", [])
        cursor.execute(f"DELETE FROM contracts_invoice WHERE id IN ({gone})", [])


def score() -> None:
    from django.utils import timezone

    from cartera.health import operations

    operations.score(as_of=AS_OF.date(), by=None, at=timezone.now())


def backtest() -> None:
    from django.utils import timezone

    from cartera.health import operations

    test = operations.begin_backtest(as_of=AS_OF.date(), cuts=CUTS, window=90, by=None, at=timezone.now())
    found = operations.backtest(test)
    print(f"  {found['score']['lost']:,} accounts lost: {found['score']['verdict']}")


def learn() -> None:
    from django.utils import timezone

    from cartera.health import operations

    version = operations.learn(as_of=AS_OF.date(), period=90, base=Decimal("0.1"), by=None, at=timezone.now())
    print(f"  learned from {version.learned['losses']:,} losses, {version.learned['model']['origin']}")


if __name__ == "__main__":
    main()
