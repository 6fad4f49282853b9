"""A real server and a real browser. A test fails on any console error and on any request that leaves the machine."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser.chromium import launch
from browser.watch import Watch
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from served import Served, running

WAIT = 20_000  # ms, for everything that is waited for by locator


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server for the whole session, with a database and caches of its own."""
    with running(tmp_path_factory.mktemp("server")) as served:
        yield served


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium for the whole session."""
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture
def watch() -> Watch:
    """What the test's pages did; ``watch.expect(pattern)`` lets matching console errors pass."""
    return Watch()


@pytest.fixture
def new_context(
    browser: Browser, watch: Watch, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[..., BrowserContext]]:
    """Makes visitors: each context has cookies, storage and cache of its own. Judged when the test ends."""
    contexts: list[BrowserContext] = []

    def make(**options: object) -> BrowserContext:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        context.set_default_timeout(WAIT)
        watch.follow(context)
        contexts.append(context)
        return context

    yield make
    failed = getattr(request.node, "failed", False)
    for number, context in enumerate(contexts):
        for index, page in enumerate(context.pages):
            if failed:
                shot = tmp_path / f"visitor-{number}-page-{index}.png"
                page.screenshot(path=shot, full_page=True)
                print(f"screenshot: {shot}")
            page.close(run_before_unload=True)  # lets the page end its kernel
        context.close()
    if not failed:
        watch.verdict()


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    """An empty page of a fresh visitor."""
    return new_context().new_page()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if report.failed:
        item.failed = True
    return report
