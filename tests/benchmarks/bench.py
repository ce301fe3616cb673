"""What the topics share: Django set up over an empty installation, medians, and the rows of the table."""

import json
import os
import time
from collections.abc import Callable
from statistics import median, quantiles
from typing import Any

OPTIONS: dict[str, Any] = json.loads(os.environ["BENCH_OPTIONS"])


def set_up() -> None:
    """Start Django and make the tables."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def report(work: str, *, at: str, ours: float, limit: float | None = None, unit: str = "ms", barest: str = "") -> None:
    """Print one row of the table; *limit* is the same work done the barest way, *barest* says how."""
    row = {"work": work, "at": at, "database": OPTIONS["database"], "ours": ours, "limit": limit, "unit": unit}
    print(json.dumps({**row, "barest": barest}), flush=True)


def milliseconds(work: Callable[[], Any], times: int = 15) -> list[float]:
    """How long each of *times* runs of *work* took, after one to warm up."""
    work()
    taken = []
    for _run in range(times):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
    return taken


def middle(work: Callable[[], Any], times: int = 15) -> float:
    """The median of the runs, in milliseconds."""
    return median(milliseconds(work, times))


def p95(work: Callable[[], Any], times: int = 20) -> float:
    """The 95th percentile of the runs, in milliseconds."""
    return quantiles(milliseconds(work, times), n=20)[-1]


def seconds(work: Callable[[], Any]) -> float:
    """How long one run of *work* took, in seconds."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
