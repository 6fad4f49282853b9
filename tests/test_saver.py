"""The saver on a clock that only moves when told, against a store that fails when told, and against a real one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.saver import Pace, Saver
from shipworthy.store import MAX_BYTES, Conflict, NotFound, Saved, Store, StoreUnavailable, new_id

FULL = StoreUnavailable("The decision could not be saved", "the disk is full", "Keep working.")


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Flaky(Store):
    """A store in memory that fails, before or after keeping what it was given, as often as it is told to."""

    def __init__(self) -> None:
        super().__init__("sqlite://")
        self.before: list[BaseException] = []
        self.after: list[BaseException] = []
        self.meanwhile: Callable[[], None] | None = None
        self.calls = 0

    def save(
        self, id: str, document: str, *, title: str, based_on: int, author: str = "", create_missing: bool = False
    ) -> Saved:
        self.calls += 1
        if self.before:
            raise self.before.pop(0)
        if self.meanwhile is not None:
            act, self.meanwhile = self.meanwhile, None
            act()
        saved = super().save(id, document, title=title, based_on=based_on, author=author, create_missing=create_missing)
        if self.after:
            raise self.after.pop(0)
        return saved


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store() -> Flaky:
    return Flaky()


@pytest.fixture
def saver(store: Flaky, clock: Clock) -> Saver:
    return Saver(store, new_id(), author="Ada", clock=clock, pace=Pace(0.25, 0.75, 1.0, 8.0))


def test_nothing_offered_is_nothing_to_do(saver: Saver, store: Flaky) -> None:
    assert (saver.flush().words, saver.due_in(), saver.pending, store.calls) == ("saved", None, False, 0)


def test_a_state_is_saved_after_a_pause(saver: Saver, store: Flaky, clock: Clock) -> None:
    saver.offer("one", "One")
    assert saver.due_in() == pytest.approx(0.25)
    clock.now += 0.2
    assert saver.flush().words == "saving"
    assert (store.calls, saver.pending) == (0, True)
    clock.now += 0.1
    outcome = saver.flush()
    assert (outcome.words, outcome.revision, saver.pending, saver.due_in()) == ("saved", 1, False, None)
    kept = store.load(saver.id)
    assert (kept.document, kept.title, kept.author, kept.saved_at) == ("one", "One", "Ada", outcome.saved_at)


def test_steady_typing_is_saved_within_a_second_and_only_the_newest_state(
    saver: Saver, store: Flaky, clock: Clock
) -> None:
    first_saved = None
    for n in range(12):  # a key every 0.1 s, so there is never a pause
        saver.offer(f"text {n}", "T")
        saver.flush()
        if first_saved is None and store.calls:
            first_saved = clock.now
        clock.now += 0.1
    assert first_saved == pytest.approx(100.8)
    assert [store.load(saver.id, line.revision).document for line in store.history(saver.id)] == ["text 8"]
    saver.flush(clock.now + 1)
    assert store.load(saver.id).document == "text 11"


def test_going_back_to_what_is_kept_saves_nothing(saver: Saver, store: Flaky, clock: Clock) -> None:
    saver.offer("one", "One")
    saver.flush(at_once=True)
    saver.offer("two", "Two")
    saver.offer("one", "One")
    assert saver.flush(at_once=True).words == "saved"
    assert (store.calls, saver.pending) == (1, False)


def test_trouble_is_told_kept_pending_and_tried_again_ever_more_seldom(
    saver: Saver, store: Flaky, clock: Clock
) -> None:
    store.before = [FULL] * 6
    saver.offer("one", "One")
    waits = []
    clock.now += 0.25
    for _ in range(6):
        outcome = saver.flush()
        assert (outcome.state, outcome.words) == ("not saved", "not saved: the disk is full")
        assert outcome.message == "The decision could not be saved: the disk is full. Keep working."
        assert saver.pending
        wait = saver.due_in()
        assert wait is not None
        calls = store.calls
        clock.now += wait - 0.01
        saver.flush()
        assert store.calls == calls  # not before its time
        clock.now += 0.01
        waits.append(wait)
    assert waits == pytest.approx([1, 2, 4, 8, 8, 8])
    assert saver.flush().words == "saved"
    assert store.load(saver.id).document == "one"
    saver.offer("two", "Two")
    store.before = [FULL]
    saver.flush(at_once=True)
    assert saver.due_in() == pytest.approx(1.0)  # patience starts anew after a success


def test_the_newest_state_is_what_gets_saved_when_the_trouble_is_over(saver: Saver, store: Flaky, clock: Clock) -> None:
    store.before = [FULL]
    saver.offer("one", "One")
    saver.flush(at_once=True)
    saver.offer("two", "Two")
    assert saver.flush().words == "not saved: the disk is full"
    assert saver.flush(at_once=True).words == "saved"  # somebody pressed "try again"
    assert [store.load(saver.id, line.revision).document for line in store.history(saver.id)] == ["two"]


def test_a_save_whose_answer_got_lost_makes_no_conflict_with_oneself(saver: Saver, store: Flaky) -> None:
    saver.offer("one", "One")
    saver.flush(at_once=True)
    store.after = [FULL]
    saver.offer("two", "Two")
    assert saver.flush(at_once=True).state == "not saved"
    saver.offer("three", "Three")
    outcome = saver.flush(at_once=True)
    assert (outcome.words, outcome.revision) == ("saved", 3)
    assert [store.load(saver.id, n).document for n in (1, 2, 3)] == ["one", "two", "three"]


def test_undo_after_a_lost_answer_is_saved(saver: Saver, store: Flaky) -> None:
    saver.offer("one", "One")
    saver.flush(at_once=True)
    store.after = [FULL]
    saver.offer("two", "Two")
    saver.flush(at_once=True)
    saver.offer("one", "One")  # what was last known to be kept, but not what is kept
    assert saver.flush(at_once=True).words == "saved"
    assert store.load(saver.id).document == "one"


def _bob_saves(store: Flaky, saver: Saver, text: str) -> None:
    Store.save(store, saver.id, text, title="Bob's", based_on=saver.revision, author="Bob")


def test_a_conflict_waits_for_a_choice_and_mine_goes_on_top(saver: Saver, store: Flaky, clock: Clock) -> None:
    saver.offer("one", "One")
    saver.flush(at_once=True)
    _bob_saves(store, saver, "bob's")
    saver.offer("mine", "Mine")
    outcome = saver.flush(at_once=True)
    assert (outcome.state, outcome.words) == ("conflict", "conflict")
    assert isinstance(outcome.conflict, Conflict)
    assert (outcome.conflict.author, outcome.conflict.newest) == ("Bob", 2)
    assert outcome.message.startswith("Bob saved this decision")
    calls = store.calls
    saver.offer("mine, later", "Mine")
    clock.now += 1000
    assert saver.flush(at_once=True).state == "conflict"
    assert (store.calls, saver.due_in(), saver.pending) == (calls, None, True)
    assert saver.keep_mine().words == "saved"
    assert [store.load(saver.id, n).document for n in (1, 2, 3)] == ["one", "bob's", "mine, later"]


def test_a_conflict_can_be_settled_by_taking_theirs(saver: Saver, store: Flaky) -> None:
    saver.offer("one", "One")
    saver.flush(at_once=True)
    _bob_saves(store, saver, "bob's")
    saver.offer("mine", "Mine")
    conflict = saver.flush(at_once=True).conflict
    assert conflict is not None
    assert saver.take_theirs(conflict.newest).words == "saved"
    assert (saver.pending, saver.revision) == (False, 2)
    saver.offer("bob's and mine", "Both")
    assert saver.flush(at_once=True).revision == 3


def test_keeping_mine_can_meet_the_next_conflict(saver: Saver, store: Flaky) -> None:
    saver.offer("one", "One")
    saver.flush(at_once=True)
    _bob_saves(store, saver, "bob's")
    saver.offer("mine", "Mine")
    saver.flush(at_once=True)
    Store.save(store, saver.id, "carol's", title="", based_on=2, author="Carol")
    outcome = saver.keep_mine()
    assert outcome.conflict is not None
    assert (outcome.state, outcome.conflict.author) == ("conflict", "Carol")
    assert saver.keep_mine().revision == 4


def test_without_a_conflict_there_is_nothing_to_settle(saver: Saver, store: Flaky) -> None:
    saver.offer("one", "One")
    assert saver.keep_mine().words == "saving"
    assert store.calls == 0


def test_a_deleted_decision_is_not_brought_back_but_can_be_kept_as_a_new_one(saver: Saver, store: Flaky) -> None:
    saver.offer("one", "One")
    saver.flush(at_once=True)
    old = saver.id
    store.delete(old)
    saver.offer("two", "Two")
    outcome = saver.flush(at_once=True)
    assert outcome.words == "not saved: this decision was deleted"
    assert "deleted for good" in outcome.message
    assert "kept as a new decision" in outcome.message
    assert (saver.due_in(), saver.pending) == (None, True)
    saver.offer("three", "Three")
    assert saver.flush(at_once=True).words == "not saved: this decision was deleted"
    assert saver.save_as_new().words == "saved"
    assert saver.id != old
    assert store.load(saver.id).document == "three"
    with pytest.raises(NotFound):
        store.load(old)


def test_a_new_decision_is_not_made_of_nothing(saver: Saver, store: Flaky) -> None:
    old = saver.id
    assert saver.save_as_new().words == "saved"
    assert (saver.id, store.calls) == (old, 0)


def test_an_id_that_is_none_is_told(store: Flaky) -> None:
    saver = Saver(store, "churn")
    saver.offer("one", "One")
    assert saver.flush(at_once=True).words == "not saved: its link is not valid"
    assert saver.save_as_new().words == "saved"


def test_a_text_that_is_refused_is_told_and_the_next_one_saved(saver: Saver, store: Flaky) -> None:
    saver.offer("x" * (MAX_BYTES + 1), "Large")
    outcome = saver.flush(at_once=True)
    assert outcome.words == "not saved: it cannot be kept as it is"
    assert "too large" in outcome.message
    assert (saver.due_in(), saver.pending) == (None, True)
    saver.offer("small", "Small")
    assert saver.flush(at_once=True).words == "saved"


def test_an_error_of_ours_is_raised_told_and_survived(saver: Saver, store: Flaky) -> None:
    store.before = [ZeroDivisionError("bug")]
    saver.offer("one", "One")
    with pytest.raises(ZeroDivisionError):
        saver.flush(at_once=True)
    assert saver.outcome.words == "not saved: an error of ours"
    assert saver.due_in() == pytest.approx(1.0)
    assert saver.flush(at_once=True).words == "saved"


def test_what_is_offered_during_a_save_is_saved_next(saver: Saver, store: Flaky, clock: Clock) -> None:
    saver.offer("one", "One")
    store.meanwhile = lambda: saver.offer("two", "Two")
    assert saver.flush(at_once=True).words == "saving"
    assert store.load(saver.id).document == "one"
    clock.now += 0.25
    assert saver.flush().words == "saved"
    assert store.load(saver.id).document == "two"


def test_a_second_flush_during_a_save_does_not_save_twice(saver: Saver, store: Flaky, clock: Clock) -> None:
    seen = []
    store.meanwhile = lambda: seen.append(saver.flush(clock.now + 10).words)
    saver.offer("one", "One")
    assert saver.flush(at_once=True).words == "saved"
    assert (seen, store.calls) == (["saving"], 1)


def test_closing_the_page_waits_for_the_save_under_way_and_saves_the_rest(saver: Saver, store: Flaky) -> None:
    closing = threading.Thread(target=lambda: saver.flush(at_once=True))

    def meanwhile() -> None:
        saver.offer("two", "Two")
        closing.start()

    store.meanwhile = meanwhile
    saver.offer("one", "One")
    saver.flush(at_once=True)
    closing.join(30)
    assert [store.load(saver.id, n).document for n in (1, 2)] == ["one", "two"]
    assert saver.outcome.words == "saved"


def test_it_goes_on_where_it_was_opened(store: Flaky) -> None:
    saved = store.create("one", title="One")
    saver = Saver(store, saved.id, saved.revision)
    assert saver.outcome.revision == 1
    saver.offer("two", "Two")
    assert saver.flush(at_once=True).revision == 2


def test_work_is_put_back_when_the_database_was_removed(tmp_path: Path) -> None:
    path = tmp_path / "decisions.sqlite"
    saver = Saver(Store(f"sqlite:///{path}"), new_id())
    saver.offer("one", "One")
    saver.flush(at_once=True)
    path.unlink()
    saver.offer("two", "Two")
    assert saver.flush(at_once=True).revision == 2
    assert Store(f"sqlite:///{path}").load(saver.id).document == "two"


_STEPS = st.lists(st.sampled_from(["offer", "undo", "flush", "wait", "fails", "answer lost", "bob"]), max_size=30)


@given(_STEPS)
def test_whatever_happens_the_last_state_offered_ends_up_kept(steps: list[str]) -> None:
    clock, store = Clock(), Flaky()
    saver = Saver(store, new_id(), clock=clock)
    offered: list[str] = []
    by_bob: list[str] = []
    last = ""
    for n, step in enumerate(["offer", *steps]):
        if step == "offer":
            offered.append(f"text {n}")
        if step in ("offer", "undo"):
            last = offered[-2] if step == "undo" and len(offered) > 1 else offered[-1]
            saver.offer(last, "T")
        elif step == "flush":
            saver.flush()
        elif step == "wait":
            clock.now += 1.0
            saver.flush()
        elif step == "fails":
            store.before.append(FULL)
        elif step == "answer lost":
            store.after.append(FULL)
        elif step == "bob" and store.titles([saver.id]):
            by_bob.append(f"bob {n}")
            Store.save(store, saver.id, by_bob[-1], title="", based_on=store.newest(saver.id), author="Bob")
    store.before, store.after = [], []
    for _ in range(3):  # the conflict that was told already, and one with what Bob saved since
        if saver.flush(at_once=True).state == "conflict":
            saver.keep_mine()
    assert not saver.pending
    texts = [store.load(saver.id, line.revision).document for line in store.history(saver.id)]
    assert saver.outcome.state == "saved"
    assert last in texts
    assert set(by_bob) <= set(texts)
    if not by_bob:
        assert texts[-1] == last
