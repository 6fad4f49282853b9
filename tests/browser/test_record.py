"""The exported file, opened from disk: with scripts its charts come alive, without them nothing is missing, it prints."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from browser.fair import expect_fair
from browser.watch import Watch
from playwright.sync_api import BrowserContext, Page, expect
from records import complete

from shipworthy import edits
from shipworthy.assess import assess
from shipworthy.decision import Decision
from shipworthy.examples import example
from shipworthy.record import make, open_record

WAIT = 20_000  # ms
HOSTILE = '</script><script>document.title = "taken"</script><b>&amp;</b>'


def hostile(decision: Decision) -> Decision:
    """The decision with markup in its title and in the name of an option, which also stands in charts."""
    first, *rest = decision.options
    options = (first.model_copy(update={"name": HOSTILE, "note": HOSTILE}), *rest)
    decision = edits.say(edits.say(decision, "cost.priced", "per_call"), "cost.call_price", 0.01)
    frame = decision.frame.model_copy(update={"title": HOSTILE, "question": HOSTILE})
    return decision.model_copy(update={"options": options, "frame": frame})


def drawn(page: Page) -> None:
    """Wait until every chart is there."""
    plots = page.locator(".plot").count()
    assert plots >= 3
    expect(page.locator(".plot.drawn")).to_have_count(plots, timeout=WAIT)


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record on disk."""
    assessment = assess(hostile(example("churn")), on=date(2026, 11, 20), size=2**10)
    path = tmp_path_factory.mktemp("record") / "churn.html"
    path.write_text(make(assessment, made_at=datetime(2026, 11, 21, 9, 30, tzinfo=UTC), revision=41), encoding="utf-8")
    return path


def test_charts_come_alive_from_the_file_alone(exported: Path, page: Page, watch: Watch) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(exported.as_uri())
    drawn(page)
    first = page.get_by_role("img", name="Profit a month is").first
    first.scroll_into_view_if_needed()
    expect(first.locator("svg.main-svg").first).to_be_visible()
    expect(first.locator("path.js-line")).to_have_count(3)
    table = page.get_by_role("table", name="Profit a month against the gap")
    expect(table).to_be_hidden()
    page.get_by_role("figure", name="Profit a month against the gap").get_by_text("As a table").click()
    expect(table).to_be_visible()
    assert {url.partition(":")[0] for url in asked} == {"file", "blob"}
    assert len([url for url in asked if url.startswith("blob:")]) == 1
    expect(page).to_have_title(f"{HOSTILE} · decision record")
    expect(page.get_by_role("heading", level=1)).to_have_text(HOSTILE)
    legend = page.locator(".legendtext", has_text="taken").first
    expect(legend).to_have_text(HOSTILE)
    watch.verdict()


def test_without_scripts_every_number_is_in_the_page(
    exported: Path, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(exported.as_uri())
    expect(page.get_by_role("heading", level=1)).to_have_text(HOSTILE)
    for name in ("Profit a month against the gap", "How long acting takes", "The bill a month as use grows"):
        expect(page.get_by_role("table", name=name)).to_be_visible()
    for plot in page.locator(".plot").all():
        expect(plot).to_be_hidden()


def test_folds_to_a_phone(exported: Path, new_context: Callable[..., BrowserContext]) -> None:
    page = new_context(viewport={"width": 360, "height": 640}).new_page()
    page.goto(exported.as_uri())
    drawn(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert (
        page.evaluate("Math.max(...[...document.querySelectorAll('.plot svg')].map((each) => each.clientWidth))") <= 330
    )


def test_prints_with_charts_and_tables_the_first_page_alone(exported: Path, page: Page) -> None:
    page.goto(exported.as_uri())
    drawn(page)
    pdf = page.pdf(prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF")
    assert 6 <= pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page/") <= 20
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    table = page.get_by_role("table", name="Profit a month against the gap")
    expect(table).to_be_visible()
    expect(page.get_by_role("navigation")).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.querySelector('.first')).breakAfter") == "page"
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    expect(table).to_be_hidden()


def test_a_page_saved_by_the_browser_still_opens(exported: Path, page: Page, tmp_path: Path) -> None:
    page.goto(exported.as_uri())
    drawn(page)
    saved = page.content()
    opened = open_record(saved)
    assert opened.warning is None
    assert opened.decision == open_record(exported.read_bytes()).decision
    again = tmp_path / "saved.html"
    again.write_text(saved, encoding="utf-8")
    page.goto(again.as_uri())
    drawn(page)
    expect(page.locator(".plot").first.locator("svg.main-svg")).to_have_count(3)


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("key", ["recommender", "loan-decisions"])
def test_the_largest_examples_are_fair_with_everything_in_them(
    tmp_path: Path, new_context: Callable[..., BrowserContext], watch: Watch, key: str, width: int
) -> None:
    path = tmp_path / f"{key}.html"
    path.write_text(complete(key, with_charts=True), encoding="utf-8")
    page = new_context(viewport={"width": width, "height": 740}).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    drawn(page)
    expect_fair(page)
    assert {url.partition(":")[0] for url in asked} == {"file", "blob"}
    watch.verdict()
