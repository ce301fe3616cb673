"""Usage: events in over HTTP, also under a sudden death; and the measures over the days of every account."""

import asyncio
import base64
import json
import os
import signal
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench import OPTIONS, middle, report, seconds, set_up

BATCHES, EVENTS = 1_500, 100
CONNECTIONS = 16
WEB_PROCESSES = 2
AS_OF = datetime(2026, 1, 1, tzinfo=UTC) - timedelta(microseconds=1)
MONTHS = 18
FEATURES = 30
PEOPLE = 10  # of an account
AT_ONCE = 2_000_000


def main() -> None:
    set_up()
    receiving()
    fill(OPTIONS["accounts"], OPTIONS["usage_rows"])
    measuring(OPTIONS["accounts"], OPTIONS["usage_rows"])


def receiving() -> None:
    """Let a server take batches as fast as they come, then kill it in the middle; nothing acknowledged may be lost."""
    from cartera.kit.clock import now
    from cartera.usage import folding, operations
    from cartera.usage.models import Hour

    key = operations.make_key(name="Bench", by=None, at=now())[1]
    bodies = [body(number) for number in range(BATCHES)]
    limit = seconds(lambda: bare(bodies))
    port, server = serve()
    taken, ours = asyncio.run(load(port, key, bodies))
    at = f"{taken * EVENTS:,} in batches of {EVENTS}, {WEB_PROCESSES} processes"
    report("usage events in over HTTP", at=at, ours=ours, limit=limit, unit="s", barest=BARE)
    print(f"{taken * EVENTS / ours:,.0f} events a second")
    more = [body(BATCHES + number) for number in range(BATCHES)]
    again, _time = asyncio.run(load(port, key, more, dies=(server, BATCHES // 3)))
    server.wait()
    folding_took = seconds(lambda: folding.fold(at=now()))
    there = sum(row.events for row in Hour.objects.all())
    acknowledged = (taken + again) * EVENTS
    print(f"kill -9: {acknowledged:,} acknowledged, {there:,} there, {max(acknowledged - there, 0):,} lost")
    if there < acknowledged:
        raise SystemExit("acknowledged events were lost")
    report("fold usage events", at=f"{there:,} events", ours=folding_took, unit="s")


BARE = "appending and fsyncing the same bytes, a batch at a time"


def body(number: int) -> bytes:
    """A batch as the Node client sends it, 40 KB."""
    context = {"library": {"name": "@segment/analytics-node", "version": "2.3.0"}, "groupId": f"group-{number % 500}"}
    batch = [
        {
            "type": "track", "event": f"Feature {place % FEATURES}", "userId": f"user-{number % 500}-{place % PEOPLE}",
            "properties": {"plan": "team", "path": "/reports/monthly", "rows": place, "filling": "x" * 60},
            "context": context, "messageId": f"node-next-{number}-{place}-5dd1c62e", "_metadata": {"nodeVersion": "20"},
        }
        for place in range(EVENTS)
    ]  # fmt: skip
    return json.dumps({"batch": batch}).encode()


def bare(bodies: list[bytes]) -> None:
    from django.conf import settings

    with Path(settings.HOME / "bare").open("wb") as file:
        for one in bodies:
            file.write(one)
            file.flush()
            os.fdatasync(file.fileno())


def serve() -> tuple[int, subprocess.Popen]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "cartera", "web", "--port", str(port), "--workers", str(WEB_PROCESSES)]
    server = subprocess.Popen(command, env=os.environ | {"CARTERA_DEBUG": "1"}, start_new_session=True)
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), 1) as probe:
                probe.sendall(b"OPTIONS /v1/batch HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                if probe.recv(100).startswith(b"HTTP/1.1 204"):
                    return port, server
        except OSError:
            time.sleep(0.2)


async def load(
    port: int, key: str, bodies: list[bytes], dies: tuple[subprocess.Popen, int] | None = None
) -> tuple[int, float]:
    """Send *bodies* over some connections; return how many were acknowledged, and how long it took.

    dies: the server, killed without warning when so many were acknowledged.
    """
    waiting, taken = list(bodies), 0
    auth = base64.b64encode(f"{key}:".encode()).decode()
    head = f"POST /v1/batch HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic {auth}\r\nContent-Length: "

    async def send() -> None:
        nonlocal taken
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while waiting:
            one = waiting.pop()
            try:
                writer.write(f"{head}{len(one)}\r\n\r\n".encode() + one)
                status = await reader.readuntil(b"\r\n\r\n")
                size = int(status.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
                await reader.readexactly(size)
            except (OSError, asyncio.IncompleteReadError):
                break
            if not status.startswith(b"HTTP/1.1 200"):
                raise SystemExit(f"refused: {status!r}")
            taken += 1
            if dies and taken == dies[1]:
                os.killpg(dies[0].pid, signal.SIGKILL)
        writer.close()

    begun = time.perf_counter()
    await asyncio.gather(*(send() for _ in range(CONNECTIONS)))
    return taken, time.perf_counter() - begun


def fill(accounts: int, rows: int) -> None:
    """Make days of use spread evenly over accounts, people, features and months, through the lake's own append."""
    import numpy as np
    import pyarrow as pa

    from cartera.lake import appending

    dice = np.random.default_rng(1)
    moment = pa.timestamp("us", "UTC")
    names = pa.array([f"Feature {number}" for number in range(FEATURES)])
    begun, done = time.perf_counter(), 0
    for month in range(MONTHS):
        year, number = divmod(2024 * 12 + 6 + month, 12)
        first = np.datetime64(f"{year}-{number + 1:02}-01")
        left = rows * (month + 1) // MONTHS - done
        while left > 0:
            count = min(left, AT_ONCE)
            account = dice.integers(1, accounts + 1, count)
            day = (first + dice.integers(0, 28, count)).astype("datetime64[us]")
            table = pa.table(
                {
                    "account_id": account,
                    "happened_at": pa.array(day, pa.timestamp("us")).cast(moment),
                    "known_at": pa.array(day + np.timedelta64(1, "D"), pa.timestamp("us")).cast(moment),
                    "workspace": account,
                    "person": account * PEOPLE + dice.integers(0, PEOPLE, count),
                    "feature": pa.DictionaryArray.from_arrays(
                        np.minimum(dice.geometric(0.15, count) - 1, FEATURES - 1).astype(np.int32), names
                    ).cast(pa.string()),
                    "events": dice.integers(1, 20, count),
                }
            )
            appending.append("usage", table, batch=f"bench-{done}")
            left, done = left - count, done + count
    print(f"filled {done:,} rows, {done / (time.perf_counter() - begun):,.0f} a second")


def measuring(accounts: int, rows: int) -> None:
    """Take the measures of usage of every account, and of one."""
    import duckdb
    import numpy as np
    from django.conf import settings

    from cartera.lake import manifest
    from cartera.lake.queries import facts_as_of, facts_of, measures

    ids = np.arange(1, accounts + 1)
    wanted = [measure for key, measure in measures().items() if key.startswith("usage.")]
    files = [str(settings.LAKE / file) for file in manifest.read(settings.LAKE).files_of("usage")]
    bare = duckdb.connect(config={"memory_limit": "160MB", "threads": 2})

    def aggregate() -> None:
        text = "SELECT account_id, sum(events), max(happened_at) FROM read_parquet($files) GROUP BY account_id"
        bare.sql(text, params={"files": files}).to_arrow_table()

    def take(facts: object, accounts: object) -> None:
        for measure in wanted:
            measure.compute(facts, AS_OF, accounts)

    take(facts_as_of(AS_OF), ids[:10])  # compiles the questions
    limit = middle(aggregate, 3) / 1000
    ours = middle(lambda: take(facts_as_of(AS_OF), ids), 3) / 1000
    at = f"{accounts:,} accounts, {rows:,} usage rows"
    report("take the measures of usage", at=at, ours=ours, limit=limit, unit="s", barest="one DuckDB aggregate")
    take(facts_of([7], AS_OF), ids[6:7])
    one = middle(lambda: take(facts_of([7], AS_OF), ids[6:7]), 5)
    report("take the measures of usage of one", at=at, ours=one, unit="ms")


if __name__ == "__main__":
    main()
