"""Triggers that can never come true, and conditions in free words on numbers that are no answers."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from decisions import ON, PLAIN, decision, own

from shipworthy import documents, triggers
from shipworthy._answer_names import Names
from shipworthy._free_conditions import condition, folded
from shipworthy._trigger_faults import problems
from shipworthy._trigger_words import reference_mark
from shipworthy.decision import Decision, Outcome, Trigger
from shipworthy.errors import InputError
from shipworthy.examples import example
from shipworthy.measurements import measured, more_columns, read
from shipworthy.record.opening import open_any
from shipworthy.triggers import check, evaluate, parse, proposed, recheck, turned

ROW = "Raspberry Pi 3B"


def decided(document: Decision, *found: Trigger, **rest: Any) -> Decision:
    outcome = Outcome(**{"chosen": document.options[0].key, "decided_at": datetime(2026, 11, 20, tzinfo=UTC), **rest})
    return document.model_copy(update={"outcome": outcome.model_copy(update={"triggers": found})})


def on_answer(answer: str, value: float, **rest: Any) -> Trigger:
    return Trigger(kind="answer", answer=answer, value=value, **rest)


NEVER = {
    "changes without what stood": (Trigger(kind="changes", table="devices", row=ROW), "was not kept"),
    "starts of what has no start": (Trigger(kind="starts", table="devices", row=ROW), "only duties do"),
    "no number": (on_answer("value_stream.currency", 3.0), "“Value stream › Currency” is above 3"),
    "doing nothing": (on_answer("lead_time.persuasion", 80.0, option="do_nothing"), "nothing is asked of “Do nothing”"),
    "no question": (on_answer("lead_time.colour", 3.0), "“lead_time.colour” is not a question"),
    "no row": (on_answer("deadline.plan#gone.days", 3.0), "no such row in the list"),
    "above all": (on_answer("lead_time.success", 1.2), "it is never more than 100 %"),
    "just above all": (on_answer("lead_time.success", 1.0), "it is never more than 100 %"),
    "below nothing": (on_answer("lead_time.success", -0.1, side="at_most"), "it is never less than 0 %"),
    "an age": (Trigger(kind="older", table="gpus", value=1e6), "no age to wait for"),
}


@pytest.mark.parametrize("case", NEVER)
def test_what_can_never_come_true_is_refused_told_and_opens(case: str) -> None:
    trigger, why = NEVER[case]
    made = decided(example("churn"), trigger)
    with pytest.raises(InputError, match="Outcome: ") as refused:
        check(made)
    assert why in str(refused.value)
    (found,) = recheck(made, on=ON)
    assert (found.state, found.reopens, evaluate(trigger, made, on=ON).state) == ("cannot", False, "cannot")
    opened = open_any(documents.write(made))
    assert opened.decision.outcome == made.outcome
    assert opened.doubts == (str(refused.value),)
    assert opened.said == f"{refused.value}."
    assert opened.warning is None


def test_what_may_come_true_is_no_problem() -> None:
    mark = reference_mark("devices", ROW)
    held = (
        Trigger(kind="changes", table="devices", row=ROW, stood=mark), Trigger(kind="starts", table="duties", row="EU-AIA-86"),
        on_answer("lead_time.success", 1.0, side="at_least"), on_answer("lead_time.success", 0.0),
        on_answer("lead_time.success", 0.0, side="at_most"), on_answer("lead_time.success", 2.0, side="below"),
        on_answer("explainability.stands", 0.2), Trigger(kind="older", table="gone", value=3.0), Trigger(kind="on", day=date(2020, 1, 1)),
    )  # fmt: skip
    assert list(problems(decided(example("churn"), *held))) == []
    assert open_any(documents.write(decided(example("churn"), *held))).said == ""


def test_where_options_differ_and_nothing_was_chosen_to_be_done_it_has_to_say_for_which() -> None:
    document = decision("a b", {**PLAIN, "value_stream.running": own(a=100.0, b=900.0)})
    trigger = on_answer("value_stream.running", 500.0)
    assert recheck(decided(document, trigger, chosen="do_nothing"), on=ON)[0].state == "cannot"
    assert recheck(decided(document, trigger, chosen="b"), on=ON)[0].state == "reopen"
    shared = on_answer("value_stream.value", 40.0)
    assert recheck(decided(document, shared, chosen="do_nothing"), on=ON)[0].state == "reopen"


def test_doing_nothing_is_refused_where_it_is_typed() -> None:
    with pytest.raises(InputError, match="nothing is asked of “Do nothing”: name another option, or none"):
        parse("persuasion exceeds 40 days for “Do nothing”", example("churn"), on=ON)


@pytest.mark.parametrize("key", ["churn", "safety-rule", "loan-decisions"])
def test_what_is_proposed_can_come_true(key: str) -> None:
    from shipworthy.assess import assess

    found = assess(example(key), on=ON, size=2**11)
    made = (*turned(found), *(each for option in found.options for each in proposed(found, option)))
    assert list(problems(decided(example(key), *made))) == []


# ---- conditions in free words


def looked_at(said: str, document: Decision, **new: float) -> triggers.Verdict:
    named = {(folded(name.replace("_", " ")), ""): value for name, value in new.items()}
    return recheck(decided(document, reopen=(said,)), on=ON, measured=named)[0]


def test_the_issues_own_example_is_watched_once_it_is_measured() -> None:
    said, document = "reopen when tokens a conversation exceed 9,000", example("shopping-assistant")
    alone = looked_at(said, document)
    assert alone.state == "judge"
    assert alone.reason.startswith("Nobody watches this: no answer is called “tokens a conversation”")
    assert "Give a line “tokens a conversation” with the measurements (--answers)" in alone.reason
    assert "“Cost per use › Turns of a conversation”" in alone.reason, "answers of near names"
    for value, state in ((9_001.0, "reopen"), (9_000.0, "holds"), (10.0, "holds")):
        assert looked_at(said, document, tokens_a_conversation=value).state == state
    assert looked_at(said, document, tokens_a_conversation=9500.0).reason == "It was measured at 9500."


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("complaints are at least 3 %", ("complaints", "at_least", 0.03, "%")),
        ("if the queue falls below 2.5k people", ("the queue", "below", 2_500.0, "people")),
        ("weight > 9 kg", ("weight", "above", 9.0, "kg")),
        ("the moon is full", None),
        ("prices rise above what we pay now", None),
        ("costs go above 9 of 10", None),
        ("recall falls below 300 %", None),  # an answer: no number of its own
        ("exceeds 9", None),
    ],
)
def test_which_sentences_are_conditions_on_a_number(said: str, found: tuple[Any, ...] | None) -> None:
    made = condition(said, Names(example("churn")))
    assert (made and (made.name, made.side, made.value, made.unit)) == found


def test_what_is_about_an_answer_says_what_is_wrong_with_it() -> None:
    found = looked_at("recall falls below 300 %", example("churn"))
    assert (found.state, found.reason[:51]) == ("judge", "Nobody watches this: 300 % is outside what is possi")
    several = looked_at("tokens of an answer exceed 9,000", example("churn"))
    assert several.reason.startswith("Nobody watches this: “tokens of an answer” may be “")
    assert looked_at("the moon is full", example("churn")).reason == "Written in words that only people can judge."


def test_measurements_name_what_the_sentence_names() -> None:
    made = decided(
        example("churn"), reopen=("tokens a conversation exceed 9,000", "complaints are at least 3 %", "weight > 9 kg")
    )
    lines = read('answer,value\nTokens a conversation,"9,500"\n“Complaints”,2 %\nweight,12 kg\n')
    found, wrong = measured(lines, made)
    assert wrong == {}
    assert found == {("tokens a conversation", ""): 9500.0, ("complaints", ""): 0.02, ("weight", ""): 12.0}
    assert [each.state for each in recheck(made, on=ON, measured=found)] == ["reopen", "holds", "reopen"]
    bad = read("answer,option,value\ncomplaints,,3\nweight,,heavy\ntokens a conversation,no_gap,4\ntokens a day,,4\n")
    _, wrong = measured(bad, made)
    assert [each.partition(": ")[2] for each in wrong.values()][:3] == [
        "complaints: type it with its %",
        "weight: “heavy” is not a number: type one like 12, 12k, 1.5M",
        "tokens a conversation: this is no answer, so it is of no option: leave that empty",
    ]
    assert "is not an answer" in wrong[5]


def test_columns_that_are_not_looked_at_and_fields_too_many() -> None:
    assert more_columns("answer,value,Who,note,\n") == ("who", "note")
    assert more_columns(b"answer;option;value\n") == ()
    with pytest.raises(
        InputError, match="line 2: there are more fields than columns: put a number with commas in quotes"
    ):
        read("answer,option,value\nlead_time.persuasion,,9,500\n")
    assert read("answer,option,value\nlead_time.persuasion,,9,,\n")[0].value == "9"
