"""The power goes in the middle of an import: kill -9 for real, then the same command with --resume."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
INVOICES, LINES = 9_000, 6


@pytest.fixture
def cartera(tmp_path):
    """The command, in an installation of its own on SQLite."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CARTERA_", "DATABASE_"))}
    environment = {**kept, "CARTERA_HOME": str(tmp_path / "home"), "PYTHONPATH": str(ROOT)}

    def start(*words):
        return subprocess.Popen(
            [sys.executable, "-m", "cartera", *words], cwd=ROOT, env=environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    return start


def ledger(path):
    """Invoices of six lines, one of them twice, a tenth without a client. Returns how many come in, and the sum."""
    lines, total = 0, Decimal(0)
    with path.open("w") as file:
        file.write("InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID\n")
        for number in range(INVOICES):
            for place in range(LINES):
                client = "" if (number * LINES + place) % 10 == 0 else number % 700
                quantity = place + 1 if place > 1 else 2
                day = f"1/{13 + number % 15}/2011"
                file.write(f"{number},P{max(place, 1)},{quantity},{day},1.23,{client}\n")
                if client != "":
                    lines, total = lines + 1, total + quantity * Decimal("1.23")
    return lines, total


def ask(home, question):
    with closing(sqlite3.connect(f"file:{home}/cartera.sqlite3?mode=ro", uri=True, timeout=20)) as database:
        return database.execute(question).fetchone()


def test_nothing_is_lost_and_nothing_is_half_there(cartera, tmp_path):
    home, file = tmp_path / "home", tmp_path / "ledger.csv"
    lines, total = ledger(file)
    migrating = cartera("migrate", "-v0")
    migrating.communicate()
    assert migrating.returncode == 0
    command = ("import", str(file), "--as", "invoices", "--as-of", "2011-12-10")
    victim = cartera(*command)
    while not ask(home, "SELECT count(*) FROM imports_chunk")[0]:
        assert victim.poll() is None
        time.sleep(0.02)
    victim.send_signal(signal.SIGKILL)
    victim.communicate()

    rows, created = ask(home, "SELECT rows, created FROM imports_run")
    assert 0 < rows < INVOICES * LINES
    assert ask(home, "SELECT count(*) FROM contracts_invoiceline")[0] == created

    resumed = cartera(*command, "--resume")
    said, _nothing = resumed.communicate()
    assert resumed.returncode == 0, said
    assert ask(home, "SELECT rows, created, same, rejected, state FROM imports_run") == (
        INVOICES * LINES, lines, 0, INVOICES * LINES - lines, "done",
    )  # fmt: skip
    count, amount = ask(home, "SELECT count(*), sum(amount) FROM contracts_invoiceline")
    assert (count, round(Decimal(amount), 2)) == (lines, total)
    left_out = (home / "uploads/imports/1/left-out.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(left_out) == 1 + INVOICES * LINES - lines
    assert len(set(left_out)) == len(left_out)

    again = cartera(*command)
    again.communicate()
    assert again.returncode == 0
    assert ask(home, "SELECT created, changed, same FROM imports_run WHERE id = 2") == (0, 0, lines)
