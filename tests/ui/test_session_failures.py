"""When something of ours fails: one sentence, the traceback in the log, nothing lost."""

import logging
from pathlib import Path

import pytest
from sessions import PERSUASION, TWO_WEEKS, value

from shipworthy.considerations import open_text
from shipworthy.decision import SpreadValue
from shipworthy.errors import InputError, ShipworthyError
from shipworthy.store import Store
from shipworthy.ui import session as session_module
from shipworthy.ui.session import Session


@pytest.fixture
def churn(session: Session) -> Session:
    session.start_example("churn")
    return session


def test_an_error_of_ours_is_one_friendly_sentence_with_an_id_and_the_traceback_in_the_log(
    churn: Session, caplog: pytest.LogCaptureFixture
) -> None:
    try:
        raise RuntimeError("secret detail")
    except RuntimeError as error:
        identity = churn.failed(error)
    assert churn.notice["text"] == (
        "Something went wrong on our side. Your answers are kept. "
        f"If it happens again, tell us the error id {identity}."
    )
    assert identity in caplog.text
    assert "RuntimeError: secret detail" in caplog.text
    assert "Traceback" in caplog.text


def test_a_mistake_of_the_users_has_no_error_id_and_is_told_as_often_as_it_is_made(
    churn: Session, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[str] = []
    churn.observe(lambda change: heard.append(change["new"].get("text", "")), "notice")
    with caplog.at_level(logging.ERROR):
        for _ in range(2):
            assert churn.failed(InputError("Type a name")) == ""
    assert heard == ["Type a name", "Type a name"]
    assert caplog.text == ""


def test_another_error_of_ours_keeps_its_words_and_gets_an_id(churn: Session) -> None:
    identity = churn.failed(ShipworthyError("A package is broken."))
    assert churn.notice["text"].startswith("A package is broken. Your answers are kept.")
    assert identity in churn.notice["text"]


def test_an_answer_is_kept_and_saved_where_assessing_or_showing_it_fails(
    churn: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("boom")

    with monkeypatch.context() as patch:
        patch.setattr(session_module, "assess", fail)
        with pytest.raises(RuntimeError):
            churn.answer(PERSUASION, None, TWO_WEEKS)
    churn.observe(fail, "assessment")
    with pytest.raises(RuntimeError):
        churn.answer("lead_time.success", None, {"likely": "41 %"})
    churn.unobserve_all()
    churn.flush(at_once=True)
    kept = open_text(churn.store.load(churn.identity).document)
    assert kept == churn.decision
    assert kept.answer(PERSUASION).value == SpreadValue(p50=14.0, p95=21.0)
    assert kept.answer("lead_time.success").value == 0.41
    churn.undo()
    churn.undo()
    assert value(churn, PERSUASION)[1] == SpreadValue(p50=60.0, p95=90.0)
    assert not churn.can_undo


def test_a_button_never_fails_silently(churn: Session, caplog: pytest.LogCaptureFixture) -> None:
    churn.guard(lambda: [][1])("whatever", "the button", "hands over")
    assert "error id" in churn.notice["text"]
    assert "IndexError" in caplog.text


def test_a_store_outside_the_users_reach_is_not_touched_before_it_is_used(tmp_path: Path) -> None:
    Session(Store(f"sqlite:///{tmp_path / 'not yet' / 'x.sqlite'}"))
    assert not (tmp_path / "not yet").exists()
