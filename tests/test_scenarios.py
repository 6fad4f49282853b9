"""What if: scenarios held side by side in the same draws, in words and as a chart."""

import dataclasses
import json
import math
from typing import Any

import numpy as np
import pytest
from decisions import ON, PLAIN, UNSURE, assessed, decision, edited, own, rng, scenario

from shipworthy import edits
from shipworthy._scenario_words import finding, told
from shipworthy.assess import Assessment, assess
from shipworthy.decision import (
    DO_NOTHING,
    Answer,
    Correlation,
    Option,
    Scenario,
)
from shipworthy.errors import InputError
from shipworthy.examples import example, keys
from shipworthy.scenario_figures import figure
from shipworthy.scenarios import Beside, applied, named, side_by_side, what_if
from shipworthy.words import parse_number

EFFECT, ONE_OFF, RUNNING = "value_stream.effect", "value_stream.one_off", "value_stream.running"
STEPS = "value_stream.steps"


def payoffs(found: Assessment) -> dict[str, np.ndarray]:
    return {key: np.broadcast_to(each.payoff, (found.world.size,)) for key, each in found.options.items()}


# ---- side by side


def test_payoffs_are_those_of_the_document_in_which_it_is_typed() -> None:
    before = decision("a b", {**UNSURE, ONE_OFF: own(a=rng(1e4, 2e4, 4e4), b=1e4)})
    change = scenario(("lead_time.gap", rng(10, 20, 30), "b"), ("value_stream.value", rng(500, 900, 1100)))
    by_hand = edited(
        edits.differ(before, "lead_time.gap", True),
        ("lead_time.gap", rng(10, 20, 30), "b"),
        ("value_stream.value", rng(500, 900, 1100), None),
    )
    base = assess(before, on=ON, size=2**10)
    found = payoffs(what_if(base, change)[0])
    expected = payoffs(assess(by_hand, on=ON, size=2**10))
    assert all(np.array_equal(found[key], expected[key]) for key in expected)


@pytest.mark.parametrize("key", keys())
def test_taking_over_what_no_change_touches_moves_no_number(key: str) -> None:
    document = example(key)
    change = scenario(("value_stream.period", 5.0), (RUNNING, rng(100, 200, 900), document.options[0].key))
    base, kept = assess(document, on=ON, size=2**9), dict[Any, Any]()
    whole = assess(applied(document, change, on=ON).decision, on=ON, size=2**9)
    for start in (base, assess(document, on=ON, size=2**9, kept=kept)):
        made, _ = what_if(start, change)
        assert all(np.array_equal(payoffs(made)[each], payoffs(whole)[each]) for each in whole.options)
        assert [each.findings["lead_time"].status for each in made.options.values()] == [
            each.findings["lead_time"].status for each in whole.options.values()
        ]
    if kept:
        assert kept["last"][0].decision is document or kept["last"][0].decision == document, (
            "what is kept is not touched"
        )


def test_draws_are_common_so_a_certain_change_is_a_certain_difference() -> None:
    base = assess(decision("a b", {**UNSURE, ONE_OFF: rng(2e4, 3e4, 5e4)}), on=ON, size=2**10)
    found = side_by_side(base, None, scenario(("value_stream.running", 1300.0, "b")))
    gap = found.differences["b"]
    assert gap.p10 < gap.p50 < 0, "from launch to the end of the period, and the launch is uncertain"
    assert found.differences["a"].chance_equal == 1
    fixed = decision("a b", {**PLAIN, EFFECT: rng(0.05, 0.1, 0.2)})
    found = side_by_side(assess(fixed, on=ON, size=2**10), None, scenario((ONE_OFF, 12_500.0, "b")))
    gap = found.differences["b"]
    assert gap.p10 == pytest.approx(-2500)
    assert gap.p90 == pytest.approx(-2500)
    assert gap.mean == pytest.approx(-2500)
    assert found.left.options["b"].payoff.p10 < found.left.options["b"].payoff.p90


def test_the_difference_is_worked_out_by_hand() -> None:
    # 4500 a month from day 73 to 730 (21.6 months), less 10,000; with 800 a month to run instead of 300: 500 × 21.6 less
    found = side_by_side(assessed(decision("a", PLAIN)), None, scenario((RUNNING, 800.0)))
    assert found.left.options["a"].payoff.mean == pytest.approx(87_200)
    assert found.right.options["a"].payoff.mean == pytest.approx(87_200 - 10_800)
    assert found.differences["a"].mean == pytest.approx(-10_800)


def test_two_scenarios_and_either_way_round() -> None:
    base = assess(decision("a b", {**PLAIN, EFFECT: own(a=rng(0.05, 0.1, 0.2), b=0.1)}), on=ON, size=2**9)
    one, two = scenario((RUNNING, 800.0), name="One"), scenario((RUNNING, 100.0), name="Two")
    there, back = side_by_side(base, one, two), side_by_side(base, two, one)
    for key in there.differences:
        assert there.differences[key].mean == pytest.approx(-back.differences[key].mean)
    assert (there.left.name, there.right.name) == ("One", "Two")
    assert side_by_side(base, one, one).same
    assert side_by_side(base, None, None).same
    assert not there.same


def test_statuses_that_differ_are_listed() -> None:
    found = side_by_side(assess(example("churn"), on=ON), *[None, example("churn").scenarios[0]])
    turned = [(each.option, each.consideration, each.left.status, each.right.status) for each in found.turned]
    assert turned == [("three_month_gap", "lead_time", "meets", "fails")]


def test_correlated_answers_and_phases_go_along() -> None:
    options = (Option(key="a", name="A"), Option(key="b", name="B"), Option(key="both", name="Both", phases=("a", "b")))
    pair = Correlation(first="value_stream.uses", second="value_stream.value", rank=0.5)
    document = decision(options, {**UNSURE, "value_stream.live": own(a=30, b=200)}, correlations=(pair,))
    base = assess(document, on=ON, size=2**9)
    found = side_by_side(base, None, scenario(("value_stream.value", rng(100, 200, 300))))
    whole = assess(edits.say(document, "value_stream.value", rng(100, 200, 300)), on=ON, size=2**9)
    assert {key: each.payoff for key, each in found.right.options.items()} == {
        key: each.summary for key, each in whole.options.items()
    }


def test_no_draws_are_held() -> None:
    found = side_by_side(assess(example("churn"), on=ON), None, example("churn").scenarios[1])

    def parts(value: Any) -> list[Any]:
        if dataclasses.is_dataclass(value):
            value = {each.name: getattr(value, each.name) for each in dataclasses.fields(value)}
        if isinstance(value, dict):
            value = list(value.values())
        return [one for each in value for one in parts(each)] if isinstance(value, list | tuple) else [value]

    assert len(parts(found)) > 100
    assert not any(isinstance(each, np.ndarray | Assessment) for each in parts(found))


def test_a_scenario_is_found_by_its_name() -> None:
    document = example("churn")
    assert named(document, " persuasion takes  THREE months") is document.scenarios[0]
    with pytest.raises(
        InputError, match="“x” is no scenario of this decision; there are “Persuasion takes three months” and"
    ):
        named(document, "x")
    with pytest.raises(InputError, match="it has none"):
        named(decision("a", PLAIN), "x")


# ---- in words, and as a chart


def sentence(answers: dict[str, Any], *sides: Scenario | None) -> str:
    assessment = assess(decision("a b", {**PLAIN, **answers}), on=ON, size=2**8)
    found = side_by_side(assessment, *sides)
    return told(found, assessment).finding


def test_the_finding_says_what_leads_and_by_how_much() -> None:
    dear, other = scenario((RUNNING, 3_000.0, "a"), name="Dear"), scenario((RUNNING, 100.0), name="Cheap")
    answers = {EFFECT: own(a=0.11, b=0.1)}
    # a: 5000 a month × 21.6 − 10,000 = 98,000; b: 4500 a month, 87,200. Dear: a has 2700 a month less.
    assert sentence(answers, None, dear) == "With “Dear”, “B” leads instead of “A”, by 48k USD."
    assert sentence(answers, dear, None) == sentence(answers, None, dear), "always of the scenario"
    assert sentence(answers, other, dear) == "With “Dear” rather than “Cheap”, “B” leads instead of “A”, by 48k USD."
    assert sentence(answers, None, other) == (
        "With “Cheap”, “A” still leads: it is expected to bring 4.3k USD more, 102k instead of 98k."
    )
    assert sentence(answers, None, scenario((RUNNING, 400.0, "b"))) == (
        "With “Other”, “A” leads as before; the next best, “B”, is 13k USD behind instead of 11k."
    )
    assert sentence(answers, None, scenario((RUNNING, 300.0))) == (
        "With “Other”, every figure stays as it is: nothing that is changed counts in any option."
    )
    assert sentence(answers, None, None).startswith("The answers as they stand are on both sides")


def test_what_is_not_known_and_what_does_not_fit_follow_the_finding() -> None:
    assessment = assess(decision("a", {**PLAIN, RUNNING: Answer(state="unknown")}), on=ON, size=2**8)
    change = scenario(("value_stream.gone", 1.0), ("value_stream.value", 60.0))
    said = told(side_by_side(assessment, None, change), assessment)
    assert said.more[0].startswith("“Other” leaves out “value_stream.gone”")
    assert "The answers as they stand are without “Running cost”, not known yet (†)." in said.more
    known = told(side_by_side(assessment, None, scenario((RUNNING, 60.0))), assessment)
    assert [each for each in known.more if "“Other”" in each] == []
    assert " †" in said.rows[0][1]


@pytest.mark.parametrize("key", ["churn", "sharegpt-assistant"])
def test_the_chart_says_what_the_table_says(key: str) -> None:
    assessment = assess(example(key), on=ON, size=2**10)
    found: Beside = side_by_side(assessment, None, example(key).scenarios[0])
    said = told(found, assessment)
    made = figure(found, said, assessment)
    assert json.loads(json.dumps(made.plotly, allow_nan=False)) == json.loads(json.dumps(made.plotly))
    assert made.rows == said.rows
    assert [len(row) for row in made.rows] == [len(made.columns)] * len(assessment.options)
    bars, marks = made.plotly["data"][2], made.plotly["data"][3]
    order = sorted(found.left.options, key=lambda each: -found.left.options[each].payoff.mean)
    for place, option in enumerate(order):
        paid = found.right.options[option].payoff
        assert bars["x"][3 * place : 3 * place + 2] == pytest.approx([paid.p10, paid.p90], rel=1e-5)
        assert marks["x"][place] == pytest.approx(paid.mean, rel=1e-5)
    for option, row in zip(found.left.options, made.rows, strict=True):
        shown = parse_number(row[2].partition(" ")[0])
        assert math.isclose(shown, found.right.options[option].payoff.mean, rel_tol=0.05, abs_tol=1)


def test_names_stay_on_one_line_and_are_cut() -> None:
    wild = scenario((RUNNING, 800.0), name="<b>x</b>\u202e" + "y" * 80)
    said = sentence({}, None, wild)
    assert "\u202e" not in said
    assert "…” " in said or "…”, " in said


# ---- the cases that ship


@pytest.mark.parametrize("key", ["churn", "sharegpt-assistant"])
def test_scenarios_that_ship_fit_and_tell_something(key: str) -> None:
    assessment = assess(example(key), on=ON)
    assert len(example(key).scenarios) == 2
    found = [side_by_side(assessment, None, each) for each in example(key).scenarios]
    assert [each.right.problems for each in found] == [(), ()]
    assert found[0].right.recommended != assessment.recommended
    assert not found[1].same
    assert found[0].differences[DO_NOTHING].chance_equal == 1
    assert finding(found[0], _names(assessment), "USD").startswith("With “")


def _names(assessment: Assessment) -> Any:
    from shipworthy._comparing_words import Named

    return Named(assessment)
