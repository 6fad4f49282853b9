"""The pages around the considerations, without a browser: start, frame, decide."""

from collections.abc import Callable
from typing import Any

import pytest
from screen import EVIL, answer, heard, persuade, press, shown

from shipworthy.considerations import open_text
from shipworthy.decision import Trigger
from shipworthy.store import Store
from shipworthy.ui.decide import DecidePage
from shipworthy.ui.decide_commit import CommitFace
from shipworthy.ui.decide_compare import CompareFace
from shipworthy.ui.face import Face
from shipworthy.ui.pages import FramePage
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


def opened(book: Workbook, kind: type[Face]) -> Any:
    """A face of the Decide page, brought into view."""
    book.session.place = "decide"
    page = book.place("decide")
    assert isinstance(page, DecidePage)
    page.bring(kind)
    assert page.body.children == (page.face(kind),)
    return page.face(kind)


def test_the_outcome_is_written_down(churn: Workbook, store: Store) -> None:
    page = opened(churn, CommitFace)
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
    page = opened(churn, CompareFace)
    for text in (page.matrix.value, page.money.value, churn.strip.value):
        assert "&lt;script&gt;" in text
        assert "<script" not in text
    assert "Three-month gap <b>leads</b>" in page.matrix.value


# ---- what would reopen it, who said what, what came


@pytest.fixture
def decide(churn: Workbook) -> CommitFace:
    return opened(churn, CommitFace)


def typed(page: CommitFace, name: str, *rows: dict[str, str]) -> str:
    """Rows typed into a list of the outcome; what is told beside it."""
    made = [{"id": f"r{number}", "cells": cells} for number, cells in enumerate(rows, start=1)]
    page.form.receive({"type": "answer", "question": f"outcome.{name}", "fields": {"rows": made}, "seq": 1})
    return str(page.form.answers[f"outcome.{name}"]["error"])


def boxes(page: CommitFace, name: str) -> list[dict[str, str]]:
    return [row["cells"] for row in page.form.answers[f"outcome.{name}"]["shared"]["rows"]]


PERSUADING = {
    "what": "answer",
    "name": "persuasion",
    "side": "above",
    "value": "3 months",
    "option": "two_month_gap",
}


def test_triggers_are_typed_as_rows_and_kept_as_conditions(decide: CommitFace) -> None:
    rows = (
        PERSUADING,
        {"what": "starts", "name": "eu-aia-hr"},
        {"what": "changes", "name": "MIT"},
        {"what": "older", "name": "gpus", "value": "4000"},
        {"what": "on", "value": "2031-03-01"},
    )
    assert typed(decide, "triggers", *rows) == ""
    kept = decide.session.decision.outcome.triggers
    assert [each.kind for each in kept] == ["answer", "starts", "changes", "older", "on"]
    assert (kept[0].answer, kept[0].value, kept[0].option) == ("lead_time.persuasion", 91.25, "two_month_gap")
    assert (kept[1].row, kept[2].row, kept[3].value, str(kept[4].day)) == ("EU-AIA-HR", "mit", 4000.0, "2031-03-01")
    assert boxes(decide, "triggers")[0] == PERSUADING, "what was typed stays as it was typed"
    columns = next(
        each["columns"]
        for part in decide.form.sections
        for each in part["questions"]
        if each["key"] == "outcome.triggers"
    )
    assert {"Value stream › Uses a month", "EU-AIA-86", "gpus"} <= set(columns[1]["suggestions"])
    before = kept[2].stood
    assert typed(decide, "triggers", *rows[1:3]) == ""
    assert [each.stood for each in decide.session.decision.outcome.triggers] == [kept[1].stood, before]


def test_a_trigger_that_is_not_whole_is_told_and_the_others_count(decide: CommitFace) -> None:
    fine = {"what": "on", "value": "2031-03-01"}
    for half, said in (
        ({"name": "persuasion"}, "row 2 is not counted yet: choose what it is"),
        ({"what": "answer"}, "row 2 is not counted yet: type which: a label like Persuasion"),
        ({"what": "answer", "name": "persuasion"}, "row 2 is not counted yet: type the value"),
        ({"what": "answer", "name": "persuasion", "value": "soon"}, "row 2 is not counted yet: “soon” is not a number"),
        ({"what": "answer", "name": EVIL, "value": "3"}, "is not an answer that is a number"),
        ({"what": "older", "name": "gpus"}, "row 2 is not counted yet: type the number of days"),
        ({"what": "starts", "name": "EU-AIA-87"}, "did you mean EU-AIA-86"),
        ({"what": "on", "value": "soon"}, "row 2 is not counted yet: “soon” is not a date"),
    ):
        assert said in typed(decide, "triggers", fine, half)
        assert [each.kind for each in decide.session.decision.outcome.triggers] == ["on"]
        assert boxes(decide, "triggers") == [fine, half], "what was typed is not taken away"
    assert typed(decide, "triggers", fine, {}) == ""


def test_triggers_are_proposed_from_the_flip_points(decide: CommitFace) -> None:
    answer(decide.form, "outcome.chosen", value="three_month_gap")
    press(decide, "Propose from the flip points")
    kept = decide.session.decision.outcome.triggers
    assert 3 < len(kept) <= 9
    assert "leads from there" in kept[0].note
    assert {each.kind for each in kept} == {"answer"}
    first = boxes(decide, "triggers")[0]
    assert first["name"] == "Value stream › Value of one effect"
    assert first["side"] in ("at_least", "at_most")
    assert typed(decide, "triggers", *boxes(decide, "triggers")) == ""
    assert decide.session.decision.outcome.triggers == kept, "shown and typed again, they are the same"
    press(decide, "Propose from the flip points")
    assert "write what would reopen it" in decide.session.notice["text"]
    assert decide.session.decision.outcome.triggers == kept


def test_what_reopens_it_already_is_said(decide: CommitFace) -> None:
    assert decide.watch.value == ""
    typed(decide, "triggers", {**PERSUADING, "value": "40"}, {"what": "on", "value": "2031-03-01"})
    assert "Look at it again" in decide.watch.value
    assert (
        "is above 40 days for “Two-month gap”: Nothing new was measured; the decision has 60 days."
        in decide.watch.value
    )
    typed(decide, "reopen", {"text": EVIL})
    typed(decide, "conditions", {"text": EVIL, "by": "2020-01-01"})
    assert "<script" not in decide.watch.value
    assert "Condition: &lt;script&gt;" in decide.watch.value
    typed(decide, "conditions", {"text": EVIL, "by": "2020-01-01", "done": "2019-12-31"})
    assert "Condition" not in decide.watch.value
    assert str(decide.session.decision.outcome.conditions[0].done) == "2019-12-31"


def test_who_was_asked_told_and_disagreed_in_their_own_words(decide: CommitFace) -> None:
    for name in ("consulted", "informed", "dissent"):
        assert typed(decide, name, {"who": "Ada", "text": EVIL}, {"who": "Bo"}) == ""
        voices = getattr(decide.session.decision.outcome, name)
        assert [(each.who, each.text) for each in voices] == [("Ada", EVIL), ("Bo", "")]
        assert (
            typed(decide, name, {"who": "Ada"}, {"text": "I would wait."})
            == "row 2 counts as it was before: the name is missing: type who it is"
        )
        assert [each.who for each in getattr(decide.session.decision.outcome, name)] == ["Ada", "Bo"]


def test_what_was_expected_is_kept_when_an_option_is_chosen_and_what_came_is_entered(decide: CommitFace) -> None:
    assert "outcome.forecasts" not in decide.form.answers
    answer(decide.form, "outcome.chosen", value="two_month_gap")
    kept = decide.session.decision.outcome.forecasts
    place = next(place for place, each in enumerate(kept) if each.answer == "lead_time.success")
    rows = boxes(decide, "forecasts")
    assert rows[place] == {
        "answer": "Intervention lead time › Success of an intervention",
        "expected": "20 % (11 % to 30 %)",
    }
    rows[place] = {**rows[place], "came": "24 %", "expected": "typed over"}
    assert typed(decide, "forecasts", *rows) == ""
    found = decide.session.decision.outcome.forecasts[place]
    assert (found.came, found.expected, str(found.came_on)) == (0.24, kept[place].expected, "2026-11-20")
    assert boxes(decide, "forecasts")[place]["came"] == "24 %"
    assert boxes(decide, "forecasts")[place]["expected"] == "20 % (11 % to 30 %)"
    rows[place]["came"] = "much"
    assert typed(decide, "forecasts", *rows).startswith(
        f"row {place + 1} counts as it was before: “much” is not a number"
    )
    assert decide.session.decision.outcome.forecasts[place].came == 0.24
    answer(decide.form, "outcome.chosen", value="")
    left = decide.session.decision.outcome
    assert [each.answer for each in left.forecasts] == ["lead_time.success"], "what came stays, the rest is forgotten"
    assert left.decided_at is None


def test_what_is_expected_can_be_kept_anew(churn: Workbook, decide: CommitFace) -> None:
    press(decide, "Keep what we expect today")
    assert "Choose an option first" in decide.session.notice["text"]
    answer(decide.form, "outcome.chosen", value="two_month_gap")
    persuade(churn, "2 - 3 - 4 weeks", "5 weeks")
    before = {each.answer: each.expected for each in decide.session.decision.outcome.forecasts}
    press(decide, "Keep what we expect today")
    after = {each.answer: each.expected for each in decide.session.decision.outcome.forecasts}
    assert after["lead_time.persuasion"] != before.get("lead_time.persuasion")


def test_undo_takes_a_trigger_back(decide: CommitFace) -> None:
    typed(decide, "triggers", {"what": "on", "value": "2031-03-01"})
    decide.session.undo()
    decide.refresh()
    assert decide.session.decision.outcome.triggers == ()
    assert boxes(decide, "triggers") == []


def test_a_trigger_written_by_hand_on_a_question_that_is_not_asked_is_shown(decide: CommitFace) -> None:
    wrong = Trigger(kind="answer", answer="lead_time.colour", value=3.0)
    decide.session.set_outcome(decide.session.decision.outcome.model_copy(update={"triggers": (wrong,)}), "by hand")
    decide.refresh()
    assert "“lead_time.colour” is not a question" in decide.watch.value
    assert boxes(decide, "triggers")[0]["name"] == "lead_time.colour"
    assert "lead_time.colour" in decide.session.record()
