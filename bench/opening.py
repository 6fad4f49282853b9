"""From the address to a page that can be used, held against an empty Voila page; what goes over the websocket for it."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bench import serving
from bench.measure import Row, at_most, median, median_ratio, shown
from tests.browser.chromium import launch

ROUNDS = 5
RATIO, MOST_MB, MOST_PSS_MB = 1.3, 1.0, 120.0
WAIT_MS = 30_000

# Each visits a page the way a very quick person would: a step is taken as soon as the step before it shows. The time
# noted is the browser's own, from the start of the navigation.
_VISITOR = """
(() => {
  const steps = %s;
  const seen = (node) => node && node.getClientRects().length > 0 && !node.disabled && node;
  const type = (box, text) => {
    box.focus();
    box.value = text;
    box.dispatchEvent(new InputEvent("input", { bubbles: true }));
  };
  const at = {};
  window.bench = { at };
  let step = 0;
  const look = () => {
    while (step < steps.length && steps[step](seen, type)) at[step++] = performance.now();
    if (step < steps.length) return;
    watch.disconnect();
    document.documentElement.dataset.bench = "done";
  };
  const watch = new MutationObserver(look);
  watch.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
})();
"""

_EXAMPLE = """[(seen) => seen([...document.querySelectorAll(".sw-start button")].find((node) => node.textContent.includes("Churn")))]"""

_SAVED = """[
  (seen, type) => {
    const box = seen(document.querySelectorAll('[data-question="lead_time.gap"] input')[1]); // likely, of low, likely, high
    window.before = document.querySelector(".sw-finding")?.textContent;
    if (box && window.before) type(box, "%d");
    return box && window.before;
  },
  () => document.querySelector(".sw-finding")?.textContent !== window.before,
]"""

_SLIDER = """[
  (seen) => {
    const handle = seen(document.querySelector(".widget-slider .noUi-handle"));
    window.before = document.querySelector(".widget-readout")?.textContent;
    if (handle && window.before) {
      handle.focus();
      handle.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
    }
    return handle && window.before;
  },
  () => document.querySelector(".widget-readout").textContent !== window.before,
]"""


class Visit:
    """One page, opened in a browser that has been there before."""

    def __init__(self, context: BrowserContext, server: serving.Server) -> None:
        self.context, self.server, self.bytes, self.seconds = context, server, 0, 0.0

    def __call__(self, steps: str, fragment: str = "", then: Callable[[Page], object] | None = None) -> float:
        """Milliseconds until the last step; the page is closed and its successor's kernel heated before it returns."""
        self.server.settle(0.4)
        page = self.context.new_page()
        page.set_default_timeout(WAIT_MS)
        self._count(page)
        page.add_init_script(_VISITOR % steps)
        page.goto(f"{self.server.url}{fragment}", wait_until="commit")
        page.locator('html[data-bench="done"]').wait_for(state="attached")
        noted: dict[str, float] = page.evaluate("() => window.bench.at")
        if then is not None:
            then(page)
        page.close(run_before_unload=True)
        self.server.settle(0.4)
        return max(noted.values())

    def _count(self, page: Page) -> None:
        """Add up what goes over the page's websockets, both ways."""
        self.bytes = 0

        def add(frame: dict[str, Any]) -> None:
            text, binary = frame["response"]["payloadData"], frame["response"]["opcode"] == 2
            self.bytes += len(text) * 3 // 4 - text[-2:].count("=") if binary else len(text.encode())

        session = self.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.webSocketFrameReceived", add)
        session.on("Network.webSocketFrameSent", add)


def rows() -> Iterator[Row]:
    """The start page and a saved decision, each over the time of an empty page; the websocket's bytes."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(serving.scratch()))
        workbook = stack.enter_context(serving.workbook(folder / "workbook"))
        voila = stack.enter_context(serving.voila(folder / "voila"))
        browser = launch(stack.enter_context(sync_playwright()))
        stack.callback(browser.close)
        ours, theirs = Visit(_context(browser), workbook), Visit(_context(browser), voila)
        address = _saved(ours)
        empty, start, saved, sizes = _in_turns(theirs, ours, address)
    more = f"{{}} against {shown(median(empty))} ms for an empty Voila page"
    yield at_most("start page can be used", median_ratio(start, empty), RATIO, "×", more.format(shown(median(start))))
    what = "saved decision: its first question takes input and the finding answers"
    yield at_most(what, median_ratio(saved, empty), RATIO, "×", more.format(shown(median(saved))))
    yield at_most("websocket bytes for that", median(sizes) / 1e6, MOST_MB, "MB")


def _in_turns(theirs: Visit, ours: Visit, address: str) -> tuple[list[float], ...]:
    """Milliseconds of the empty page, the start page and the saved decision, and the latter's bytes; round by round."""
    found: tuple[list[float], ...] = ([], [], [], [])
    for number in range(ROUNDS + 1):
        times = theirs(_SLIDER), ours(_EXAMPLE), ours(_SAVED % (1 + number % 9), address), ours.bytes
        if number:  # the first round fills the caches
            for kept, value in zip(found, times, strict=True):
                kept.append(value)
    return found


def memory() -> Iterator[Row]:
    """Proportional set size of the kernel behind an open workbook, after a few answers."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(serving.scratch()))
        workbook = stack.enter_context(serving.workbook(folder / "workbook"))
        browser = launch(stack.enter_context(sync_playwright()))
        stack.callback(browser.close)
        found: list[float] = []

        def weigh(page: Page) -> None:
            page.locator(".sw-plot .main-svg").first.wait_for()
            workbook.settle(1.0)
            found.append(_proportional(serving.kernel(workbook, serving.kernel_id(page)).pid))

        visit = Visit(_context(browser), workbook)
        visit(_SAVED % 5, _saved(visit), weigh)
        kernels = len(workbook.process.children(recursive=True))
    more = f"{kernels} kernels were running"
    yield at_most("kernel with the churn example open, proportional set size", found[0], MOST_PSS_MB, "MB", more)


def _context(browser: Browser) -> BrowserContext:
    return browser.new_context(viewport={"width": 1280, "height": 900})


def _saved(visit: Visit) -> str:
    """Open the churn example and leave it: the fragment of its address."""
    page = visit.context.new_page()
    page.set_default_timeout(WAIT_MS)
    page.goto(visit.server.url)
    page.get_by_role("button", name="Open “Churn calls”").click()
    page.locator(".sw-plot .main-svg").first.wait_for()
    fragment = "#" + page.url.partition("#")[2]
    time.sleep(1.5)  # an answer is saved within a second
    page.close(run_before_unload=True)
    return fragment


def _proportional(pid: int) -> float:
    """Proportional set size of a process [MB]."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith("Pss:"))
