"""What helps to decide, as data and as lines: the same figures as on the screen, with nine digits, and a schema for them."""

import json
from typing import Any

import jsonschema
import pytest
from decisions import ON

from shipworthy import edits, report, report_deciding, terminal
from shipworthy._inquiry_words import told as in_words
from shipworthy.assess import Assessment, assess
from shipworthy.considerations import with_dimensions
from shipworthy.deciding import deciding
from shipworthy.decision import Change, Inquiry, Option, RangeValue, Scenario, new_decision
from shipworthy.examples import example, keys
from shipworthy.exports import assessment_schema
from shipworthy.inquiries import finding_out
from shipworthy.moving import Movements
from shipworthy.turning import turns

FEWER = Scenario(name="Half as many", changes=(Change(answer="lead_time.events", value=200.0),))
CALL = Inquiry(name="Call sales", answers=("lead_time.success",), once=500.0, days=10.0)
PILOT = Inquiry(name="A pilot", answers=("lead_time.success",), kind="pilot", each=5.0, days=30.0, first=True)


@pytest.fixture(scope="module")
def seen() -> Assessment:
    document = edits.with_scenarios(example("churn"), (FEWER,))
    return assess(edits.with_inquiries(document, (CALL, PILOT)), on=ON, size=2**12)


@pytest.fixture(scope="module")
def said(seen: Assessment) -> dict[str, Any]:
    found: dict[str, Any] = report.data(seen, {})["deciding"]
    return found


def nine(value: float) -> Any:
    return pytest.approx(value, rel=6e-9, abs=1e-12)


def test_options_among_each_other_and_what_each_attitude_takes(seen: Assessment, said: dict[str, Any]) -> None:
    found = deciding(seen)
    assert list(said["standings"]) == list(seen.options)
    for key, standing in found.standings.items():
        told = said["standings"][key]
        assert told["mean"] == nine(seen.options[key].summary.mean)
        assert (told["chance_best"], told["regret"]) == (nine(standing.chance_best), nine(standing.regret))
    assert sum(each["chance_best"] for each in said["standings"].values()) == pytest.approx(1.0)
    assert said["choices"] == found.choices
    assert said["choices"]["expected"] == seen.recommended
    assert said["disagreeing"] == list(found.disagreeing)


def test_the_worth_of_knowing_everything_and_each_answer(seen: Assessment, said: dict[str, Any]) -> None:
    found, told = deciding(seen), said["find_out"]
    assert told["everything"] == nine(found.everything) == nine(said["standings"][seen.recommended]["regret"])
    assert [each["answer"] for each in told["answers"]] == [each.answer for each in found.found]
    assert [each["worth"] for each in told["answers"]] == [nine(each.worth.value) for each in found.found]
    assert all(each["measurable"] == (each["worth"] > each["noise"]) for each in told["answers"])
    assert told["unknown"] == []


def test_ways_to_find_out_with_their_cost_and_what_is_left(seen: Assessment, said: dict[str, Any]) -> None:
    told = {each["name"]: each for each in said["find_out"]["inquiries"]}
    for found in finding_out(seen).asked:
        figures = told[found.inquiry.name]["figures"]
        assert (figures["worth"], figures["cost"], figures["net"]) == (
            nine(found.worth),
            nine(found.cost),
            nine(found.net),
        )
        assert figures["net"] == pytest.approx(figures["worth"] - figures["cost"] - figures["waiting"], abs=1e-3)
        assert figures["worth"] <= figures["limit"] * (1 + 1e-9)
    assert (told["Call sales"]["kind"], told["Call sales"]["figures"]["curve"]) == ("ask", None)
    curve = told["A pilot"]["figures"]["curve"]
    assert len(curve["sizes"]) == len(curve["worths"]) == len(curve["costs"]) > 3
    assert (told["A pilot"]["first"], told["Call sales"]["first"]) == (True, False)
    assert said["find_out"]["first"] is None, "one alone is done first"
    assert "lead_time.success" not in said["find_out"]["uncovered"]


def test_what_moves_it_and_where_it_turns(seen: Assessment, said: dict[str, Any]) -> None:
    found = Movements(seen).of(seen.recommended)
    assert said["moving"]["option"] == seen.recommended
    assert [each["answer"] for each in said["moving"]["answers"]] == [each.answer for each in found.moves]
    assert [each["payoffs"] for each in said["moving"]["answers"]] == [
        [nine(each.bar.low), nine(each.bar.middle), nine(each.bar.high)] for each in found.moves
    ]
    searched = turns(seen)
    assert [each["answer"] for each in said["turning"]["searched"]] == [each.answer for each in searched]
    for told, each in zip(said["turning"]["searched"], searched, strict=True):
        assert told["turns"] == [
            {"value": nine(turn.value), "direction": "at_least" if turn.at_least else "at_most", "until": None, "recommended": turn.leader,
             "distance": nine(turn.distance)}
            for turn in each.turns
        ]  # fmt: skip
        assert told["from"] <= told["now"] <= told["to"]


def test_scenarios_beside_the_answers_as_they_stand(seen: Assessment, said: dict[str, Any]) -> None:
    (told,) = said["scenarios"]
    other = assess(edits.say(seen.decision, "lead_time.events", 200.0), on=ON, size=2**12)
    assert (told["name"], told["recommended"], told["problems"]) == ("Half as many", other.recommended, [])
    for key, option in told["options"].items():
        mean = other.options[key].summary.mean
        assert option["payoff"]["mean"] == nine(mean)
        assert option["gained"]["mean"] == pytest.approx(mean - seen.options[key].summary.mean, abs=1e-3)


@pytest.mark.parametrize("key", keys())
def test_every_example_keeps_to_the_schema(key: str) -> None:
    found = report.data(assess(example(key), on=ON, size=2**10), {})
    assert found["deciding"] is not None
    jsonschema.validate(found, assessment_schema())


def test_the_schema_is_closed(seen: Assessment, said: dict[str, Any]) -> None:
    whole = report.data(seen, {})
    jsonschema.validate(whole, assessment_schema())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**whole, "deciding": {**said, "more": 1}}, assessment_schema())


def test_where_nothing_can_be_compared_there_is_nothing_to_decide_by() -> None:
    empty = with_dimensions(new_decision("Small", (Option(key="one", name="One way"),)))
    assessment = assess(empty, on=ON, size=2**8)
    assert not assessment.comparable
    found = report.data(assessment, {})
    assert found["deciding"] is None
    jsonschema.validate(found, assessment_schema())
    assert all(each.endswith("not known at all yet") for each in report_deciding.first(assessment))


def test_three_lines_at_most_say_what_to_find_out_first(seen: Assessment) -> None:
    weighed = tuple(each.model_copy(update={"first": False}) for each in seen.decision.inquiries)
    lines = report_deciding.first(assess(edits.with_inquiries(seen.decision, weighed), on=ON, size=2**12))
    assert 1 <= len(lines) <= report_deciding.FIRST
    assert all(": worth " in each and " USD" in each for each in lines)
    unknown = assess(edits.say_unknown(example("churn"), "lead_time.persuasion"), on=ON, size=2**10)
    assert report_deciding.first(unknown)[0].endswith("not known at all yet")
    sure = example("churn")
    for consideration, answers in example("churn").answers.items():
        for name, answer in answers.items():
            if isinstance(answer.value, RangeValue):
                sure = edits.say(sure, f"{consideration}.{name}", answer.value.likely)
    assert report_deciding.first(assess(sure, on=ON, size=2**7))[0].startswith(
        ("No answer is uncertain", "Nothing is worth")
    )


def test_they_stand_below_what_is_recommended(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.show(("Title",), [report.Column("Option", (("A",),))], ["Recommended: A."], [], ["Gap: worth up to 3 USD"])
    lines = [each for each in capsys.readouterr().out.splitlines() if each]
    assert lines[-3:] == ["Recommended: A.", "Find out first", "  Gap: worth up to 3 USD"]


# ---- what is done first


LONG = Inquiry(name="Long study", answers=("lead_time.success",), once=5_000.0, days=200.0, first=True)
SECOND = Inquiry(name="Second", answers=("value_stream.value",), once=500.0, days=100.0, first=True)


def lines_of(*inquiries: Inquiry) -> tuple[list[str], Assessment]:
    found = assess(edits.with_inquiries(example("churn"), inquiries), on=ON, size=2**12)
    return report_deciding.first(found), found


def test_what_is_done_first_is_said_with_what_it_delays_and_brings_together() -> None:
    lines, found = lines_of(LONG, SECOND)
    said = in_words(finding_out(found), found)
    assert lines[0].startswith(
        "All launches are 200 days later, because “Long study” and “Second” are done first, side by side; without that "
        "“Three-month gap” would bring "
    )
    assert lines[1 : 1 + len(said.more)] == list(said.more)
    assert lines[1].startswith("Done first, side by side: “Long study” and “Second”. Together they are worth ")
    assert "less than choosing now brings" in lines[1]
    assert any(each.startswith("“Long study” is done first although it does not pay") for each in lines)


def test_one_that_is_done_first_is_said_too_and_nothing_where_none_is() -> None:
    lines, _ = lines_of(LONG)
    assert lines[0].startswith("All launches are 200 days later, because “Long study” is done first; without that ")
    at_once, _ = lines_of(LONG.model_copy(update={"days": 0.0}))
    assert not any("later, because" in each for each in at_once)
    assert "“Long study”" in " ".join(at_once) or "Long study (" in " ".join(at_once)
    weighed, _ = lines_of(LONG.model_copy(update={"first": False}), SECOND.model_copy(update={"first": False}))
    assert not any("later, because" in each or "done first" in each for each in weighed)


def test_a_line_adds_up_with_what_waiting_costs(seen: Assessment) -> None:
    row = next(each for each in in_words(finding_out(seen), seen).rows if each[0].startswith("Call sales"))
    line = report_deciding._line(row, "USD")
    _, worth, cost, takes, waiting, left = row
    assert line.endswith(f"worth {worth} USD, costs {cost}, takes {takes}" + ("" if waiting == "0" else f", waiting costs {waiting}") + f" and {left} left")  # fmt: skip
    made = ("A: b", "8.7k", "2.6k", "10 days", "1.6k", "4.5k")
    assert report_deciding._line(made, "EUR") == (
        "A: b: worth 8.7k EUR, costs 2.6k, takes 10 days, waiting costs 1.6k and 4.5k left"
    )
    assert "waiting brings 1.6k" in report_deciding._line((*made[:4], "−1.6k", "7.7k"), "EUR")
    assert "waiting" not in report_deciding._line((*made[:4], "0", "6.1k"), "EUR")


def test_the_largest_costs_that_a_document_may_hold_keep_to_the_schema() -> None:
    _, found = lines_of(
        Inquiry(name="A", answers=("lead_time.success",), kind="pilot", cases=10**9, once=1e12, each=1e12, days=3650.0),
        Inquiry(
            name="B", answers=("value_stream.value",), kind="measure", strays=1e15, once=1e12, each=1e12, first=True
        ),
        Inquiry(name="C", answers=("lead_time.success",), once=1e12, days=3650.0, first=True),
    )
    written = json.loads(report.as_json(report.data(found, {})))
    jsonschema.validate(written, assessment_schema())
    costs = [each["figures"]["cost"] for each in written["deciding"]["find_out"]["inquiries"]]
    assert sorted(costs)[-1] == pytest.approx(1e21)
