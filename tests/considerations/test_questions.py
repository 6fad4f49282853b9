"""Questions: declared once, and every value that does not fit one is refused in words."""

import math
from typing import Any

import pytest
from decisions import rng, spread
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from shipworthy.considerations import questions as ask
from shipworthy.considerations import registry
from shipworthy.considerations.questions import Question, declared
from shipworthy.decision import RangeValue, RequirementValue, Row, SpreadValue, WeightsValue
from shipworthy.errors import InputError
from shipworthy.reference import loader as reference


class Asked(BaseModel):
    """One question of every kind."""

    cases: ask.Estimate = ask.estimate("Cases", unit="cases", lower=0.0, upper=100.0, help="How many.")
    part: ask.Estimate = ask.share("Part")
    price: ask.Estimate = ask.money("Price", per=" a month", per_option=True)
    wait: ask.SpreadAnswer = ask.spread("Wait", unit="days")
    period: ask.Number = ask.number("Period", unit="years", lower=1.0, upper=5.0)
    way: ask.Choice = ask.choice("Way", {"x": "By x", "y": "By y"}, default="x")
    granted: ask.Chance = ask.chance("Granted")
    note: ask.Text = ask.text("Note", optional=True)
    enough: ask.Requirement = ask.requirement("Enough", unit="share", lower=0.0, upper=1.0)
    steps: ask.Rows = ask.rows(
        "Steps",
        (
            {"key": "name", "label": "Name"},
            {"key": "days", "label": "Days", "kind": "estimate", "unit": "days", "lower": 0.0},
            {"key": "share", "label": "Share", "kind": "share"},
            {"key": "way", "label": "Way", "kind": "choice", "choices": {"x": "By x"}},
        ),
    )
    plain: float = 3.0


Q = declared("toy", Asked)


def refused(name: str, value: Any) -> str:
    with pytest.raises(InputError) as told:
        Q[name].check(value)
    return str(told.value)


def test_questions_come_in_order_with_their_declaration() -> None:
    assert list(Q) == ["cases", "part", "price", "wait", "period", "way", "granted", "note", "enough", "steps"]
    assert [question.kind for question in Q.values()] == [
        "estimate", "share", "money", "spread", "number", "choice", "chance", "text", "requirement", "rows",
    ]  # fmt: skip
    assert Q["cases"].key == "toy.cases"
    assert (Q["cases"].label, Q["cases"].unit, Q["cases"].help) == ("Cases", "cases", "How many.")
    assert (Q["part"].lower, Q["part"].upper, Q["part"].unit) == (0.0, 1.0, "share")
    assert (Q["price"].unit, Q["price"].lower, Q["price"].per_option) == ("money a month", 0.0, True)
    assert Q["note"].optional
    assert not Q["cases"].optional


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cases", 0.0), ("cases", 100.0), ("cases", rng(0, 50, 100)), ("cases", rng(7, 7, 7)), ("part", 0.3), ("part", rng(0, 0.1, 1)), ("price", 1e9),
        ("wait", spread(0.0, 0.0)), ("wait", spread(2.0, 8.0)), ("wait", spread(rng(1, 2, 3), rng(4, 5, 6))), ("period", 1.0), ("way", "x"),
        ("way", WeightsValue(weights={"x": 1.0, "y": 0.0})), ("granted", 1.0), ("note", ""), ("enough", RequirementValue(limit=0.5)), ("steps", ()),
        ("steps", (Row(id="a", cells={"name": "n", "days": rng(1, 2, 3), "share": 0.5, "way": "x"}), Row(id="b", cells={}))),
    ],
)  # fmt: skip
def test_values_that_fit(name: str, value: Any) -> None:
    Q[name].check(value)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("cases", -0.5, "Cases: -0.5 is outside what is possible; type at least 0"),
        ("cases", 101.0, "Cases: 101 is outside what is possible; type at most 100"),
        ("cases", rng(1, 2, 101), "Cases: 101 is outside what is possible"),
        ("cases", rng(3, 2, 4), "Cases: low (3) is above likely (2)"),
        ("cases", rng(1, 5, 4), "Cases: likely (5) is above high (4)"),
        ("cases", "12", "Cases: a number is needed (it is written as text)"),
        ("cases", ("a",), "Cases: a number is needed"),
        ("cases", spread(1.0, 2.0), "Cases: a number is needed"),
        ("part", 30.0, "Part: 3000 % is outside what is possible; type at most 100 %"),
        ("part", rng(-0.1, 0.1, 0.2), "Part: -10 % is outside what is possible; type at least 0 %"),
        ("price", rng(-1, 1, 2), "Price: -1 is outside what is possible"),
        ("wait", 3.0, "Wait: two numbers are needed: the typical one, and the one that 1 in 20 exceeds"),
        ("wait", spread(8.0, 2.0), "Wait: p50 (8) is above p95 (2)"),
        ("wait", spread(0.0, 2.0), "Wait: p50 is 0 and p95 is 2"),
        ("wait", spread(-1.0, 2.0), "Wait: -1 is outside what is possible"),
        ("wait", spread(rng(1, 2, 9), rng(4, 5, 6)), "Wait: p50 (9) is above p95 (6)"),
        ("wait", spread(rng(3, 2, 1), 6.0), "Wait: low (3) is above likely (2)"),
        ("wait", spread(1.0, 1e7), "Wait: the typical one (1) and the one that 1 in 20 exceeds (1e+07) are too far apart"),
        ("price", 1e16, "Price: 1e+16 is too large to compute with; type at most 1e+15"),
        ("price", rng(1, 2, 1e16), "Price: 1e+16 is too large to compute with"),
        ("enough", RequirementValue(limit=-1e16), "Enough: -1e+16 is too large to compute with"),
        ("period", rng(1, 2, 3), "Period: a number is needed"),
        ("period", 0.5, "Period: 0.5 is outside what is possible; type at least 1"),
        ("way", "z", "Way: “z” is not one of the choices: x, y"),
        ("way", 3.0, "Way: “3.0” is not one of the choices"),
        ("way", WeightsValue(weights={"z": 1.0}), "Way: “z” is not one of the choices"),
        ("way", WeightsValue(weights={"x": 0.0}), "Way: at least one choice needs a weight above 0"),
        ("granted", 1.5, "Granted: 150 % is outside what is possible"),
        ("note", 3.0, "Note: a text is needed"),
        ("enough", 0.5, "Enough: a limit and a confidence are needed"),
        ("enough", RequirementValue(limit=2.0), "Enough: 200 % is outside what is possible"),
        ("steps", "a", "Steps: a list of rows is needed"),
        ("steps", ("a", "b"), "Steps: a list of rows is needed"),
        ("steps", (Row(id="a", cells={"colour": "red"}),), "Steps: row 1 has a column “colour”, which is not asked for"),
        ("steps", (Row(id="a", cells={}), Row(id="b", cells={"days": "soon"})), "Steps: row 2, Days: a number is needed (it is written as text)"),
        ("steps", (Row(id="a", cells={"days": rng(3, 2, 1)}),), "Steps: row 1, Days: low (3) is above likely (2)"),
        ("steps", (Row(id="a", cells={"days": -1.0}),), "Steps: row 1, Days: -1 is outside what is possible"),
        ("steps", (Row(id="a", cells={"share": 1.5}),), "Steps: row 1, Share: 150 % is outside what is possible"),
        ("steps", (Row(id="a", cells={"way": "z"}),), "Steps: row 1, Way: “z” is not one of the choices: x"),
        ("steps", (Row(id="a", cells={}), Row(id="a", cells={})), "Steps: two rows have the id “a”"),
    ],
)  # fmt: skip
def test_values_that_do_not_fit_are_refused_in_words(name: str, value: Any, told: str) -> None:
    assert refused(name, value).startswith(told)


def test_the_place_can_be_named_by_the_caller() -> None:
    with pytest.raises(InputError, match=r"^Toy › Cases › Option A: -1 is outside"):
        Q["cases"].check(-1.0, "Toy › Cases › Option A")


@given(st.floats(0, 100), st.floats(0, 100), st.floats(0, 100))
def test_a_range_is_taken_exactly_where_a_distribution_can_have_it(low: float, likely: float, high: float) -> None:
    value = RangeValue(low=low, likely=likely, high=high)
    try:
        Q["cases"].check(value)
    except InputError:
        if low <= likely <= high:
            # numbers in order are refused only where they are too close or too far apart to compute with
            assert high - low < 1e-6 or likely - low < 1e-6 * (high - low) or high - likely < 1e-6 * (high - low)
        return
    assert low <= likely <= high
    found = Q["cases"].fitted(value)
    assert not isinstance(found, float)
    assert found.quantile(0.5) == pytest.approx(likely, abs=1e-9)


@pytest.mark.parametrize("key", ["value_stream", "lead_time", "cost"])
def test_every_question_asks_clearly_and_its_default_fits(key: str) -> None:
    consideration = registry()[key]
    for question in consideration.questions.values():
        assert all((question.label, question.help, question.section)), question.key
        default = question.declared_default()
        if default is not None:
            question.check(default.value)
            assert default.source
            assert default.checked in reference.CHECKED
        if question.search is not None:
            low, high = question.search
            assert low < high
            assert question.lower is None or low >= question.lower
            assert question.upper is None or high <= question.upper
        assert math.isfinite(question.neutral)
        for name, wanted in (question.when or {}).items():
            asks, _, other = name.partition(".")
            choices = registry()[asks].questions[other].choices or {}
            assert set(wanted) - {""} <= set(choices), question.key


@pytest.mark.parametrize("key", ["value_stream", "lead_time", "cost"])
def test_every_requirement_has_a_default(key: str) -> None:
    requirements = [each for each in registry()[key].questions.values() if each.kind == "requirement"]
    assert requirements
    for question in requirements:
        default = question.declared_default()
        assert default is not None
        assert isinstance(default.value, RequirementValue)
        assert default.value.confidence == 0.8


def test_kinds_of_default() -> None:
    questions = {question.key: question for each in registry().values() for question in each.questions.values()}
    turns, period, hit, reached = (
        questions[key].declared_default() for key in ("cost.turns", "value_stream.period", "cost.cache_hit", "lead_time.reached")
    )  # fmt: skip
    assert turns is not None
    assert turns.value == SpreadValue(p50=2.0, p95=8.0)
    assert period is not None
    assert period.value == 3.0
    assert hit is not None
    assert hit.value == rng(0.5, 0.8, 0.95)
    assert reached is not None
    assert reached.value == RequirementValue(limit=0.5)
    assert questions["value_stream.uses"].declared_default() is None


def test_a_question_alone_needs_no_more_than_its_name() -> None:
    bare = Question("toy", "x", "", "number", "X")
    bare.check(-1e12)
    assert bare.declared_default() is None
