"""What is told goes when it is old, and stays while it holds."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from screen import answer, panel, persuade, press

from shipworthy.errors import InputError
from shipworthy.ui.shell import Workbook
from shipworthy.ui.telling import Telling


def refuse() -> None:
    raise InputError("the name is empty")


def test_what_failed_is_told_until_the_next_act_succeeds() -> None:
    telling = Telling()
    telling.guard(refuse)()
    assert telling.notice["text"] == "the name is empty"
    telling.guard(refuse)()
    assert telling.notice["text"] == "the name is empty"
    telling.guard(lambda: None)()
    assert telling.notice == {}


@pytest.mark.parametrize("kind", ["info", "ok", "error"])
def test_other_messages_stay_until_they_are_dismissed(kind: str) -> None:
    telling = Telling()
    telling.tell("This record was edited", kind)
    telling.guard(lambda: None)()
    assert telling.notice["text"] == "This record was edited"


def test_what_an_act_tells_itself_is_not_taken_for_old() -> None:
    telling = Telling()
    telling.guard(refuse)()
    telling.guard(lambda: telling.failed(InputError("another")))()
    assert telling.notice["text"] == "another"


ACTS: dict[str, Callable[[Workbook], None]] = {
    "an answer": persuade,
    "undo by key": lambda book: book.bridge.receive({"type": "undo"}),
    "another place": lambda book: press(book.rail, "Frame"),
    "an option": lambda book: press(book.tabs, "Two-month gap"),
    "back": lambda book: book.bridge.receive({"type": "open", "id": book.session.identity, "place": "decide"}),
    "the frame": lambda book: answer(book.place("frame").form, "frame.product", value="Calls"),
}


@pytest.mark.parametrize("act", ACTS)
def test_a_banner_goes_with_whatever_succeeds_next(churn_book: Workbook, act: str) -> None:
    book = churn_book
    panel(book)
    book.tabs.name.value = " "
    press(book.tabs, "Edit options…")
    press(book.tabs, "Rename")
    assert "the name is empty" in book.bridge.notice["text"]
    ACTS[act](book)
    assert book.bridge.notice == {}


def test_that_nothing_can_be_saved_is_told_again_after_another_error(churn_book: Workbook, path: Path) -> None:
    book = churn_book
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    persuade(book)
    book.session.flush(at_once=True)
    assert "could not be saved" in book.bridge.notice["text"]
    book.tabs.name.value = " "
    press(book.tabs, "Edit options…")
    assert "could not be saved" in book.bridge.notice["text"]  # an act that succeeds does not save
    press(book.tabs, "Rename")
    assert "the name is empty" in book.bridge.notice["text"]
    press(book.tabs, "Done")
    assert "could not be saved" in book.bridge.notice["text"]
    other.execute("ROLLBACK")
    other.close()
    book.session.flush(at_once=True)
    assert book.bridge.notice["text"] == "Saved again: nothing was lost."
