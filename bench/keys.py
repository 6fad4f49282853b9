"""From a key press to everything on the screen moved: the workbook's lead time panel, and a Streamlit app."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import cycle
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped,unused-ignore]
from playwright.sync_api import Browser, Page, sync_playwright

from bench import serving
from bench.measure import Row, at_most, median, p95, shown
from tests.browser.chromium import launch

PRESSES = 40
MEDIAN_MS, SHARE = 60.0, 0.5
WAIT_MS = 20_000
SEARCH_S = 0.5
"""Flip points begin 0.3 s after an answer: the workbook is not at rest before."""

# Notes when each part of the panel last said something new. The finding's paragraph of flip points follows later, by
# design, and is left out; a chart has moved when plotly.js says so.
_WATCH_WORKBOOK = """() => {
  const bench = (window.bench = { down: 0, moved: {}, said: {} });
  const texts = {
    finding: () => [...document.querySelectorAll(".sw-finding > :not(.sw-flip)")],
    strip: () => [...document.querySelectorAll(".sw-strip")],
    rail: () => [...document.querySelectorAll(".sw-rail button")],
    tables: () => [...document.querySelectorAll(".sw-main table")],
  };
  const look = () => {
    const now = performance.now();
    for (const [name, nodes] of Object.entries(texts)) {
      const said = nodes().map((node) => node.textContent).join("|");
      if (said !== bench.said[name]) [bench.said[name], bench.moved[name]] = [said, now];
    }
  };
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
  document.querySelector(".sw-plot").on("plotly_afterplot", () => (bench.moved.chart = performance.now()));
  document.addEventListener("keydown", (event) => ([bench.down, bench.moved] = [event.timeStamp, {}]), true);
  look();
}"""

_WATCH_STREAMLIT = """() => {
  const bench = (window.bench = { down: 0, moved: {} });
  new MutationObserver((changes) => {
    if (changes.some(({ target }) => (target.closest ? target : target.parentElement)?.closest(".js-plotly-plot")))
      bench.moved.charts = performance.now();
  }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
  document.addEventListener("keydown", (event) => ([bench.down, bench.moved] = [event.timeStamp, {}]), true);
}"""


class Watched:
    """A page whose key presses are timed, and the process that answers them."""

    def __init__(self, page: Page, process: psutil.Process, script: str, needs: set[str], rest: float) -> None:
        self.page, self.process, self.needs, self.rest = page, process, needs, rest
        page.evaluate(script)

    def press(self, key: str) -> dict[str, float]:
        """Milliseconds from the key press until each part had moved for the last time."""
        self.page.keyboard.press(key)
        give_up = time.monotonic() + WAIT_MS / 1000
        while True:
            time.sleep(self.rest)
            serving.settle(self.process, 0.12)
            found: dict[str, Any] = self.page.evaluate("() => window.bench")
            moved = {name: at - found["down"] for name, at in found["moved"].items()}
            if self.needs <= moved.keys():
                return moved
            if time.monotonic() > give_up:
                raise RuntimeError(f"After the key {key!r} only these moved: {sorted(moved) or 'nothing'}.")


def rows() -> Iterator[Row]:
    """Key press to screen, held against Streamlit in the same run."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(serving.scratch()))
        workbook = stack.enter_context(serving.workbook(folder / "workbook"))
        streamlit = stack.enter_context(serving.streamlit(folder / "streamlit"))
        browser = launch(stack.enter_context(sync_playwright()))
        stack.callback(browser.close)
        ours, theirs = _lead_time(browser, workbook), _sliders(browser, streamlit)
        found = _in_turns(ours, theirs)
    mine, other = ([max(each.values()) for each in moved] for moved in found)
    parts = {name: median([each[name] for each in found[0] if name in each]) for name in found[0][-1]}
    said = ", ".join(f"{name} {shown(ms)}" for name, ms in sorted(parts.items(), key=lambda item: item[1]))
    yield at_most("key press to everything moved, median", median(mine), MEDIAN_MS, "ms", said)
    limit = SHARE * p95(other)
    more = f"Streamlit: median {shown(median(other))}, p95 {shown(p95(other))} ms"
    yield at_most("key press to everything moved, p95", p95(mine), limit, "ms", more)


def _in_turns(ours: Watched, theirs: Watched) -> tuple[list[dict[str, float]], list[dict[str, float]]]:
    """Timed key presses in both pages, in turns: digits come and go in the box, the slider moves up and down."""
    digits, arrows = cycle("1B3B5B7B9B"), cycle(("ArrowRight", "ArrowLeft"))
    found: tuple[list[dict[str, float]], list[dict[str, float]]] = ([], [])
    for number in range(PRESSES + 4):
        digit = next(digits)
        mine = ours.press("Backspace" if digit == "B" else digit)
        other = theirs.press(next(arrows))
        if number >= 4:  # the first few warm both up
            found[0].append(mine)
            found[1].append(other)
    return found


def _lead_time(browser: Browser, server: serving.Server) -> Watched:
    """The churn example's lead time panel, the cursor in the box of the typical time that persuasion takes."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.set_default_timeout(WAIT_MS)
    page.goto(server.url)
    page.get_by_role("button", name="Open “Churn calls”").click()
    page.locator(".sw-plot .main-svg").first.wait_for()
    box = page.locator('[data-question="lead_time.persuasion"] input').first
    box.fill("2")
    server.settle(1.0)
    box.press("End")
    kernel = serving.kernel(server, serving.kernel_id(page))
    return Watched(page, kernel, _WATCH_WORKBOOK, {"finding", "strip", "tables", "chart"}, SEARCH_S)


def _sliders(browser: Browser, server: serving.Server) -> Watched:
    """The Streamlit app, its first slider in focus."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.set_default_timeout(WAIT_MS)
    page.goto(server.url)
    page.locator(".js-plotly-plot .main-svg").nth(2).wait_for()
    page.get_by_role("slider").first.focus()
    server.settle(1.0)
    return Watched(page, server.process, _WATCH_STREAMLIT, {"charts"}, SEARCH_S)
