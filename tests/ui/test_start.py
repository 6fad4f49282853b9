"""What this browser had, without a browser: told apart, opened, and deleted only when that was meant."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from screen import heard, press, shown

from shipworthy.documents import write
from shipworthy.examples import example, keys
from shipworthy.store import Store
from shipworthy.ui.session import Session
from shipworthy.ui.shell import Workbook
from shipworthy.ui.start import EXAMPLES, SECOND_CLICK, Kept

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(book: Workbook) -> Clock:
    book.start_page.clock = Clock()
    return book.start_page.clock


def remember(book: Workbook, *ids: str) -> list[Kept]:
    """The rows that are on the screen once the browser has told its list."""
    book.bridge.receive({"type": "hello", "id": "", "remembered": list(ids)})
    return [row for row in book.start_page.rows if shown(row)]


def keep(store: Store, title: str = "Churn calls") -> str:
    return store.create(write(example("churn")), title=title).id


def test_what_this_browser_had_is_listed_opened_and_deleted_for_good(
    book: Workbook, store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = keep(store)
    sent = heard(book.bridge, monkeypatch)
    (row,) = remember(book, identity, "gone" * 6, "../x")
    assert row.opener.description == "Churn calls"
    press(row, "Delete “Churn calls” for good…")
    assert store.newest(identity) == 1
    clock.now += 1
    press(row, "Really delete “Churn calls”: it cannot be undone")
    assert not shown(book.start_page.again)
    assert sent == [{"type": "forget", "id": identity, "buffers": []}]
    book.bridge.receive({"type": "hello", "id": identity, "remembered": []})
    assert "deleted for good" in book.bridge.notice["text"]
    assert book.session.decision is None


def test_a_double_click_on_delete_deletes_nothing(book: Workbook, store: Store, clock: Clock) -> None:
    identity = keep(store)
    (row,) = remember(book, identity)
    row.asker.click()
    row.asker.click()  # the second click, before the browser shows what the first one changed
    for button in (row.keeper, row.remover):  # and after, whichever stands there now
        clock.now += SECOND_CLICK / 3
        button.click()
        assert store.newest(identity) == 1
        assert (shown(row.asker), shown(row.keeper), shown(row.remover)) == (False, True, True)
    clock.now += SECOND_CLICK
    row.remover.click()
    assert not shown(row)


def test_where_the_delete_button_was_stands_the_one_that_keeps(book: Workbook, store: Store, clock: Clock) -> None:
    identity = keep(store)
    (row,) = remember(book, identity)
    before = [each for each in row.children if shown(each)]
    press(row, "Delete “Churn calls” for good…")
    after = [each for each in row.children if shown(each)]
    assert (before.index(row.asker), after.index(row.keeper), after.index(row.remover)) == (2, 2, 3)
    clock.now += 1
    press(row, "Keep “Churn calls”")
    assert [each for each in row.children if shown(each)] == before
    assert store.newest(identity) == 1


def test_two_of_one_title_are_told_apart_by_when_they_were_saved(
    begin: Callable[..., Session], path: Path, book: Workbook
) -> None:
    times = iter([NOON, NOON + timedelta(hours=5), NOON, NOON + timedelta(seconds=9)])
    store = Store(f"sqlite:///{path}", clock=lambda: next(times))
    ids = [keep(store) for _ in range(2)]
    said = [row.about.value for row in remember(book, *ids)]
    assert [f"{NOON.astimezone():%B %Y, %H:%M}" in each for each in said] == [True, False]
    assert len(set(said)) == 2
    alike = [keep(store, "Refund bot") for _ in range(2)]  # within a minute
    rows = {row.identity: row.about.value for row in remember(book, *alike)}
    for identity in alike:
        assert identity[:4] in rows[identity]
    assert not any(identity[:4] in rows[identity] for identity in ids)
    store.close()


def test_an_example_has_one_name_on_its_button_and_in_its_document() -> None:
    assert set(EXAMPLES) == set(keys())
    assert {key: name for key, (name, _) in EXAMPLES.items()} == {key: example(key).frame.title for key in keys()}
    assert all(about for _, about in EXAMPLES.values())
