"""The workbook without a browser: traits and messages in, traits and messages out."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import ipywidgets
import pytest
from ipywidgets.widgets import widget as widget_module

from shipworthy.considerations import open_text, registry
from shipworthy.considerations.show import SIGNS
from shipworthy.store import Store
from shipworthy.ui.pages import DecidePage, FramePage
from shipworthy.ui.panel import Panel
from shipworthy.ui.session import Session
from shipworthy.ui.shell import Workbook

PERSUASION = "lead_time.persuasion"
EVIL = "<script>alert('x')</script>\"&"
Sent = list[dict[str, Any]]


@pytest.fixture
def churn(book: Workbook) -> Workbook:
    press(book, "Open “Churn calls”")
    return book


def buttons(widget: ipywidgets.Widget) -> list[ipywidgets.Button]:
    if isinstance(widget, ipywidgets.Button):
        return [widget]
    return [button for child in getattr(widget, "children", ()) if shown(child) for button in buttons(child)]


def shown(widget: ipywidgets.Widget) -> bool:
    return widget.layout.display != "none"


def press(book: ipywidgets.Widget, description: str) -> None:
    """Click a button that is on the screen."""
    (button,) = {id(each): each for each in buttons(book) if each.description == description and shown(each)}.values()
    assert not button.disabled
    button.click()


def panel(book: Workbook, key: str = "lead_time") -> Panel:
    book.session.place = key
    found = book.place(key)
    assert isinstance(found, Panel)
    return found


def answer(form: Any, question: str, option: str | None = None, **fields: Any) -> None:
    form.receive({"type": "answer", "question": question, "option": option, "fields": fields, "seq": 1})


def persuade(book: Workbook, p50: str = "2 weeks", p95: str = "3 weeks") -> None:
    answer(panel(book).form, PERSUASION, p50=p50, p95=p95)


def heard(widget: Any, monkeypatch: pytest.MonkeyPatch) -> Sent:
    """What a widget sends to the browser from now on."""
    sent: Sent = []
    monkeypatch.setattr(
        widget, "send", lambda content, buffers=None: sent.append({**content, "buffers": buffers or []})
    )
    return sent


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
    assert "Success of an intervention" in decide.unknown.value
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
    undo, redo = churn.buttons["undo"], churn.buttons["redo"]
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
    assert book.title.value.startswith("<h1>Calls &lt;b&gt;</h1>")
    press(book.header, "Start page")
    assert book.children == (book.start_page, book.bridge)
    assert (book.bridge.decision, book.bridge.page_title) == ("", "Shipworthy")
    assert [opener.description for line, opener, _ in book.start_page.rows if shown(line)] == ["Calls <b>"]
    press(book.start_page, "Calls <b>")
    assert book.session.decision.frame.title == "Calls <b>"


def test_enter_in_the_title_starts_too(book: Workbook) -> None:
    book.start_page.title.value = "Calls"
    book.start_page.title._handle_custom_msg({"event": "submit"}, [])
    assert book.session.decision.frame.title == "Calls"


def test_what_this_browser_had_is_listed_opened_and_deleted_for_good(
    churn: Workbook, begin: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = churn.session.identity
    churn.session.flush(at_once=True)
    book = Workbook(begin())
    sent = heard(book.bridge, monkeypatch)
    book.bridge.receive({"type": "hello", "id": "", "remembered": [identity, "gone" * 6, "../x"]})
    page = book.start_page
    assert [opener.description for line, opener, _ in page.rows if shown(line)] == ["Churn calls"]
    press(page, "Delete for good…")
    assert book.session.store.newest(identity) == 1
    press(page, "Really delete? It cannot be undone")
    assert not shown(page.again)
    assert sent == [{"type": "forget", "id": identity, "buffers": []}]
    book.bridge.receive({"type": "hello", "id": identity, "remembered": []})
    assert "deleted for good" in book.bridge.notice["text"]
    assert book.session.decision is None


def test_the_id_in_the_address_opens_its_decision_and_an_unknown_one_is_forgotten(
    churn: Workbook, begin: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    persuade(churn)
    churn.session.flush(at_once=True)
    identity = churn.session.identity
    book = Workbook(begin())
    book.bridge.receive({"type": "hello", "id": identity, "remembered": []})
    assert book.session.decision == churn.session.decision
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
    assert book.saved.value == "Not saved"
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


# ---- saving


def test_an_answer_is_saved_within_a_second_by_the_pages_own_clock(churn: Workbook) -> None:
    async def type_and_wait() -> None:
        saved = asyncio.Event()
        persuade(churn)
        assert churn.saved.value == "Saving…"
        churn.saved.observe(lambda change: saved.set() if change["new"].startswith("Saved") else None, "value")
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
    assert not shown(churn.clash)
    persuade(churn)
    churn.session.flush(at_once=True)
    assert shown(churn.clash)
    assert "Somebody else saved this decision" in churn.conflict.value
    persuade(churn, "3 weeks", "4 weeks")
    press(churn.clash, "Keep mine on top")
    assert not shown(churn.clash)
    persuade(other)
    other.session.flush(at_once=True)
    mine = other.session.decision
    press(other.clash, "Show theirs, keep mine as a copy")
    assert not shown(other.clash)
    assert panel(other).form.answers[PERSUASION]["shared"] == {"p50": "21", "p95": "28"}
    copy = other.bridge.notice["text"].partition("#d=")[2]
    assert open_text(store.load(copy).document) == mine
    assert open_text(store.load(churn.session.identity, 2).document).answer("lead_time.success").value == 0.35


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
        "figures": "shipworthy.considerations.lead_time.LeadTime.figures",
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


def test_a_search_that_fails_is_told_too(churn: Workbook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shipworthy.assess.flip_points", fail)
    persuade(churn)
    churn.later.finish()
    assert "error id" in churn.bridge.notice["text"]


# ---- frame and decide


def test_the_frame_is_changed_and_what_is_refused_is_told_beside_it(churn: Workbook) -> None:
    churn.session.place = "frame"
    page = churn.place("frame")
    assert isinstance(page, FramePage)
    answer(page.form, "frame.title", value=EVIL)
    assert churn.session.decision.frame.title == EVIL
    assert churn.bridge.page_title == f"{EVIL} · Shipworthy"
    assert "&lt;script&gt;" in churn.title.value
    assert "<script" not in churn.title.value
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
