"""The real ledger of half a million lines: imported by the command as a user would, and the answer checked."""

import csv
import gzip
import subprocess
import sys
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


def check_totals() -> None:
    """Whether every client's total equals the file's own to the penny."""
    from decimal import Decimal

    from django.db.models import Sum

    from cartera.contracts.models import Invoice

    expected: dict[str, Decimal] = {}
    with gzip.open(LEDGER, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if client := row["CustomerID"].strip().removesuffix(".0"):
                amount = Decimal(row["Quantity"]) * Decimal(row["UnitPrice"])
                expected[client] = expected.get(client, Decimal(0)) + amount
    ours = dict(Invoice.objects.values_list("account__external_id").annotate(Sum("total")))
    wrong = [client for client, amount in expected.items() if ours.get(client) != amount]
    print(f"clients: {len(ours):,} here, {len(expected):,} in the file; totals that differ: {len(wrong)}")


if __name__ == "__main__":
    main()
