"""What was refused stays on the screen with its reason, and findings say that they do not know of it."""

from typing import Any

import pytest
from screen import answer, panel

from shipworthy.decision import RangeValue
from shipworthy.ui.session import Session
from shipworthy.ui.shell import Workbook

PLAN = "deadline.plan"


@pytest.fixture
def safety_book(book: Workbook) -> Workbook:
    book.session.start_example("safety-rule")
    book.session.option = "own_model"
    return book


def rows(book: Workbook) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = panel(book, "deadline").answers()[PLAN]["own"]["own_model"]["rows"]
    return [{"id": row["id"], "cells": dict(row["cells"])} for row in found]


def test_a_list_with_one_bad_cell_is_kept_as_it_was_typed_and_the_finding_says_on_what_it_stands(
    safety_book: Workbook,
) -> None:
    shown, session = panel(safety_book, "deadline"), safety_book.session
    before, made = session.decision, rows(safety_book)
    made[0]["cells"]["task"] = "A better name"
    made[1]["cells"]["days"] = "a <while>"
    answer(shown.form, PLAN, "own_model", rows=made)
    told = "row 2, Takes: “a <while>” is not a number: type one like 12 or 2 weeks"
    said = f"This stands on what was there before your last change of “Tasks” ({told})."
    assert session.decision is before
    assert session.stands_on_earlier("deadline") == said
    assert session.stands_on_earlier("value_stream") == ""
    for widget in (shown.finding, shown.brief):
        assert widget.value.count("This stands on what was there before") == 1
        assert "&lt;while&gt;" in widget.value
    # whatever is shown anew has what was typed, the good rows among it
    assert shown.answers()[PLAN]["error"] == told
    assert rows(safety_book) == made
    # another option has neither
    session.option = "ready_made"
    assert panel(safety_book, "deadline").answers()[PLAN]["error"] == ""
    assert "This stands on" not in shown.finding.value
    session.option = "own_model"
    assert rows(safety_book) == made
    made[1]["cells"]["days"] = "2 weeks"
    answer(shown.form, PLAN, "own_model", rows=made)
    assert session.stands_on_earlier("deadline") == ""
    assert "This stands on" not in shown.finding.value + shown.brief.value
    assert [row["cells"]["days"] for row in rows(safety_book)][1] == "10"
    assert rows(safety_book)[0]["cells"]["task"] == "A better name"


@pytest.mark.parametrize("settle", ["undo", "reset", "unknown"])
def test_what_settles_it_ends_it(safety_book: Workbook, settle: str) -> None:
    session = safety_book.session
    session.confirm(PLAN)
    bad = [{"id": "r1", "cells": {"days": "soon"}}]
    session.answer(PLAN, "own_model", {"rows": bad})
    assert session.stands_on_earlier("deadline")
    {"undo": session.undo, "reset": lambda: session.reset(PLAN), "unknown": lambda: session.say_unknown(PLAN, "own_model")}[settle]()  # fmt: skip
    assert session.problem(PLAN) == ("", None)
    assert session.stands_on_earlier("deadline") == ""


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2 weeks", 10.0),
        ("1 week", 5.0),
        ("3 working days", 3.0),
        ("1 2 3 weeks", RangeValue(low=5.0, likely=10.0, high=15.0)),
        ("8", 8.0),
    ],
)
def test_weeks_in_a_cell_of_working_days(session: Session, text: str, days: Any) -> None:
    session.start_new("A test")
    session.answer("deadline.planned", None, {"value": "yes"})
    session.answer(PLAN, None, {"rows": [{"id": "r1", "cells": {"task": "Build", "days": text}}]})
    assert session.assessment.world.value(PLAN, session.option)[1][0].cells["days"] == days
