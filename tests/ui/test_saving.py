"""Saving while people work: soon, over two pages on one decision, and while the store is down."""

import secrets
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from shipworthy.considerations import open_text
from shipworthy.decision import Decision, SpreadValue
from shipworthy.errors import InputError
from shipworthy.saver import Saver
from shipworthy.store import Store, StoreUnavailable
from shipworthy.ui.session import Session

PERSUASION = "lead_time.persuasion"
SUCCESS = "lead_time.success"


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of every saver that a session makes from now on."""
    clock = Clock()
    monkeypatch.setattr("shipworthy.ui.session.Saver", lambda *given: Saver(*given, clock=clock))
    return clock


@pytest.fixture
def churn(clock: Clock, session: Session) -> Session:
    session.start_example("churn")
    return session


def kept(session: Session, revision: int | None = None) -> Decision:
    return open_text(session.store.load(session.identity, revision).document)


def persuade(session: Session, days: int) -> None:
    session.answer(PERSUASION, None, {"p50": str(days), "p95": str(2 * days)})


# ---- soon


def test_a_change_is_saved_within_a_second_however_fast_one_types(churn: Session, clock: Clock) -> None:
    start, saver = clock.now, churn.saver
    assert saver is not None
    saved_at: list[float] = []
    for days in range(10, 30):  # a change every 100 ms, the page's clock as often
        persuade(churn, days)
        due = saver.due_in()
        assert due is not None
        assert due <= 0.75
        clock.now += 0.1
        churn.flush()
        if churn.saved.startswith("Saved"):
            saved_at.append(clock.now - start)
    assert len(saved_at) >= 2
    assert saved_at[0] < 1.0
    assert churn.store.newest(churn.identity) < 12  # and not once a key
    clock.now += 0.3
    churn.flush()
    assert kept(churn) == churn.decision


def test_nothing_is_due_once_it_is_saved(churn: Session) -> None:
    persuade(churn, 14)
    churn.flush(at_once=True)
    assert churn.saver is not None
    assert churn.saver.due_in() is None
    churn.undo()
    churn.redo()  # back to what is kept: no revision
    churn.flush(at_once=True)
    assert churn.store.newest(churn.identity) == 2


# ---- two pages


@pytest.fixture
def other(churn: Session, begin: Callable[..., Session]) -> Session:
    """Another page on the same decision, which has saved in between."""
    other = begin()
    other.open(churn.identity)
    other.answer(SUCCESS, None, {"likely": "35 %"})
    other.flush(at_once=True)
    persuade(churn, 14)
    churn.flush(at_once=True)
    return other


def test_the_second_of_two_is_told_and_works_on(churn: Session, other: Session, clock: Clock) -> None:
    assert churn.saved == "Not saved: changed elsewhere"
    assert "Somebody else saved this decision" in churn.conflict
    assert churn.decision.answer(PERSUASION).value == SpreadValue(p50=14.0, p95=28.0)
    persuade(churn, 21)
    clock.now += 60
    churn.flush()
    assert kept(churn) == other.decision
    assert churn.saved == "Not saved: changed elsewhere"
    assert (other.saved[:5], other.conflict) == ("Saved", "")


def test_keep_mine_puts_this_state_on_top_and_the_other_stays_in_the_history(churn: Session, other: Session) -> None:
    churn.keep_mine()
    assert (churn.saved[:5], churn.conflict) == ("Saved", "")
    assert kept(churn, 3) == churn.decision
    assert kept(churn, 2) == other.decision
    assert len(churn.store.history(churn.identity)) == 3


def test_take_theirs_shows_the_other_state_and_keeps_this_one_as_a_copy(churn: Session, other: Session) -> None:
    mine, identity = churn.decision, churn.identity
    assert churn.unsaved
    churn.take_theirs()
    assert not churn.unsaved
    assert churn.decision == other.decision
    assert (churn.identity, churn.saved, churn.conflict) == (identity, "Saved", "")
    copy = churn.notice["copy"]
    assert open_text(churn.store.load(copy).document) == mine
    persuade(churn, 30)
    churn.flush(at_once=True)
    assert churn.store.newest(identity) == 3
    assert churn.conflict == ""


def test_take_theirs_where_they_removed_the_option_in_view(churn: Session, begin: Callable[..., Session]) -> None:
    churn.option = "three_month_gap"
    other = begin()
    other.open(churn.identity)
    other.remove_option("three_month_gap")
    other.flush(at_once=True)
    persuade(churn, 14)
    churn.flush(at_once=True)
    churn.take_theirs()
    assert churn.option == "no_gap"
    assert churn.assessment.decision == other.decision


def test_a_conflict_is_left_behind_only_when_asked_twice(churn: Session, other: Session) -> None:
    mine, identity = churn.decision, churn.identity
    with pytest.raises(
        InputError, match=r"“Churn calls” is not saved yet \(it was changed elsewhere\)\. Download it first"
    ):
        churn.close()
    assert churn.decision is mine
    churn.close()
    assert churn.decision is None
    assert open_text(churn.store.load(identity).document) == other.decision


# ---- the store is down


def lock(path: Path) -> Callable[[], None]:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    return lambda: (other.execute("ROLLBACK"), other.close())[1]


def damage(path: Path) -> Callable[[], None]:
    good = path.read_bytes()
    path.write_bytes(secrets.token_bytes(len(good)))
    return lambda: [path.write_bytes(good), None][1]


def shut_out(path: Path) -> Callable[[], None]:
    """A plain file where the folder was."""
    aside = path.parent.with_name("aside")
    path.parent.rename(aside)
    path.parent.write_text("in the way")

    def back() -> None:
        path.parent.unlink()
        aside.rename(path.parent)

    return back


@pytest.mark.parametrize("trouble", [lock, damage, shut_out])
def test_people_work_on_while_the_store_is_down_and_all_is_saved_when_it_is_back(
    churn: Session, clock: Clock, path: Path, trouble: Callable[[Path], Callable[[], None]]
) -> None:
    mend = trouble(path)
    persuade(churn, 14)
    clock.now += 1
    churn.flush()
    assert churn.saved == "Not saved"
    assert churn.notice["kind"] == "error"
    assert churn.notice["text"].startswith("The decision could not be saved: ")
    assert churn.notice["text"].endswith("Keep working; download the file to be safe.")
    persuade(churn, 21)
    assert churn.assessment.decision is churn.decision
    assert open_text(churn.document()) == churn.decision  # the download has everything
    mend()
    clock.now += 30
    churn.flush()
    assert kept(churn) == churn.decision
    assert (churn.saved[:5], churn.notice["kind"]) == ("Saved", "ok")
    assert churn.notice["text"] == "Saved again: nothing was lost."


def test_a_full_disk(churn: Session, clock: Clock) -> None:
    def limit(raw: sqlite3.Connection, entry: object) -> None:
        raw.execute(f"PRAGMA max_page_count = {raw.execute('PRAGMA page_count').fetchone()[0]}")

    sa.event.listen(churn.store.engine, "connect", limit)
    churn.set_frame(product="x" * 19_000, users="y" * 19_000, baseline="z" * 19_000)
    clock.now += 1
    churn.flush()
    assert churn.notice["text"].startswith("The decision could not be saved: the disk is full.")
    sa.event.remove(churn.store.engine, "connect", limit)
    clock.now += 30
    churn.flush()
    assert kept(churn) == churn.decision


def test_a_database_that_was_removed_is_made_again_with_what_is_on_the_screen(
    churn: Session, clock: Clock, path: Path
) -> None:
    for file in path.parent.iterdir():
        file.unlink()
    persuade(churn, 14)
    clock.now += 1
    churn.flush()
    assert churn.saved.startswith("Saved ")
    assert kept(churn) == churn.decision


def test_it_is_tried_again_by_itself_and_told_once(churn: Session, clock: Clock, path: Path) -> None:
    mend = lock(path)
    told: list[str] = []
    churn.observe(lambda change: told.append(change["new"].get("text", "")), "notice")
    persuade(churn, 14)
    for _ in range(3):
        assert churn.saver is not None
        due = churn.saver.due_in()
        assert due is not None
        clock.now += due
        churn.flush()
    assert len(told) == 1
    mend()


def test_an_example_opens_while_the_store_is_down(session: Session, path: Path) -> None:
    path.parent.write_text("in the way")
    session.start_example("churn")
    assert session.assessment.recommended
    assert session.saved == "Not saved"
    path.parent.unlink()
    session.flush(at_once=True)
    assert kept(session) == session.decision


def test_leaving_what_is_not_saved_takes_a_second_try_and_a_deletion_that_failed_changes_nothing(
    churn: Session, path: Path
) -> None:
    mend = lock(path)
    persuade(churn, 14)
    with pytest.raises(StoreUnavailable, match="could not be deleted"):
        churn.delete()
    document, identity = churn.decision, churn.identity
    for leave in (churn.close, lambda: churn.start_example("shopping-assistant"), lambda: churn.open(identity)):
        churn._left = None
        with pytest.raises(InputError, match="is not saved yet"):
            leave()
        assert (churn.decision, churn.identity) == (document, identity)
    mend()
    churn.start_example("shopping-assistant")
    assert open_text(churn.store.load(identity).document) == document
    assert churn.notice == {}  # what was told about the other decision is gone


def test_a_decision_deleted_on_another_page_is_told_and_can_be_downloaded(churn: Session, store: Store) -> None:
    store.delete(churn.identity)
    persuade(churn, 14)
    churn.flush(at_once=True)
    assert churn.saved == "Not saved"
    assert "deleted for good" in churn.notice["text"]
    assert open_text(churn.document()) == churn.decision
