"""The real ledger of half a million lines: imported by the command as a user would, and the answer checked."""

import csv
import gzip
import subprocess
import sys
from datetime import date
from pathlib import Path

from bench import OPTIONS, report, seconds, set_up

LEDGER = Path(OPTIONS["data"]) / "online_retail/online_retail.csv.gz"
AS_OF = "2011-12-10"


def cartera(*words: str) -> str:
    """Run the command in this installation and return what it printed."""
    done = subprocess.run([sys.executable, "-m", "cartera", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"cartera {' '.join(words)} failed:\n{done.stdout}\n{done.stderr}")
    return done.stdout


def read_barely() -> int:
    """The barest way to go over the file: decompress and split its lines."""
    with gzip.open(LEDGER, "rt", encoding="utf-8") as file:
        return sum(1 for _row in csv.reader(file))


def main() -> None:
    if not LEDGER.exists():
        print(f"{LEDGER} is not there: the ledger was not measured.")
        return
    cartera("migrate", "-v0")
    printed = ""

    def bring_in() -> None:
        nonlocal printed
        printed = cartera("import", str(LEDGER), "--as", "invoices", "--as-of", AS_OF)

    report(
        "import the ledger", at="541,909 lines", ours=seconds(bring_in), limit=seconds(read_barely), unit="s",
        barest="decompress and split the lines",
    )  # fmt: skip
    print(printed)
    report("score the ledger's clients", at=AS_OF, ours=seconds(lambda: cartera("score", "--as-of", AS_OF)), unit="s")
    set_up()
    check_totals()
    check_answer()


def check_totals() -> None:
    """Whether every client's total equals the file's own to the penny."""
    from decimal import Decimal

    from cartera.contracts.models import Invoice

    expected: dict[str, Decimal] = {}
    with gzip.open(LEDGER, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if client := row["CustomerID"].strip().removesuffix(".0"):
                amount = Decimal(row["Quantity"]) * Decimal(row["UnitPrice"])
                expected[client] = expected.get(client, Decimal(0)) + amount
    ours: dict[str, Decimal] = {}
    for client, total in Invoice.objects.values_list("account__external_id", "total").iterator():
        ours[client] = ours.get(client, Decimal(0)) + total  # in Python: SQLite would add up floating figures
    wrong = [client for client, amount in expected.items() if ours.get(client) != amount]
    print(f"clients: {len(ours):,} here, {len(expected):,} in the file; totals that differ: {len(wrong)}")


def check_answer() -> None:
    """Whether the product's probability of silence, as of a past day, foretells who bought nothing in 91 days.

    The same facts, measure and engine as the product's own, cut at the day. "Bought" is an invoice above zero.
    """
    import numpy as np

    from cartera.contracts.models import Invoice
    from cartera.contracts.money_columns import silence_of
    from cartera.engine.judging import auc, brier, calibration_error
    from cartera.kit.clock import start_of
    from cartera.lake.queries import facts_as_of

    cut, until = start_of(date(2011, 9, 9)), start_of(date(2011, 12, 9))
    orders = Invoice.objects.filter(kind="invoice", total__gt=0).order_by()
    ids = np.array(sorted(orders.filter(issued_at__lt=cut).values_list("account", flat=True).distinct()), np.int64)
    bought = set(orders.filter(issued_at__gte=cut, issued_at__lt=until).values_list("account", flat=True))
    silent = np.array([account not in bought for account in ids.tolist()], float)
    found = silence_of(facts_as_of(cut), cut, ids, horizon=91)
    once = np.isnan(found["own_gap"])
    # A client with a single order has no gap of its own: it is given the mean gap of all the others.
    gap = np.where(once, np.nanmean(found["own_gap"]), found["own_gap"])
    print(
        f"as of {cut:%d.%m.%Y}: {len(ids):,} clients had ordered, {once.sum():,} of them once; "
        f"{int(silent.sum()):,} then bought nothing until {until:%d.%m.%Y}"
    )
    for name, among in (("all clients", np.ones(len(ids), bool)), ("more than one order", ~once), ("one order", once)):
        happened = silent[among]
        print(
            f"  {name}: AUC {auc(found['quiet'][among], happened):.4f} (the product), "
            f"{auc(found['silence'][among], happened):.4f} (days since the last order), "
            f"{auc((found['silence'] / gap)[among], happened):.4f} (those days / own mean gap)"
        )
    print(
        f"  Brier {brier(found['quiet'], silent):.4f} (always the mean: {silent.mean() * (1 - silent.mean()):.4f}), "
        f"expected calibration error {calibration_error(found['quiet'], silent):.4f}"
    )


if __name__ == "__main__":
    main()
