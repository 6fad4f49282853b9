"""From the start page to the record and back: what a newcomer does in the first ten minutes."""

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

from browser import workbook as on
from playwright.sync_api import BrowserContext, Page, expect
from served import Served

from shipworthy import edits, examples
from shipworthy.assess import Assessment, assess
from shipworthy.considerations.base import Figure
from shipworthy.decision import SpreadValue


@cache
def churn(persuaded_within: tuple[float, float] | None = None) -> Assessment:
    """The churn example as it is computed without a screen."""
    decision = examples.example("churn")
    if persuaded_within is not None:
        typical, rare = persuaded_within
        decision = edits.say(decision, "lead_time.persuasion", SpreadValue(p50=typical, p95=rare))
    return assess(decision, on=date.today())


def profit_curve(assessment: Assessment, option: str) -> Figure:
    """The first chart of the lead time panel."""
    consideration = assessment.registry["lead_time"]
    usable = assessment.evaluations("lead_time")
    return next(iter(consideration.figures(assessment.view("lead_time", option), usable)))


def expect_panel(page: Page, assessment: Assessment, option: str) -> None:
    """The lead time panel and the strip show this assessment: finding, chart, payoff, who leads."""
    finding = assessment.options[option].findings["lead_time"]
    expect(page.get_by_role("region", name="Finding")).to_contain_text(finding.headline)
    figure = profit_curve(assessment, option)
    chart = page.get_by_role("img", name=figure.alt, exact=True)
    expect(chart).to_contain_text(figure.plotly["layout"]["annotations"][0]["text"])
    on.expect_strip(page, assessment)


def test_from_the_example_to_the_record_and_back(
    server: Served, new_context: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    page, option = new_context().new_page(), "two_month_gap"
    on.open_example(page, server)
    expect(page.get_by_role("heading", name=on.LEAD_TIME)).to_be_visible()
    on.show_option(page, "Two-month gap")
    before, after = churn(), churn((14.0, 21.0))
    expect_panel(page, before, option)

    on.box(page, on.TYPICAL).fill("2 weeks")
    on.box(page, on.RARE).fill("21")
    assert before.recommended == "three_month_gap"
    assert after.recommended == option
    assert profit_curve(before, option).alt != profit_curve(after, option).alt
    expect_panel(page, after, option)
    page.reload()  # at once: the answer is not a second old

    on.expect_title(page, on.CHURN)
    on.expect_strip(page, after)
    expect(on.box(page, on.TYPICAL)).to_have_value("14")  # on the panel that was in view
    expect(on.box(page, on.RARE)).to_have_value("21")
    record = on.download(page, "Export record", tmp_path)

    paper = on.file_page(new_context(), record)
    expect(paper.get_by_role("heading", level=1)).to_have_text(
        "Should we build the churn model, and with which horizon?"
    )
    expect(paper.get_by_role("main")).to_contain_text(after.options[option].findings["lead_time"].headline)
    figures = paper.get_by_role("figure")
    expect(figures).not_to_have_count(0)
    for figure in figures.all():
        expect(figure.get_by_role("img").first.locator("svg").first).to_be_visible()

    other = new_context().new_page()
    on.start(other, server)
    on.drop(other, record.name, record.read_text())
    on.expect_title(other, on.CHURN)
    on.expect_strip(other, after)
    on.go(other, "Intervention lead time")
    expect(on.box(other, on.TYPICAL)).to_have_value("14")
    on.box(other, on.TYPICAL).fill("60")
    on.box(other, on.RARE).fill("90")
    on.expect_strip(other, before)


def test_what_was_typed_a_moment_before_a_refresh_is_kept(server: Served, page: Page) -> None:
    on.open_example(page, server)
    on.box(page, on.TYPICAL).fill("40")
    on.box(page, on.RARE).fill("70")
    page.reload()
    on.expect_title(page, on.CHURN)
    expect(on.box(page, on.TYPICAL)).to_have_value("40")
    expect(on.box(page, on.RARE)).to_have_value("70")


def test_a_decision_of_ones_own_from_its_title_to_its_deletion(server: Served, page: Page) -> None:
    on.start(page, server)
    on.box(page, "Title").fill("Refund bot")
    on.button(page, "Start").click()
    on.expect_title(page, "Refund bot")
    on.go(page, "Value stream")
    options = page.get_by_role("group", name="Option in view").first

    on.button(page, "Edit options…").click()
    name = on.box(page, "Name")
    expect(name).to_have_value("First option")
    name.fill("Hosted API")
    on.button(page, "Add as new").click()
    on.expect_option(page, "Hosted API")
    name.fill("Hosted model")
    on.button(page, "Rename").click()
    on.expect_option(page, "Hosted model")
    on.button(page, "Copy this one").click()
    on.expect_option(page, "Hosted model (copy)")
    expect(options.get_by_role("button")).to_have_text(
        ["First option", "Hosted model", "Hosted model (copy)", "Do nothing", "Edit options…"]
    )
    on.button(page, "Remove this one").click()
    expect(on.strip_line(page, "(copy)")).to_have_count(0)
    on.button(page, "Undo").click()
    expect(on.strip_line(page, "(copy)")).to_be_visible()
    on.button(page, "Redo").click()
    expect(on.strip_line(page, "(copy)")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(on.strip_line(page, "(copy)")).to_be_visible()
    on.expect_saved(page)
    address = page.url

    on.button(page, "Start page").click()
    expect(page.get_by_role("heading", name="Go on with what this browser had")).to_be_visible()
    on.button(page, "Refund bot").click()
    on.expect_title(page, "Refund bot")
    expect(on.strip_line(page, "Hosted model (copy)")).to_be_visible()
    on.button(page, "Start page").click()
    on.button(page, "Delete “Refund bot” for good…").click()
    on.button(page, "Really delete “Refund bot”: it cannot be undone").click()  # so soon: a double-click
    on.button(page, "Keep “Refund bot”").click(delay=600)
    on.button(page, "Delete “Refund bot” for good…").click()
    on.button(page, "Really delete “Refund bot”: it cannot be undone").click(delay=600)
    expect(on.button(page, "Refund bot")).to_have_count(0)

    page.goto("about:blank")
    page.goto(address)
    expect(on.alert(page, "deleted")).to_be_visible(timeout=on.OPENING)
    expect(page.get_by_role("heading", name="Will the product work?")).to_be_visible()
    expect(on.button(page, "Refund bot")).to_have_count(0)


def test_a_cell_of_the_matrix_leads_to_its_finding_and_back(server: Served, page: Page) -> None:
    on.open_example(page, server)
    on.go(page, "Decide")
    cell = page.locator("[data-place=lead_time][data-option=no_gap]")
    expect(cell).to_contain_text("✕ fails")
    cell.press("Enter")
    expect(page.get_by_role("navigation").get_by_role("button", name="Intervention lead time")).to_have_attribute(
        "aria-current", "step"
    )
    on.expect_option(page, "Model with no gap")
    page.go_back()
    expect(page.get_by_role("heading", name=on.FACES["Compare"], level=2)).to_be_visible()
    on.face(page, "Commit")
    expect(page.get_by_role("combobox", name="Chosen option")).to_be_visible()
