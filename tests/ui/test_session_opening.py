"""Beginning, opening and leaving: examples, saved decisions, files and records."""

import json
from collections.abc import Callable

import pytest
from sessions import PERSUASION, TWO_WEEKS, value

from shipworthy.considerations import open_text
from shipworthy.decision import Outcome, SpreadValue, Trigger
from shipworthy.errors import InputError
from shipworthy.store import NotFound, Store, new_id
from shipworthy.ui.session import Session


@pytest.fixture
def churn(session: Session) -> Session:
    session.start_example("churn")
    return session


@pytest.mark.parametrize("key", ["churn", "shopping-assistant"])
def test_an_example_opens_under_an_id_of_its_own_and_is_kept(session: Session, store: Store, key: str) -> None:
    session.start_example(key)
    kept = store.load(session.identity)
    assert (kept.revision, kept.title) == (1, session.decision.frame.title)
    assert open_text(kept.document) == session.decision
    assert session.saved.startswith("Saved ")
    first = session.identity
    session.start_example(key)
    assert session.identity != first


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("  ", "A new decision"), ("<script>alert(1)</script>", "<script>alert(1)</script>"), ("a\n b", "a b"),
        ("'; DROP TABLE decisions; --", "'; DROP TABLE decisions; --"), ("x" * 500, "x" * 200), ("‮evil", "‮evil"),
    ],
)  # fmt: skip
def test_hostile_titles_are_only_titles(session: Session, store: Store, title: str, shown: str) -> None:
    session.start_new(title)
    assert session.decision.frame.title == shown
    assert open_text(store.load(session.identity).document).frame.title == shown
    name = session.file_name(".json")
    assert name.endswith(".json")
    assert all(each.isalnum() or each in "-." for each in name)
    assert len(name) <= 65


def test_a_saved_decision_is_gone_on_with_where_it_was_left(churn: Session, begin: Callable[..., Session]) -> None:
    churn.answer(PERSUASION, None, TWO_WEEKS)
    identity = churn.identity
    churn.close()
    assert (churn.decision, churn.assessment, churn.identity, churn.saved) == (None, None, "", "")
    again = begin()
    again.open(identity)
    assert value(again, PERSUASION)[1] == SpreadValue(p50=14.0, p95=21.0)
    assert again.saved == "Saved"
    assert not again.can_undo


@pytest.mark.parametrize("identity", ["", "abc", "../../etc/passwd", "x" * 24, new_id()])
def test_an_unknown_id_is_told_and_leaves_what_is_open(churn: Session, identity: str) -> None:
    document = churn.decision
    with pytest.raises(NotFound, match="No decision is kept under this link"):
        churn.open(identity)
    assert churn.decision is document
    churn.answer(PERSUASION, None, TWO_WEEKS)
    churn.flush(at_once=True)
    assert churn.store.load(churn.identity).revision == 2


def test_a_decision_is_deleted_for_good(churn: Session) -> None:
    identity = churn.delete()
    assert churn.decision is None
    with pytest.raises(NotFound, match="deleted for good"):
        churn.open(identity)


def test_a_file_or_a_record_goes_on_as_a_decision_of_its_own(churn: Session, begin: Callable[..., Session]) -> None:
    churn.answer(PERSUASION, None, TWO_WEEKS)
    for content in (churn.document().encode(), churn.record().encode()):
        other = begin()
        other.start_file(content)
        assert other.decision.model_copy(update={"as_of": None, "tables": {}}) == churn.decision
        assert other.identity != churn.identity
        assert other.notice == {}


def test_a_file_opens_where_one_looks_first(churn: Session, begin: Callable[..., Session]) -> None:
    other = begin()
    other.place = "cost"
    other.start_file(churn.document().encode())
    assert other.place == "frame"
    churn.set_outcome(Outcome(reasons="Sales agrees"), "why changed")
    for content in (churn.document().encode(), churn.record().encode()):
        other.start_file(content)
        assert other.place == "decide"


def test_a_record_that_was_edited_by_hand_opens_with_a_warning(churn: Session, begin: Callable[..., Session]) -> None:
    record = churn.record()
    title = json.dumps(churn.decision.frame.title)
    assert title in record
    other = begin()
    other.start_file(record.replace(title, '"Quite another title"').encode())
    assert other.decision.frame.title == "Quite another title"
    assert (other.notice["kind"], "edited after it was exported" in other.notice["text"]) == ("error", True)


def test_a_trigger_that_can_never_come_true_opens_with_a_warning(churn: Session, begin: Callable[..., Session]) -> None:
    never = Trigger(kind="changes", table="devices", row="Raspberry Pi 3B")
    churn.set_outcome(Outcome(triggers=(never,)), "triggers changed")
    other = begin()
    other.start_file(churn.document().encode())
    assert other.decision.outcome.triggers == (never,)
    assert (other.notice["kind"], "this can never be judged" in other.notice["text"]) == ("error", True)


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\x00", b"[]", b"{", b"<html></html>", b'{"frame": {"title": 3}, "options": []}', b"{" * 100_000],
)
def test_a_file_that_is_none_is_refused_in_a_sentence_and_nothing_else_happens(churn: Session, content: bytes) -> None:
    document, identity = churn.decision, churn.identity
    with pytest.raises(InputError) as told:
        churn.start_file(content)
    assert "\n" not in str(told.value)
    assert (churn.decision, churn.identity) == (document, identity)


def test_switching_between_decisions_saves_what_is_pending(churn: Session) -> None:
    first = churn.identity
    churn.answer(PERSUASION, None, TWO_WEEKS)
    assert churn.saved == "Saving…"
    churn.start_example("shopping-assistant")
    assert churn.store.load(first).revision == 2
    assert churn.option == "large_hosted"
    second = churn.identity
    churn.answer("value_stream.uses", None, {"likely": "50k"})
    churn.open(first)
    assert value(churn, PERSUASION)[1] == SpreadValue(p50=14.0, p95=21.0)
    assert (churn.option, churn.store.load(second).revision) == ("no_gap", 2)
