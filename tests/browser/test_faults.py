"""What goes wrong while the page is open: it is told in words, nothing is lost, and one can go on."""

import json
from collections.abc import Callable
from pathlib import Path

import psutil
from browser import workbook as on
from browser.watch import Watch
from playwright.sync_api import BrowserContext, Page, WebSocket, expect
from records import HOSTILE, made, nasty
from served import Served

from shipworthy.documents import write
from shipworthy.examples import example


def test_a_killed_kernel_is_noticed_and_the_decision_comes_back(server: Served, page: Page, watch: Watch) -> None:
    watch.expect("WebSocket|Kernel|kernel|Comm|comm")  # what Voila's scripts say of it
    on.open_example(page, server)
    on.type_and_save(page, on.TYPICAL, "6 weeks", "42")
    kernel = on.kernel_of(page)
    for process in psutil.Process(server.process.pid).children(recursive=True):
        if any(kernel in part for part in process.cmdline()):
            process.kill()
    alarm = page.get_by_role("alertdialog", name="Connection lost")
    expect(alarm).to_contain_text("Your answers are saved up to a moment ago", timeout=2 * on.OPENING)
    reload = alarm.get_by_role("button", name="Reload")
    expect(reload).to_be_focused()
    reload.click()
    on.expect_title(page, on.CHURN)
    assert on.kernel_of(page) != kernel
    expect(on.box(page, on.TYPICAL)).to_have_value("42")


def test_two_pages_on_one_decision_lose_nothing(server: Served, new_context: Callable[..., BrowserContext]) -> None:
    mine, theirs = new_context().new_page(), new_context().new_page()
    on.open_example(mine, server)
    on.expect_saved(mine)
    theirs.goto(mine.url)
    on.expect_title(theirs, on.CHURN)
    on.go(theirs, "Intervention lead time")

    on.type_and_save(mine, on.TYPICAL, "4 weeks", "28")
    on.box(theirs, on.TYPICAL).fill("40")
    expect(theirs.get_by_role("banner")).to_contain_text("saved this decision on")
    on.button(theirs, "Keep mine on top").click()
    on.expect_saved(theirs)
    expect(on.button(theirs, "Keep mine on top")).to_be_hidden()
    expect(on.box(theirs, on.TYPICAL)).to_have_value("40")

    on.box(mine, on.TYPICAL).fill("50")
    expect(mine.get_by_role("banner")).to_contain_text("saved this decision on")
    on.button(mine, "Show theirs, keep mine as a copy").click()
    expect(on.box(mine, on.TYPICAL)).to_have_value("40")
    expect(mine.get_by_text("Yours is kept as a copy")).to_be_visible()
    mine.get_by_role("link", name="Open my copy").click()
    expect(on.box(mine, on.TYPICAL)).to_have_value("50")
    on.button(mine, "Start page").click()
    expect(on.button(mine, on.CHURN)).to_have_count(2)  # the copy is remembered


def test_a_file_of_50_mb_is_refused_before_it_is_sent(server: Served, page: Page, tmp_path: Path) -> None:
    largest = 0

    def sent(frame: str | bytes) -> None:
        nonlocal largest
        largest = max(largest, len(frame))

    def follow(socket: WebSocket) -> None:
        socket.on("framesent", sent)

    page.on("websocket", follow)
    path = tmp_path / "large.json"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    on.start(page, server)
    on.upload(page, path)
    expect(on.alert(page, "“large.json” has 50.0 MB. Files up to 8")).to_be_visible()
    on.upload(page, on.file("churn.json", write(example("churn"))))
    on.expect_title(page, on.CHURN)
    assert 0 < largest < 1_000_000


def test_files_that_cannot_be_opened_are_refused_in_a_sentence(server: Served, page: Page) -> None:
    text = write(example("churn"))
    newer = json.dumps({**json.loads(text), "schema_version": 99})
    as_text = text.replace('"p50": 60.0', '"p50": "sixty"')
    assert as_text != text
    refused = {
        "holiday.json": ("a day at the sea", "cannot be read as JSON"),
        "half.json": (text[: len(text) // 2], "ends in the middle"),
        "half.html": (made("churn")[:5_000], "ends in the middle"),
        "newer.json": (newer, "newer Shipworthy (schema 99"),
        "text.json": (as_text, "a number"),
        "page.html": ("<!doctype html><p>Hello</p>", "No decision is inside this file"),
    }
    on.start(page, server)
    for name, (content, words) in refused.items():
        on.upload(page, on.file(name, content))
        expect(on.alert(page, words)).to_be_visible()
        expect(page.get_by_role("heading", name="Will the product work?")).to_be_visible()
        on.button(page, "Dismiss").click()
        expect(on.alert(page, words)).to_have_count(0)


def test_what_a_file_says_is_shown_and_never_run(server: Served, page: Page) -> None:
    decision = nasty()
    page.add_init_script("window.alert = () => { throw new Error('taken') }")
    on.start(page, server)
    on.drop(page, "nasty.json", write(decision))
    on.expect_title(page, " ".join(HOSTILE.split()))
    for place in ("Value stream", "Intervention lead time", "Cost per use", "Decide", "Frame"):
        on.go(page, place)
        expect(page.get_by_role("main").last.get_by_role("heading", level=2)).to_be_visible()
        expect(page.locator("[onerror]")).to_have_count(0)
    expect(on.box(page, "Title")).to_have_value(HOSTILE)


def test_a_record_edited_by_hand_opens_with_a_warning(server: Served, page: Page) -> None:
    edited = made("churn").replace("\\u003c", "<").replace('"title": "Churn calls"', '"title": "Edited calls"')
    assert edited.count('"title": "Edited calls"') == 1
    on.start(page, server)
    on.upload(page, on.file("edited.html", edited))
    on.expect_title(page, "Edited calls")
    expect(on.alert(page, "edited after it was exported")).to_be_visible()


def test_the_database_may_go_and_come_back(server: Served, page: Page, tmp_path: Path) -> None:
    page.clock.install()
    on.open_example(page, server)
    on.expect_saved(page)
    away = tmp_path / "away"
    away.mkdir()
    files = [path for path in server.db.parent.glob(f"{server.db.name}*") if path.is_file()]
    for path in files:
        path.rename(away / path.name)
    server.db.mkdir()  # nothing can be saved there

    on.box(page, on.TYPICAL).fill("14")
    told = on.alert(page, "could not be saved")
    expect(told).to_contain_text("Keep working")
    on.box(page, on.RARE).fill("21")
    expect(on.strip_line(page, "Two-month gap")).to_match_aria_snapshot("- listitem: /^Two-month gap leads/")
    kept = on.download(page, "Download decision", tmp_path)
    assert json.loads(kept.read_text())["answers"]["lead_time"]["persuasion"]["value"] == {"p50": 14.0, "p95": 21.0}

    with page.expect_event("dialog") as asked:  # leaving now would lose it: the browser asks
        page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()

    server.db.rmdir()  # removed: it is made anew, and the decision is in it
    again = page.get_by_text("Saved again: nothing was lost.")
    expect(again).to_be_visible(timeout=on.OPENING)
    on.expect_saved(page)
    page.clock.fast_forward(11_000)  # good news passes by itself
    expect(again).to_be_hidden()
    page.reload()
    on.expect_title(page, on.CHURN)
    expect(on.box(page, on.RARE)).to_have_value("21")
