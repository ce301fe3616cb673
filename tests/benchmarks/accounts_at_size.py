"""Accounts at 100,000 and 1,000,000: run as `CARTERA_HOME=… python -m tests.benchmarks.accounts_at_size 100000`."""

import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median
from time import perf_counter

import django

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LISTS = {
    "list_page": "",
    "by_revenue": "?sort=-revenue",
    "by_last_contact": "?sort=-last_touch_at",
    "filtered": "?q=health:%3C50+tier:A",
    "filtered_and_sorted": "?q=health:%3C50+tier:A&sort=-revenue",
    "by_name": "?q=client+99",
}


def make(n: int) -> dict[str, float]:
    """Make *n* accounts led by twenty managers, with figures; return the seconds that each bulk verb took."""
    from cartera.accounts import operations
    from cartera.accounts.models import Account
    from cartera.team.models import Member

    boss = Member.objects.create_member(email="boss@example.org", name="Boss", is_administrator=True)
    people = [Member.objects.create_member(email=f"m{k}@example.org", name=f"Manager {k}") for k in range(20)]
    few = Member.objects.create_member(email="few@example.org", name="Few")
    seconds = {}
    rows = [
        {"name": f"Client {k:07}", "tier": "ABCD"[k % 4], "country": f"Country {k % 38}",
         "lead_id": (few if k < 500 else people[k % 20]).pk}
        for k in range(n)
    ]  # fmt: skip
    began = perf_counter()
    ids = [
        pk for start in range(0, n, 50_000) for pk in operations.open_many(rows[start : start + 50_000], by=None, at=AT)
    ]
    seconds["open_many"] = perf_counter() - began
    began = perf_counter()
    for start in range(0, n, 100_000):
        operations.keep_figures([
            {"account_id": pk, "health": float(pk % 100), "health_change": float(pk % 21 - 10), "revenue": pk * 37 % 90_001,
             "health_line": [50, 52, 49], "last_touch_at": AT}
            for pk in ids[start : start + 100_000]
        ])  # fmt: skip
    seconds["keep_figures"] = perf_counter() - began
    began = perf_counter()
    change = operations.hand_over(Account.objects.filter(pk__in=ids[1000:6000]), to=people[0], by=boss, at=AT)
    seconds["hand_over of 5,000"] = perf_counter() - began
    began = perf_counter()
    operations.undo_stewards(change, by=boss, at=AT)
    seconds["undo of that"] = perf_counter() - began
    return seconds


def medians(mail: str, repeats: int = 7) -> dict[str, tuple[float, float]]:
    """For each list address: our median of a whole page in ms, and that of the barest SELECT of fifty rows."""
    from django.db import connection
    from django.test import Client

    from cartera.team.models import Member

    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(Member.objects.get(email=mail))

    def barest() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM accounts_account ORDER BY name, id LIMIT 50")
            cursor.fetchall()

    def get(address: str) -> None:
        assert client.get(f"/accounts/{address}").status_code == 200

    bare = _median(barest, repeats)
    return {name: (_median(lambda address=address: get(address), repeats), bare) for name, address in LISTS.items()}


def _median(work: Callable[[], None], repeats: int) -> float:
    work()
    taken = []
    for _turn in range(repeats):
        began = perf_counter()
        work()
        taken.append((perf_counter() - began) * 1000)
    return median(taken)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    for name, seconds in make(int(sys.argv[1])).items():
        print(f"{name:<24}{seconds:8.2f} s")
    for mail in ("boss@example.org", "few@example.org"):
        for name, (ours, bare) in medians(mail).items():
            print(f"{mail:<20}{name:<22}{ours:8.1f} ms   barest {bare:6.2f} ms")


if __name__ == "__main__":
    main()
