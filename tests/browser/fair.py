"""What a page has to be for everybody: nothing that axe-core calls serious, no scrolling sideways."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from playwright.sync_api import Page


@cache
def axe() -> str:
    """axe-core, as a script."""
    spec = find_spec("axe_playwright_python")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).with_name("axe.min.js").read_text(encoding="utf-8")


def expect_fair(page: Page) -> None:
    """Nothing that axe-core calls serious or critical, folded sections included, and no scrolling sideways."""
    page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
    page.evaluate("Promise.allSettled(document.getAnimations().map((each) => each.finished))")  # a colour on its way
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe())
    found = page.evaluate("axe.run({ resultTypes: ['violations'] })")["violations"]
    serious = [each for each in found if each["impact"] in ("serious", "critical")]
    faults = {each["id"]: [node["html"][:200] for node in each["nodes"]] for each in serious}
    assert not faults, faults
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
