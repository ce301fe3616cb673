"""What the product reports of its use: from the key through the workspace to the account, its people and its score."""

import base64
import json
import re
import urllib.request
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

FOLD = "from cartera.usage import jobs; jobs.fold.func()"


def send(base: str, key: str, *messages: dict) -> int:
    """Send a batch as the clients of Segment's API do; the status of the answer."""
    request = urllib.request.Request(
        base + "/v1/batch",
        data=json.dumps({"batch": messages}).encode(),
        headers={
            "Authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode(),
            "Content-Type": "application/json",
        },
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        return answer.status


def message(kind: str, number: int, **more: object) -> dict:
    return {
        "type": kind, "messageId": f"journey-{number}", "userId": "grace-7",
        "timestamp": datetime.now(UTC).isoformat(), **more,
    }  # fmt: skip


def test_what_the_product_reports_is_followed_from_its_key_to_the_people_of_an_account(visit, site, command, axe):
    page = visit("ada")
    page.goto("/settings/usage/")
    page.get_by_label("What sends with it").fill("The till")
    page.get_by_role("button", name="Make a key").click()
    key = page.locator(".notice code").inner_text()
    assert axe(page) == []

    assert send(
        site.base, key,
        message("group", 1, groupId="terrace-9", traits={"name": "The terrace", "seats": 12}),
        message("identify", 2, traits={"name": "Grace of the terrace"}, context={"groupId": "terrace-9"}),
        message("track", 3, event="Terrace opened", context={"groupId": "terrace-9"}),
        message("track", 4, event=""),
    ) == 200  # fmt: skip
    command(site.home, "shell", "-c", FOLD)

    page.goto("/settings/usage/")
    expect(page.get_by_role("row", name=re.compile("The till"))).to_contain_text("…" + key[-4:])
    page.get_by_role("link", name=re.compile("Messages put aside")).click()
    expect(page.get_by_role("row", name=re.compile("The event has no name"))).to_contain_text("The till")
    assert axe(page) == []

    page.goto("/settings/usage/untied/")
    page.get_by_role("link", name="The terrace").click()
    page.get_by_placeholder("Name, domain or id").fill("miramar")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Hoteles Miramar").click()
    expect(page.locator(".toast")).to_contain_text("The terrace belongs to Hoteles Miramar")
    expect(page.get_by_role("link", name="The terrace")).to_have_count(0)
    command(site.home, "shell", "-c", FOLD)

    manager = visit("ana")
    manager.goto("/accounts/?q=miramar")
    manager.locator(".accounts-table [data-open]").first.click()
    manager.get_by_role("link", name="Open the account").click()
    manager.get_by_role("link", name="Who uses it").click()
    expect(manager.get_by_role("heading", level=1)).to_have_text("Usage")
    expect(manager.get_by_role("row", name=re.compile("Grace of the terrace"))).to_contain_text("1")
    expect(manager.locator(".chart").filter(has_text="Terrace opened").first).to_be_visible()
    expect(manager.get_by_role("listitem").filter(has_text="terrace-9")).to_be_visible()
    assert axe(manager) == []
