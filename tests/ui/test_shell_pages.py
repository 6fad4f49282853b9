"""The pages around the considerations, without a browser: start, frame, decide."""

from collections.abc import Callable
from typing import Any

import pytest
from screen import EVIL, answer, heard, persuade, press, shown

from shipworthy.considerations import open_text
from shipworthy.store import Store
from shipworthy.ui.pages import DecidePage, FramePage
from shipworthy.ui.panel import Panel
from shipworthy.ui.session import Session
from shipworthy.ui.shell import Workbook


@pytest.fixture
def churn(churn_book: Workbook) -> Workbook:
    return churn_book


# ---- the start page


def test_the_start_page_and_back(book: Workbook) -> None:
    assert book.children == (book.start_page, book.bridge)
    assert book.bridge.show_upload
    book.start_page.title.value = "  Calls <b> "
    press(book.start_page, "Start")
    assert book.session.place == "frame"
    assert book.bridge.decision == book.session.identity != ""
    assert book.bridge.page_title == "Calls <b> · Shipworthy"
    assert not book.bridge.show_upload
    assert book.header.title.value.startswith('<h1 title="Calls &lt;b&gt;">Calls &lt;b&gt;</h1>')
    press(book.header, "Start page")
    assert book.children == (book.start_page, book.bridge)
    assert (book.bridge.decision, book.bridge.page_title) == ("", "Shipworthy")
    assert [row.opener.description for row in book.start_page.rows if shown(row)] == ["Calls <b>"]
    press(book.start_page, "Calls <b>")
    assert book.session.decision.frame.title == "Calls <b>"


def test_enter_in_the_title_starts_too(book: Workbook) -> None:
    book.start_page.title.value = "Calls"
    book.start_page.title._handle_custom_msg({"event": "submit"}, [])
    assert book.session.decision.frame.title == "Calls"


def test_the_id_in_the_address_opens_its_decision_and_an_unknown_one_is_forgotten(
    churn: Workbook, begin: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    persuade(churn)
    churn.session.flush(at_once=True)
    identity = churn.session.identity
    book = Workbook(begin())
    book.bridge.receive({"type": "hello", "id": identity, "place": "cost", "remembered": []})
    assert book.session.decision == churn.session.decision
    assert (book.session.place, book.bridge.place) == ("cost", "cost")
    book.bridge.receive({"type": "open", "id": identity, "place": "decide"})
    assert book.session.place == "decide"
    book.bridge.receive({"type": "open", "id": identity, "place": "nowhere"})
    assert book.session.place == "decide"
    sent = heard(book.bridge, monkeypatch)
    book.bridge.receive({"type": "open", "id": "unknown" * 4})
    assert "No decision is kept under this link" in book.bridge.notice["text"]
    assert sent == [{"type": "forget", "id": "unknown" * 4, "buffers": []}]
    assert book.session.identity == identity
    book.bridge.receive({"type": "open", "id": ""})
    assert book.children == (book.start_page, book.bridge)


def test_a_store_that_is_down_leaves_a_start_page_that_says_so(
    book: Workbook, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    (tmp_path / "kept").write_text("in the way")
    book.bridge.receive({"type": "hello", "id": "", "remembered": ["x" * 24]})
    assert "could not be listed" in book.bridge.notice["text"]
    press(book.start_page, "Open “Churn calls”")
    assert book.header.saved.value == "Not saved"
    persuade(book)
    assert book.session.assessment.recommended == "two_month_gap"


@pytest.mark.parametrize("content", [b"nonsense", b"", b"<html></html>"])
def test_a_file_that_is_no_decision_is_told(book: Workbook, content: bytes) -> None:
    book.bridge.receive({"type": "file", "name": "x"}, [memoryview(content)])
    assert book.bridge.notice["kind"] == "error"
    assert "decision" in book.bridge.notice["text"]
    assert book.session.decision is None


def test_a_consideration_of_its_own_has_no_rail_and_leaves_the_address_alone(session: Session) -> None:
    book = Workbook(session, start="churn", only="cost")
    assert book.session.place == "cost"
    assert book.rail not in book.children
    assert book.header not in book.children
    assert isinstance(book.main.children[0], Panel)
    assert not book.bridge.fragment


def test_the_first_cell_of_a_notebook_may_name_a_saved_decision(churn: Workbook, begin: Callable[..., Session]) -> None:
    book = Workbook(begin(), start=churn.session.identity)
    assert book.session.decision == churn.session.decision


# ---- frame and decide


def test_the_frame_is_changed_and_what_is_refused_is_told_beside_it(churn: Workbook) -> None:
    churn.session.place = "frame"
    page = churn.place("frame")
    assert isinstance(page, FramePage)
    answer(page.form, "frame.title", value=EVIL)
    assert churn.session.decision.frame.title == EVIL
    assert churn.bridge.page_title == f"{EVIL} · Shipworthy"
    assert "&lt;script&gt;" in churn.header.title.value
    assert "<script" not in churn.header.title.value
    answer(page.form, "frame.title", value=" ")
    answer(page.form, "frame.product", value="x" * 20_001)
    answer(page.form, "frame.decide_by", value="soon")
    answer(page.form, "frame.question", value="y" * 201)
    told = {key: each["error"] for key, each in page.form.answers.items() if each["error"]}
    assert told == {
        "frame.title": "a title is needed: a few words", "frame.product": "the text has 20,001 characters: shorten it to 20,000",
        "frame.decide_by": "a date like 2026-11-20 is needed", "frame.question": "at most 200 characters",
    }  # fmt: skip
    assert churn.session.decision.frame.title == EVIL
    answer(page.form, "frame.decide_by", value="2027-01-31")
    answer(page.form, "frame.kind", value="model")
    assert churn.session.decision.frame.kind == "model"
    assert page.form.answers["frame.decide_by"]["shared"] == {"value": "2027-01-31"}
    churn.session.start_example("shopping-assistant")
    churn.session.place = "frame"
    assert not any(each["error"] for each in page.form.answers.values())


def test_the_day_that_counts_is_chosen_in_the_frame(churn: Workbook) -> None:
    page = churn.place("frame")
    answer(page.form, "frame.as_of", value="2026-06-01")
    assert churn.session.assessment.on.isoformat() == "2026-06-01"
    answer(page.form, "frame.as_of", value="")
    assert churn.session.decision.as_of is None


def test_the_outcome_is_written_down(churn: Workbook, store: Store) -> None:
    churn.session.place = "decide"
    page = churn.place("decide")
    assert isinstance(page, DecidePage)
    answer(page.form, "outcome.chosen", value="two_month_gap")
    answer(page.form, "outcome.reasons", value=f"Because {EVIL}")
    row = {"id": "r1", "cells": {"text": "Sales agrees", "owner": "Ada", "by": "2027-01-31"}}
    page.form.receive({"type": "answer", "question": "outcome.conditions", "fields": {"rows": [row]}, "seq": 1})
    page.form.receive(
        {
            "type": "answer",
            "question": "outcome.signatures",
            "fields": {"rows": [{"id": "r1", "cells": {"who": "Ada", "role": "Head"}}]},
            "seq": 2,
        }
    )
    page.form.receive(
        {
            "type": "answer",
            "question": "outcome.reopen",
            "fields": {"rows": [{"id": "r1", "cells": {"text": "Prices double"}}]},
            "seq": 3,
        }
    )
    outcome = churn.session.decision.outcome
    assert (outcome.chosen, outcome.conditions[0].owner, outcome.signatures[0].role, outcome.reopen) == (
        "two_month_gap",
        "Ada",
        "Head",
        ("Prices double",),
    )
    assert outcome.decided_at is not None
    row["cells"]["by"] = "soon"
    page.form.receive({"type": "answer", "question": "outcome.conditions", "fields": {"rows": [row]}, "seq": 4})
    assert "date like 2026-11-20" in page.form.answers["outcome.conditions"]["error"]
    many = [{"id": f"r{number}", "cells": {"text": "x"}} for number in range(51)]
    page.form.receive({"type": "answer", "question": "outcome.reopen", "fields": {"rows": many}, "seq": 5})
    assert "51 lines are too many" in page.form.answers["outcome.reopen"]["error"]
    answer(page.form, "outcome.reasons", value="x" * 20_001)
    churn.session.flush(at_once=True)
    assert open_text(store.load(churn.session.identity).document).outcome == outcome


def test_the_matrix_escapes_option_names_and_names_the_leading_one(churn: Workbook) -> None:
    churn.session.rename_option("no_gap", EVIL)
    churn.session.place = "decide"
    page = churn.place("decide")
    assert isinstance(page, DecidePage)
    for text in (page.matrix.value, page.money.value, churn.strip.value):
        assert "&lt;script&gt;" in text
        assert "<script" not in text
    assert "Three-month gap <b>leads</b>" in page.matrix.value
