"""What helps to decide, as data and as lines: the same figures as on the screen, with nine digits, and a schema for them."""

from typing import Any

import jsonschema
import pytest
from decisions import ON

from shipworthy import edits, report, report_deciding, terminal
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
            {"value": nine(turn.value), "direction": "at_least" if turn.at_least else "at_most", "recommended": turn.leader,
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
    lines = report_deciding.first(seen)
    assert 1 <= len(lines) <= report_deciding.FIRST
    assert all("worth up to" in each and " USD" in each for each in lines)
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
