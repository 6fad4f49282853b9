"""The workbook as its users find it: by role and by label."""

import json
import re
from pathlib import Path

from playwright.sync_api import BrowserContext, FilePayload, Locator, Page, expect
from served import Served

from shipworthy.assess import Assessment
from shipworthy.considerations import registry
from shipworthy.ui import html

OPENING = 20_000  # ms, for what starts a kernel or waits for a heartbeat
CHURN = "Churn calls"
LEAD_TIME = "Does the prediction come early enough"
TYPICAL = "Persuasion: first talk to decision, typical [days]"
RARE = "Persuasion: first talk to decision, 1 in 20 over [days]"


def button(page: Page, name: str) -> Locator:
    """The button of exactly this name."""
    return page.get_by_role("button", name=name, exact=True)


def box(page: Page, name: str) -> Locator:
    """The text box of exactly this name."""
    return page.get_by_role("textbox", name=name, exact=True)


def start(page: Page, served: Served) -> None:
    """Open the start page and wait until it can be used."""
    page.goto(served.url)
    expect(page.get_by_role("heading", name="Will the product work?")).to_be_visible(timeout=OPENING)


def open_example(page: Page, served: Served, name: str = CHURN) -> None:
    """Begin from an example."""
    start(page, served)
    button(page, f"Open “{name}”").click()
    expect_title(page, name)


def expect_title(page: Page, title: str) -> None:
    """Wait until the decision of this title is on the page."""
    expect(page.get_by_role("heading", name=title, level=1, exact=True)).to_be_visible(timeout=OPENING)


def expect_saved(page: Page) -> None:
    """Wait until the header says that everything is saved."""
    expect(page.get_by_role("banner")).to_contain_text(re.compile(r"Saved \d\d:\d\d:\d\d"))


def type_and_save(page: Page, name: str, typed: str, understood: str) -> None:
    """Type into a box and leave it; wait until that is understood, and then until it is saved."""
    box(page, name).fill(typed)
    page.keyboard.press("Tab")
    expect(box(page, name)).to_have_value(understood)  # the answer to it comes after "Saving…"
    expect_saved(page)


def kernel_of(page: Page) -> str:
    """The id of the kernel behind the page."""
    kernel: str = json.loads(page.locator("#jupyter-config-data").text_content() or "{}")["kernelId"]
    return kernel


PAGES = {"Frame": ["What is to be decided?"]}
"""Headings of the places that are no considerations."""


def unfold(page: Page, section: str) -> None:
    """Open a section of the form that is folded."""
    fold = page.locator(".sw-section").filter(has=page.locator("summary", has_text=section)).first
    if fold.get_attribute("open") is None:
        fold.locator("summary").first.click()


def go(page: Page, place: str) -> None:
    """Open a place of the rail and wait until it is there: a consideration's questions come after its heading."""
    page.get_by_role("navigation").get_by_role("button", name=place).click()
    titles = [each.title for each in registry().values() if each.name == place] or PAGES.get(place, [])
    if titles:
        expect(page.get_by_role("main").get_by_role("heading", name=titles[0], level=2, exact=True)).to_be_visible()
        expect(page.locator(".sw-main details fieldset").first).to_be_attached()
    if place == "Decide":
        expect(button(page, "Commit")).to_be_visible()


FACES = {
    "Compare": "Which option, and how sure is that?", "What moves it": "What moves the result, and what would change our mind?",
    "What if": "What if some answers were different?", "Find out first": "What is worth knowing before we choose?",
    "Commit": "What do we decide, and why?",
}  # fmt: skip
"""Faces of the Decide page, and what each asks."""


def face(page: Page, name: str) -> None:
    """Open a face of the Decide page and wait until it is there."""
    button(page, name).click()
    expect(page.get_by_role("main").get_by_role("heading", name=FACES[name], level=2, exact=True)).to_be_visible()


def alert(page: Page, words: str) -> Locator:
    """What the page warns of, in these words."""
    return page.get_by_role("alert").filter(has_text=words)


def option_tab(page: Page, name: str) -> Locator:
    """The tab that puts an option in view."""
    return page.get_by_role("group", name="Option in view").first.get_by_role("button", name=name, exact=True)


def show_option(page: Page, name: str) -> None:
    """Put an option in view."""
    option_tab(page, name).click()
    expect_option(page, name)


def expect_option(page: Page, name: str) -> None:
    """Wait until this option is in view."""
    expect(option_tab(page, name)).to_have_attribute("aria-pressed", "true")


def strip_line(page: Page, option: str) -> Locator:
    """The option's line in the strip that compares them."""
    return page.get_by_role("region", name="Options").get_by_role("listitem").filter(has_text=option)


def expect_strip(page: Page, assessment: Assessment) -> None:
    """The strip says what was computed: each payoff, each chance, who leads and who does not."""
    for key, result in assessment.options.items():
        line = strip_line(page, result.option.name)
        for words in html.one_line(result).split(" · "):
            expect(line).to_contain_text(words)
        leads = " leads" if key == assessment.recommended and assessment.comparable else ""
        expect(line).to_match_aria_snapshot(f"- listitem: /^{re.escape(result.option.name)}{leads} [^a-z]/")


def upload(page: Page, file: Path | FilePayload) -> None:
    """Choose a file on the start page."""
    page.get_by_label("Open a decision or a record from a file").set_input_files(file)


def file(name: str, content: str) -> FilePayload:
    """A file to choose."""
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content.encode()}


def drop(page: Page, name: str, content: str) -> None:
    """Drop a file on the page, as from another window."""
    make = """([name, content]) => {
        const carried = new DataTransfer();
        carried.items.add(new File([content], name));
        return carried;
    }"""
    carried = page.evaluate_handle(make, [name, content])
    for event in ("dragenter", "dragover", "drop"):
        page.locator("body").dispatch_event(event, {"dataTransfer": carried})


def download(page: Page, name: str, folder: Path) -> Path:
    """Press the button that hands over a file, and keep the file."""
    with page.expect_download() as caught:
        button(page, name).click()
    path = folder / caught.value.suggested_filename
    caught.value.save_as(path)
    return path


def file_page(context: BrowserContext, path: Path) -> Page:
    """A file opened from disk by a browser without a network."""
    context.set_offline(True)
    page = context.new_page()
    page.goto(path.as_uri())
    return page
