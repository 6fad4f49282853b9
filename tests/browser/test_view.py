"""What stays in view, what fits, and where Back and Forward lead."""

import re
from collections.abc import Callable

import pytest
from browser import workbook as on
from playwright.sync_api import BrowserContext, Page, expect
from served import Served

SCROLL = "scrollTo(0, document.documentElement.scrollHeight)"


def hash_of(page: Page) -> str:
    """What the address says after its path."""
    said: str = page.evaluate("location.hash")
    return said


def expect_panel(page: Page, heading: str, place: str) -> None:
    """Wait until this place is in view; the address says so."""
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    expect(page.get_by_role("navigation").get_by_role("button", name=place)).to_have_attribute("aria-current", "step")


def test_back_and_forward_go_through_places_and_decisions(server: Served, page: Page) -> None:
    on.open_example(page, server)
    expect_panel(page, on.LEAD_TIME, "Intervention lead time")
    first = hash_of(page)
    on.go(page, "Cost per use")
    expect_panel(page, "Does a use bring more than it costs?", "Cost per use")
    second, length = hash_of(page), page.evaluate("history.length")
    assert first != second
    on.go(page, "Intervention lead time")
    expect_panel(page, on.LEAD_TIME, "Intervention lead time")
    assert page.evaluate("history.length") == length + 1
    on.type_and_save(page, on.TYPICAL, "6 weeks", "42")
    assert page.evaluate("history.length") == length + 1  # typing is no step

    page.go_back()
    expect_panel(page, "Does a use bring more than it costs?", "Cost per use")
    page.go_back()
    expect_panel(page, on.LEAD_TIME, "Intervention lead time")
    assert hash_of(page) == first
    expect(on.box(page, on.TYPICAL)).to_have_value("42")
    page.go_back()
    expect(page.get_by_role("heading", name="Will the product work?")).to_be_visible()
    page.evaluate("history.forward(), setTimeout(() => history.forward(), 20)")  # sooner than the first is shown
    expect_panel(page, "Does a use bring more than it costs?", "Cost per use")
    assert (hash_of(page), page.evaluate("history.length")) == (second, length + 1)

    on.button(page, "Start page").click()
    on.button(page, "Open “Shopping assistant”").click()
    on.expect_title(page, "Shopping assistant")
    page.go_back()
    page.go_back()
    on.expect_title(page, on.CHURN)
    assert hash_of(page) == second


def test_back_to_a_decision_that_was_deleted_stays_where_one_is(server: Served, page: Page) -> None:
    on.open_example(page, server)
    on.button(page, "Start page").click()
    on.button(page, "Delete “Churn calls” for good…").click()
    on.button(page, "Really delete “Churn calls”: it cannot be undone").click(delay=600)
    expect(on.button(page, on.CHURN)).to_have_count(0)
    page.go_back()
    expect(on.alert(page, "deleted for good")).to_be_visible()
    page.wait_for_url(server.url)
    on.button(page, "Open “Churn calls”").click()
    on.expect_title(page, on.CHURN)
    expect(on.alert(page, "deleted for good")).to_have_count(0)


@pytest.mark.parametrize("width", [1280, 360])
def test_that_two_pages_saved_is_seen_and_said_wherever_one_is(
    server: Served, new_context: Callable[..., BrowserContext], width: int
) -> None:
    mine = new_context(viewport={"width": width, "height": 740}).new_page()
    theirs = new_context().new_page()
    on.open_example(mine, server)
    on.expect_saved(mine)
    theirs.goto(mine.url)
    on.expect_title(theirs, on.CHURN)
    on.type_and_save(theirs, on.TYPICAL, "4 weeks", "28")
    told = on.alert(mine, "saved this decision on")
    expect(told).to_have_count(0)
    on.box(mine, on.TYPICAL).fill("50")
    mine.evaluate(SCROLL)
    expect(told).to_be_in_viewport(ratio=1)
    expect(on.button(mine, "Keep mine on top")).to_be_in_viewport(ratio=1)
    expect(mine.get_by_text("Not saved: changed elsewhere")).to_be_in_viewport(ratio=1)
    on.button(mine, "Keep mine on top").click()
    expect(told).to_have_count(0)
    mine.evaluate(SCROLL)
    expect(on.button(mine, "Undo")).to_be_in_viewport(ratio=1)
    expect(mine.get_by_text(re.compile(r"^Saved \d"))).to_be_in_viewport(ratio=1)
    taken = mine.evaluate("document.querySelector('.sw-app > .sw-header').getBoundingClientRect().bottom")
    assert taken < (80 if width > 360 else 40)


@pytest.mark.parametrize("width", [1280, 360])
def test_what_leads_and_what_is_provisional_never_leave_the_strip(
    server: Served, new_context: Callable[..., BrowserContext], width: int
) -> None:
    page = new_context(viewport={"width": width, "height": 740}).new_page()
    on.open_example(page, server)
    on.show_option(page, "Two-month gap")
    on.button(page, "Edit options…").click()
    on.box(page, "Name").fill("A" * 100)
    on.button(page, "Rename").click()
    on.expect_option(page, "A" * 100)
    on.button(page, "Copy this one").click()  # six of them now
    page.get_by_role("group", name="Persuasion: first talk to decision").get_by_role(
        "button", name="We don’t know yet"
    ).click()
    leader = page.get_by_role("region", name="Options").get_by_role("listitem").first
    expect(leader).to_match_aria_snapshot("- listitem: / leads /")
    provisional = page.get_by_role("region", name="Options").get_by_text("Provisional")
    inside = "(leader) => { const [a, b] = [leader, leader.parentNode].map((each) => each.getBoundingClientRect()); return a.left >= b.left - 1 && a.right <= b.right + 11; }"
    for left in (0, 10_000):
        page.get_by_role("list", name="Options compared").evaluate("(list, left) => (list.scrollLeft = left)", left)
        assert leader.evaluate(inside)
        expect(leader).to_be_in_viewport(ratio=1)
        expect(provisional).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [1280, 360])
def test_a_number_of_six_digits_and_its_sign_fit_every_box(
    server: Served, new_context: Callable[..., BrowserContext], width: int
) -> None:
    page = new_context(viewport={"width": width, "height": 740}).new_page()
    on.open_example(page, server)
    tight = """boxes => boxes.filter((box) => {
        const was = box.value;
        box.value = "−120,000";
        const cut = box.scrollWidth > box.clientWidth;
        box.value = was;
        return cut;
    }).map((box) => `${box.ariaLabel} (${box.clientWidth})`)"""
    for place in ("Value stream", "Intervention lead time", "Cost per use"):
        on.go(page, place)
        expect(page.locator(".sw-main input.sw-number").nth(5)).to_be_attached()
        page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
        boxes = page.locator(".sw-main input.sw-number:visible")
        expect(boxes.nth(5)).to_be_visible()
        assert boxes.evaluate_all("boxes => boxes.filter((box) => box.scrollWidth > box.clientWidth).length") == 0
        assert boxes.evaluate_all(tight) == []


@pytest.mark.parametrize("width", [1280, 360])
def test_a_title_without_a_space_runs_out_of_nothing(
    server: Served, new_context: Callable[..., BrowserContext], width: int
) -> None:
    page = new_context(viewport={"width": width, "height": 740}).new_page()
    on.start(page, server)
    on.box(page, "Title").fill("W" * 200)
    on.button(page, "Start").click()
    on.expect_title(page, "W" * 200)
    assert page.get_by_role("banner").evaluate("(header) => header.scrollWidth <= header.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    on.button(page, "Start page").click()
    expect(on.button(page, "W" * 80)).to_be_visible()
    page.get_by_role("button", name="for good…").click()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_on_a_phone_the_finding_comes_first_in_one_line_and_leads_to_the_whole(
    server: Served, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(viewport={"width": 360, "height": 740}).new_page()
    on.open_example(page, server)
    finding = page.get_by_role("region", name="Finding")
    headline = finding.get_by_role("heading").text_content() or ""
    brief = on.button(page, headline)
    expect(brief).to_be_in_viewport()
    expect(finding).not_to_be_in_viewport()
    brief.click()
    expect(finding).to_be_in_viewport()
    expect(finding).to_be_focused()
    page.set_viewport_size({"width": 1280, "height": 740})
    expect(brief).to_be_hidden()


def test_on_a_phone_the_place_in_view_is_seen_in_the_rail(
    server: Served, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(viewport={"width": 360, "height": 740}).new_page()
    on.open_example(page, server)
    on.go(page, "Decide")
    on.expect_saved(page)
    page.reload()
    rail = page.get_by_role("navigation")
    expect(rail.get_by_role("button", name="Decide")).to_be_in_viewport(ratio=1, timeout=on.OPENING)
    page.locator("[data-place=value_stream]").first.press("Enter")
    expect(rail.get_by_role("button", name="Value stream")).to_be_in_viewport(ratio=1)
