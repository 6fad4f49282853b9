"""Triggers: from words and to words, what reopens a decision and why, and what is proposed from the flip points."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from decisions import ON, PLAIN, UNSURE, assessed, decision, own, rng
from hypothesis import given
from hypothesis import strategies as st

from shipworthy import _trigger_words, edits, triggers
from shipworthy.assess import assess
from shipworthy.decision import Condition, Decision, Option, Outcome, Trigger
from shipworthy.errors import InputError
from shipworthy.examples import example, keys
from shipworthy.reference import loader
from shipworthy.triggers import Verdict, evaluate, parse, proposed, recheck, turned, words
from shipworthy.turning import turns

DECIDED = datetime(2026, 11, 20, 9, tzinfo=UTC)
PERSUASION = "lead_time.persuasion"


def decided(document: Decision, *found: Trigger, **rest: Any) -> Decision:
    outcome = Outcome(**{"chosen": document.options[0].key, "decided_at": DECIDED, "triggers": found, **rest})
    return document.model_copy(update={"outcome": outcome})


def looked_at(text: str, document: Decision, on: date = ON, **measured: float) -> Verdict:
    found = {(key.replace("__", "."), ""): value for key, value in measured.items()}
    return evaluate(parse(text, document, on=ON), document, on=on, measured=found)


@pytest.fixture
def churn() -> Decision:
    return decided(example("churn"))


@pytest.fixture
def tables(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Tables whose text a test changes: rows of duties by their keys, and a small table of its own."""
    true = loader.load
    changed: dict[str, str] = {
        "own": "thing,n [1],source,as_of,checked\nx,1,here,2026-11-01,seen\ny,2,here,2026-05-04,seen\n"
    }

    def load(name: str) -> loader.Table:
        if name not in changed:
            return true(name)
        return loader.parse(changed[name], name=name, key="thing", shelf_life=90, title="Things of our own")

    monkeypatch.setattr(loader, "load", load)
    monkeypatch.setattr(loader, "names", lambda: ("own", "duties", "licences", "price_lists", "gpus"))
    return changed


# ---- words


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("reopen when uses a month exceed 9,000", "“Value stream › Uses a month” is above 9000 uses a month"),
        ("persuasion > 3 weeks", "“Intervention lead time › Persuasion: first talk to decision” is above 21 days"),
        ("lead_time.recall falls below 30 %", "“Intervention lead time › Recall” is below 30 %"),
        ("Recall is at most 0.3.", "“Intervention lead time › Recall” is at most 30 %"),
        ("if value of one effect ≥ 2.5k EUR", "“Value stream › Value of one effect” is at least 2500 EUR"),
        ('Persuasion reaches 90 days for "two-month gap"', "“Intervention lead time › Persuasion: first talk to decision” is at least 90 days for “Two-month gap”"),
        ("when eu-aia-86 starts", "the duty EU-AIA-86 starts"),
        ("the duty EU-AIA-HR comes into force", "the duty EU-AIA-HR starts"),
        ("MIT changes", "the licence mit changes"),
        ("the row H100 of the table gpus changes", "the row H100 of the table gpus changes"),
        ("when the price table is older than 180 days", "the table price_lists is older than 180 days"),
        ("gpus are more than 2 weeks old", "the table gpus is older than 14 days"),
        ("on 1 March", "1 March 2027 has come"),
        ("on 30 November", "30 November 2026 has come"),
        ("on 20 November", "20 November 2027 has come"),
        ("March 1st, 2028", "1 March 2028 has come"),
        ("on 29 February", "29 February 2028 has come"),
        ("2027-03-01", "1 March 2027 has come"),
    ],
)  # fmt: skip
def test_words_are_read_and_told_again(said: str, told: str) -> None:
    document = edits.say(example("churn"), "value_stream.currency", "EUR")
    found = parse(said, document, on=ON)
    assert words(found, document) == told
    assert parse(told, document, on=ON) == found
    assert parse(f"Reopen when {told}.", document, on=ON) == found


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("the sky falls", "nothing that can be looked up: write"),
        ("", "nothing that can be looked up"),
        ("on 31 February 2027", "nothing that can be looked up"),
        ("persuation exceeds 40 days", "did you mean “Intervention lead time › Persuasion"),
        ("currency exceeds 40", "is not an answer that is a number"),
        ("tokens of an answer exceed 9,000", "may be “"),
        ("recall falls below 300 %", "300 % is outside what is possible"),
        ("recall falls below 30", "30 is more than all: type it with its %"),
        ("persuasion exceeds =1+1", "not a number"),
        ("persuasion exceeds 4 days for “Five-month gap”", "is not an option; there are “Model with no gap”"),
        ("EU-AIA-87 starts", "did you mean EU-AIA-86"),
        ("mit starts", "has no day on which it starts: only duties do"),
        ("the weather table is older than 3 days", "is no reference table; there are"),
        ("gpus are older than minus one", "not a number"),
        ("gpus are older than 1000000 days", "no age to wait for"),
    ],
)
def test_what_cannot_be_read_is_told(said: str, problem: str) -> None:
    with pytest.raises(InputError) as caught:
        parse(said, example("churn"), on=ON)
    assert problem in str(caught.value)
    assert len(str(caught.value)) < 400


@given(st.text(max_size=60))
def test_any_text_is_a_trigger_or_one_sentence(said: str) -> None:
    document = example("churn")
    problem = ""
    try:
        found = parse(said, document, on=ON)
    except InputError as refused:
        problem = str(refused)
    assert problem.isprintable()
    assert problem or words(found, document)


# ---- answers


def test_an_answer_is_held_against_what_was_measured(churn: Decision) -> None:
    assert looked_at("persuasion exceeds 90 days", churn, lead_time__persuasion=95.0) == Verdict(
        "Reopen when “Intervention lead time › Persuasion: first talk to decision” is above 90 days",
        "reopen",
        "It was measured at 95 days.",
        parse("persuasion exceeds 90 days", churn, on=ON),
    )
    for measured, state in ((90.0, "holds"), (90.001, "reopen"), (10.0, "holds")):
        assert looked_at("persuasion exceeds 90 days", churn, lead_time__persuasion=measured).state == state
    for measured, state in ((90.0, "reopen"), (89.999, "holds")):
        assert looked_at("persuasion is at least 90 days", churn, lead_time__persuasion=measured).state == state
    for measured, state in ((0.3, "holds"), (0.2999, "reopen")):
        assert looked_at("recall is below 30 %", churn, lead_time__recall=measured).state == state
    for measured, state in ((0.3, "reopen"), (0.3001, "holds")):
        assert looked_at("recall is at most 30 %", churn, lead_time__recall=measured).state == state


def test_nothing_measured_leaves_what_the_decision_says(churn: Decision) -> None:
    assert (
        looked_at("persuasion exceeds 90 days", churn).reason == "Nothing new was measured; the decision has 60 days."
    )
    changed = edits.say(
        churn,
        PERSUASION,
        example("churn").answers["lead_time"]["persuasion"].value.model_copy(update={"p50": 95.0, "p95": 120.0}),
    )  # type: ignore[union-attr]
    assert looked_at("persuasion exceeds 90 days", changed).reopens
    unknown = edits.say_unknown(churn, PERSUASION)
    assert looked_at("persuasion exceeds 90 days", unknown).reason.startswith("No value of it is known yet")
    assert not looked_at("persuasion exceeds 90 days", unknown).reopens
    assert looked_at("persuasion exceeds 90 days", unknown, lead_time__persuasion=91.0).reopens


def test_which_option_an_answer_is_of() -> None:
    options = (Option(key="a", name="A"), Option(key="b", name="B"), Option(key="both", name="Both", phases=("a", "b")))
    document = decision(options, {**PLAIN, "value_stream.running": own(a=100.0, b=900.0)})
    trigger = Trigger(kind="answer", answer="value_stream.running", side="above", value=500.0)
    for chosen, reopens in (("a", False), ("b", True), ("both", True), (None, True), ("do_nothing", False)):
        made = decided(document, trigger, chosen=chosen)
        assert recheck(made, on=ON)[0].reopens is reopens, chosen
    assert recheck(decided(document, trigger, chosen="both"), on=ON)[0].reason.endswith("900 USD a month for “B”.")
    named = trigger.model_copy(update={"option": "b"})
    assert recheck(decided(document, named), on=ON)[0].reopens
    for measured, reopens in (
        ({("value_stream.running", "b"): 10.0}, False),
        ({("value_stream.running", ""): 10.0}, False),
        ({("value_stream.running", "a"): 10.0}, True),
    ):
        assert recheck(decided(document, named), on=ON, measured=measured)[0].reopens is reopens
    both = {("value_stream.running", ""): 10.0, ("value_stream.running", "b"): 800.0}
    assert recheck(decided(document, named), on=ON, measured=both)[0].reopens, "an option's own comes before all's"


def test_a_cell_of_a_list_is_an_answer() -> None:
    document = decided(example("safety-rule"))
    label = "Deadline › Label 10,000 photographs: Takes"
    found = parse(f"“{label}” exceeds 40 working days", document, on=ON)
    assert found.answer.startswith("deadline.plan#")
    assert words(found, document) == f"“{label}” is above 40 working days"
    assert not evaluate(found, document, on=ON).reopens
    assert evaluate(found, document, on=ON, measured={(found.answer, ""): 41.0}).reopens
    gone = found.model_copy(update={"answer": "deadline.plan#gone.days"})
    assert evaluate(gone, document, on=ON).state == "cannot"
    assert evaluate(gone, document, on=ON).reason == "There is no such row in the list any more."


def test_a_question_that_is_not_asked_is_refused_and_keeps_no_other_from_being_looked_at(churn: Decision) -> None:
    for answer in ("lead_time.colour", "colour.gap", "lead_time.gap#r1.days", "deadline.plan#r1.colour"):
        wrong = Trigger(kind="answer", answer=answer, value=1.0)
        made = decided(churn, wrong, Trigger(kind="on", day=ON))
        with pytest.raises(InputError, match="is not a question"):
            triggers.check(made)
        assert [each.state for each in recheck(made, on=ON)] == ["cannot", "reopen"]


# ---- tables and days


def test_a_day(churn: Decision) -> None:
    for on, state, reason in (
        (date(2027, 2, 28), "holds", "That is in 1 day."),
        (date(2027, 3, 1), "reopen", "The day came on 1 March 2027."),
        (date(2029, 3, 1), "reopen", "The day came on 1 March 2027."),
    ):
        found = looked_at("on 1 March 2027", churn, on)
        assert (found.state, found.reason) == (state, reason)


def test_a_table_is_as_old_as_its_oldest_row(churn: Decision, tables: dict[str, str]) -> None:
    found = parse("the own table is older than 180 days", churn, on=ON)
    assert parse("things of our own are older than 180 days", churn, on=ON) == found
    last = date(2026, 5, 4) + timedelta(days=180)
    assert not evaluate(found, churn, on=last).reopens
    then = evaluate(found, churn, on=last + timedelta(days=1))
    assert (then.state, then.reason) == ("reopen", "It is of 4 May 2026, the oldest row (“y”): 181 days old.")
    tables["own"] = tables["own"].replace("2026-05-04", "2026-10-31")
    assert evaluate(found, churn, on=last + timedelta(days=1)).state == "holds", "the table was brought up to date"
    assert (
        evaluate(found.model_copy(update={"table": "gone"}), churn, on=ON).reason
        == "There is no reference table “gone” any more."
    )


def test_a_row_that_changes(churn: Decision, tables: dict[str, str]) -> None:
    found = parse("the row x of the table own changes", churn, on=ON)
    assert (found.table, found.row, len(found.stood)) == ("own", "x", 12)
    assert evaluate(found, churn, on=ON).reason == "It says what it said (looked up on 1 November 2026)."
    tables["own"] = tables["own"].replace("x,1,here,2026-11-01,seen", "x,1,there,2027-01-02,memory")
    assert not evaluate(found, churn, on=ON).reopens, "looked up again, the same was found"
    tables["own"] = tables["own"].replace("x,1,there", "x,3,there")
    assert (
        evaluate(found, churn, on=ON).reason
        == "It says something else than when this was written (looked up on 2 January 2027)."
    )
    assert evaluate(found, churn, on=ON).reopens
    tables["own"] = tables["own"].replace("\nx,", "\nz,")
    assert evaluate(found, churn, on=ON).reason == "The table own has no row “x” any more."
    assert evaluate(found, churn, on=ON).reopens


def test_a_new_empty_column_is_no_change(churn: Decision, tables: dict[str, str]) -> None:
    found = parse("the row x of the table own changes", churn, on=ON)
    tables["own"] = "thing,n [1],more,source,as_of,checked\nx,1,,here,2026-11-01,seen\n"
    assert not evaluate(found, churn, on=ON).reopens


@pytest.mark.parametrize(
    ("starts", "certain", "status", "on", "stood", "state", "reason"),
    [
        (date(2027, 1, 1), None, "from", date(2026, 12, 31), "from", "holds", "It starts on 1 January 2027, in 1 day."),
        (date(2027, 1, 1), None, "from", date(2027, 1, 1), "from", "reopen", "It started on 1 January 2027."),
        (date(2026, 8, 2), date(2027, 12, 2), "in_force", ON, "in_force", "holds", "It starts beyond dispute on 2 December 2027, in 377 days."),
        (date(2026, 8, 2), date(2027, 12, 2), "in_force", date(2027, 12, 2), "in_force", "reopen", "It started, beyond dispute, on 2 December 2027."),
        (date(2020, 1, 1), None, "in_force", ON, "in_force", "holds", "It was in force since 1 January 2020 already when this was written."),
        (None, None, "in_force", ON, "in_force", "holds", "It was in force already when this was written."),
        (None, None, "in_force", ON, "proposed", "reopen", "It is in force now; it was not when this was written."),
        (None, None, "proposed", ON, "proposed", "holds", "No day on which it starts is known."),
    ],
)  # fmt: skip
def test_a_duty_that_starts(
    starts: date | None, certain: date | None, status: str, on: date, stood: str, state: str, reason: str,
    churn: Decision, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    from dataclasses import replace

    made = replace(triggers.duty("EU-AIA-86"), starts=starts, certain=certain, status=status)
    monkeypatch.setattr(triggers, "duty", lambda key: made)
    trigger = Trigger(kind="starts", table="duties", row="EU-AIA-86", stood=stood, since=ON)
    found = evaluate(trigger, churn, on=on)
    assert (found.state, found.reason) == (state, reason)


# ---- the whole decision


def test_free_words_are_looked_at_where_they_read_as_a_trigger(churn: Decision) -> None:
    made = decided(churn, reopen=("Prices double", "on 1 March", "persuasion exceeds 50 days"))
    found = recheck(made, on=date(2027, 2, 1))
    assert [each.state for each in found] == ["judge", "holds", "reopen"]
    assert found[0].what == "Reopen when Prices double"
    later = recheck(made, on=date(2027, 3, 2))
    assert later[1].reopens, "a day without a year is the next one after the decision"


def test_a_condition_that_is_late_reopens(churn: Decision) -> None:
    due = date(2027, 1, 31)
    conditions = (
        Condition(text="Sales agrees", owner="Ada", by=due), Condition(text="Data is there", by=due, done=date(2027, 1, 3)), Condition(text="All is well"),
    )  # fmt: skip
    for on, states in ((due, ["holds", "holds", "judge"]), (date(2027, 2, 2), ["reopen", "holds", "judge"])):
        assert [each.state for each in recheck(decided(churn, conditions=conditions), on=on)] == states
    late = recheck(decided(churn, conditions=conditions), on=date(2027, 2, 2))[0]
    assert (late.what, late.reason) == (
        "Condition: Sales agrees (Ada)",
        "It had to be done by 31 January 2027, 2 days ago, and is not.",
    )


def test_every_example_holds_today_with_nothing_written() -> None:
    for key in keys():
        assert recheck(example(key), on=ON) == []


# ---- proposals


def test_proposed_triggers_lie_between_where_an_answer_stands_and_where_it_flips() -> None:
    document = decision("a", UNSURE)
    found = assessed(document, size=2048)
    flips = found.flips("a")
    made = proposed(found, "a")
    assert 0 < len(made) <= triggers.MOST_PROPOSED
    for trigger in made:
        assert trigger.value is not None
        near = [
            flip
            for each in flips.values()
            for flip in each
            if flip.answer == trigger.answer and flip.at_least == (trigger.side == "at_least")
        ]
        assert any(
            min(flip.here, flip.value) <= trigger.value <= max(flip.here, flip.value)
            for flip in near
            if flip.here is not None
        )  # type: ignore[type-var]
        assert any(abs(flip.value - trigger.value) <= 0.0201 * abs(flip.value) for flip in near), (
            "close to the flip point"
        )
        assert trigger.note.endswith(" from there")
        assert not evaluate(trigger, document, on=ON).reopens
        assert parse(words(trigger, document), document, on=ON) == trigger.model_copy(update={"note": ""})
        beyond = trigger.value * (1.01 if trigger.side == "at_least" else 0.99)
        assert evaluate(trigger, document, on=ON, measured={(trigger.answer, ""): beyond}).reopens


def test_where_the_recommendation_turns_is_proposed_on_the_side_on_which_the_answer_stands() -> None:
    found = assess(example("churn"), on=ON)
    searched = {(each.answer, each.owner or None): each for each in turns(found)}
    made = turned(found)
    assert len(made) == 3
    for each in made:
        at = searched[each.answer, each.option]
        turn = at.turns[0]
        assert not at.plan
        assert each.value is not None
        low, high = sorted((at.here, turn.value))
        assert low <= each.value <= high
        assert each.side == ("at_least" if turn.at_least else "at_most")
        assert "leads from there" in each.note
        assert evaluate(each, found.decision, on=ON).state == "holds"
    other = edits.with_outcome(found.decision, Outcome(chosen="no_gap"))
    assert turned(assess(other, on=ON)) == ()


def test_an_option_of_others_in_turn_is_proposed_what_flips_those() -> None:
    options = (Option(key="a", name="A"), Option(key="b", name="B"), Option(key="both", name="Both", phases=("a", "b")))
    document = decision(options, {**UNSURE, "lead_time.gap": own(a=rng(70, 100, 130), b=rng(80, 110, 140))})
    found = assessed(document, size=2048)
    made = proposed(found, "both")
    assert {each.option for each in made} >= {"a", "b"}, "the gap differs between them"
    assert proposed(found, "do_nothing") == ()


def test_what_has_failed_already_is_not_proposed() -> None:
    found = assessed(example("churn"), size=2048)
    assert found.options["no_gap"].findings["lead_time"].status == "fails"
    assert not [each for each in proposed(found, "no_gap") if each.note.startswith("Intervention lead time")]


def test_the_mark_of_a_row_is_stable() -> None:
    assert _trigger_words.reference_mark("licences", "mit") == _trigger_words.reference_mark("licences", "mit")
    assert _trigger_words.reference_mark("licences", "mit") != _trigger_words.reference_mark("licences", "bsd-2")
