"""For everybody: by keyboard alone, on a phone's width, without faults that axe-core calls serious; a panel by itself."""

from collections.abc import Callable

import pytest
from browser import workbook as on
from browser.fair import expect_fair
from playwright.sync_api import BrowserContext, Locator, Page, expect
from served import Served

PLACES = (
    "Frame", "Value stream", "Deployment target", "Intervention lead time", "Data licences", "Explainability", "Cost per use", "Deadline", "Decide",
)  # fmt: skip
WITH_LISTS = {
    "Recommendations": "Value stream",
    "Object recognition": "Deployment target",
    "Safety rule": "Deadline",
    "An assistant tuned on shared conversations": "Data licences",
}


@pytest.mark.parametrize("width", [1280, 360])
def test_panels_with_lists_are_fair_and_take_answers(
    server: Served, new_context: Callable[..., BrowserContext], width: int
) -> None:
    page = new_context(viewport={"width": width, "height": 740}).new_page()
    on.start(page, server)
    for example, place in WITH_LISTS.items():
        on.button(page, f"Open “{example}”").click()
        here = page.get_by_role("navigation").get_by_role("button", name=place)
        expect(here).to_have_attribute("aria-current", "step", timeout=on.OPENING)
        page.locator(".sw-chart").first.scroll_into_view_if_needed()  # charts are drawn when they are seen
        expect(page.locator(".sw-plot .main-svg").first).to_be_visible(timeout=on.OPENING)
        rows = page.locator(".sw-rows tbody tr")
        before, box = rows.count(), page.locator(".sw-rows input.sw-number").first
        assert before >= 2
        expect_fair(page)
        was = page.locator(".sw-finding").first.inner_text()
        if place == "Data licences":
            page.get_by_role("combobox", name="Does it compete with").select_option("none")
        else:
            box.fill("1 %" if place == "Value stream" else "900")
        expect(page.locator(".sw-finding").first).not_to_have_text(was)
        page.get_by_role("button", name="Add a row").first.click()
        expect(rows).to_have_count(before + 1)
        on.button(page, "Start page").click()
    on.button(page, "Open “Loan decisions”").click()
    on.go(page, "Explainability")
    expect(page.locator(".sw-finding").first).to_contain_text("the logic applied")
    expect_fair(page)


def tab_to(page: Page, target: Locator, most: int = 120) -> None:
    """Press the tab key until the target has the focus."""
    element = target.element_handle()
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("(element) => element === document.activeElement", element):
            return
    raise AssertionError(f"{most} times the tab key do not reach {target}")


@pytest.mark.parametrize("width", [1280, 360])
def test_every_place_is_fair_and_of_use(server: Served, new_context: Callable[..., BrowserContext], width: int) -> None:
    page = new_context(viewport={"width": width, "height": 740}).new_page()
    on.start(page, server)
    expect_fair(page)
    on.button(page, "Open “Churn calls”").click()
    on.expect_title(page, on.CHURN)
    for place in PLACES:
        on.go(page, place)
        expect(page.get_by_role("navigation").get_by_role("button", name=place)).to_have_attribute(
            "aria-current", "step"
        )
        expect_fair(page)
    for name in on.FACES:
        on.face(page, name)
        expect_fair(page)
    on.unfold(page, "Who answers for it")
    on.button(page, "Add a row: Signed by").click()
    on.box(page, "Signed by, row 1, Name").fill("Ada")
    on.go(page, "Intervention lead time")
    on.show_option(page, "Two-month gap")
    on.box(page, on.TYPICAL).fill("14")
    expect(page.get_by_role("region", name="Finding")).to_contain_text("✓ meets")
    expect_fair(page)
    on.go(page, "Decide")
    on.unfold(page, "Who answers for it")
    expect(on.box(page, "Signed by, row 1, Name")).to_have_value("Ada")
    on.button(page, "Start page").click()
    expect(on.button(page, on.CHURN)).to_be_visible()
    expect_fair(page)


def test_a_new_decision_is_fair_too(server: Served, page: Page) -> None:
    on.start(page, server)
    on.box(page, "Title").fill("Refund bot")
    on.box(page, "Title").press("Enter")
    on.expect_title(page, "Refund bot")
    for place in PLACES:
        on.go(page, place)
        expect(page.get_by_role("navigation").get_by_role("button", name=place)).to_have_attribute(
            "aria-current", "step"
        )
        expect_fair(page)


def test_by_keyboard_alone(server: Served, page: Page) -> None:
    on.start(page, server)
    tab_to(page, on.button(page, "Open “Churn calls”"))
    page.keyboard.press("Enter")
    on.expect_title(page, on.CHURN)
    tab_to(page, on.option_tab(page, "Two-month gap"))
    page.keyboard.press("Enter")
    on.expect_option(page, "Two-month gap")
    tab_to(page, on.box(page, on.TYPICAL))
    page.keyboard.press("Control+a")
    page.keyboard.type("2 weeks")
    page.keyboard.press("Enter")  # to the next box, as in a spreadsheet
    expect(on.box(page, on.RARE)).to_be_focused()
    page.keyboard.type("21")
    expect(page.get_by_role("region", name="Finding")).to_contain_text("✓ meets")
    expect(
        page.get_by_role("status").filter(has_text="meets: Nearly all flagged cases are reached in time")
    ).to_have_count(1)
    page.keyboard.press("Tab")
    expect(on.box(page, on.TYPICAL)).to_have_value("14")
    page.keyboard.press("Control+z")
    expect(on.box(page, on.RARE)).to_have_value("90")


def test_one_consideration_by_itself(server: Served, page: Page) -> None:
    page.goto(f"{server.url}notebook/lead_time")
    expect(page.get_by_role("heading", name=on.LEAD_TIME, level=1)).to_be_visible(timeout=2 * on.OPENING)
    on.show_option(page, "Two-month gap")
    on.box(page, on.TYPICAL).fill("14")
    expect(page.get_by_role("region", name="Finding")).to_contain_text("✓ meets")
    expect(page.get_by_role("navigation")).to_have_count(0)
    expect(page.get_by_role("main")).to_have_count(1)
    expect_fair(page)
