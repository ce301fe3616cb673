"""What must be fast, each beside the barest way we know to do the same work, in the same run. `make bench` runs it.

    make bench                                      everything, at 100,000 accounts
    make bench ARGS="--accounts 1000000"            at a million
    make bench ARGS="--only accounts --database sqlite"
    make bench ARGS="--only accounts --parts list search --accounts 1000000"

The ratio is what counts: it holds on a noisy machine. Each topic runs in a process of its own, on each database, with
an installation of its own that is thrown away afterwards.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from with_postgres import postgres, programs

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TOPICS = sorted(path.stem for path in HERE.glob("*_bench.py"))


def main() -> int:
    options = parsed()
    databases = [name for name in ("sqlite", "postgres") if options.database in (name, "both")]
    rows = []
    for database in databases:
        if database == "postgres" and programs() is None:
            print("PostgreSQL is not installed: not measured.")
            continue
        for topic in TOPICS:
            if not options.only or any(word in topic for word in options.only):
                rows += measured(topic, database, options)
    print()
    print(table(rows))
    return 0


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accounts", type=int, default=100_000)
    parser.add_argument("--usage-rows", type=int, default=10_000_000, help="rows of facts to publish and score over")
    parser.add_argument("--database", choices=["sqlite", "postgres", "both"], default="both")
    parser.add_argument("--data", default=str(ROOT.parent / "shared/data"), help="the folder with the real data sets")
    parser.add_argument("--parts", nargs="*", help="of accounts: import, list, search, account, today, figures")
    parser.add_argument("--only", nargs="*", help=f"topics: {', '.join(TOPICS)}")
    return parser.parse_args()


def measured(topic: str, database: str, options: argparse.Namespace) -> list[dict]:
    """Run *topic* in a process and an installation of its own; it prints a JSON object a row on its last lines."""
    print(f"… {topic} on {database}", flush=True)
    with tempfile.TemporaryDirectory(prefix="cartera-bench-") as home:
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("CARTERA", "DATABASE"))}
        environment |= {"CARTERA_HOME": home, "DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(ROOT)}
        environment |= {"BENCH_OPTIONS": json.dumps({**vars(options), "database": database})}
        if database == "sqlite":
            return _run(topic, environment)
        with postgres() as url:
            return _run(topic, environment | {"DATABASE_URL": url})


def _run(topic: str, environment: dict[str, str]) -> list[dict]:
    done = subprocess.run(
        [sys.executable, HERE / f"{topic}.py"],
        env=environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    rows = [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"work"')]
    print("\n".join(line for line in done.stdout.splitlines() if not line.startswith('{"work"')))
    if done.returncode:
        rows.append(
            {"work": f"{topic} FAILED (exit {done.returncode})", "database": "", "at": "", "ours": None, "limit": None}
        )
    return rows


def table(rows: list[dict]) -> str:
    """The rows as a Markdown table; ratio = ours / the limit."""
    head = ["work", "at", "database", "ours", "the limit", "ratio", "the limit is"]
    body = [
        [
            row["work"],
            row["at"],
            row["database"],
            shown(row["ours"], row),
            shown(row.get("limit"), row),
            f"{row['ours'] / row['limit']:.1f}" if row.get("limit") else "–",
            row.get("barest", ""),
        ]
        for row in rows
    ]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [head, ["---"] * len(head), *body])


def shown(value: float | None, row: dict) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f} {row.get('unit', '')}" if value >= 1000 else f"{value:,.3g} {row.get('unit', '')}"


if __name__ == "__main__":
    sys.exit(main())
