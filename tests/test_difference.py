"""Two decisions compared: every kind of change in words, and what follows from it; nothing where nothing differs."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from decisions import ACTING, ON, PLAIN, decision, own, rng
from records import changed, nasty

from shipworthy import edits, report
from shipworthy._answer_names import Names
from shipworthy._inquiry_words import plainly
from shipworthy.assess import assess
from shipworthy.decision import (
    Answer,
    Change,
    Correlation,
    Decision,
    Evidence,
    Inquiry,
    LogEntry,
    Option,
    Outcome,
    PersonalEstimate,
    Row,
    Scenario,
    Signature,
    Voice,
)
from shipworthy.difference import Difference, compare, data, lines
from shipworthy.examples import example, keys
from shipworthy.moves import in_words, moves
from shipworthy.record.printed import printed


def differ(before: Decision, after: Decision, size: int = 2, later: date = ON) -> Difference:
    return compare(assess(before, on=ON, size=size), assess(after, on=later, size=size))


def plain(**answers: Any) -> Decision:
    """PLAIN with other answers to the value stream; None takes one away."""
    said = {**PLAIN, **{f"value_stream.{name}": value for name, value in answers.items()}}
    return decision("a b", {key: value for key, value in said.items() if value is not None})


def answers(found: Difference) -> list[tuple[str, str, str, str, str]]:
    return [(each.what, each.label, each.option, each.before, each.after) for each in found.answers]


# ---- no difference


@pytest.mark.parametrize("key", keys())
def test_a_decision_does_not_differ_from_itself(key: str) -> None:
    found = differ(example(key), example(key), size=2**8)
    assert not found
    assert lines(found) == ["No difference."]
    said = data(found)
    assert said["same"]
    assert not any(said[name] for name in ("about", "options", "answers", "outcome"))
    assert said["moved"] == {"recommended": None, "findings": [], "options": []}


def test_the_log_and_when_something_was_said_are_no_difference() -> None:
    said = Answer(value=1000.0, evidence=Evidence(at=datetime(2026, 1, 1, tzinfo=UTC)))
    logged = LogEntry(at=datetime(2026, 1, 1, tzinfo=UTC), path="x", what="y")
    assert not differ(plain(), changed(plain(uses=said), log=(logged,)))


# ---- answers


def test_an_answer_changes_and_the_payoff_with_it() -> None:
    found = differ(plain(), plain(uses=2000))
    assert answers(found) == [
        ("changed", "Value stream › Uses a month", "", "1,000 uses a month", "2,000 uses a month")
    ]
    # 1000 uses: 4500 a month over 21.6 months less 10,000. 2000 uses: 2 × 4800 − 300 = 9300 a month
    moved = {each.option: each.numbers for each in found.moves.options}
    assert moved.keys() == {"a", "b"}
    assert moved["a"]["payoff.mean"] == pytest.approx((87_200, 190_880))
    said = lines(found)
    assert "  Value stream › Uses a month: 1,000 uses a month → 2,000 uses a month" in said
    assert "  A, expected payoff: 87k USD → 191k USD" in said
    assert found.answers[0].answer == "value_stream.uses"


def test_numbers_near_each_other_are_told_apart() -> None:
    said = lines(differ(plain(), plain(uses=1000.5)))
    payoff = next(line for line in said if line.startswith("  A, expected payoff"))
    before, after = payoff.partition(": ")[2].split(" → ")
    assert before != after


def test_answers_come_and_go_and_fall_back_to_a_default() -> None:
    found = differ(plain(uses=None), plain())
    assert answers(found)[0] == ("added", "Value stream › Uses a month", "", "not known yet", "1,000 uses a month")
    assert "  + Value stream › Uses a month: 1,000 uses a month" in lines(found)
    back = differ(plain(), plain(uses=None))
    assert answers(back)[0][0] == "removed"
    assert "  − Value stream › Uses a month: 1,000 uses a month" in lines(back)
    (rate,) = answers(differ(plain(discount_rate=None), plain()))
    assert (rate[0], rate[3], rate[4]) == ("changed", "8 % (default, not confirmed)", "0 %")


def test_what_differs_by_option_is_said_by_option() -> None:
    found = differ(plain(), plain(running=own(a=300.0, b=500.0)))
    assert answers(found) == [("changed", "Value stream › Running cost", "B", "300 USD a month", "500 USD a month")]
    both = differ(plain(running=own(a=300.0, b=300.0)), plain(running=own(a=1.0, b=1.0)))
    assert [(each[2], each[4]) for each in answers(both)] == [("", "1 USD a month")]
    apart = differ(plain(running=own(a=300.0, b=300.0)), plain(running=own(a=1.0, b=2.0)))
    assert [(each[2], each[4]) for each in answers(apart)] == [("A", "1 USD a month"), ("B", "2 USD a month")]


def test_a_shared_value_that_no_option_uses_is_said_too() -> None:
    sides = [
        plain(running=Answer(value=value, differs=True, by_option={"a": 1.0, "b": 2.0})) for value in (300.0, 400.0)
    ]
    (found,) = answers(differ(*sides))
    assert found[1:] == (
        "Value stream › Running cost, shared by options without their own", "", "300 USD a month", "400 USD a month",
    )  # fmt: skip


def test_evidence_people_and_draws_of_their_own() -> None:
    said = Answer(value=1000.0, evidence=Evidence(kind="measured", who="Ann", source="the logs"))
    (found,) = answers(differ(plain(), plain(uses=said)))
    assert found[1:] == (
        "Value stream › Uses a month, on what it stands",
        "",
        "estimated",
        "measured, by Ann, the logs",
    )
    bob = PersonalEstimate(who="Bob", value=rng(1, 2, 3))
    (found,) = answers(differ(plain(), plain(uses=Answer(value=1000.0, estimates=(bob,)))))
    assert (found[0], found[1], found[4]) == (
        "added", "Value stream › Uses a month, what Bob said", "2 uses a month (1 to 3)",
    )  # fmt: skip
    ann = PersonalEstimate(who="Ann", value=rng(4, 5, 6))
    pools = [plain(uses=Answer(estimates=estimates)) for estimates in ((ann,), (ann, bob))]
    (found,) = answers(differ(*pools, size=2**6))
    assert found[1] == "Value stream › Uses a month, what Bob said", "the pool itself is no text to compare"
    free = Answer(differs=True, by_option={"a": 300.0, "b": 300.0}, independent=True)
    told = answers(differ(plain(running=own(a=300.0, b=300.0)), plain(running=free)))
    assert told == [("changed", "Value stream › Running cost, draws of each option", "", "the same", "its own")]


def test_lists_are_compared_row_by_row() -> None:
    def plan(*rows: Row) -> Decision:
        return decision("a", {**PLAIN, "deadline.planned": "yes", "deadline.plan": rows})

    design = Row(id="one", cells={"task": "Design", "days": 5.0})
    build = Row(id="two", cells={"task": "Build", "days": rng(5, 10, 20)})
    longer = Row(id="one", cells={"task": "Design", "days": 8.0})
    assert answers(differ(plan(design, build), plan(longer, build))) == [
        ("changed", "Deadline › Tasks › “Design” › Takes", "", "5 working days", "8 working days")
    ]
    assert answers(differ(plan(design), plan(design, build))) == [
        ("added", "Deadline › Tasks › “Build”", "", "", "Task Build; Takes 10 working days (5 to 20)")
    ]
    assert [each[:2] for each in answers(differ(plan(design, build), plan(build)))] == [
        ("removed", "Deadline › Tasks › “Design”")
    ]
    assert answers(differ(plan(design, build), plan(build, design))) == [
        ("changed", "Deadline › Tasks, order", "", "“Design” and “Build”", "“Build” and “Design”")
    ]


# ---- options, what it is about, the outcome


def test_options_come_go_and_change_their_names() -> None:
    before = decision("a b", {**PLAIN, "value_stream.running": own(a=300.0, b=400.0)})
    names = (Option(key="a", name="The model", note="New"), Option(key="c", name="Rules"))
    after = decision(names, {**PLAIN, "value_stream.running": own(a=300.0, c=500.0)})
    found = differ(before, after)
    assert [(each.what, each.label, each.before, each.after) for each in found.options] == [
        ("added", "“Rules”", "", ""),
        ("changed", "Name", "“A”", "“The model”"),
        ("added", "Note of “The model”", "", "New"),
        ("removed", "“B”", "", ""),
    ]
    assert answers(found) == [
        ("removed", "Value stream › Running cost", "B", "400 USD a month", ""),
        ("added", "Value stream › Running cost", "Rules", "", "500 USD a month"),
    ]
    assert {each.option for each in found.moves.options} == set(), "only options of both are held against each other"


def test_phases_and_order() -> None:
    def case(*keys: str, phases: tuple[str, ...] = ()) -> Decision:
        options = tuple(Option(key=key, name=key.upper(), phases=phases if key == "c" else ()) for key in keys)
        return decision(options, PLAIN)

    found = differ(case("a", "b", "c", phases=("a",)), case("b", "a", "c", phases=("a", "b")))
    assert [(each.label, each.before, each.after) for each in found.options] == [
        ("Phases of “C”", "“A”", "“A”, then “B”"),
        ("Order", "“A”, “B”, “C” and “Do nothing”", "“B”, “A”, “C” and “Do nothing”"),
    ]


def test_what_it_is_about_and_on_which_day() -> None:
    joined = (Correlation(first="value_stream.uses", second="value_stream.value", rank=0.5),)
    after = changed(edits.with_frame(plain(), title="Another"), seed=8, correlations=joined)
    found = differ(plain(), after, later=date(2026, 12, 1))
    assert [(each.label, each.before, each.after) for each in found.about] == [
        ("Title", "A test", "Another"),
        ("Assessed as of", "20 November 2026", "1 December 2026"),
        ("Seed of the draws", "7", "8"),
        ("Value stream › Uses a month and Value stream › Value of one effect move together", "", "+0.5"),
    ]
    assert not found.moves
    assert lines(found)[-1] != "Neither a finding nor a payoff moves.", "no answer and no option has changed"


def test_the_outcome() -> None:
    outcome = Outcome(
        chosen="a",
        reasons="It pays",
        signatures=(Signature(who="Ann", role="Head", at=datetime(2026, 11, 18, tzinfo=UTC)),),
        dissent=(Voice(who="Dee", text="Too early."),),
        reopen=("The price doubles",),
    )
    found = differ(changed(plain(), outcome=Outcome(reopen=("It fails",))), changed(plain(), outcome=outcome))
    assert [(each.what, each.label, each.before, each.after) for each in found.outcome] == [
        ("added", "Chosen", "", "“A”"),
        ("added", "Reasons", "", "It pays"),
        ("added", "Signed", "", "Ann, Head (18 November 2026)"),
        ("added", "Dissent", "", "Dee: Too early."),
        ("removed", "Reopen when", "It fails", ""),
        ("added", "Reopen when", "", "The price doubles"),
    ]
    assert lines(found)[0] == "Outcome"


# ---- what follows


def test_findings_whose_status_or_headline_moved() -> None:
    dear = {**ACTING, "value_stream.one_off": 100_000}
    found = differ(decision("a", dear), decision("a", {**dear, "lead_time.gap": 0}))
    moved = {each.consideration: each for each in found.moves.findings}
    late = moved["lead_time"]
    assert late.before is not None
    assert late.after is not None
    assert (late.option, late.before.status, late.after.status) == ("a", "meets", "fails")
    said = lines(found)
    place = next(number for number, line in enumerate(said) if line.startswith("  A › Intervention lead time: ✓ meets"))
    assert said[place].endswith("→ ✕ fails (0 %)")
    assert said[place + 1] == f"      before: {late.before.headline}"
    assert said[place + 2] == f"      after: {late.after.headline}"
    assert "  Recommended: A → Do nothing" in said


def test_a_finding_that_stays_and_says_something_else() -> None:
    # 1000 uses: 4800 a month before its running cost, 57,600 a year
    said = lines(differ(plain(), plain(uses=2000)))
    place = said.index("  A › Value stream: still ✓ meets (100 %)")
    assert said[place + 1].startswith("      before: Worth 58k USD a year")
    assert said[place + 2].startswith("      after: Worth 115k USD a year")


def test_a_probability_that_moves_by_less_than_is_shown() -> None:
    document = decision("a", {**PLAIN, "value_stream.running": rng(1000, 4000, 6000)})
    before, after = (printed(assess(document, on=ON, size=2**8)) for _ in range(2))
    finding = after.options[0].findings["value_stream"]
    nearly = finding.model_copy(update={"probability": (finding.probability or 0.0) + 1e-4})
    option = after.options[0].model_copy(update={"findings": {"value_stream": nearly}})
    found = moves(
        before.model_copy(
            update={"options": (before.options[0].model_copy(update={"findings": {"value_stream": finding}}),)}
        ),
        after.model_copy(update={"options": (option,)}),
    )
    (said,) = in_words(found, before, after, "USD")
    assert said.startswith("A › Value stream: still ")
    first, second = said.rpartition(", probability ")[2].split(" → ")
    assert first != second


def test_an_answer_that_moves_nothing() -> None:
    note = Evidence(note="looked up")
    found = differ(plain(), plain(uses=Answer(value=1000.0, evidence=note)))
    assert not found.moves
    assert lines(found)[-1] == "Neither a finding nor a payoff moves."


def test_data_is_plain_and_says_the_same() -> None:
    found = differ(example("churn"), edits.say(example("churn"), "lead_time.events", 30.0), size=2**8)
    said = json.loads(report.as_json(data(found)))
    assert not said["same"]
    assert said["before"] == {"title": "Churn calls", "on": "2026-11-20", "currency": "USD"}
    assert said["answers"][0]["answer"] == "lead_time.events"
    assert {each["option"] for each in said["moved"]["options"]} == {each.option for each in found.moves.options}
    moved = said["moved"]["options"][0]["moved"]["payoff.mean"]
    assert moved["before"] != moved["after"]


def test_hostile_decisions_can_be_compared() -> None:
    found = differ(example("churn"), nasty(), size=2**6)
    assert len(lines(found)) > 10
    assert differ(nasty(), example("churn"), size=2**6)


def test_ways_to_find_out_that_came_changed_and_went_are_told() -> None:
    old = example("churn")
    first, second, *rest = old.inquiries
    longer = second.model_copy(update={"days": 20.0, "first": True})
    new = edits.with_inquiries(old, (longer, *rest, first.model_copy(update={"name": "Ask sales"})))
    found = compare(assess(old, on=ON), assess(new, on=ON))
    told = {each.label: (each.what, each.before, each.after) for each in found.inquiries}
    assert set(told) == {f"“{first.name}”", f"“{second.name}”", "“Ask sales”"}
    assert told[f"“{first.name}”"][0] == "removed"
    assert told["“Ask sales”"][0] == "added"
    what, before, after = told[f"“{second.name}”"]
    assert (what, "10 days" in before, "20 days; done first" in after) == ("changed", True, True)
    assert found.moves  # 20 days later, everything brings less
    assert data(found)["inquiries"][0]["label"] == f"“{first.name}”"


def test_paragraphs_stand_on_one_line_and_whole_in_the_data() -> None:
    old = example("churn")
    new = edits.with_outcome(old, old.outcome.model_copy(update={"reasons": "It pays.\n\nSecond paragraph.\x1b"}))
    found = differ(old, new, size=2**6)
    assert "  + Reasons: It pays. Second paragraph.\x1b" in lines(found)
    assert data(found)["outcome"][0]["after"] == "It pays.\n\nSecond paragraph.\x1b"


def test_scenarios_and_ways_to_find_out_of_one_name_are_told_apart() -> None:
    def scenarios(*events: float) -> Decision:
        made = (Scenario(name="Few", changes=(Change(answer="lead_time.events", value=each),)) for each in events)
        return edits.with_scenarios(example("churn"), tuple(made))

    found = differ(scenarios(10.0, 20.0), scenarios(11.0, 20.0), size=2**6)
    assert [(each.label, each.what) for each in found.scenarios] == [("“Few”", "changed")]
    found = differ(scenarios(10.0, 20.0), scenarios(10.0), size=2**6)
    assert [(each.label, each.what) for each in found.scenarios] == [("“Few” (2)", "removed")]


def test_what_a_way_to_find_out_costs_has_its_currency_and_how_far_one_strays_its_unit() -> None:
    said = plainly(
        Inquiry(
            name="A", answers=("lead_time.persuasion",), kind="measure", cases=30, strays=5.0, once=800.0, each=6.0
        ),
        Names(edits.say(example("churn"), "value_stream.currency", "EUR")),
    )
    assert said.endswith(
        "measurements with 30; costs 800 EUR and 6 EUR a case; one case is usually 5 days from the average"
    )
