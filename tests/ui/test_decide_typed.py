"""The Decide page: numbers and days as people type them, and what is told of what goes, is kept, or is to be done first."""

import pytest
from decisions import ON
from faces import LISTS, opened, outcome, put, shown
from screen import answer, heard, press

from shipworthy.decision import Trigger
from shipworthy.ui.days import any_day
from shipworthy.ui.decide_commit import CommitFace
from shipworthy.ui.decide_find_out import FindOutFace
from shipworthy.ui.decide_what_if import WhatIfFace
from shipworthy.ui.shell import Workbook

# ---- numbers and days as people type them


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2k+6", "Costs: type 2k + 6 a case, or 2,006"),
        ("1 + 2 + 3", "Costs: type one amount, and one a case, like 2k + 6 a case"),
        ("6 a case + 3 a user", "Costs: type one amount, and one a case, like 2k + 6 a case"),
    ],
)
def test_costs_that_may_be_two_things_are_refused(churn_book: Workbook, text: str, says: str) -> None:
    face = opened(churn_book, FindOutFace)
    before = churn_book.session.decision.inquiries
    assert put(face, LISTS[FindOutFace], 1, costs=text) == f"row 1 counts as it was before: {says}"
    assert churn_book.session.decision.inquiries == before


@pytest.mark.parametrize(
    ("text", "free"), [("0", True), ("nothing", True), ("", False), ("5", False), ("5 a case", False)]
)
def test_that_it_costs_nothing_is_said_with_a_nought(churn_book: Workbook, text: str, free: bool) -> None:
    face = opened(churn_book, FindOutFace)
    put(face, LISTS[FindOutFace], 1, costs=text)
    found = churn_book.session.decision.inquiries[0]
    assert found.free is free
    churn_book.session.start_file(churn_book.session.document().encode())
    again = opened(churn_book, FindOutFace)
    assert shown(again, LISTS[FindOutFace])[0]["cells"].get("costs", "") == ("0" if free else text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1 March", "2027-03-01"), ("1 March 2027", "2027-03-01"), ("March 1, 2028", "2028-03-01"), ("1.3.2027", "2027-03-01"),
        ("24.12.", "2026-12-24"), ("20.11.", "2027-11-20"), ("29.2.", "2028-02-29"), ("2027-03-01", "2027-03-01"),
    ],
)  # fmt: skip
def test_a_day_as_people_type_it(churn_book: Workbook, text: str, day: str) -> None:
    assert any_day(text, churn_book.session.decision, ON).isoformat() == day
    face = opened(churn_book, CommitFace)
    assert put(face, "outcome.triggers", 1, what="on", value=text) == ""
    assert str(outcome(churn_book).triggers[0].day) == day


@pytest.mark.parametrize(
    "text", ["soon", "31.2.2027", "1/3", "40", "Persuasion is above 40 days", "13.13.", "99.99.2027"]
)
def test_what_is_no_day_is_told(churn_book: Workbook, text: str) -> None:
    face = opened(churn_book, CommitFace)
    told = put(face, "outcome.triggers", 1, what="on", value=text)
    assert told == f"row 1 is not counted yet: “{text}” is not a date: type one like 2026-11-20"


# ---- what goes with an option, what is kept, what to do first


@pytest.fixture
def decided(churn_book: Workbook) -> Workbook:
    """An option chosen, with conditions for reopening and forecasts of its own, and two scenarios that name it."""
    session, face = churn_book.session, opened(churn_book, CommitFace)
    answer(face.form, "outcome.chosen", value="two_month_gap")
    face = opened(churn_book, WhatIfFace)
    for row, cells in enumerate(
        (
            {"name": "Own", "answer": "Running cost", "value": "5", "option": "two_month_gap"},
            {"name": "Both", "answer": "Running cost", "value": "5", "option": "two_month_gap"},
            {"name": "Both", "answer": "People who make contact", "value": "2", "option": "all"},
        ),
        start=len(shown(face, LISTS[WhatIfFace])) + 1,
    ):
        assert put(face, LISTS[WhatIfFace], row, **cells) == ""
    trigger = Trigger(kind="answer", answer="lead_time.persuasion", value=90.0, option="two_month_gap")
    session.set_outcome(session.decision.outcome.model_copy(update={"triggers": (trigger,)}), "by hand")
    session.add_option("Both in turn", phases=("contract_rules", "two_month_gap"))
    return churn_book


def test_what_goes_with_an_option_is_told_and_undo_brings_it_back(decided: Workbook) -> None:
    session = decided.session
    before = session.decision
    own = sum(each.option == "two_month_gap" for each in before.outcome.forecasts)
    assert own > 1
    session.remove_option("two_month_gap")
    assert session.notice["text"] == (
        f"“Two-month gap” is removed: it was the chosen option; 1 condition for reopening and {own} forecasts named it alone "
        "and went with it; the scenario “Own” changed answers for it alone and went with it; the scenario “Both” lost 1 change "
        "that was for it; “Both in turn” goes on without it. Undo brings all of it back."
    )
    assert [each.name for each in session.decision.scenarios][-1] == "Both"
    session.undo()
    assert session.decision.outcome == before.outcome
    assert session.decision.scenarios == before.scenarios


def test_an_option_that_nothing_names_goes_without_a_word(churn_book: Workbook) -> None:
    churn_book.session.remove_option("no_gap")
    assert churn_book.session.notice == {}


def test_what_was_kept_is_told_and_its_part_of_the_form_unfolded(
    churn_book: Workbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    face = opened(churn_book, CommitFace)
    answer(face.form, "outcome.chosen", value="two_month_gap")
    sent = heard(face.form, monkeypatch)
    press(face, "Keep what we expect today")
    count = len(outcome(churn_book).forecasts)
    assert churn_book.session.notice["text"] == (
        f"Kept what we expect today of {count} answers that “Two-month gap” stands on. What comes is entered under “What came "
        "of it”, when it is known."
    )
    assert {"type": "unfold", "section": "What came of it", "buffers": []} in sent
    assert "What came of it" in [part["key"] for part in face.form.sections]


def test_proposing_says_what_to_do_first(book: Workbook) -> None:
    book.session.start_new("Empty")
    press(opened(book, CommitFace), "Propose from the flip points")
    text = book.session.notice["text"]
    assert text.startswith("Nothing can be compared yet, so no answer is known to turn anything: answer “Uses a month”")
    assert text.endswith(" first, or write what would reopen it")
