"""The face on which a team says how it would find out: the list, the ranking, the chart, in words."""

from typing import Any

import pytest
from decisions import ACTING, ON, PLAIN, decision, own, rng
from ipywidgets.widgets import widget as widget_module
from screen import EVIL, answer, buttons, press, shown

from shipworthy import _inquiry_words as words
from shipworthy.assess import Assessment, assess
from shipworthy.decision import Answer, Decision, Inquiry, Row
from shipworthy.documents import write
from shipworthy.examples import example
from shipworthy.inquiries import finding_out
from shipworthy.inquiry_figures import over_cases
from shipworthy.ui import inquiring
from shipworthy.ui.decide import DecidePage
from shipworthy.ui.decide_commit import CommitFace
from shipworthy.ui.decide_find_out import FindOutFace
from shipworthy.ui.shell import Workbook
from shipworthy.words import total

EFFECT = "value_stream.effect"
UNSURE = {**PLAIN, EFFECT: own(a=0.1, b=rng(0.04, 0.1, 0.16))}
SHARE = {**ACTING, "lead_time.success": rng(0.3, 0.5, 0.7), "value_stream.one_off": 180_000}
LIST = "find_out.inquiries"


def asked(answers: dict[str, Any], *inquiries: Inquiry) -> Assessment:
    return assess(decision("a b", answers, inquiries=inquiries), on=ON)


def said(answers: dict[str, Any], *inquiries: Inquiry) -> words.Told:
    assessment = asked(answers, *inquiries)
    return words.told(finding_out(assessment), assessment)


def call(**rest: Any) -> Inquiry:
    return Inquiry(**{"name": "Call", "answers": (EFFECT,), **rest})


def face(book: Workbook) -> FindOutFace:
    book.session.place = "decide"
    page = book.panels["decide"]
    assert isinstance(page, DecidePage)
    page.bring(FindOutFace)
    found = page.face(FindOutFace)
    assert isinstance(found, FindOutFace)
    book.later.finish()
    return found


@pytest.fixture
def book_with(book: Workbook) -> Any:
    def opened(*inquiries: Inquiry, answers: dict[str, Any] = UNSURE) -> tuple[Workbook, FindOutFace]:
        document: Decision = decision("a b", answers, inquiries=inquiries)
        book.session.start_file(write(document))
        return book, face(book)

    return opened


def fill(found: FindOutFace, *lines: dict[str, str]) -> None:
    rows = [{"id": f"r{place}", "cells": cells} for place, cells in enumerate(lines, start=1)]
    answer(found.form, LIST, rows=rows)


# ---- in words


def test_the_best_way_is_told_with_what_it_costs_and_what_waiting_costs() -> None:
    assessment = asked(UNSURE, call(once=200.0, days=3.0))
    found = finding_out(assessment)
    told = words.told(found, assessment)
    best = found.asked[0]
    assert told.finding == (
        f"Find out “Call” first: it is worth {total(best.worth)} USD, costs 200 and takes 3 days, in which "
        f"{total(best.waiting)} are lost; {total(best.net)} are left."
    )
    assert told.rows[0][0] == "Call (known afterwards): Effect of a use"
    assert told.rows[0][1:] == (total(best.worth), "200", "3 days", total(best.waiting), total(best.net))
    assert words.MEANT in told.notes
    assert words.PAID in told.notes


def test_what_does_not_pay_and_what_nobody_has_said_how_to_find_out() -> None:
    answers = {**UNSURE, "value_stream.one_off": own(a=10_000, b=rng(5_000, 10_000, 30_000))}
    told = said(answers, call(once=1e6))
    assert told.finding == "None of the ways to find out pays: choosing now is expected to bring more."
    assert [row[0] for row in told.rows] == [
        "One-off cost (Value stream); nobody has said how", "Call (known afterwards): Effect of a use"
    ]  # fmt: skip
    assert told.rows[1][-1].endswith(", does not pay")
    none = said(answers)
    assert none.finding.startswith("Knowing “Effect of a use” is worth ")
    assert none.finding.endswith("; nobody has said yet how to find it out.")


def test_nothing_to_find_out_is_said_as_it_is() -> None:
    assert said(dict(PLAIN)).finding == "No answer is uncertain: there is nothing to find out."
    same = said({**PLAIN, EFFECT: own(a=0.12, b=0.1), "value_stream.value": rng(40, 50, 60)})
    assert same.finding.startswith("Nothing is worth finding out first")
    assert same.notes == (
        "1 more answer is uncertain and has no measurable or a smaller value: knowing would hardly change what is chosen. "
        "All are listed below.",
    )


def test_what_is_done_first_although_it_does_not_pay_is_told() -> None:
    told = said(UNSURE, call(once=1e6, first=True))
    assert any(each.startswith("“Call” is done first although it does not pay") for each in told.more)
    best = said(UNSURE, call(first=True, free=True))
    assert best.finding.startswith("“Call” is done first: it is worth")
    two = said(UNSURE, call(first=True), call(name="Other", first=True, days=2.0))
    assert any(each.startswith("Done first, side by side: “Call” and “Other”.") for each in two.more)
    dear = said(UNSURE, call(first=True, free=True), call(name="Other", first=True, once=1e6))
    assert dear.finding.startswith("What is done first is expected to bring ")
    assert dear.finding.endswith(" USD less than choosing now.")


def test_unknown_answers_head_the_list_and_defaults_are_marked() -> None:
    told = said({**UNSURE, "value_stream.running": Answer(state="unknown")}, call())
    assert told.rows[0][0] == "Running cost: not known at all yet"
    assert set(told.rows[0][1:]) == {"–"}
    churn = assess(example("churn"), on=ON)
    assert any("an unconfirmed default" in row[0] for row in words.told(finding_out(churn), churn).rows)


def test_what_was_taken_for_granted_is_said() -> None:
    told = said(UNSURE, call(kind="measure", cases=5))
    assert any(
        "nobody said how far one case usually is from the average of “Effect of a use”" in each for each in told.notes
    )
    assert "(5 measurements)" in told.rows[0][0]
    assert "a pilot with 1 user" in said(SHARE, pilot(cases=1)).rows[0][0]


def pilot(**rest: Any) -> Inquiry:
    return Inquiry(**{"name": "Pilot", "answers": ("lead_time.success",), "kind": "pilot", **rest})


def test_the_chart_says_what_its_table_says() -> None:
    assessment = asked(SHARE, pilot(each=20.0, once=100.0))
    (found,) = finding_out(assessment).asked
    figure = over_cases(found, "USD")
    assert figure is not None
    cases = found.telling.cases
    assert f"with {cases:,} users in the pilot: worth {total(found.worth)} USD" in figure.alt
    assert [trace["name"] for trace in figure.plotly["data"]] == ["worth", "cost, with waiting", "left"]
    curve = found.telling.curve
    assert curve is not None
    assert len(figure.rows) == len(curve.sizes)
    assert over_cases(finding_out(asked(UNSURE, call())).asked[0], "USD") is None
    (dear,) = finding_out(asked(SHARE, pilot(each=1e6))).asked
    none = over_cases(dear, "USD")
    assert none is not None
    assert "no number of users in the pilot is worth what it costs" in none.alt


# ---- the list


@pytest.mark.parametrize(
    ("text", "costs"),
    [("2k", (2000, 0)), ("6 a case", (0, 6)), ("2k + 6 a case", (2000, 6)), ("2,500 EUR + 1.5 per user", (2500, 1.5)), ("", (0, 0))],
)  # fmt: skip
def test_costs_as_people_type_them(text: str, costs: tuple[float, float]) -> None:
    answers = inquiring.Answers(asked(UNSURE))
    value = inquiring.rows((call(),), answers)
    (line,) = value
    typed = line.model_copy(update={"cells": {**line.cells, "costs": text}})
    taken = inquiring.taken((typed,), answers)
    assert [(each.once, each.each) for each in taken.things] == [costs]
    assert taken.problem == ""


@pytest.mark.parametrize(
    "made",
    [
        call(), call(kind="measure", strays=0.25, cases=12_000, once=2_500.0, each=1.5, days=10.0, first=True),
        Inquiry(name="Both", answers=(EFFECT, "value_stream.one_off")), pilot(cases=3, each=7.0),
    ],
)  # fmt: skip
def test_a_line_of_the_list_reads_back(made: Inquiry) -> None:
    answers = inquiring.Answers(asked({**UNSURE, "value_stream.one_off": own(a=10_000, b=rng(5_000, 10_000, 30_000))}))
    taken = inquiring.taken(inquiring.rows((made,), answers), answers)
    assert (taken.things, taken.problem) == ((made,), "")


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"answers": "Effect of a use"}, "row 1 is not counted yet: type how it would be found out, like A call with sales"),
        ({"name": "Call"}, "row 1 is not counted yet: type what “Call” tells, like “Effect of a use”"),
        ({"name": "Call", "answers": "Nothing such"}, "row 1 is not counted yet: “Nothing such” is not an answer"),
        ({"name": "Call", "answers": "Effect of a use", "cases": "2.5"}, "row 1 is not counted yet: Cases: 2.5 was found; type a whole number"),
        ({"name": "Call", "answers": "Effect of a use", "costs": "-3"}, "row 1 is not counted yet: Costs: -3 was found; type 0 or more"),
        ({"name": "Call", "answers": "Effect of a use", "days": "soon"}, "row 1 is not counted yet: Days: “soon” is not a number"),
        ({"name": "Call", "answers": "Effect of a use", "days": "20 years"}, "row 1 is not counted yet: Days: 7300 was found; type at most 3,650"),
    ],
)  # fmt: skip
def test_a_line_that_is_not_whole_says_what_is_missing(cells: dict[str, str], says: str) -> None:
    answers = inquiring.Answers(asked(UNSURE))
    taken = inquiring.taken((Row(id="r1", cells=cells),), answers)
    assert taken.things == ()
    assert taken.problem.startswith(says)


def test_two_of_one_name_are_refused() -> None:
    answers = inquiring.Answers(asked(UNSURE))
    lines = tuple(
        Row(id=f"r{number}", cells={"name": name, "answers": "Effect of a use"})
        for number, name in enumerate(("Call", "Ask", " call"), start=1)
    )
    made = inquiring.taken(lines, answers)
    assert [each.name for each in made.things] == ["Call", "Ask"]
    assert "one is called “call” already, in row 1: type another name" in made.problem


# ---- the face


def test_what_was_counted_is_not_counted_again_when_the_face_comes_back(book_with: Any) -> None:
    book, found = book_with(call(free=True))
    said = found.finding.value
    assert "Find out “Call” first" in said
    page = book.panels["decide"]
    page.bring(CommitFace)
    page.bring(FindOutFace)
    assert found.finding.value == said  # at once
    book.session.answer("value_stream.value", None, {"likely": "60"})
    assert "is being counted" in found.finding.value
    book.later.finish()
    assert "Find out “Call” first" in found.finding.value
    assert found.finding.value != said


def test_lines_are_typed_ranked_and_undone(book_with: Any) -> None:
    book, found = book_with()
    assert "nobody has said yet how to find it out" in found.finding.value
    assert not shown(found.card)
    fill(
        found,
        {"name": "Call", "answers": "effect of a use", "kind": "ask", "costs": "200", "days": "3 days", "first": "no"},
    )
    assert book.session.decision.inquiries == (call(once=200.0, days=3.0),)
    assert "is being counted" in found.finding.value
    book.later.finish()
    assert "Find out “Call” first" in found.finding.value
    assert book.session.decision.log[-1].path == "Find out first"
    # a second line that is not whole yet counts nothing, and stays as it was typed
    fill(
        found,
        {"name": "Call", "answers": "effect of a use", "kind": "ask", "costs": "200", "days": "3 days", "first": "no"},
        {"name": "Half"},
    )
    assert len(book.session.decision.inquiries) == 1
    assert "row 2 is not counted yet: type what “Half” tells" in found.form.answers[LIST]["error"]
    assert found.form.answers[LIST]["shared"]["rows"][1]["cells"]["name"] == "Half"
    book.session.undo()
    book.later.finish()
    assert book.session.decision.inquiries == ()


def test_days_of_what_is_done_first_move_the_strip_at_once(book_with: Any) -> None:
    book, found = book_with(call(days=30.0))
    before = book.session.assessment.options["a"].summary.mean
    row = found.form.answers[LIST]["shared"]["rows"][0]["cells"]
    fill(found, {**row, "first": "yes"})
    after = book.session.assessment.options["a"].summary.mean
    assert before - after == pytest.approx(4500 * 30 / (365 / 12))
    book.session.undo()
    assert book.session.assessment.options["a"].summary.mean == pytest.approx(before)


def test_begin_with_what_is_worth_most(book_with: Any) -> None:
    book, found = book_with()
    press(found, "Begin with what is worth most")
    assert [each.name for each in book.session.decision.inquiries] == ["Ask about Effect of a use"]
    assert found.form.answers[LIST]["shared"]["rows"][0]["cells"]["answers"] == "Effect of a use"
    press(found, "Begin with what is worth most")
    assert "No answer that is worth knowing is without a way" in str(book.session.notice)


def test_the_chart_is_there_for_samples_and_a_button_chooses_among_them(book_with: Any) -> None:
    book, found = book_with(pilot(each=20.0), pilot(name="Large", cases=900), call(), answers=SHARE)
    assert shown(found.card)
    names = [each.description for each in buttons(found.card)]
    assert sorted(names) == ["Large", "Pilot"]
    assert found.chart.alt.startswith(f"“{names[0]}”")
    press(found, names[1])
    assert found.chart.alt.startswith(f"“{names[1]}”")
    assert "<table" in found.notes.value
    fill(found, {"name": "Call", "answers": "success of an intervention"})
    book.later.finish()
    assert not shown(found.card)


def test_every_uncertain_answer_is_behind_a_fold(book_with: Any) -> None:
    answers = {**UNSURE, "value_stream.one_off": own(a=10_000, b=rng(9_999, 10_000, 10_001))}
    _, found = book_with(call(free=True), answers=answers)
    fold = found.finding.value.partition("<details>")[2]
    assert "<summary>Every uncertain answer (2)</summary>" in fold
    assert fold.index("Effect of a use") < fold.index("One-off cost")
    assert "no measurable value: below " in fold


def test_ways_stay_in_the_table_while_nothing_can_be_compared(book_with: Any) -> None:
    unknown = {**UNSURE, "value_stream.value": Answer(state="unknown")}
    _, found = book_with(call(once=5.0), answers=unknown)
    assert "Call: Effect of a use; nothing can be compared yet" in found.finding.value
    assert "once the options can be compared" in found.finding.value
    assert not shown(found.card)


def test_a_pilot_that_is_not_worth_running_still_shows_its_curve(book_with: Any) -> None:
    _, found = book_with(pilot(once=800.0, each=90_000.0), answers=SHARE)
    assert "at least 91k" in found.finding.value
    assert shown(found.card)
    assert found.chart.alt.startswith("“Pilot”: no number of users in the pilot is worth what it costs")


def test_names_are_no_markup_and_widgets_stay_as_many(book_with: Any) -> None:
    book, found = book_with(call(name=EVIL))
    assert EVIL not in found.finding.value
    assert "&lt;script&gt;" in found.finding.value
    before = dict(widget_module._instances)
    for name in ("One", "Two", "Three"):
        fill(found, {"name": name, "answers": "Effect of a use"})
        book.later.finish()
    assert dict(widget_module._instances) == before


def test_nothing_is_ranked_while_nothing_can_be_compared(book: Workbook) -> None:
    book.session.start_new("Empty")
    found = face(book)
    assert "not known at all" in found.finding.value
    assert not shown(found.card)
