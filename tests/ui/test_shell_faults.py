"""The workbook when two pages save, when a callback raises, and how soon it saves."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import pytest
from screen import PERSUASION, answer, heard, panel, persuade, press, shown

from shipworthy.considerations import open_text
from shipworthy.store import Store
from shipworthy.ui.session import Session
from shipworthy.ui.shell import Workbook


@pytest.fixture
def churn(churn_book: Workbook) -> Workbook:
    return churn_book


# ---- saving


def test_an_answer_is_saved_within_a_second_by_the_pages_own_clock(churn: Workbook) -> None:
    async def type_and_wait() -> None:
        saved = asyncio.Event()
        persuade(churn)
        assert churn.header.saved.value == "Saving…"
        churn.header.saved.observe(lambda change: saved.set() if change["new"].startswith("Saved") else None, "value")
        await asyncio.wait_for(saved.wait(), 5)

    churn.session.flush(at_once=True)
    saver = churn.session.saver
    assert saver is not None
    asyncio.run(type_and_wait())
    kept = churn.session.store.load(churn.session.identity)
    assert open_text(kept.document) == churn.session.decision


def test_two_pages_on_one_decision(churn: Workbook, begin: Callable[..., Session], store: Store) -> None:
    other = Workbook(begin(), start=churn.session.identity)
    answer(panel(other).form, "lead_time.success", likely="35 %")
    other.session.flush(at_once=True)
    assert not shown(churn.header.clash)
    persuade(churn)
    churn.session.flush(at_once=True)
    assert shown(churn.header.clash)
    assert "Somebody else saved this decision" in churn.header.conflict.value
    persuade(churn, "3 weeks", "4 weeks")
    press(churn.header.clash, "Keep mine on top")
    assert not shown(churn.header.clash)
    persuade(other)
    other.session.flush(at_once=True)
    mine = other.session.decision
    press(other.header.clash, "Show theirs, keep mine as a copy")
    assert not shown(other.header.clash)
    assert panel(other).form.answers[PERSUASION]["shared"] == {"p50": "21", "p95": "28"}
    copy = other.bridge.notice["copy"]
    assert open_text(store.load(copy).document) == mine
    assert open_text(store.load(churn.session.identity, 2).document).answer("lead_time.success").value == 0.35


def test_the_notice_that_two_pages_saved_is_in_the_header_and_beside_a_panel_by_itself(
    churn: Workbook, begin: Callable[..., Session]
) -> None:
    assert churn.header.clash in churn.header.children
    other = Workbook(begin(), start=churn.session.identity, only="lead_time")
    persuade(churn)
    churn.session.flush(at_once=True)
    answer(panel(other).form, "lead_time.success", likely="35 %")
    other.session.flush(at_once=True)
    assert other.header.clash in other.children
    assert shown(other.header.clash)
    press(other.header.clash, "Keep mine on top")
    assert not shown(other.header.clash)


# ---- a callback that raises


def fail(*_: object, **__: object) -> Any:
    raise RuntimeError("secret detail")


@pytest.mark.parametrize("where", ["assess", "finding", "figures", "strip"])
def test_a_callback_that_raises_is_told_once_logged_and_acknowledged_and_the_answer_is_kept(
    churn: Workbook, where: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    here = panel(churn)
    target = {
        "assess": "shipworthy.ui.session.assess", "finding": "shipworthy.ui.html.finding", "strip": "shipworthy.ui.html.strip",
        "figures": "shipworthy.considerations.lead_time_figures.profit_against_gap",
    }[where]  # fmt: skip
    with monkeypatch.context() as broken:
        broken.setattr(target, fail)
        sent = heard(here.form, broken)
        with caplog.at_level(logging.ERROR):
            persuade(churn)
    notice = churn.bridge.notice
    assert notice["kind"] == "error"
    assert notice["text"].startswith("Something went wrong on our side. Your answers are kept.")
    identity = notice["text"].rstrip(".").rpartition(" ")[2]
    assert len(identity) == 8
    assert identity in caplog.text
    assert "RuntimeError: secret detail" in caplog.text
    assert "secret" not in notice["text"]
    assert [each["seq"] for each in sent if each["type"] == "ack"] == [1]
    assert churn.session.decision.answer(PERSUASION).value.p50 == 14.0
    churn.session.flush(at_once=True)
    assert open_text(churn.session.store.load(churn.session.identity).document) == churn.session.decision
    answer(here.form, "lead_time.success", likely="35 %")  # and things go on
    assert churn.session.assessment.recommended == "two_month_gap"
    assert here.form.answers[PERSUASION]["shared"]["p50"] == "14"


@pytest.mark.parametrize("name", ["Export record", "Download decision", "Undo"])
def test_a_button_that_fails_is_told(
    churn: Workbook, name: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    persuade(churn)
    for method in ("record", "document", "undo"):
        monkeypatch.setattr(churn.session, method, fail)
    press(churn.header, name)
    assert "error id" in churn.bridge.notice["text"]
    assert "secret detail" in caplog.text


def test_a_search_ends_with_the_decision_that_it_was_for(churn: Workbook) -> None:
    here = panel(churn)
    under_way = here.search()
    next(under_way)
    press(churn.header, "Start page")
    churn.later.finish()  # nothing waits any more
    for _ in under_way:  # and what is under way shows nothing
        pass
    assert churn.session.notice == {}
    assert churn.session.decision is None
    assert here.flips == {}


def test_a_search_that_fails_is_told_too(churn: Workbook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shipworthy.assess.flip_points", fail)
    persuade(churn)
    churn.later.finish()
    assert "error id" in churn.bridge.notice["text"]
