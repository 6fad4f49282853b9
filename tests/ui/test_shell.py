"""The workbook without a browser: traits and messages in, traits and messages out."""

from collections.abc import Callable
from typing import Any

import pytest
from ipywidgets.widgets import widget as widget_module
from screen import PERSUASION, answer, heard, panel, persuade, press, shown

from shipworthy.considerations import registry
from shipworthy.considerations.show import SIGNS
from shipworthy.ui.decide import DecidePage
from shipworthy.ui.decide_compare import CompareFace
from shipworthy.ui.pages import FramePage
from shipworthy.ui.panel import Panel
from shipworthy.ui.session import Session
from shipworthy.ui.shell import Workbook


@pytest.fixture
def churn(churn_book: Workbook) -> Workbook:
    return churn_book


# ---- the story of the churn example


def test_two_weeks_of_persuasion_move_finding_chart_payoff_and_the_leading_option_at_once(churn: Workbook) -> None:
    assert churn.session.place == "lead_time"
    here = panel(churn)
    churn.session.option = "two_month_gap"
    assert churn.session.assessment.recommended == "three_month_gap"
    before = {
        "finding": here.finding.value, "strip": churn.strip.value, "numbers": here.numbers.value, "figure": here.chart.figure,
        "alt": here.chart.alt, "notes": here.notes.value, "rail": churn.places["lead_time"].description,
    }  # fmt: skip
    assert before["rail"] == "Intervention lead time\n✕ fails"
    persuade(churn)  # no loop runs: whatever has moved now has moved at once
    after = {
        "finding": here.finding.value, "strip": churn.strip.value, "numbers": here.numbers.value, "figure": here.chart.figure,
        "alt": here.chart.alt, "notes": here.notes.value, "rail": churn.places["lead_time"].description,
    }  # fmt: skip
    assert [name for name in before if before[name] == after[name]] == []
    assert after["rail"] == "Intervention lead time\n✓ meets"
    assert churn.session.assessment.recommended == "two_month_gap"
    leading = churn.strip.value.partition("sw-leads")[2].partition("</div>")[0]
    assert "Two-month gap" in leading
    assert "14" in here.form.answers[PERSUASION]["shared"]["p50"]
    assert churn.bridge.announcement == here.headline()
    assert here.headline().startswith("meets: ")


def test_flip_points_follow_a_little_later(churn: Workbook) -> None:
    here = panel(churn)
    assert "Flips" not in here.finding.value
    churn.later.finish()
    assert "<b>Flips</b> to " in here.finding.value
    persuade(churn)
    assert "<b>Flips</b>" not in here.finding.value  # those were of the answers before
    churn.later.finish()
    assert "<b>Flips</b>" in here.finding.value
    churn.session.option = "do_nothing"
    churn.later.finish()
    assert "<b>Flips</b>" not in here.finding.value


def test_flip_points_that_are_still_searched_for_never_reach_another_option(churn: Workbook) -> None:
    churn.session.option = "two_month_gap"  # its search waits
    churn.session.option = "do_nothing"
    churn.later.finish()
    assert "Flips" not in panel(churn).finding.value


# ---- built once


def test_panels_are_built_when_they_are_first_opened_and_only_then(churn: Workbook) -> None:
    assert list(churn.panels) == ["lead_time"]
    assert isinstance(churn.main.children[0], Panel)
    first = churn.main.children[0]
    press(churn.rail, churn.places["cost"].description)
    assert list(churn.panels) == ["lead_time", "cost"]
    press(churn.rail, "Frame")
    assert isinstance(churn.main.children[0], FramePage)
    press(churn.rail, churn.places["decide"].description)
    assert isinstance(churn.main.children[0], DecidePage)
    press(churn.rail, churn.places["lead_time"].description)
    assert churn.main.children[0] is first


def test_two_hundred_edits_across_the_panels_make_no_widget_and_swap_none(churn: Workbook) -> None:
    for key in churn.places:
        churn.session.place = key
    churn.later.finish()
    widgets = dict(widget_module._instances)
    trees = {key: list(walk(each)) for key, each in churn.panels.items()}
    options = [option.key for option in churn.session.decision.options]
    for number in range(40):
        churn.session.option = options[number % len(options)]
        answer(panel(churn).form, PERSUASION, p50=str(10 + number), p95=str(60 + number))
        answer(panel(churn, "value_stream").form, "value_stream.value", likely=f"{300 + number}")
        answer(panel(churn, "cost").form, "cost.margin", limit=str(number / 100))
        frame = churn.place("frame")
        answer(frame.form, "frame.product", value=f"Idea {number}")
        churn.session.place = "decide"
    churn.later.finish()
    assert len(churn.session.decision.log) >= 4
    assert churn.session.notice == {}
    assert dict(widget_module._instances) == widgets
    assert {key: list(walk(each)) for key, each in churn.panels.items()} == trees


def walk(widget: Any) -> list[str]:
    return [widget.model_id, *(each for child in getattr(widget, "children", ()) for each in walk(child))]


def test_an_answer_sends_only_what_changed(churn: Workbook, monkeypatch: pytest.MonkeyPatch) -> None:
    here = panel(churn)
    states: list[object] = []
    monkeypatch.setattr(here.form, "send_state", lambda key=None: states.append(key))
    sent = heard(here.form, monkeypatch)
    persuade(churn)
    assert states == []
    acks = [each for each in sent if each["type"] == "ack"]
    assert len(acks) == 1
    assert set().union(*(each["patch"] for each in sent)) == {PERSUASION}


def test_the_chosen_chart_stays_when_numbers_move_and_options_change(churn: Workbook) -> None:
    here = panel(churn)
    assert [button.description for button in here.which if shown(button)] == [
        "Profit a month against the gap",
        "How long acting takes",
    ]
    press(here.picks, "How long acting takes")
    assert "sw-on" in here.which[1]._dom_classes
    assert here.chart.figure["layout"]["xaxis"]["title"]["text"] == "days after the score"
    before = here.chart.figure
    persuade(churn)
    churn.session.option = "three_month_gap"
    assert here.chart.figure["layout"]["xaxis"]["title"]["text"] == "days after the score"
    assert here.chart.figure != before
    press(here.picks, "Profit a month against the gap")
    assert here.chart.figure["layout"]["xaxis"]["title"]["text"].startswith("gap before the window")
    churn.session.option = "do_nothing"
    assert not shown(here.chart)
    assert not shown(here.notes)


# ---- status and unknowns


def test_the_rail_shows_a_word_and_a_sign_for_the_option_in_view(churn: Workbook) -> None:
    for option in churn.session.assessment.options:
        churn.session.option = option
        for key, consideration in registry().items():
            status = churn.session.assessment.options[option].findings[key].status
            mark, word = SIGNS[status]
            assert churn.places[key].description == f"{consideration.name}\n{mark} {word}"
            styles = [each for each in churn.places[key]._dom_classes if each in STYLES]
            assert len(styles) == 1
        current = [key for key, button in churn.places.items() if "sw-current" in button._dom_classes]
        assert current == [churn.session.place]


STYLES = ("sw-meets", "sw-risk", "sw-fails", "sw-unknown", "sw-na")


def test_an_unknown_answer_makes_its_finding_unknown_and_the_recommendation_provisional(churn: Workbook) -> None:
    here = panel(churn)
    here.form.receive({"type": "unknown", "question": "lead_time.success", "option": None, "seq": 2})
    assert churn.places["lead_time"].description.endswith("? unknown")
    assert "Not known yet: “Success of an intervention”" in here.finding.value
    assert "1 answer is not known yet" in churn.strip.value
    assert here.form.answers["lead_time.success"]["state"] == "unknown"
    assert not shown(here.chart)
    assert churn.places["decide"].description.startswith("Decide\n1 ")
    decide = churn.place("decide")
    churn.session.place = "decide"
    assert isinstance(decide, DecidePage)
    compare = decide.face(CompareFace)
    assert isinstance(compare, CompareFace)
    assert "<b>Provisional.</b> Not known yet: Success of an intervention." in compare.finding.value
    churn.session.place = "value_stream"
    churn.session.undo()
    assert churn.places["decide"].description == "Decide"
    assert "rovisional" not in churn.strip.value


def test_an_impossible_answer_is_beside_its_question_and_leaves_what_was_typed(churn: Workbook) -> None:
    here, before = panel(churn), churn.strip.value
    persuade(churn, "soon", "later")
    told = here.form.answers[PERSUASION]
    assert told["error"].startswith("“soon” is not a number")
    assert told["shared"]["p50"] == "60"
    assert churn.strip.value == before
    persuade(churn)
    assert here.form.answers[PERSUASION]["error"] == ""


def test_what_another_consideration_asks_is_shown_and_leads_there(churn: Workbook) -> None:
    here = panel(churn)
    told = here.form.answers["value_stream.value"]
    assert (told["read_only"], told["shown_from"]) == (True, "Value stream")
    here.form.receive({"type": "goto", "question": "value_stream.value", "option": None, "seq": 3})
    assert churn.session.place == "value_stream"


@pytest.mark.parametrize(
    "message",
    [
        {"type": "answer", "question": "nowhere.nothing", "fields": {}}, {"type": "answer", "question": None},
        {"type": "answer", "question": PERSUASION, "fields": "text"}, {"type": "answer", "question": PERSUASION, "option": "not there", "fields": {"p50": []}},
        {"type": "evidence", "question": PERSUASION, "evidence": "text"}, {"type": "differs", "question": "lead_time"},
        {"type": "answer", "question": "lead_time.gap", "option": ["no_gap"], "fields": {"likely": {"a": 1}}},
    ],
)  # fmt: skip
def test_a_hostile_message_is_told_acknowledged_and_changes_nothing(
    churn: Workbook, message: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, document = panel(churn), churn.session.decision
    sent = heard(here.form, monkeypatch)
    here.form.receive({**message, "seq": 9})
    assert [each["seq"] for each in sent if each["type"] == "ack"] == [9]
    assert churn.session.decision is document


# ---- options


def tabs(book: Workbook) -> list[str]:
    return [button.description for button in book.tabs.tabs if shown(button)]


def test_the_tabs_follow_adding_copying_renaming_and_removing(churn: Workbook) -> None:
    options = churn.tabs
    assert tabs(churn) == [
        "Model with no gap",
        "Two-month gap",
        "Three-month gap",
        "Rules on contract end",
        "Do nothing",
    ]
    assert not shown(options.editor)
    press(options, "Edit options…")
    assert shown(options.editor)
    press(options, "Two-month gap")
    assert (churn.session.option, options.name.value) == ("two_month_gap", "Two-month gap")
    press(options, "Copy this one")
    assert tabs(churn)[2] == "Two-month gap (copy)"
    assert options.name.value == "Two-month gap (copy)"
    options.name.value = "Shorter list"
    press(options, "Rename")
    assert tabs(churn)[2] == "Shorter list"
    assert "Shorter list" in churn.strip.value
    assert {"key": churn.session.option, "name": "Shorter list"} in panel(churn).form.options
    press(options, "Add as new")
    assert "6 are there already" in churn.session.notice["text"]
    press(options, "Remove this one")
    assert tabs(churn)[2] == "Three-month gap"
    assert churn.session.option == "no_gap"
    options.name.value = "   "
    press(options, "Rename")
    assert "the name is empty" in churn.bridge.notice["text"]
    options.name.value = "Buy it"
    press(options, "Add as new")
    assert tabs(churn)[-2:] == ["Buy it", "Do nothing"]
    marked = [button.description for button in options.tabs if "sw-on" in button._dom_classes and shown(button)]
    assert marked == ["Buy it"]
    press(options, "Do nothing")
    press(options, "Remove this one")
    assert "always stays" in churn.bridge.notice["text"]
    press(options, "Done")
    assert not shown(options.editor)


# ---- undo, downloads


def test_undo_and_redo_by_button_and_by_key(churn: Workbook) -> None:
    undo, redo = churn.header.buttons["undo"], churn.header.buttons["redo"]
    assert (undo.disabled, redo.disabled) == (True, True)
    before = churn.strip.value
    persuade(churn)
    moved = churn.strip.value
    assert (undo.disabled, redo.disabled) == (False, True)
    press(churn.header, "Undo")
    assert (churn.strip.value, undo.disabled, redo.disabled) == (before, True, False)
    churn.bridge.receive({"type": "redo"})
    assert churn.strip.value == moved
    churn.bridge.receive({"type": "undo"})
    assert churn.strip.value == before
    assert panel(churn).form.answers[PERSUASION]["shared"] == {"p50": "60", "p95": "90"}


def test_a_cell_of_the_matrix_leads_to_its_finding(churn: Workbook) -> None:
    churn.session.place = "decide"
    compare = churn.panels["decide"].face(CompareFace)
    assert isinstance(compare, CompareFace)
    assert 'data-place="lead_time" data-option="no_gap"' in compare.matrix.value
    churn.bridge.receive({"type": "show", "place": "lead_time", "option": "no_gap"})
    assert (churn.session.place, churn.session.option) == ("lead_time", "no_gap")
    assert "fails" in churn.panels["lead_time"].finding.value
    churn.bridge.receive({"type": "show", "place": "nowhere", "option": ["x"]})
    assert (churn.session.place, churn.session.option) == ("lead_time", "no_gap")


def test_the_decide_page_hands_over_a_note_and_the_answers(churn: Workbook, monkeypatch: pytest.MonkeyPatch) -> None:
    churn.session.place = "decide"
    sent = heard(churn.bridge, monkeypatch)
    press(churn.panels["decide"], "Commit")
    press(churn.panels["decide"], "Download as a note (Markdown)")
    press(churn.panels["decide"], "Download the answers (CSV)")
    assert [(each["name"], each["mime"]) for each in sent] == [
        ("churn-calls.md", "text/markdown"),
        ("churn-calls.csv", "text/csv"),
    ]
    note, answers = (bytes(each["buffers"][0]).decode("utf-8-sig") for each in sent)
    assert "Three-month gap" in note
    assert answers.splitlines()[0].startswith("answer,consideration,question")
    assert "lead_time.gap" in answers


def test_the_decision_and_the_record_are_handed_over_and_open_again(
    churn: Workbook, monkeypatch: pytest.MonkeyPatch, begin: Callable[..., Session]
) -> None:
    persuade(churn)
    sent = heard(churn.bridge, monkeypatch)
    press(churn.header, "Download decision")
    press(churn.header, "Export record")
    assert [(each["name"], each["mime"]) for each in sent] == [
        ("churn-calls.json", "application/json"),
        ("churn-calls.html", "text/html"),
    ]
    for each in sent:
        other = Workbook(begin())
        other.bridge.receive({"type": "file", "name": each["name"]}, [memoryview(each["buffers"][0])])
        assert other.session.decision.answers == churn.session.decision.answers
        assert other.session.identity not in ("", churn.session.identity)
        assert other.bridge.decision == other.session.identity
