"""The face “What if”: two sides, the list of scenarios as it is typed, and keeping what was changed."""

import gc
from typing import Any

import pytest
from decisions import spread
from ipywidgets.widgets import widget as widget_module
from screen import answer, persuade, press, shown

from shipworthy import edits
from shipworthy._scenario_words import NONE_YET
from shipworthy.assess import Assessment
from shipworthy.decision import Change, Decision, Scenario
from shipworthy.ui.decide import DecidePage
from shipworthy.ui.decide_what_if import WhatIfFace
from shipworthy.ui.session import Session
from shipworthy.ui.shell import Workbook

LIST = "what_if.scenarios"
PERSUASION = "Persuasion: first talk to decision"
BACK, BEFORE = "Keep the changes as a scenario and go back", "Keep how it stood before as a scenario"


def face(book: Workbook) -> WhatIfFace:
    book.session.place = "decide"
    page = book.panels["decide"]
    assert isinstance(page, DecidePage)
    press(page, "What if")
    found = page.face(WhatIfFace)
    assert isinstance(found, WhatIfFace)
    return found


def line(name: str = "", what: str = "", value: str = "", option: str = "all") -> dict[str, str]:
    return {"name": name, "answer": what, "value": value, "option": option}


def type_lines(found: WhatIfFace, *lines: dict[str, str]) -> str:
    """Type the list whole; gives what is told beside it."""
    answer(found.form, LIST, rows=[{"id": f"n{place}", "cells": each} for place, each in enumerate(lines)])
    return str(found.form.answers[LIST]["error"])


def lines_shown(found: WhatIfFace) -> list[dict[str, str]]:
    return [each["cells"] for each in found.form.answers[LIST]["shared"]["rows"]]


def kept(book: Workbook) -> dict[str, tuple[Change, ...]]:
    return {each.name: each.changes for each in book.session.decision.scenarios}


# ---- the two sides


def test_the_first_scenario_stands_against_the_answers_as_they_stand(churn_book: Workbook) -> None:
    found = face(churn_book)
    assert (
        "With “Persuasion takes three months”, “Do nothing” leads instead of “Three-month gap”, by 110k USD."
        in found.finding.value
    )
    assert "−684k (−1.2M to −282k)" in found.notes.value
    assert "Three-month gap › Intervention lead time: ✓ meets (over 99 %) → ✕ fails (under 1 %)" in found.notes.value
    assert found.chart.alt.startswith("Three-month gap: 574k → −110k; ")
    assert shown(found.card)
    assert [label for label, _ in found.right.options] == [
        "The answers as they stand", "Persuasion takes three months", "A call decides within a month",
    ]  # fmt: skip


def test_either_side_can_be_chosen_and_follows_an_answer(churn_book: Workbook) -> None:
    found = face(churn_book)
    found.right.value = 1
    assert "With “A call decides within a month”, “Two-month gap” leads" in found.finding.value
    found.left.value = 0
    assert "With “A call decides within a month” rather than “Persuasion takes three months”" in found.finding.value
    before = found.finding.value
    churn_book.session.answer("value_stream.value", None, {"likely": "9,000"})
    assert found.finding.value != before
    assert (found.left.value, found.right.value) == (0, 1)
    found.left.value, found.right.value = -1, -1
    assert "choose a scenario on one of them" in found.finding.value
    assert not shown(found.card)


def test_without_a_scenario_it_says_how_to_begin(book: Workbook) -> None:
    book.session.start_example("safety-rule")
    found = face(book)
    assert NONE_YET in found.finding.value
    assert not shown(found.menus)
    assert not shown(found.card)
    assert not shown(found.keeping)
    assert type_lines(found, line("Twice", "Uses a month", "20,000")) == ""
    assert "With “Twice”" in found.finding.value
    assert shown(found.menus)


def test_names_are_no_markup(book: Workbook) -> None:
    book.session.start_example("churn")
    evil = "<img src=x onerror=alert(1)>"
    book.session.change(
        edits.with_scenarios(
            book.session.decision, (Scenario(name=evil, changes=(Change(answer="lead_time.people", value=2.0),)),)
        )
    )
    found = face(book)
    assert evil not in found.finding.value + found.notes.value + found.since.value
    assert "&lt;img src=x" in found.notes.value


# ---- the list


def test_lines_become_scenarios_as_they_are_typed_and_can_be_undone(churn_book: Workbook) -> None:
    session, found = churn_book.session, face(churn_book)
    before = session.decision.scenarios
    assert type_lines(
        found,
        line("Fewer calls", "People who make contact", "2"),
        line("", PERSUASION, "2 to 3 weeks"),
        line("Dear", "Running cost", "9,000", "two_month_gap"),
    ) == ""  # fmt: skip
    assert kept(churn_book) == {
        "Fewer calls": (Change(answer="lead_time.people", value=2.0), Change(answer="lead_time.persuasion", value=spread(14.0, 21.0))),
        "Dear": (Change(answer="value_stream.running", value=9000.0, option="two_month_gap"),),
    }  # fmt: skip
    assert "name" not in lines_shown(found)[1], "as it was typed"
    assert "With “Fewer calls”" in found.finding.value
    entry = session.decision.log[-1]
    assert entry.path == "Scenarios"
    assert "“Fewer calls”: Intervention lead time › People who make contact: 2" in entry.after
    session.undo()
    assert session.decision.scenarios == before
    assert lines_shown(found)[0]["name"] == "Persuasion takes three months"


def test_a_line_that_is_not_whole_is_kept_and_told_and_the_others_count(churn_book: Workbook) -> None:
    found = face(churn_book)
    whole = line("Fewer", "People who make contact", "2")
    for half, why in (
        (line("Fewer", "Persuasio n", "3"), "row 2 is not counted yet: “Persuasio n” is not an answer: did you mean"),
        (line("Fewer"), "row 2 is not counted yet: type which answer is another"),
        (line("Fewer", PERSUASION), "row 2 is not counted yet: type what it is changed to"),
        (line("Fewer", PERSUASION, "60"), "row 2 is not counted yet: type two numbers: the typical one"),
        (line("Fewer", "Success of an intervention", "300 %"), "row 2 is not counted yet: "),
        (line("Fewer", "Running cost", "much"), "row 2 is not counted yet: “much” is not a number"),
        (
            line("Fewer", "Value of one effect", "3", "two_month_gap"),
            "row 2 is not counted yet: options cannot differ in it",
        ),
    ):
        told = type_lines(found, whole, half)
        assert told.startswith(why), told
        assert kept(churn_book) == {"Fewer": (Change(answer="lead_time.people", value=2.0),)}
        assert lines_shown(found)[1] == {name: text for name, text in half.items() if text}
    assert type_lines(found, line("", "People who make contact", "2")).startswith(
        "row 1 counts as it was before: the scenario has no name"
    )
    assert list(kept(churn_book)) == ["Fewer"]
    assert type_lines(found, whole, line()) == "", "an empty line is none"


def test_a_scenario_that_is_called_anew_stays_in_view_with_its_note(churn_book: Workbook) -> None:
    found = face(churn_book)
    found.right.value = 1
    rows = lines_shown(found)
    for name in ("A", "A c", "A quick call"):
        for each in rows[1:]:
            each["name"] = name
        assert type_lines(found, *rows) == ""
    assert found.right.value == 1
    assert "With “A quick call”" in found.finding.value
    assert churn_book.session.decision.scenarios[1].note == "If the desk may offer a better contract on the phone."


def test_too_many_lines_are_refused(churn_book: Workbook) -> None:
    found = face(churn_book)
    many = [line(f"S{place}", "People who make contact", "2") for place in range(21)]
    assert type_lines(found, *many) == "row 21 is not counted yet: 20 scenarios are there already; remove one first"
    assert len(kept(churn_book)) == 20
    assert "201 lines are too many" in type_lines(found, *[line("S", "People who make contact", "2")] * 201)


# ---- keeping what was changed


def stands(session: Session, key: str = "lead_time.persuasion") -> Any:
    found = session.decision.answer(key)
    return None if found is None else found.value


def test_changes_become_a_scenario_and_the_answers_go_back(churn_book: Workbook) -> None:
    session = churn_book.session
    before = stands(session)
    persuade(churn_book)
    found = face(churn_book)
    assert f"Changed since this decision was opened: “Intervention lead time › {PERSUASION}”." in found.since.value
    press(found, BACK)
    assert stands(session) == before
    made = session.decision.scenarios[-1]
    assert made.changes == (Change(answer="lead_time.persuasion", value=spread(14.0, 21.0)),)
    assert made.name == "Persuasion: 14 to 21"
    assert f"With “{made.name[:40]}" in found.finding.value, "it is in view at once"
    assert session.notice["text"].startswith("Kept as “")
    assert not shown(found.keeping)
    assert session.decision.log[-1].what == "kept"


def test_how_it_stood_becomes_a_scenario_and_the_answers_stay(churn_book: Workbook) -> None:
    session = churn_book.session
    before = stands(session)
    persuade(churn_book)
    found = face(churn_book)
    press(found, BEFORE)
    assert stands(session) == spread(14.0, 21.0)
    made = session.decision.scenarios[-1]
    assert made.changes == (Change(answer="lead_time.persuasion", value=before),)
    assert made.name == "Before: Persuasion: 60 to 90"
    assert not shown(found.keeping), "what was kept is not offered again"


@pytest.mark.parametrize("button", [BACK, BEFORE])
def test_undo_takes_the_keeping_back_and_offers_it_again(churn_book: Workbook, button: str) -> None:
    session = churn_book.session
    before = stands(session)
    persuade(churn_book)
    found = face(churn_book)
    press(found, button)
    session.undo()
    assert stands(session) == spread(14.0, 21.0)
    assert len(session.decision.scenarios) == 2
    assert shown(found.keeping)
    assert "Changed since this decision was opened" in found.since.value
    session.undo()
    assert stands(session) == before
    assert not shown(found.keeping)
    session.redo()
    session.redo()
    assert len(session.decision.scenarios) == 3
    assert not shown(found.keeping), "kept again, by redo"
    session.answer("lead_time.people", None, {"likely": "9"})
    assert (
        "Changed since something was kept last: “Intervention lead time › People who make contact”."
        in found.since.value
    )


def test_two_keepings_count_from_the_last_and_have_names_of_their_own(churn_book: Workbook) -> None:
    session, found = churn_book.session, face(churn_book)
    for _ in range(2):
        session.answer("lead_time.people", None, {"likely": "9"})
        press(found, BACK)
    names = [each.name for each in session.decision.scenarios[2:]]
    assert len(set(names)) == 2
    assert names[1] == f"{names[0]} (2)"


def test_what_a_scenario_cannot_hold_is_told_and_stays(churn_book: Workbook) -> None:
    session, found = churn_book.session, face(churn_book)
    session.say_unknown("lead_time.precision", session.option)
    assert not shown(found.keeping)
    session.answer("lead_time.people", None, {"likely": "9"})
    press(found, BACK)
    assert "is not known now, which a scenario cannot say; it stays so." in session.notice["text"]
    assert stands(session, "lead_time.people") == 4.0
    answered = session.decision.answer("lead_time.precision")
    assert answered is not None
    assert answered.by_option[session.option] is None


def test_another_decision_counts_from_its_own_beginning(churn_book: Workbook) -> None:
    persuade(churn_book)
    found = face(churn_book)
    press(found, BACK)
    churn_book.session.close()
    churn_book.session.start_example("churn")
    found = face(churn_book)
    assert not shown(found.keeping)
    persuade(churn_book)
    assert "Changed since this decision was opened" in face(churn_book).since.value


# ---- what it costs


def test_widgets_and_assessments_stay_few(churn_book: Workbook) -> None:
    session, found = churn_book.session, face(churn_book)

    def living() -> tuple[int, int]:
        gc.collect()
        return len(widget_module._instances), sum(isinstance(each, Assessment) for each in gc.get_objects())

    found.right.value = 1
    session.answer("lead_time.people", None, {"likely": "8"})
    before = living()
    for place in range(12):
        session.answer("lead_time.people", None, {"likely": str(5 + place)})
        found.right.value = place % 2
        type_lines(
            found,
            line(f"S{place}", "People who make contact", str(place + 2)),
            line("T", "People who make contact", "3"),
        )
    after = living()
    assert after[0] == before[0]
    assert after[1] <= before[1]


def test_documents_keep_their_scenarios(churn_book: Workbook) -> None:
    found = face(churn_book)
    type_lines(found, line("S", "People who make contact", "2"))
    again = Decision.model_validate_json(churn_book.session.document())
    assert again.scenarios == churn_book.session.decision.scenarios
