"""An administrator drafts a version, moves a curve, looks at what it would change, and switches it on."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture
def drafted(visit):
    """The page of a new draft of the first scorecard; thrown away when the test is done with it."""
    page = visit("ada")
    page.goto("/settings/scorecards/")
    page.get_by_role("link", name="Health", exact=True).click()
    page.get_by_role("button", name="New version from this").first.click()
    expect(page.get_by_text("Not previewed yet as it now is.")).to_be_visible()
    draft = page.url
    yield page
    page.goto(draft)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Health, version")
    if page.get_by_role("button", name="Throw the draft away").count():
        page.get_by_role("button", name="Throw the draft away").click()


def points(page) -> list[float]:
    """The points of the corners, which the table beside the curve says."""
    texts = [box.input_value() for box in page.locator("[name=points]").all()]
    return [float(text) for text in texts if text]


def test_a_curve_is_edited_by_keyboard_and_by_dragging(drafted, axe):
    page = drafted
    draft = page.url
    page.get_by_role("link", name="Overdue money").click()
    second = page.get_by_role("slider", name="Corner 2")
    before = points(page)[1]
    second.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+ArrowDown")
    assert points(page)[1] == before - 9
    expect(second).to_have_attribute("aria-valuenow", f"{before - 9:g}")
    box = second.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2 + 30, steps=4)
    page.mouse.up()
    assert points(page)[1] < before - 9
    handles = page.get_by_role("slider")
    expect(handles).to_have_count(4)
    page.get_by_role("button", name="Add a corner").click()
    expect(handles).to_have_count(5)
    page.keyboard.press("Delete")
    expect(handles).to_have_count(4)
    assert axe(page) == []
    moved = points(page)[1]
    page.get_by_role("button", name="Save the factor").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Health, version")
    page.get_by_role("link", name="Overdue money").click()
    assert points(page)[1] == moved
    page.goto(draft)
    assert axe(page) == []


def test_a_version_is_previewed_switched_on_and_marks_the_accounts(drafted, axe):
    page = drafted
    page.get_by_label("Weight of Rhythm of orders").fill("10")
    page.get_by_role("button", name="Save the weights").click()
    page.get_by_role("link", name="Preview and switch on").click()
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", name="From which band to which")).to_be_visible()
    mover = page.locator(
        "[data-row]", has=page.locator("[data-label='By which factors']", has_text="Rhythm of orders")
    ).first
    health = mover.locator("[data-open]").get_attribute("href")
    score = mover.locator("td[data-label='By the draft']").inner_text()
    assert axe(page) == []
    page.get_by_label("Why?").fill("Rhythm cried wolf at the small cafés")
    page.get_by_role("button", name="Switch Health").click()
    expect(page.get_by_text("Rhythm cried wolf")).to_be_visible()
    version = page.get_by_role("link", name=re.compile(r"Version \d")).first.inner_text()
    page.goto(health)
    page.get_by_role("button", name="Score again").click()
    expect(page.get_by_text(f"Health, {version.lower()}").first).to_be_visible()
    expect(page.locator(".health-factors tfoot")).to_contain_text(score)
    page.locator(".crumb a").first.click()
    expect(page.locator(".timeline-event", has_text="Rhythm cried wolf").first).to_be_visible()


def test_the_order_of_segments_is_changed_by_dragging(visit, axe):
    page = visit("ada")
    page.goto("/settings/scorecards/segments/new/")
    page.get_by_label("Or a filter").fill("country:PT")
    page.get_by_label("Name of the segment").fill("Portugal")
    page.get_by_label("Scorecard", exact=True).select_option(label="Small clients")
    page.get_by_role("button", name="Save the order of segments").click()
    rows = page.locator(".health-order tbody th[scope=row]")
    expect(rows.nth(1)).to_contain_text("Portugal")
    assert axe(page) == []
    first = page.locator(".health-order tr", has_text="tier:D")
    page.locator(".health-order tr", has_text="Portugal").drag_to(first, target_position={"x": 60, "y": 2})
    expect(rows.nth(0)).to_contain_text("Portugal")
    page.locator("cartera-toast").get_by_role("button", name="Undo").last.click()
    expect(rows.nth(1)).to_contain_text("Portugal")
