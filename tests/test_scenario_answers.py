"""Scenarios put into a document, and made from what was changed."""

from typing import Any

import pytest
from decisions import ON, PLAIN, UNSURE, assessed, decision, edited, own, rng, scenario, spread

from shipworthy import documents, edits
from shipworthy.considerations import open_text
from shipworthy.decision import (
    Answer,
    Decision,
    Option,
    PersonalEstimate,
    RequirementValue,
    Row,
    WeightsValue,
)
from shipworthy.examples import example
from shipworthy.scenario_answers import from_changes, restored
from shipworthy.scenarios import applied

EFFECT, ONE_OFF, RUNNING = "value_stream.effect", "value_stream.one_off", "value_stream.running"
STEPS = "value_stream.steps"


def stands(document: Decision, key: str, option: str = "a") -> Any:
    return assessed(document).world.value(key, option)[1]


# ---- put into a document


def test_a_shared_answer_is_changed_for_all_and_the_document_stays_as_it_was() -> None:
    before = decision("a b", PLAIN)
    kept = before.model_copy(deep=True)
    found = applied(before, scenario((RUNNING, 500.0)))
    assert [stands(found.decision, RUNNING, key) for key in ("a", "b")] == [500.0, 500.0]
    assert found.problems == ()
    assert before == kept
    assert applied(before, scenario((RUNNING, 500.0))) == found, "whenever it is done"


def test_a_default_and_an_unknown_answer_are_changed_too() -> None:
    before = decision("a b", {**PLAIN, RUNNING: Answer(state="unknown", value=7.0)})
    found = applied(before, scenario(("value_stream.harm", 3.0), (RUNNING, 9.0, "b"))).decision
    assert stands(found, "value_stream.harm") == 3.0
    assert stands(found, RUNNING, "b") == 9.0
    assert stands(found, RUNNING, "a") is None, "what is unknown stays so for the others"


def test_an_own_value_where_all_share_one_makes_the_answer_differ() -> None:
    before = decision("a b", {**PLAIN, EFFECT: 0.1})
    found = applied(before, scenario((EFFECT, 0.3, "b"))).decision
    assert [stands(found, EFFECT, key) for key in ("a", "b")] == [0.1, 0.3]
    without = decision("a b", {key: value for key, value in PLAIN.items() if key != "value_stream.wrong"})
    default = stands(without, "value_stream.wrong", "a")
    found = applied(without, scenario(("value_stream.wrong", 0.5, "b"))).decision
    assert [stands(found, "value_stream.wrong", key) for key in ("a", "b")] == [default, 0.5]


def test_own_values_that_were_shared_again_since_do_not_come_back() -> None:
    before = edits.differ(decision("a b", {**PLAIN, EFFECT: own(a=0.5, b=0.6)}), EFFECT, False)
    before = edits.say(before, EFFECT, 0.1)
    found = applied(before, scenario((EFFECT, 0.3, "b"))).decision
    assert [stands(found, EFFECT, key) for key in ("a", "b")] == [0.1, 0.3]


def test_a_change_for_all_goes_before_a_change_for_one_whatever_their_order() -> None:
    before = decision("a b", {**PLAIN, EFFECT: own(a=0.5, b=0.6)})
    assert [stands(applied(before, scenario((EFFECT, 0.2))).decision, EFFECT, key) for key in ("a", "b")] == [0.2, 0.2]
    both = scenario((EFFECT, 0.3, "b"), (EFFECT, 0.2))
    assert [stands(applied(before, both).decision, EFFECT, key) for key in ("a", "b")] == [0.2, 0.3]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("value_stream.value", rng(40, 50, 70)),
        ("lead_time.persuasion", spread(20.0, rng(40, 50, 60))),
        ("lead_time.depends", "yes"),
        ("lead_time.depends", WeightsValue(weights={"yes": 0.3, "no": 0.7})),
        ("deployment.in_time", RequirementValue(limit=0.9, confidence=0.7)),
        ("explainability.stands", 0.3),
        ("licences.regions", ("EU", "US")),
        ("deadline.date", "2027-03-01"),
        ("licences.assets", ()),
    ],
)
def test_every_kind_of_value_can_be_changed(key: str, value: Any) -> None:
    found = applied(decision("a", PLAIN), scenario((key, value)), on=ON)
    assert found.problems == ()
    assert stands(found.decision, key) == value


# ---- cells of lists


def test_a_cell_of_a_list_is_changed_and_the_rest_of_the_list_stays() -> None:
    before = example("recommender")
    rows = stands(before, STEPS, "heavy")
    column = next(name for name, cell in rows[1].cells.items() if not isinstance(cell, str))
    found = applied(before, scenario((f"{STEPS}#{rows[1].id}.{column}", 0.25)), on=ON)
    assert found.problems == ()
    after = stands(found.decision, STEPS, "light")
    assert after[1].cells[column] == 0.25
    assert [row.cells.get(column) is old.cells.get(column) for row, old in zip(after, rows, strict=True)].count(
        False
    ) == 1


def test_a_cell_for_one_option_makes_the_list_differ_where_it_may() -> None:
    before = example("sharegpt-assistant")
    rows = stands(before, "licences.assets", "ship")
    name = f"licences.assets#{rows[0].id}.name"
    found = applied(before, scenario((name, "Another", "ship")))
    assert found.problems == ()
    assert stands(found.decision, "licences.assets", "ship")[0].cells["name"] == "Another"
    assert stands(found.decision, "licences.assets", "hosted") == stands(before, "licences.assets", "hosted")
    (problem,) = applied(before, scenario((name, "Another", "hosted"))).problems
    assert problem.endswith("for “Use the hosted assistant”: the list has no such row any more.")


# ---- what does not fit any more


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (("value_stream.gone", 1.0), "is not a question"),
        ((f"{STEPS}#gone.colour", 1.0), "is not a question"),
        ((f"{STEPS}#gone.share", 0.1), "the list has no such row any more"),
        (("value_stream.wrong", 4.0), "400 % is outside what is possible; type at most 100 %"),
        (("lead_time.depends", "perhaps"), "“perhaps” is not one of the choices"),
        (("lead_time.depends", 3.0), "is not one of the choices"),
        (("value_stream.value", "much"), "a number is needed"),
        (("deadline.date", "soon"), "a date like 2026-11-20 is needed"),
        (("value_stream.value", 3.0, "a"), "options cannot differ in it; change it for all of them"),
        ((EFFECT, 0.3, "both"), "that option is others in turn; change it for those"),
        ((EFFECT, 0.3, "gone"), "that option is not there any more"),
        (("value_stream.currency", "EUR"), "amounts in two currencies cannot be compared"),
        (("cost.model", "no/such-model"), "no provider 'no'"),
    ],
)
def test_what_does_not_fit_is_told_and_the_rest_applies(change: tuple[Any, ...], why: str) -> None:
    options = (Option(key="a", name="A"), Option(key="b", name="B"), Option(key="both", name="Both", phases=("a", "b")))
    before = decision(options, {**PLAIN, STEPS: steps()})
    found = applied(before, scenario(change, (RUNNING, 500.0), name="Bad times"), on=ON)
    (problem,) = found.problems
    assert problem.startswith("“Bad times” leaves out “")
    assert why in problem
    assert problem[-1] in ".?"
    assert stands(found.decision, RUNNING) == 500.0
    assert found.decision.answers.keys() == before.answers.keys()


def steps() -> tuple[Row, ...]:
    """A list of steps as the recommender has it, whatever its columns are called."""
    rows: tuple[Row, ...] = stands(example("recommender"), STEPS, "heavy")
    return rows


def test_a_removed_option_takes_its_changes_along() -> None:
    before = edits.with_scenarios(decision("a b", PLAIN), (scenario((EFFECT, 0.3, "b"), (RUNNING, 1.0)),))
    without = edits.remove_option(before, "b")
    assert [each.answer for each in without.scenarios[0].changes] == [RUNNING]
    assert applied(without, without.scenarios[0]).problems == ()


# ---- made from what was changed


def test_what_was_changed_becomes_a_scenario_that_gives_it_back() -> None:
    before = decision("a b", {**UNSURE, STEPS: steps(), "value_stream.wrong": own(a=0.1, b=0.2)})
    rows = list(steps())
    column = next(name for name, cell in rows[1].cells.items() if not isinstance(cell, str))
    rows[1] = rows[1].model_copy(update={"cells": {**rows[1].cells, column: 0.25}})
    after = edited(
        edits.differ(before, EFFECT, True, 0.1),
        (EFFECT, 0.4, "a"),
        ("value_stream.wrong", rng(0.1, 0.2, 0.3), "b"),
        ("lead_time.depends", "no", None),
        ("lead_time.contact", spread(2.0, rng(3, 4, 9)), None),
        (STEPS, tuple(rows), None),
    )
    found = from_changes(before, after, "Tried")
    assert found.left_out == ()
    assert {(each.answer, each.option) for each in found.scenario.changes} == {
        (EFFECT, "a"), (EFFECT, "b"), ("value_stream.wrong", "b"), ("lead_time.depends", None), ("lead_time.contact", None),
        (f"{STEPS}#{rows[1].id}.{column}", None),
    }  # fmt: skip
    again = applied(before, found.scenario)
    assert again.problems == ()
    for key in {each.answer.partition("#")[0] for each in found.scenario.changes}:
        assert [stands(again.decision, key, each) for each in "ab"] == [stands(after, key, each) for each in "ab"]


def test_nothing_changed_is_an_empty_scenario_and_evidence_is_no_change() -> None:
    before = decision("a", PLAIN)
    said = edits.confirm(edits.say(before, RUNNING, 300.0), "value_stream.harm", 10.0, "us")
    assert from_changes(before, said, "x").scenario.changes == ()
    assert from_changes(before, before, "x").scenario.changes == ()


def test_rows_that_came_or_went_are_kept_as_a_whole_list() -> None:
    before = decision("a", {**PLAIN, STEPS: steps()})
    after = edits.say(before, STEPS, steps()[1:])
    (change,) = from_changes(before, after, "Fewer").scenario.changes
    assert (change.answer, change.value) == (STEPS, steps()[1:])
    assert stands(applied(before, from_changes(before, after, "Fewer").scenario).decision, STEPS) == steps()[1:]


def test_what_a_scenario_cannot_hold_is_told() -> None:
    before = decision("a", {**PLAIN, "value_stream.uses": 900})
    said = PersonalEstimate(who="Ada", value=rng(1, 2, 3))
    after = edits.say_unknown(edits.say(before, "value_stream.currency", "EUR"), RUNNING)
    after = edits.with_answer(after, "value_stream.uses", Answer(estimates=(said,)))
    found = from_changes(before, edits.say(after, ONE_OFF, 3.0), "x")
    assert [each.answer for each in found.scenario.changes] == [ONE_OFF]
    assert len(found.left_out) == 3
    assert any("“Value stream › Running cost” is not known now" in each for each in found.left_out)


def test_going_back_restores_what_the_scenario_changes_and_nothing_else() -> None:
    before = decision("a b", {**PLAIN, EFFECT: own(a=0.1, b=0.2)})
    now = edits.add_option(edited(before, (EFFECT, 0.5, "a"), (RUNNING, 900.0, None)), "C", copy_of="a")
    now = edits.with_frame(edits.say_unknown(now, ONE_OFF), title="Another title")
    found = from_changes(before, now, "Tried")
    back = restored(now, before, found.scenario)
    assert (stands(back, EFFECT, "a"), stands(back, EFFECT, "b"), stands(back, RUNNING)) == (0.1, 0.2, 300.0)
    assert stands(back, EFFECT, "a_2" if "a_2" in [each.key for each in back.options] else "c") == 0.5, (
        "an option that came since"
    )
    assert stands(back, ONE_OFF) is None, "what it cannot hold stays"
    assert back.frame.title == "Another title"
    assert open_text(documents.write(back)).answers == back.answers
    gone = restored(edits.remove_option(edited(before, (EFFECT, 0.5, "a")), "b"), before, found.scenario)
    assert open_text(documents.write(gone)).answers == gone.answers
