"""Publishing facts to the lake, and measuring every account by them."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench import OPTIONS, middle, report, seconds, set_up

AS_OF = datetime(2026, 1, 1, tzinfo=UTC)
LINES_AN_INVOICE = 10
PRODUCTS = 2_000
MEASURES = ("rhythm", "trend", "breadth", "returns", "overdue", "revenue_12m")


def main() -> None:
    set_up()
    lines, accounts = OPTIONS["usage_rows"], OPTIONS["accounts"]
    invoices = max(lines // LINES_AN_INVOICE, 1)
    fill(accounts, invoices)
    publishing(lines + invoices)
    limit = measuring(accounts, lines + invoices)
    scoring(accounts, lines + invoices, limit)


def fill(accounts: int, invoices: int, lines: int = LINES_AN_INVOICE) -> None:
    """Make invoices of so many lines, evenly over accounts, products and three years, by the database itself."""
    from django.db import connection

    series = "generate_series(1, %s::bigint) AS s(i)"
    at = "timestamptz '2023-01-01 00:00+00' + i * interval '1 second' * %s"
    if connection.vendor == "sqlite":
        series = "(WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < %s) SELECT i FROM s) AS s"
        at = "datetime('2023-01-01', cast(i * %s as int) || ' seconds')"
    step = 3 * 365 * 86_400 / (invoices + 1)
    moment = at.replace("%s", f"{step:.6f}")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_account (id, name, tier, stage, industry, country, language, time_zone, currency,"
            " tax_number, domain, tags, custom, opened_at, health_line) SELECT i, 'Client ' || i, '', 'active', '', '',"
            f" '', '', 'EUR', '', '', '[]', '{{}}', {at.replace('%s', '0')}, '[]' FROM {series}",
            [accounts],
        )
        cursor.execute(
            f"INSERT INTO catalogue_product (id, code, name, family) SELECT i, 'P' || i, '', '' FROM {series}",
            [PRODUCTS],
        )
        cursor.execute(
            "INSERT INTO contracts_invoice (id, account_id, number, kind, issued_at, recorded_at, currency, total)"
            f" SELECT i, (i * 7919) %% {accounts} + 1, 'N' || i, CASE WHEN i %% 20 = 0 THEN 'credit_note' ELSE"
            f" 'invoice' END, {moment}, {moment}, 'EUR', (CASE WHEN i %% 20 = 0 THEN -1 ELSE 1 END) * (i %% 90000 + 99)"
            f" / 100.0 FROM {series}",
            [invoices],
        )
        cursor.execute(
            "INSERT INTO contracts_invoiceline (invoice_id, position, product_id, text, quantity, unit_price, amount)"
            f" SELECT (i - 1) / {lines} + 1, i %% {lines} + 1, (i * 31 + i / 1000) %% {PRODUCTS}"
            f" + 1, '', i %% 9 + 1, (i %% 9000 + 9) / 1000.0, (i %% 9000 + 9) / 100.0 FROM {series}",
            [invoices * lines],
        )
        cursor.execute("ANALYZE")


def publishing(rows: int) -> None:
    from django.conf import settings

    from cartera.contracts.models import Invoice
    from cartera.lake import operations

    ours = seconds(operations.publish)
    report("publish facts", at=f"{rows:,} rows", ours=ours, limit=bare_copy(), unit="s", barest=BARE)
    copied = settings.HOME / "copied"
    copying = seconds(lambda: shutil.copytree(settings.LAKE, copied))
    shutil.rmtree(copied)
    report("publish facts", at=f"{rows:,} rows", ours=ours, limit=copying, unit="s", barest="a copy of the files")
    report("publish when nothing changed", at=f"{rows:,} rows", ours=seconds(operations.publish), unit="s")
    Invoice.objects.filter(pk=1).update(total=1)
    report("publish when one invoice changed", at=f"{rows:,} rows", ours=seconds(operations.publish), unit="s")
    print(f"published {rows / ours:,.0f} rows a second")


BARE = "the same columns of the lines: COPY to a file, or Python's sqlite3 over the rows"


def bare_copy() -> float:
    """How long the database takes to hand out the lines' columns."""
    from django.conf import settings
    from django.db import connection

    statement = (
        "SELECT v.account_id, v.issued_at, v.recorded_at, l.product_id, l.quantity, l.amount, v.currency"
        " FROM contracts_invoiceline l JOIN contracts_invoice v ON v.id = l.invoice_id"
    )

    def fetch() -> None:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute(statement)
                while cursor.fetchmany(10_000):
                    pass
            else:
                with (
                    Path(settings.HOME / "copied.csv").open("wb") as file,
                    cursor.copy(f"COPY ({statement}) TO STDOUT") as c,
                ):
                    file.writelines(c)

    return seconds(fetch)


def measuring(accounts: int, rows: int) -> float:
    """Take every measure of money; return how long the barest aggregate takes."""
    import duckdb
    import numpy as np
    from django.conf import settings

    from cartera.lake.on_duckdb import MEMORY, THREADS
    from cartera.lake.queries import facts_as_of, measures

    bare = duckdb.connect(config={"memory_limit": MEMORY, "threads": THREADS})
    facts_as_of(AS_OF).invoices.count().execute()  # start the engine

    def aggregate() -> None:
        for fact, amount in (("invoice_lines", "amount"), ("invoices", "total")):
            files = str(settings.LAKE / fact / "*" / "*.parquet")
            bare.execute(
                f"SELECT account_id, count(*), sum({amount}), min(happened_at), max(happened_at) FROM '{files}'"
                " GROUP BY account_id"
            ).fetchnumpy()

    ids = np.arange(1, accounts + 1)
    offered = measures()
    limit = seconds(aggregate)
    total = 0.0
    facts = facts_as_of(AS_OF)
    for name in MEASURES:
        taken = seconds(lambda name=name: offered[f"contracts.{name}"].compute(facts, AS_OF, ids))
        print(f"  contracts.{name}: {taken:.2f} s")
        total += taken
    report(
        "measure every account", at=f"{accounts:,} accounts, {rows:,} rows", ours=total, limit=limit, unit="s",
        barest="one DuckDB aggregate by account over the same rows",
    )  # fmt: skip
    again = facts_as_of(AS_OF - timedelta(days=7))
    taken = seconds(lambda: [offered[f"contracts.{name}"].compute(again, again.as_of, ids) for name in MEASURES])
    report("measure another day", at=f"{accounts:,} accounts, {rows:,} rows", ours=taken, limit=limit, unit="s")
    return limit


def scoring(accounts: int, rows: int, limit: float) -> None:
    """Score every account into the database, and one account again after something happened to it."""
    from django.utils import timezone

    from cartera.contracts.models import Invoice, InvoiceLine
    from cartera.health import operations

    def score(account_ids: list[int] | None = None) -> None:
        operations.score(as_of=AS_OF.date(), by=None, at=timezone.now(), account_ids=account_ids)

    def fetch() -> None:
        list(Invoice.objects.filter(account=1).values_list())
        list(InvoiceLine.objects.filter(invoice__account=1).values_list())

    at = f"{accounts:,} accounts, {rows:,} rows"
    for work in ("score every account, first time", "score every account again"):
        report(work, at=at, ours=seconds(score), limit=limit, unit="s", barest="one DuckDB aggregate by account")
    report("score one account again", at=at, ours=middle(lambda: score([1])), limit=middle(fetch), barest="its rows")


if __name__ == "__main__":
    main()
