"""Scoring every account by usage and by money, one account anew, and a backtest; beside one aggregate of the usage.

make bench ARGS="--only scoring --usage-rows 100000000"
"""

from datetime import date, timedelta
from decimal import Decimal
from statistics import median
from time import process_time

import lake_bench
import usage_bench
from bench import OPTIONS, middle, report, seconds, set_up

DAY = date(2026, 1, 1)
INVOICES, TOUCHES = 20, 5  # of an account
CUTS = 12
# Usage is not on the scorecard that Cartera proposes: most companies sell no software.
FACTORS = [
    ("usage.people", 10, [(0.0, 0), (5.0, 60), (10.0, 100)]),
    ("usage.trend", 15, [(-0.5, 0), (-0.1, 60), (0.0, 80), (0.2, 100)]),
    ("usage.breadth", 5, [(0.0, 0), (10.0, 60), (30.0, 100)]),
    ("usage.seats", 5, [(0.0, 0), (0.5, 60), (1.0, 100)]),
]


def main() -> None:
    set_up()
    accounts, rows = OPTIONS["accounts"], OPTIONS["usage_rows"]
    fill(accounts, rows)
    limit = aggregate()
    at = f"{accounts:,} accounts, {rows:,} usage rows"
    everybody = scoring(at, limit)
    one(at)
    backtest(at, everybody)


def fill(accounts: int, rows: int) -> None:
    """Make use, invoices of one line and calls of so many accounts, and add usage to the first scorecard."""
    from django.db import connection
    from django.utils import timezone

    from cartera.health import operations
    from cartera.health.models import Factor, Scorecard

    lake_bench.fill(accounts, accounts * INVOICES, lines=1)
    usage_bench.fill(accounts, rows)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO timeline_interaction (account_id, kind, direction, happened_at, recorded_at, subject, text,"
            " source) SELECT (id * 31) %% %s + 1, 'call', CASE WHEN id %% 2 = 0 THEN 'in' ELSE 'out' END, issued_at,"
            " issued_at, '', '', 'typed' FROM contracts_invoice WHERE id <= %s * %s",
            [accounts, accounts, TOUCHES],
        )
    operations.make_first_scorecard(at=timezone.now())
    Factor.objects.bulk_create(
        Factor(scorecard=Scorecard.objects.get(), measure=measure, weight=Decimal(weight), curve=curve, order=20)
        for measure, weight, curve in FACTORS
    )


BARE = "one DuckDB aggregate by account over the usage rows"


def aggregate() -> float:
    """How long the barest aggregate takes over the rows of usage, in seconds."""
    import duckdb
    from django.conf import settings

    from cartera.lake import manifest
    from cartera.lake.on_duckdb import MEMORY, THREADS

    files = [str(settings.LAKE / file) for file in manifest.read(settings.LAKE).files_of("usage")]
    bare = duckdb.connect(config={"memory_limit": MEMORY, "threads": THREADS})
    text = "SELECT account_id, sum(events), max(happened_at) FROM read_parquet($files) GROUP BY account_id"
    return middle(lambda: bare.sql(text, params={"files": files}).to_arrow_table(), 3) / 1000


def score(day: date = DAY, account_ids: list[int] | None = None) -> None:
    from django.utils import timezone

    from cartera.health import operations

    operations.score(as_of=day, by=None, at=timezone.now(), account_ids=account_ids)


def scoring(at: str, limit: float) -> float:
    """Score everybody: the first time, as on the next day, and once more; return how long the next day took."""
    from cartera.lake import operations

    report("publish before the first scoring", at=at, ours=seconds(operations.publish), unit="s")
    works = {"for the first time": DAY, "on the next day": DAY + timedelta(days=1), "again on that day": DAY}
    taken = {}
    for work, day in works.items():
        day = DAY + timedelta(days=1) if work == "again on that day" else day
        taken[work] = seconds(lambda day=day: score(day))
        report(f"score every account {work}", at=at, ours=taken[work], limit=limit, unit="s", barest=BARE)
    return taken["on the next day"]


def one(at: str) -> None:
    """Log a call and score its account anew, over and over: the time of the clock, and of the processor."""
    from django.utils import timezone

    from cartera.accounts.models import Account
    from cartera.timeline import operations

    clock, processor = [], []
    for number in range(1, 22):
        account = Account.objects.get(pk=number)
        now = timezone.now()
        operations.log(account=account, kind="call", direction="in", happened_at=now, by=None, at=now)
        began = process_time()
        clock.append(seconds(lambda number=number: score(DAY + timedelta(days=1), [number])) * 1000)
        processor.append((process_time() - began) * 1000)
    report("score one account after a call", at=at, ours=median(clock[1:]), limit=50, barest="the aim")
    report("the same, processor time", at=at, ours=median(processor[1:]), limit=50, barest="the aim")


def backtest(at: str, everybody: float) -> None:
    from django.utils import timezone

    from cartera.health import operations

    test = operations.begin_backtest(as_of=DAY, cuts=CUTS, window=90, by=None, at=timezone.now())
    ours = seconds(lambda: operations.backtest(test))
    report(
        f"backtest, {CUTS} cuts", at=at, ours=ours, limit=CUTS * everybody / 2, unit="s",
        barest=f"half of {CUTS} scorings",
    )  # fmt: skip


if __name__ == "__main__":
    main()
