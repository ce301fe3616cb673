"""The book at size: the list, search, an account's page and feed, accounts opened by a file, and figures kept."""

import csv
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import urlencode

from accounts_fill import DAY, FEW, fill
from bench import OPTIONS, p95, report, seconds, set_up

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
IMPORTED = 100_000
EVENTS = 10_000
# What the address says, and the barest SQL of the same rows.
LISTS = {
    "by name": ({}, "true", "name"),
    "by last contact": ({"sort": "-last_touch_at"}, "last_touch_at IS NOT NULL", "last_touch_at DESC"),
    "by revenue": ({"sort": "-revenue"}, "revenue IS NOT NULL", "revenue DESC"),
    "filtered": ({"q": "health:<50 tier:B", "sort": "-revenue"}, "health < 50 AND tier = 'B'", "revenue DESC"),
    "filtered, few match": ({"q": "revenue:>5000000 stage:at_risk"}, "revenue > 5000000 AND stage = 'at_risk'", "name"),
    "filtered, none match": ({"q": "health:<50 tier:A"}, "health < 50 AND tier = 'A'", "name"),
    "common free text": ({"q": "bodegas"}, "name LIKE '%Bodegas%'", "name"),
    "rare free text": ({"q": "www4711.exa"}, "domain LIKE '%www4711.exa%'", "name"),
}


def main() -> None:
    from django.conf import settings

    settings.PRETEND_TODAY = DAY
    set_up()
    accounts = OPTIONS["accounts"]
    if wanted("import"):
        bringing_in()
    who: dict[str, Any] = {}
    if any(map(wanted, ("list", "search", "account", "today", "figures"))):
        took = seconds(lambda: who.update(fill(accounts)))
        print(f"made {accounts:,} accounts in {took:.0f} s")
    for sight, member in who.items():
        opened, at = pages_of(member), f"{accounts:,}, {sight}"
        if wanted("list"):
            lists(opened, at, "" if sight == "sees all" else f" AND lead_id = {member.pk}")
        if wanted("search"):
            for text in ("bod", "www4711.exa"):
                report(f"search “{text}”", at=at, ours=p95(lambda t=text, o=opened: o(f"/search/?q={t}")))
    if wanted("account"):
        account_page(pages_of(who["sees all"]), accounts)
    if wanted("today"):
        today(who["sees 500"], accounts)
    if wanted("figures"):
        keeping_figures(accounts)


def wanted(part: str) -> bool:
    """Whether this run measures *part*: all of them unless `--parts` names some."""
    return part in (OPTIONS["parts"] or [part])


def pages_of(member: Any) -> Callable[..., bytes]:
    """What a browser of *member*'s would get, the whole way through the middleware."""
    from django.core.management import call_command
    from django.test import Client

    call_command("collectstatic", interactive=False, verbosity=0)
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(member)

    def opened(address: str, **headers: str) -> bytes:
        response = client.get(address, headers=headers)
        assert response.status_code == 200, (address, response.status_code)
        return response.content

    return opened


def lists(opened: Callable[..., bytes], at: str, sees: str) -> None:
    for name, (address, where, order) in LISTS.items():
        place = f"/accounts/?{urlencode(address)}"
        statement = f"SELECT * FROM accounts_account WHERE {where}{sees} ORDER BY {order}, id LIMIT 51"
        report(
            f"list {name}", at=at, ours=p95(lambda p=place: opened(p)), limit=p95(lambda s=statement: bare(s), 6),
            barest="its SQL alone",
        )  # fmt: skip
    page = opened("/accounts/").decode()
    following = page.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    report("list, next page", at=at, ours=p95(lambda: opened(f"/accounts/{following}")))
    report("list, counted and summed", at=at, ours=p95(lambda: opened("/accounts/figures/"), 5))
    print(f"the list's page for {at}: {len(page) / 1000:.0f} KB")


def bare(statement: str) -> list[tuple[Any, ...]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def account_page(opened: Callable[..., bytes], accounts: int) -> None:
    """The page and every panel that it then asks for; the feed of an account where much has happened."""
    from django.urls import reverse

    from cartera.kit import history
    from cartera.kit.features import offers
    from cartera.timeline.events import spread

    account = accounts // 2
    for n in range(EVENTS // 100):
        change = history.record("accounts.edit", by=None, at=AT, after={"tier": "ABCD"[n % 4]})
        for _time in range(100):
            spread(change, [account], kind=None)
    panels = [reverse(panel.url_name, args=[account]) for panel in offers("account_panels")]
    at = f"{accounts:,}, {EVENTS:,} events"

    def whole() -> None:
        opened(f"/accounts/{account}/")
        for address in panels:
            opened(address, **{"HX-Request": "true"})  # as the page itself asks for them

    report(f"account page with its {len(panels)} panels", at=at, ours=p95(whole), limit=p95(lambda: bare(
        f"SELECT * FROM accounts_account WHERE id = {account}"
    )), barest="its row alone")  # fmt: skip
    report("page of the feed", at=at, ours=p95(lambda: opened(f"/accounts/{account}/feed/")), limit=p95(lambda: bare(
        f"SELECT * FROM timeline_event WHERE account_id = {account} ORDER BY at DESC, id DESC LIMIT 51"
    )), barest="its SQL alone")  # fmt: skip


def today(member: Any, accounts: int) -> None:
    """The day of a member with 500 accounts and 2,000 reasons to act, planned anew at each request."""
    from cartera.accounts.models import Account
    from cartera.accounts.offers import Candidate
    from cartera.kit.features import offers

    reasons = offers("candidates")
    book = list(Account.objects.visible_to(member).values_list("pk", "revenue")[:FEW])
    more = [
        Candidate(
            account_id=pk, key=f"bench.{n}", kind="call", title="Call", reason="Something to talk about", minutes=15,
            value=Decimal(revenue or 100), currency="EUR", probability=0.1 + n / 10,
        )
        for pk, revenue in book
        for n in range(4)
    ]  # fmt: skip
    offered = [*reasons, lambda member, day, accounts: more]
    opened = pages_of(member)
    with mock.patch("cartera.day.queries.offers", return_value=offered):
        found = sum(
            len(offer(member, date.fromisoformat(DAY), Account.objects.visible_to(member))) for offer in offered
        )
        ours = p95(lambda: opened("/today/"))
        size = len(opened("/today/"))
    report("Today, planned", at=f"{accounts:,}, {len(book)} accounts, {found:,} reasons", ours=ours)
    print(f"the page of Today: {size / 1000:.0f} KB")


def keeping_figures(accounts: int) -> None:
    from django.db import connection

    from cartera.accounts.operations import keep_figures

    rows = [
        {"account_id": pk, "health": pk % 997 / 10, "health_change": pk % 41 - 20.0, "revenue": pk * 37 % 90_001 / 3}
        for pk in range(1, min(accounts, 100_000) + 1)
    ]
    ours = seconds(lambda: keep_figures(rows))

    def barely() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE accounts_account SET health = id % 991 / 10.0, health_change = id % 39 - 19, revenue ="
                f" id * 31 % 90001 / 3.0 WHERE id <= {len(rows)}"
            )

    report("keep figures", at=f"{len(rows):,} accounts", ours=ours, limit=seconds(barely), unit="s",
           barest="one UPDATE of the same columns")  # fmt: skip


def bringing_in() -> None:
    """A file of accounts with a contact each, as a user brings it in, into an empty installation."""
    from django.conf import settings

    path = Path(settings.HOME) / "accounts.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["customer id", "customer name", "tier", "country", "web", "contact name", "contact email"])
        writer.writerows(rows())
    ours = seconds(lambda: subprocess.run(
        [sys.executable, "-m", "cartera", "import", str(path), "--as", "accounts"],
        check=True, stdout=subprocess.DEVNULL,
    ))  # fmt: skip
    at = f"{IMPORTED:,} rows"
    report("import accounts with contacts", at=at, ours=ours, limit=seconds(lambda: read(path)), unit="s",
           barest="reading the file")  # fmt: skip
    check_and_empty()
    report("import accounts with contacts", at=at, ours=ours, limit=seconds(insert_barely), unit="s",
           barest="a bare bulk insert of both tables")  # fmt: skip
    empty()
    print(f"imported {IMPORTED / ours:,.0f} rows a second")


def rows() -> Iterator[list[Any]]:
    for n in range(IMPORTED):
        yield [f"N{n}", f"Client {n * 7919 % 100_003}", "ABCD"[n % 4], f"Country {n % 38}", f"c{n}.example",
               f"Person {n * 31 % 99_991}", f"p{n}@c{n}.example"]  # fmt: skip


def read(path: Path) -> int:
    with path.open(newline="") as file:
        return sum(1 for _row in csv.reader(file))


def insert_barely() -> None:
    from django.db import transaction

    from cartera.accounts.models import Account, Contact
    from cartera.kit import bulk

    with transaction.atomic():
        given = list(rows())
        names = ("external_id", "name", "tier", "country", "domain", "opened_at")
        ids = bulk.insert(Account, names, [(*row[:5], AT) for row in given])
        bulk.insert(
            Contact, ("account_id", "name", "email"), [(pk, *row[5:]) for pk, row in zip(ids, given, strict=True)]
        )


def check_and_empty() -> None:
    from cartera.accounts.models import Account, Contact

    assert (Account.objects.count(), Contact.objects.count()) == (IMPORTED, IMPORTED)
    empty()


def empty() -> None:
    """Leave nothing behind for what is measured next."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE accounts_account, search_entry RESTART IDENTITY CASCADE")
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys = OFF")
        for table in ("timeline_event", "accounts_stewardship", "accounts_contact", "accounts_account", "search_entry"):
            cursor.execute(f"DELETE FROM {table}")
        cursor.execute("PRAGMA foreign_keys = ON")


if __name__ == "__main__":
    main()
