"""What is typed into the lists of the Decide page is never lost: neither a line of the document nor what stands in a box."""

from datetime import date
from typing import Any

import pytest
from faces import LISTS, back, opened, outcome, put, shown
from screen import answer, heard, press

from shipworthy.considerations import open_text
from shipworthy.decision import Inquiry
from shipworthy.documents import write
from shipworthy.examples import example
from shipworthy.ui.decide_commit import CommitFace
from shipworthy.ui.decide_find_out import FindOutFace
from shipworthy.ui.decide_what_if import WhatIfFace
from shipworthy.ui.face import Face
from shipworthy.ui.shell import Workbook

# ---- a cell that cannot be read takes nothing away


def test_ways_to_find_out_keep_a_line_while_one_of_its_cells_cannot_be_read(churn_book: Workbook) -> None:
    key, face = LISTS[FindOutFace], opened(churn_book, FindOutFace)
    before = churn_book.session.decision.inquiries
    told = put(face, key, 2, days="tomorrow")
    assert told.startswith("row 2 counts as it was before: Days: “tomorrow” is not a number")
    assert churn_book.session.decision.inquiries == before
    face = back(churn_book, FindOutFace)
    assert shown(face, key)[1]["cells"]["days"] == "tomorrow"
    assert face.form.answers[key]["error"] == told
    put(face, key, 1, costs="3k")  # another line counts meanwhile
    assert churn_book.session.decision.inquiries == (
        before[0].model_copy(update={"once": 3000.0, "each": 0.0}),
        *before[1:],
    )
    assert put(face, key, 2, days="9") == ""
    assert churn_book.session.decision.inquiries[1] == before[1].model_copy(update={"days": 9.0})


@pytest.mark.parametrize("wrong", [{"value": "2k"}, {"value": "150 %"}, {"value": ""}, {"answer": "Nope"}])
def test_what_if_keeps_a_line_and_the_scenario_in_view(churn_book: Workbook, wrong: dict[str, str]) -> None:
    key, face = LISTS[WhatIfFace], opened(churn_book, WhatIfFace)
    before, finding = churn_book.session.decision.scenarios, face.finding.value
    told = put(face, key, 1, **wrong)
    assert told.startswith("row 1 counts as it was before: ")
    assert churn_book.session.decision.scenarios == before
    assert face.finding.value == finding
    cells = shown(back(churn_book, WhatIfFace), key)[0]["cells"]
    assert {name: cells.get(name, "") for name in wrong} == wrong


@pytest.mark.parametrize(("kind", "wrong"), [(WhatIfFace, {"value": "2k"}), (FindOutFace, {"days": "tomorrow"})])
def test_a_wrong_entry_stands_in_its_box_whenever_the_form_is_sent(
    churn_book: Workbook, monkeypatch: pytest.MonkeyPatch, kind: type[Face], wrong: dict[str, str]
) -> None:
    key, face = LISTS[kind], opened(churn_book, kind)
    sent = heard(face.form, monkeypatch)
    told: list[str] = []
    face.form.observe(lambda change: told.append(change["name"]), "sections")
    put(face, key, 1, **wrong)
    patches = [each["patch"][key] for each in sent if each.get("patch")]
    assert patches
    for each in patches:
        assert wrong.items() <= each["shared"]["rows"][0]["cells"].items()
    assert told == [], "the form is not built anew"


def test_a_new_scenario_is_in_the_form_before_its_name_is_suggested(
    churn_book: Workbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, face = LISTS[WhatIfFace], opened(churn_book, WhatIfFace)
    sent = heard(face.form, monkeypatch)
    names = [row["cells"]["name"] for row in shown(face, key)]
    then: list[Any] = []
    face.form.observe(lambda change: then.append([each.get("patch") for each in sent]), "sections")
    put(face, key, 1, name="T")
    assert len(then) == 1
    assert then[0], "what stands in the boxes goes first"
    assert then[0][-1][key]["shared"]["rows"][0]["cells"]["name"] == "T" != names[0]


def test_triggers_conditions_and_signatures_keep_their_lines(churn_book: Workbook) -> None:
    face = opened(churn_book, CommitFace)
    put(face, "outcome.triggers", 1, what="answer", name="persuasion", side="above", value="90")
    put(face, "outcome.triggers", 2, what="on", value="2031-03-01")
    put(face, "outcome.signatures", 1, who="Ada", role="Head")
    put(face, "outcome.conditions", 1, text="Sales agrees", by="2031-01-31")
    before = outcome(churn_book)
    assert put(face, "outcome.triggers", 1, value="abc").startswith(
        "row 1 counts as it was before: “abc” is not a number"
    )
    assert put(face, "outcome.signatures", 1, who="").startswith("row 1 counts as it was before: the name is missing")
    assert "date like 2026-11-20" in put(face, "outcome.conditions", 1, by="soon")
    assert outcome(churn_book) == before
    face = back(churn_book, CommitFace)
    assert shown(face, "outcome.triggers")[0]["cells"]["value"] == "abc"
    assert shown(face, "outcome.conditions")[0]["cells"]["by"] == "soon"
    assert open_text(churn_book.session.document()).outcome == before
    put(face, "outcome.triggers", 2, value="2032-03-01")
    assert [each.value for each in outcome(churn_book).triggers] == [90.0, None]
    assert outcome(churn_book).triggers[1].day == date(2032, 3, 1)


def test_what_came_is_kept_while_it_cannot_be_read_and_what_was_expected_cannot_be_typed(churn_book: Workbook) -> None:
    key, face = "outcome.forecasts", opened(churn_book, CommitFace)
    answer(face.form, "outcome.chosen", value="two_month_gap")
    expected = shown(face, key)[0]["cells"]["expected"]
    assert put(face, key, 1, came="much", expected="7").startswith("row 1 is not counted yet: “much”")
    face = back(churn_book, CommitFace)
    assert (shown(face, key)[0]["cells"]["came"], shown(face, key)[0]["cells"]["expected"]) == ("much", expected)
    assert put(face, key, 1, came="100") == ""
    assert outcome(churn_book).forecasts[0].came == 100.0
    columns = next(each["columns"] for part in face.form.sections for each in part["questions"] if each["key"] == key)
    assert [each["key"] for each in columns if each.get("read_only")] == ["answer", "expected"]


def test_a_line_that_is_removed_is_removed_and_one_that_moves_keeps_what_it_said(churn_book: Workbook) -> None:
    key, face = LISTS[FindOutFace], opened(churn_book, FindOutFace)
    before = churn_book.session.decision.inquiries
    rows = shown(face, key)
    rows[1]["cells"]["days"] = "tomorrow"
    answer(face.form, key, rows=[rows[1], rows[0], *rows[2:]])
    assert churn_book.session.decision.inquiries == (before[1], before[0], *before[2:])
    answer(face.form, key, rows=rows[:1])
    assert churn_book.session.decision.inquiries == before[:1]


def test_half_a_line_stays_when_lines_are_proposed_and_when_it_is_undone(churn_book: Workbook) -> None:
    session, key, face = churn_book.session, "outcome.triggers", opened(churn_book, CommitFace)
    answer(face.form, "outcome.chosen", value="three_month_gap")
    told = put(face, key, 1, what="answer", name="persuasion")
    assert told == "row 1 is not counted yet: type the value"
    press(face, "Propose from the flip points")
    found = outcome(churn_book).triggers
    assert found
    rows = shown(face, key)
    assert [rows[0]["cells"], len(rows)] == [{"what": "answer", "name": "persuasion"}, 1 + len(found)]
    assert len({each["id"] for each in rows}) == len(rows)
    assert face.form.answers[key]["error"] == told
    assert put(face, key, 2, value="nonsense").startswith(told)
    assert outcome(churn_book).triggers == found, "the proposed line is the document's"
    session.undo()
    assert outcome(churn_book).triggers == ()


def test_too_many_lines_stay_on_the_screen(churn_book: Workbook) -> None:
    key, face = "outcome.reopen", opened(churn_book, CommitFace)
    answer(face.form, key, rows=[{"id": f"n{place}", "cells": {"text": "x"}} for place in range(51)])
    assert outcome(churn_book).reopen == ()
    face = back(churn_book, CommitFace)
    assert len(shown(face, key)) == 51
    assert "51 lines are too many" in face.form.answers[key]["error"]
    assert put(face, key, 51, text="") == ""
    assert len(outcome(churn_book).reopen) == 50


def test_another_decision_shows_nothing_of_what_was_typed(churn_book: Workbook) -> None:
    key, face = LISTS[FindOutFace], opened(churn_book, FindOutFace)
    put(face, key, 2, days="tomorrow")
    churn_book.session.start_example("churn")
    face = opened(churn_book, FindOutFace)
    assert shown(face, key)[1]["cells"].get("days") != "tomorrow"
    assert face.form.answers[key]["error"] == ""


# ---- names and notes of scenarios


def test_a_scenario_whose_name_is_emptied_to_be_typed_anew_keeps_its_lines_and_its_note(churn_book: Workbook) -> None:
    key, face = LISTS[WhatIfFace], opened(churn_book, WhatIfFace)
    before = churn_book.session.decision.scenarios
    assert put(face, key, 1, name="").startswith("row 1 counts as it was before: the scenario has no name")
    assert churn_book.session.decision.scenarios == before
    assert put(face, key, 1, name="Slow") == ""
    rows = shown(face, key)
    first = next(place for place, row in enumerate(rows, start=1) if row["cells"]["name"] == before[1].name)
    put(face, key, first, name="")  # it goes with the one above until it has a name again
    put(face, key, first, name="Quick")
    assert put(face, key, first + 1, name="Quick") == ""
    made = churn_book.session.decision.scenarios
    assert [each.name for each in made] == ["Slow", "Quick"]
    assert [(each.changes, each.note) for each in made] == [(each.changes, each.note) for each in before]


def test_a_note_goes_with_the_lines_that_are_left_and_stays_with_a_known_name(churn_book: Workbook) -> None:
    key, face = LISTS[WhatIfFace], opened(churn_book, WhatIfFace)
    first, second = churn_book.session.decision.scenarios
    assert first.note != second.note != ""
    rows = shown(face, key)
    answer(face.form, key, rows=[rows[0], *rows[2:]])  # without the first line of the second
    assert [each.note for each in churn_book.session.decision.scenarios] == [first.note, second.note]
    assert put(face, key, 2, name=first.name) == ""
    assert [each.note for each in churn_book.session.decision.scenarios] == [first.note]


def test_scenarios_that_change_places_keep_their_own_notes(churn_book: Workbook) -> None:
    session = churn_book.session
    first, second = session.decision.scenarios
    plain = second.model_copy(update={"note": ""})
    session.change(session.decision.model_copy(update={"scenarios": (first, plain)}))
    key, face = LISTS[WhatIfFace], opened(churn_book, WhatIfFace)
    rows = shown(face, key)
    answer(face.form, key, rows=[*rows[1:], rows[0]])
    assert session.decision.scenarios == (plain, first)


# ---- the same twice


def test_the_same_twice_is_refused_on_the_second_line(churn_book: Workbook) -> None:
    face = opened(churn_book, FindOutFace)
    known = churn_book.session.decision.inquiries
    number = len(known) + 1
    told = put(
        face, LISTS[FindOutFace], number, name=known[0].name.upper(), answers="Persuasion: first talk to decision"
    )
    assert told.startswith(
        f"row {number} is not counted yet: one is called “{known[0].name.upper()}” already, in row 1"
    )
    assert churn_book.session.decision.inquiries == known
    face = opened(churn_book, CommitFace)
    same = {"what": "answer", "name": "persuasion", "side": "above", "value": "90"}
    assert put(face, "outcome.triggers", 1, **same) == ""
    told = put(face, "outcome.triggers", 2, **{**same, "name": "lead_time.persuasion"})
    assert told == "row 2 is not counted yet: it says what row 1 says: remove one of them"
    assert len(outcome(churn_book).triggers) == 1
    assert put(face, "outcome.triggers", 2, value="95") == ""
    assert put(face, "outcome.triggers", 2, value="90").startswith(
        "row 2 counts as it was before: it says what row 1 says"
    )
    assert [each.value for each in outcome(churn_book).triggers] == [90.0, 95.0]


def test_two_lines_that_a_document_had_already_are_let_be(book: Workbook) -> None:
    twice = Inquiry(name="Call", answers=("lead_time.persuasion",))
    book.session.start_file(write(example("churn").model_copy(update={"inquiries": (twice, twice)})).encode())
    face = opened(book, FindOutFace)
    assert put(face, LISTS[FindOutFace], 3, name="Other", answers="Success of an intervention") == ""
    assert [each.name for each in book.session.decision.inquiries] == ["Call", "Call", "Other"]
