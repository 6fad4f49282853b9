"""The state behind the screen: answers, undo, the log, options, frame and outcome; opening, saving and failures have files of their own."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from decisions import ON
from sessions import PERSUASION, TWO_WEEKS, value

from shipworthy import edits
from shipworthy.assess import assess
from shipworthy.decision import Outcome, RangeValue, RequirementValue, SpreadValue
from shipworthy.errors import InputError
from shipworthy.ui import session as session_module
from shipworthy.ui.session import Session


@pytest.fixture
def churn(session: Session) -> Session:
    session.start_example("churn")
    return session


# ---- answers


def test_an_answer_changes_the_document_the_assessment_and_the_log(churn: Session) -> None:
    before = churn.assessment
    churn.answer(PERSUASION, None, TWO_WEEKS)
    assert value(churn, PERSUASION) == ("given", SpreadValue(p50=14.0, p95=21.0))
    assert churn.assessment.decision is churn.decision
    assert churn.assessment.options["no_gap"].summary.mean > before.options["no_gap"].summary.mean
    last = churn.decision.log[-1]
    assert (last.path, last.what) == ("Intervention lead time › Persuasion: first talk to decision", "answered")
    assert (last.before, last.after) == (
        "typically 60 days; 1 in 20 above 90 days",
        "typically 14 days; 1 in 20 above 21 days",
    )
    assert churn.decision.answer(PERSUASION).evidence.at is not None
    assert churn.errors == {}


@pytest.mark.parametrize(
    ("key", "option", "typed", "told"),
    [
        (PERSUASION, None, {"p50": "9", "p95": ""}, "both numbers are needed"),
        ("lead_time.success", None, {"likely": "130 %"}, "type at most 100 %"),
        ("lead_time.gap", "no_gap", {"likely": "soon"}, "“soon” is not a number"),
        ("lead_time.events", None, {"low": "9", "likely": "5", "high": "1"}, "low (9) is above likely (5)"),
        ("cost.model", "no_gap", {"value": "acme/quite-new"}, "no provider 'acme'"),
    ],
)  # fmt: skip
def test_an_impossible_answer_is_told_beside_the_question_and_changes_nothing(
    churn: Session, key: str, option: str | None, typed: dict[str, str], told: str
) -> None:
    document, assessment = churn.decision, churn.assessment
    churn.answer(key, option, typed)
    assert churn.decision is document
    assert churn.assessment is assessment
    assert not churn.can_undo
    (text,) = churn.errors.values()
    assert told in text
    assert "\n" not in text


@pytest.mark.parametrize("settle", ["answer", "unknown", "confirm", "reset", "differ", "undo"])
def test_what_was_refused_is_forgiven_by_whatever_settles_it(churn: Session, settle: str) -> None:
    churn.answer(PERSUASION, None, TWO_WEEKS)
    churn.answer(PERSUASION, None, {"p50": "x", "p95": "y"})
    assert churn.errors
    acts: dict[str, Callable[[], None]] = {
        "answer": lambda: churn.answer(PERSUASION, None, TWO_WEEKS),
        "unknown": lambda: churn.say_unknown(PERSUASION, None),
        "confirm": lambda: churn.confirm(PERSUASION),
        "reset": lambda: churn.reset(PERSUASION),
        "differ": lambda: churn.differ(PERSUASION, True),
        "undo": churn.undo,
    }
    acts[settle]()
    assert churn.errors == {}


def test_saying_the_same_again_changes_nothing(churn: Session) -> None:
    churn.answer(PERSUASION, None, TWO_WEEKS)
    churn.say_unknown("lead_time.notice", None)
    churn.differ("lead_time.success", True)
    churn.evidence(PERSUASION, {"kind": "quoted", "who": "sales"})
    document = churn.decision
    churn.answer(PERSUASION, None, {"p50": "14 days", "p95": "21"})
    churn.say_unknown("lead_time.notice", None)
    churn.differ("lead_time.success", True)
    churn.evidence(PERSUASION, {"kind": "quoted", "who": "sales"})
    churn.reset("cost.flat_price")
    churn.answer("cost.flat_price", None, {"likely": ""})
    churn.rename_option("no_gap", " Model  with no gap ")
    churn.set_frame(title=document.frame.title)
    churn.set_as_of(document.as_of)
    churn.set_outcome(Outcome(), "nothing")
    assert churn.decision is document


def test_unknown_confirm_and_reset(churn: Session) -> None:
    key = "lead_time.data_delay"
    assert value(churn, key)[0] == "default"
    churn.confirm(key)
    assert value(churn, key) == ("given", RangeValue(low=1.0, likely=2.0, high=5.0))
    assert churn.decision.answer(key).evidence.source.startswith("the warehouse")
    churn.say_unknown(key, None)
    assert value(churn, key) == ("unknown", None)
    assert key in churn.assessment.missing
    assert churn.assessment.provisional
    assert churn.assessment.options["no_gap"].findings["lead_time"].status == "unknown"
    churn.confirm(key)  # what stood there comes back
    assert value(churn, key)[1] == RangeValue(low=1.0, likely=2.0, high=5.0)
    churn.reset(key)
    assert churn.decision.answer(key) is None
    assert [entry.what for entry in churn.decision.log[-4:]] == [
        "confirmed",
        "said to be unknown",
        "confirmed",
        "taken back",
    ]


def test_an_emptied_box_takes_the_answer_back_or_makes_the_options_own_unknown(churn: Session) -> None:
    churn.answer(PERSUASION, None, {"p50": "", "p95": " "})
    assert churn.decision.answer(PERSUASION) is None
    assert churn.decision.log[-1].what == "emptied"
    churn.answer("lead_time.gap", "no_gap", {"likely": ""})
    assert value(churn, "lead_time.gap", "no_gap") == ("unknown", None)
    assert value(churn, "lead_time.gap", "two_month_gap") == ("given", 61.0)


def test_options_differ_and_are_the_same_again(churn: Session) -> None:
    key = "lead_time.success"
    shared = value(churn, key)[1]
    churn.differ(key, True)
    churn.answer(key, "no_gap", {"likely": "50"})
    assert value(churn, key, "no_gap") == ("given", 0.5)
    assert value(churn, key, "two_month_gap")[1] == shared
    assert churn.decision.log[-1].path.endswith("› Model with no gap")
    churn.differ(key, False)
    assert value(churn, key, "no_gap")[1] == shared
    churn.answer(key, "no_gap", {"likely": "40"})  # an option is named, but all share one answer
    assert {value(churn, key, option)[1] for option in ("no_gap", "two_month_gap")} == {0.4}
    assert not churn.decision.log[-1].path.endswith("› Model with no gap")
    churn.answer(key, "no_gap", {"likely": "no idea"})
    assert set(churn.errors) == {(key, "")}


def test_evidence_has_its_kind_its_time_and_its_limits(churn: Session) -> None:
    churn.evidence(PERSUASION, {"kind": "measured", "who": "x" * 400, "source": "CRM", "note": None, "more": 1})
    evidence = churn.decision.answer(PERSUASION).evidence
    assert (evidence.kind, len(evidence.who), evidence.source) == ("measured", 300, "CRM")
    assert evidence.at is not None
    assert value(churn, PERSUASION)[1] == SpreadValue(p50=60.0, p95=90.0)
    churn.evidence(PERSUASION, {"kind": "revealed"})
    assert churn.decision.answer(PERSUASION).evidence.kind == "estimated"
    assert (churn.decision.log[-1].what, churn.decision.log[-1].after) == ("evidence given", "")


def test_a_default_stays_one_where_nobody_picks_another_kind(churn: Session) -> None:
    key = "value_stream.discount_rate"
    churn.confirm(key)
    churn.evidence(key, {"kind": "", "who": "finance"})
    evidence = churn.decision.answer(key).evidence
    assert (evidence.kind, evidence.who) == ("default", "finance")
    churn.evidence(key, {"kind": "quoted"})
    churn.evidence(key, {"kind": ""})
    assert churn.decision.answer(key).evidence.kind == "estimated"


def test_emptying_a_limit_keeps_how_sure_it_was_asked_for(churn: Session) -> None:
    key = "lead_time.reached"
    churn.answer(key, None, {"limit": "60 %", "confidence": "95 %"})
    churn.answer(key, None, {"limit": "", "confidence": "95 %"})
    assert "the limit is missing" in churn.errors[key, ""]
    churn.answer(key, None, {"limit": "70 %", "confidence": "95 %"})
    assert value(churn, key)[1] == RequirementValue(limit=0.7, confidence=0.95)
    assert not churn.errors


# ---- the log


def test_changes_of_one_thing_within_ten_minutes_are_one_line(churn: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    start = edits.now()
    clock = [start]
    monkeypatch.setattr(edits, "now", lambda: clock[0])
    lines = len(churn.decision.log)
    for weeks in (2, 3, 4):
        churn.answer(PERSUASION, None, {"p50": f"{weeks} weeks", "p95": "60"})
        clock[0] += timedelta(minutes=4)
    assert len(churn.decision.log) == lines + 1
    entry = churn.decision.log[-1]
    assert (entry.before[:17], entry.after[:17]) == ("typically 60 days", "typically 28 days")
    clock[0] += timedelta(minutes=10)
    churn.answer(PERSUASION, None, {"p50": "5 weeks", "p95": "60"})
    assert len(churn.decision.log) == lines + 2
    churn.answer("lead_time.success", None, {"likely": "31 %"})
    churn.answer(PERSUASION, None, {"p50": "6 weeks", "p95": "60"})
    assert len(churn.decision.log) == lines + 4


def test_renaming_and_removing_two_options_leaves_a_line_each(churn: Session) -> None:
    lines = len(churn.decision.log)
    churn.rename_option("no_gap", "One")
    churn.rename_option("two_month_gap", "Two")
    churn.remove_option("no_gap")
    churn.remove_option("two_month_gap")
    said = [(entry.path, entry.what, entry.after) for entry in churn.decision.log[lines:]]
    assert said == [
        ("Options › Model with no gap", "renamed", "One"), ("Options › Two-month gap", "renamed", "Two"),
        ("Options › One", "removed", ""), ("Options › Two", "removed", ""),
    ]  # fmt: skip


# ---- undo


def test_undo_and_redo_go_through_every_state_and_a_new_change_ends_redo(churn: Session) -> None:
    states = [churn.decision]
    for weeks in (2, 3, 4):
        churn.answer(PERSUASION, None, {"p50": f"{weeks} weeks", "p95": "60"})
        states.append(churn.decision)
    for state in reversed(states[:-1]):
        churn.undo()
        assert churn.decision is state
        assert churn.assessment.decision is state
    assert not churn.can_undo
    churn.undo()  # nothing happens
    assert churn.decision is states[0]
    for state in states[1:]:
        churn.redo()
        assert churn.decision is state
    churn.undo()
    churn.answer(PERSUASION, None, {"p50": "5 weeks", "p95": "60"})
    assert not churn.can_redo
    churn.undo()
    assert churn.decision is states[2]


def test_undo_remembers_the_last_changes_only(churn: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    assert session_module.MOST_UNDO >= 100
    monkeypatch.setattr(session_module, "MOST_UNDO", 5)
    for number in range(8):
        churn.set_frame(product=f"Idea {number}")
    steps = 0
    while churn.can_undo:
        churn.undo()
        steps += 1
    assert (steps, churn.decision.frame.product) == (5, "Idea 2")


def test_undoing_a_new_option_that_is_in_view_shows_another(churn: Session) -> None:
    churn.add_option("Buy it")
    assert churn.option == "buy_it"
    churn.undo()
    assert churn.option == "no_gap"
    assert churn.option in churn.assessment.options


# ---- options, frame, outcome


def test_options_are_added_copied_renamed_and_removed(churn: Session) -> None:
    churn.add_option("Copy", "two_month_gap")
    assert churn.option == "copy"
    two, copy = (churn.assessment.options[key] for key in ("two_month_gap", "copy"))
    assert copy.summary == two.summary  # two identical options never look different
    churn.rename_option("copy", "Another")
    assert churn.decision.option("copy").name == "Another"
    with pytest.raises(InputError, match="6 are there already"):
        churn.add_option("A seventh")
    churn.remove_option("copy")
    assert churn.option == "no_gap"
    with pytest.raises(InputError, match="always stays"):
        churn.remove_option("do_nothing")


def test_the_frame_and_the_day_that_counts(churn: Session) -> None:
    churn.set_frame(title="Calls", decide_by=date(2027, 1, 31))
    assert churn.decision.frame.title == "Calls"
    assert [entry.path for entry in churn.decision.log[-2:]] == ["Frame › title", "Frame › decide by"]
    churn.set_as_of(date(2026, 6, 1))
    assert churn.assessment.on == date(2026, 6, 1)
    churn.set_as_of(None)
    assert churn.assessment.on == ON


def test_today_moves_on_under_an_open_page_unless_the_document_says_a_day(begin: Callable[..., Session]) -> None:
    today = [date(2026, 11, 20)]
    session = begin(lambda: today[0])
    session.start_example("shopping-assistant")
    assert session.assessment.on == date(2026, 11, 20)
    today[0] = date(2027, 2, 3)
    session.answer("value_stream.uses", None, {"likely": "50k"})
    assert session.assessment.on == date(2027, 2, 3)
    assert (
        session.assessment.options["small_hosted"].summary
        == assess(session.decision, on=today[0]).options["small_hosted"].summary
    )
    session.set_as_of(date(2026, 11, 20))
    session.answer("value_stream.uses", None, {"likely": "60k"})
    assert session.assessment.on == date(2026, 11, 20)
