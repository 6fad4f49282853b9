"""The page itself, whatever stands on it: it opens, says so, keeps to itself, and mixes no visitors."""

import json
import re
from collections.abc import Callable

from browser.watch import Watch
from playwright.sync_api import BrowserContext, Page, expect
from served import Served

from shipworthy.serve.assets import plotly_url


def open_workbook(page: Page, url: str) -> str:
    """Open the workbook, wait until it can be used, and say which kernel it has."""
    page.goto(url)
    expect(page.get_by_role("main")).to_be_visible(timeout=20_000)
    expect(page.locator("#loading")).to_have_count(0, timeout=20_000)
    expect(page.locator(".jupyter-widgets").first).to_be_visible(timeout=20_000)
    kernel: str = json.loads(page.locator("#jupyter-config-data").text_content() or "{}")["kernelId"]
    return kernel


def test_opens_with_title_language_and_policy(server: Served, page: Page) -> None:
    with page.expect_response(server.url) as opened:
        open_workbook(page, server.url)
    expect(page).to_have_title(re.compile("Shipworthy"))
    assert page.locator("html").get_attribute("lang") == "en"
    policy = opened.value.headers["content-security-policy"]
    assert re.search(r"script-src 'self' blob: 'nonce-[\w-]{20,}'(;|$)", policy)
    assert "unsafe-eval" not in policy


def test_says_that_it_is_opening(server: Served, page: Page, watch: Watch) -> None:
    watch.expect("voila.js")  # kept from it below, so that the page stays as it is before it opens
    page.route("**/voila.js", lambda route: route.abort())
    page.goto(server.url)
    expect(page.get_by_role("status")).to_have_text("Opening the workbook…")


def test_visitors_do_not_share_a_kernel(server: Served, new_context: Callable[..., BrowserContext]) -> None:
    first = open_workbook(new_context().new_page(), server.url)
    page = new_context().new_page()
    second = open_workbook(page, f"{server.url}?from=second")
    assert first != second
    page.reload()
    assert open_workbook(page, server.url) not in {first, second}


def test_page_scrolls_and_folds_as_pages_do(server: Served, new_context: Callable[..., BrowserContext]) -> None:
    page = new_context(viewport={"width": 360, "height": 640}).new_page()
    open_workbook(page, server.url)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_plotly_reaches_a_browser_once(server: Served, page: Page) -> None:
    load = """url => new Promise(done => {
        const script = document.createElement("script");
        script.src = url;
        script.onload = () => done(performance.getEntriesByName(location.origin + url)[0].transferSize);
        document.head.append(script);
    })"""
    open_workbook(page, server.url)
    assert 1_000_000 < page.evaluate(load, plotly_url()) < 2_000_000  # packed; 4.8 MB as it is
    assert page.evaluate("typeof Plotly.react") == "function"
    open_workbook(page, server.url)
    assert page.evaluate(load, plotly_url()) == 0  # from the browser's own cache
