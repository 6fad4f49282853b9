"""Between values and the texts in their boxes: there and back for every kind of question, and what is refused."""

import string
from collections.abc import Callable
from typing import Any

import pytest
from decisions import PLAIN, assessed, decision, own
from hypothesis import given
from hypothesis import strategies as st

from shipworthy import examples
from shipworthy.considerations import registry
from shipworthy.considerations.questions import Question
from shipworthy.decision import (
    Answer,
    Evidence,
    RangeValue,
    RequirementValue,
    Row,
    SpreadValue,
    Value,
    WeightsValue,
    now,
)
from shipworthy.errors import InputError
from shipworthy.ui import fields

UNITS = ("", "days", "share", "money", "money a month", "events a month", "USD a million tokens")
KINDS = (
    "estimate",
    "share",
    "money",
    "spread",
    "number",
    "chance",
    "requirement",
    "choice",
    "choices",
    "text",
    "date",
    "rows",
)


def ask(kind: Any, unit: str = "", **rest: Any) -> Question:
    return Question("toy", "asked", "A section", kind, "Asked", unit=unit, **rest)


def back(question: Question, value: Value) -> Value | None:
    return fields.parse(question, fields.fields(question, value))


positive = st.one_of(st.floats(1e-9, 1e15), st.integers(0, 10**9).map(float))
shares = st.floats(0.0, 1.0)


def close(value: Any) -> Any:
    """To the twelve digits that a box shows."""
    return pytest.approx(value, rel=1e-11, abs=1e-300)


# ---- there and back


@given(positive, st.sampled_from(UNITS))
def test_one_number(number: float, unit: str) -> None:
    for kind in ("estimate", "money", "number"):
        if unit == "share":
            number = number / (1 + number)
        assert back(ask(kind, unit), number) == close(number)


@given(shares)
def test_one_share_or_chance(number: float) -> None:
    for kind in ("share", "chance"):
        assert back(ask(kind, "share", lower=0.0, upper=1.0), number) == close(number)


@given(
    st.floats(1e-6, 1e12),
    st.floats(1.001, 50),
    st.floats(1.001, 50),
    st.sampled_from([u for u in UNITS if u != "share"]),
)
def test_a_range(low: float, step: float, more: float, unit: str) -> None:
    numbers = [low, low * step, low * step * more]
    read = back(ask("estimate", unit, lower=0.0), RangeValue(low=numbers[0], likely=numbers[1], high=numbers[2]))
    assert isinstance(read, RangeValue)
    assert [read.low, read.likely, read.high] == close(numbers)


@given(st.lists(st.integers(0, 10_000), min_size=3, max_size=3, unique=True).map(sorted))
def test_a_range_of_shares(parts: list[int]) -> None:
    low, likely, high = (part / 10_000 for part in parts)
    read = back(ask("share", "share", lower=0.0, upper=1.0), RangeValue(low=low, likely=likely, high=high))
    assert isinstance(read, RangeValue)
    assert [read.low, read.likely, read.high] == close([low, likely, high])


spread_parts = st.tuples(
    st.integers(1, 10**6), st.integers(1, 100), st.integers(1, 100), st.sampled_from([1.0, 0.01, 1e6])
)


@given(spread_parts, st.booleans(), st.booleans(), st.sampled_from(("days", "turns", "share")))
def test_a_spread_whose_parts_may_be_ranges(
    parts: tuple[int, int, int, float], first: bool, second: bool, unit: str
) -> None:
    start, step, more, scale = parts
    scale = 1e-9 if unit == "share" else scale
    low, likely, high = (scale * (start + step * place) for place in range(3))
    above = scale * (start + 2 * step + more)

    def part(ranged: bool, at: tuple[float, float, float]) -> float | RangeValue:
        return RangeValue(low=at[0], likely=at[1], high=at[2]) if ranged else at[1]

    value = SpreadValue(p50=part(first, (low, likely, high)), p95=part(second, (above, above * 1.5, above * 2)))
    read = back(ask("spread", unit, lower=0.0), value)
    assert isinstance(read, SpreadValue)
    for name in ("p50", "p95"):
        put, got = getattr(value, name), getattr(read, name)
        assert type(got) is type(put)
        assert (got.model_dump() if isinstance(got, RangeValue) else got) == close(
            put.model_dump() if isinstance(put, RangeValue) else put
        )


@given(positive, st.integers(50, 99), st.sampled_from(("money a use", "days")))
def test_a_requirement(limit: float, sure: int, unit: str) -> None:
    read = back(ask("requirement", unit), RequirementValue(limit=limit, confidence=sure / 100))
    assert isinstance(read, RequirementValue)
    assert (read.limit, read.confidence) == (close(limit), close(sure / 100))


@given(st.text(string.printable + "éß漢🛳", max_size=200))
def test_a_text(text: str) -> None:
    assert back(ask("text"), text) == (text.strip() or None)


def test_choices_and_dates() -> None:
    both = {"a": "Ah", "b": "Be"}
    assert back(ask("choice", choices=both), "b") == "b"
    assert back(ask("choices", choices=both), ("b", "a")) == ("b", "a")
    assert back(ask("date"), "2026-11-20") == "2026-11-20"
    assert fields.fields(ask("choice", choices=both), WeightsValue(weights={"a": 1.0, "b": 3.0})) == {"value": "b"}


COLUMNS = (
    {"key": "name", "label": "Step", "kind": "text"},
    {"key": "days", "label": "Takes", "kind": "estimate", "unit": "days"},
    {"key": "part", "label": "Part", "kind": "share"},
    {"key": "way", "label": "Way", "kind": "choice", "choices": {"x": "X", "y": "Y"}},
)
cell_ranges = st.lists(st.integers(0, 1000), min_size=3, max_size=3, unique=True).map(sorted)


def _cell(parts: list[int], scale: float, ranged: bool) -> float | RangeValue:
    low, likely, high = (scale * part for part in parts)
    return RangeValue(low=low, likely=likely, high=high) if ranged else likely


@given(
    st.lists(
        st.tuples(cell_ranges, cell_ranges, st.booleans(), st.booleans(), st.sampled_from("xy")), min_size=1, max_size=5
    )
)
def test_rows_with_ranges_in_them(made: list[tuple[list[int], list[int], bool, bool, str]]) -> None:
    rows = tuple(
        Row(
            id=f"r{i}",
            cells={"name": f"Step {i}", "days": _cell(days, 0.5, one), "part": _cell(part, 1e-3, two), "way": way},
        )
        for i, (days, part, one, two, way) in enumerate(made)
    )
    read = back(ask("rows", columns=COLUMNS), rows)
    assert isinstance(read, tuple)
    for was, again in zip(rows, read, strict=True):
        assert isinstance(again, Row)
        assert again.id == was.id
        assert [again.cells[name] for name in ("name", "way")] == [was.cells[name] for name in ("name", "way")]
        for name in ("days", "part"):
            put, got = was.cells[name], again.cells[name]
            assert type(got) is type(put)
            assert (got.model_dump() if isinstance(got, RangeValue) else got) == close(
                put.model_dump() if isinstance(put, RangeValue) else put
            )


def test_every_default_and_every_answer_of_the_examples_stands_in_its_boxes() -> None:
    questions = {question.key: question for each in registry().values() for question in each.questions.values()}
    values: list[tuple[Question, Value]] = []
    for question in questions.values():
        default = question.declared_default()
        if default is not None:
            values.append((question, default.value))
    for key in examples.keys():  # noqa: SIM118
        for consideration, answers in examples.example(key).answers.items():
            for name, answer in answers.items():
                question = questions[f"{consideration}.{name}"]
                values += [(question, each) for each in (answer.value, *answer.by_option.values()) if each is not None]
    assert len(values) > 60
    assert {question.kind for question, _ in values} >= {
        "estimate",
        "share",
        "money",
        "spread",
        "number",
        "choice",
        "requirement",
    }
    for question, value in values:
        shown = fields.fields(question, value)
        assert all(shown.values()) or value == (), question.key  # none of several is an answer
        again = fields.parse(question, shown)
        assert again is not None
        assert fields.fields(question, again) == shown
        if isinstance(value, float | int):
            assert again == close(value)
        elif not isinstance(value, str | WeightsValue):
            assert type(again) is type(value)


def test_every_kind_gives_nothing_for_empty_boxes() -> None:
    for kind in KINDS:
        question = ask(kind, choices={"a": "A"}, columns=COLUMNS)
        assert fields.parse(question, {}) is None
        blank = dict.fromkeys(("low", "likely", "high", "p50", "p95", "limit", "confidence", "value"), " ")
        assert fields.parse(question, blank) is None
        assert fields.fields(question, None) == {}


# ---- as people type


@pytest.mark.parametrize(
    ("kind", "unit", "typed", "value"),
    [
        ("estimate", "", "12k", 12_000), ("money", "money", "1.5M", 1.5e6), ("money", "money", "€ 2,500", 2500),
        ("estimate", "days", "2 weeks", 14), ("estimate", "days", "3 months", 91.25), ("share", "share", "30 %", 0.3),
        ("share", "share", "30", 0.3), ("share", "share", "0.3", 0.3), ("share", "share", "0.999", 0.999), ("share", "share", "100", 1.0),
        ("share", "share", "1.5 %", 0.015), ("share", "share", "1 %", 0.01), ("share", "share", "０．５％", 0.005),
    ],
)  # fmt: skip
def test_one_number_as_people_type_it(kind: str, unit: str, typed: str, value: float) -> None:
    assert fields.parse(ask(kind, unit, lower=0.0), {"likely": typed}) == close(value)


@pytest.mark.parametrize(
    ("unit", "typed", "numbers"),
    [
        ("days", "40 52 60", (40, 52, 60)), ("days", "1 week to 2 weeks to 1 month", (7, 14, 365 / 12)),
        ("days", "2 - 3 - 4 weeks", (14, 21, 28)), ("", "1 - 2 - 3k", (1000, 2000, 3000)), ("share", "20; 30; 40", (0.2, 0.3, 0.4)),
        ("share", "20 / 30 / 40 %", (0.2, 0.3, 0.4)), ("share", "0.5 1 2", (0.005, 0.01, 0.02)), ("share", "0.2 0.3 0.4", (0.2, 0.3, 0.4)),
        ("money", "1.5M 2M 3M", (1.5e6, 2e6, 3e6)), ("", "1,000 - 2,000 - 3,500", (1000, 2000, 3500)),
    ],
)  # fmt: skip
def test_three_numbers_in_one_box(unit: str, typed: str, numbers: tuple[float, float, float]) -> None:
    read = fields.parse(ask("estimate", unit), {"likely": typed})
    assert isinstance(read, RangeValue)
    assert (read.low, read.likely, read.high) == close(numbers)


@pytest.mark.parametrize("box", ["low", "likely", "high"])
def test_three_numbers_in_a_box_replace_what_stood_in_the_others(box: str) -> None:
    typed = {"low": "5", "likely": "7", "high": "9", box: "10 20 30"}
    assert fields.parse(ask("estimate", "days"), typed) == RangeValue(low=10.0, likely=20.0, high=30.0)


@pytest.mark.parametrize(("typed", "value"), [("1 000", 1000), ("1 000 000", 1e6), ("12 500", 12_500)])
def test_blanks_between_groups_of_three_make_one_number(typed: str, value: float) -> None:
    assert fields.parse(ask("estimate"), {"likely": typed}) == value
    assert fields.parse(ask("number"), {"value": typed}) == value


def test_that_an_answer_is_a_default_is_no_evidence_to_pick() -> None:
    confirmed = Answer(value=0.1, evidence=Evidence(kind="default", source="a table"))
    kinds = [
        shown_of(answers, "value_stream.discount_rate")["evidence"]["kind"]
        for answers in ({}, {"value_stream.discount_rate": confirmed}, {"value_stream.discount_rate": 0.2})
    ]
    assert kinds == ["", "", "estimated"]


def test_shares_typed_in_three_boxes_go_together() -> None:
    question = ask("share", "share", lower=0.0, upper=1.0)
    assert fields.parse(question, {"low": "0.5", "likely": "1", "high": "2"}) == RangeValue(
        low=0.005, likely=0.01, high=0.02
    )
    assert fields.parse(question, {"low": "30 %", "likely": "0.4", "high": "0.5"}) == RangeValue(
        low=0.3, likely=0.4, high=0.5
    )


def test_a_requirement_without_a_confidence_is_asked_with_80_percent() -> None:
    question = ask("requirement", "money a use")
    assert fields.parse(question, {"limit": "2k", "confidence": ""}) == RequirementValue(limit=2000.0, confidence=0.8)
    assert fields.parse(question, {"limit": "0", "confidence": "95"}) == RequirementValue(limit=0.0, confidence=0.95)


def test_half_a_symbol_and_null_characters_never_reach_the_document() -> None:
    assert fields.parse(ask("text"), {"value": "a\ud83db\0c"}) == "a?bc"
    rows = fields.parse(ask("rows", columns=COLUMNS), {"rows": [{"id": "r1", "cells": {"name": "\udc00"}}]})
    assert rows == (Row(id="r1", cells={"name": "?"}),)


# ---- what is refused, in plain words


@pytest.mark.parametrize(
    ("question", "typed", "told"),
    [
        (ask("estimate", "days"), {"low": "2", "likely": "", "high": "9"}, "likely is missing: type all three, or only the likely one"),
        (ask("estimate", "days"), {"low": "2"}, "likely is missing: type all three, or only the likely one"),
        (ask("estimate", "days"), {"likely": "5", "high": "9"}, "low is missing: type all three, or only the likely one"),
        (ask("estimate", "days"), {"likely": "2 - 9"}, "two numbers found in “2 - 9”: type one number, or three: low likely high"),
        (ask("estimate"), {"likely": "10-20"}, "two numbers found in “10-20”: type one number, or three: low likely high"),
        (ask("estimate"), {"likely": "100-300"}, "two numbers found in “100-300”: type one number, or three: low likely high"),
        (ask("estimate"), {"likely": "100 200"}, "two numbers found in “100 200”: type one number, or three: low likely high"),
        (ask("estimate"), {"low": "5", "likely": "100 200", "high": "300"}, "two numbers found in “100 200”: type one number, or three: low likely high"),
        (ask("number"), {"value": "10-20"}, "two numbers found in “10-20”: one is needed here"),
        (ask("number"), {"value": "10 20 30"}, "three numbers found in “10 20 30”: one is needed here"),
        (ask("estimate", "days"), {"likely": "1.5M"}, "“1.5M”: “m” is not understood; type a number like 12, 90 or 2 weeks"),
        (ask("share", "share"), {"likely": "1.2"}, "1.2 may be 1.2 % or 120 %: type it with its %"),
        (ask("share", "share"), {"likely": "1"}, "1 may be one per cent or all: type 1 % or 100 %"),
        (ask("share", "share"), {"low": "0.5", "likely": "0.8", "high": "1"}, "1 may be one per cent or all: type 1 % or 100 %"),
        (ask("chance", "share"), {"value": "1.0"}, "1 may be one per cent or all: type 1 % or 100 %"),
        (ask("requirement", "share"), {"limit": "", "confidence": "95 %"}, "the limit is missing: type one, or take this answer back"),
        (ask("spread", "days", lower=0.0), {"p50": "0", "p95": "5"}, "the typical number is 0 and the one that 1 in 20 exceeds is 5: type a typical number above 0, or 0 for both if there is none"),
        (ask("estimate", "days"), {"low": "2 weeks", "likely": "9", "high": "20"}, "low (14) is above likely (9): type them from small to large"),
        (ask("share", "share", lower=0.0, upper=1.0), {"low": "50", "likely": "30", "high": "60"}, "low (50 %) is above likely (30 %): type them from small to large"),
        (ask("share", "share", lower=0.0, upper=1.0), {"likely": "130"}, "130 % is outside what is possible; type at most 100 %"),
        (ask("share", "share", lower=0.0, upper=1.0), {"likely": "-5 %"}, "-5 % is outside what is possible; type at least 0 %"),
        (ask("money", "money", lower=0.0), {"likely": "-5"}, "-5 is outside what is possible; type at least 0"),
        (ask("money", "money", lower=0.0), {"likely": "lots"}, "“lots” is not a number: type one like 12, 12k, 1.5M"),
        (ask("estimate", "days"), {"likely": "soon"}, "“soon” is not a number: type one like 12, 90 or 2 weeks"),
        (ask("spread", "days", lower=0.0), {"p50": "5", "p95": ""}, "both numbers are needed: the typical one, and the one that 1 in 20 exceeds"),
        (ask("requirement", "days"), {"limit": "5", "confidence": "20"}, "how sure: type 50 % to 99.9 %"),
        (ask("choice", choices={"a": "A"}), {"value": "<b>"}, "“<b>” is not one of the choices: a"),
        (ask("date"), {"value": "soon"}, "a date like 2026-11-20 is needed"),
        (ask("text"), {"value": "x" * 20_001}, "the text has 20,001 characters: shorten it to 20,000"),
        (ask("rows", columns=COLUMNS), {"rows": [{"id": "r1", "cells": {"days": "5"}}, {"id": "r2", "cells": {"days": "many"}}]},
         "row 2, Takes: “many” is not a number: type one like 12, 90 or 2 weeks"),
    ],
)  # fmt: skip
def test_what_is_refused_is_said_in_one_plain_sentence(question: Question, typed: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError) as problem:
        fields.parse(question, typed)
    assert str(problem.value) == told


def test_a_spread_the_wrong_way_round_is_told_in_the_words_of_its_boxes() -> None:
    with pytest.raises(InputError) as problem:
        fields.parse(ask("spread", "days", lower=0.0), {"p50": "90", "p95": "60"})
    assert str(problem.value).startswith("the typical number (90) is above the one that 1 in 20 exceeds (60)")
    assert "p50" not in str(problem.value)


@given(st.sampled_from(KINDS), st.sampled_from(UNITS), st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_whatever_is_typed_is_a_value_or_one_sentence(kind: str, unit: str, a: str, b: str, c: str) -> None:
    question = ask(kind, unit, lower=0.0, choices={"a": "A"}, columns=COLUMNS)
    typed = {
        "low": a,
        "likely": b,
        "high": c,
        "p50": a,
        "p95": b,
        "limit": a,
        "confidence": b,
        "value": a,
        "values": [c],
    }
    typed["rows"] = [{"id": "r1", "cells": {"name": a, "days": b, "part": c, "nowhere": a}}]
    value, told = None, ""
    try:
        value = fields.parse(question, typed)
    except InputError as problem:
        told = str(problem)
    assert not told.startswith("Asked")
    assert len(told) < 250
    if value is not None:
        shown = fields.fields(question, value)
        assert fields.fields(question, fields.parse(question, shown)) == shown


# ---- what the form is told


def shown_of(answers: dict[str, Any], key: str, option: str = "a", **rest: Any) -> dict[str, Any]:
    world = assessed(decision("a b", answers)).world
    return fields.answer_fields(world, world.question(key), option, **rest)


def test_states_and_tags() -> None:
    given_ = shown_of({**PLAIN}, "value_stream.uses")
    assert (given_["state"], given_["tag"], given_["shared"]) == ("given", "estimated", {"likely": "1000"})
    empty = shown_of({}, "value_stream.uses")
    assert (empty["state"], empty["tag"], empty["shared"], empty["can_reset"]) == ("empty", "no answer yet", {}, False)
    unknown = shown_of({"value_stream.uses": Answer(state="unknown", value=7.0)}, "value_stream.uses")
    assert (unknown["state"], unknown["tag"], unknown["can_reset"]) == ("unknown", "not known yet", True)
    default = shown_of({}, "value_stream.discount_rate")
    assert default["state"] == "default"
    assert default["tag"].startswith("default, not confirmed · ")
    assert default["evidence"]["source"]


def test_options_that_differ_show_their_own_beside_the_shared_one() -> None:
    answers = {"value_stream.effect": own(a=0.25, b=None)}
    a, b = (shown_of(answers, "value_stream.effect", option) for option in "ab")
    assert a["differs"]
    assert a["own"] == {"a": {"likely": "0.25"}, "b": {}}
    assert (a["state"], b["state"]) == ("given", "unknown")


def test_a_question_hangs_on_a_choice() -> None:
    assert shown_of({**PLAIN, "lead_time.depends": "no"}, "lead_time.gap")["hidden"]
    assert not shown_of({**PLAIN, "lead_time.depends": "yes"}, "lead_time.gap")["hidden"]


def test_an_error_is_beside_the_answer_and_a_shown_one_is_read_only() -> None:
    shown = shown_of({**PLAIN}, "value_stream.uses", error="no", shown_from="Value stream")
    assert (shown["error"], shown["read_only"], shown["shown_from"], shown["can_reset"]) == (
        "no",
        True,
        "Value stream",
        False,
    )


def test_the_declaration_holds_every_question_once_and_those_of_others_last() -> None:
    for consideration in registry().values():
        made = fields.sections(consideration, registry(), "EUR")
        own_keys = [q["key"] for section in made if section["key"] != "shown" for q in section["questions"]]
        assert own_keys == [question.key for question in consideration.questions.values()]
        assert len({section["key"] for section in made}) == len(made)
        if consideration.shows:
            assert made[-1]["legend"] == "Asked elsewhere, used here"
            assert [q["key"] for q in made[-1]["questions"]] == list(consideration.shows)
        units = [q["unit"] for section in made for q in section["questions"]]
        assert not any("money" in unit or unit == "share" for unit in units)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: Answer(value=RangeValue(low=1.0, likely=2.0, high=3.0)), "2 days (1 to 3)"),
        (lambda: Answer(state="unknown", value=2.0), ""),
        (lambda: None, ""),
        (lambda: Answer(differs=True, value=2.0, by_option={"a": 5.0}), "5 days"),
    ],
)
def test_an_answer_as_the_log_tells_it(make: Callable[[], Answer | None], told: str) -> None:
    assert fields.said(ask("estimate", "days"), make(), "a", "EUR") == told


def test_two_answers_say_the_same_whenever_they_were_given() -> None:
    one, two = Answer(value=2.0), Answer(value=2.0, evidence=Evidence(at=now()))
    assert fields.same(one, two)
    assert fields.same(None, None)
    assert not fields.same(one, None)
    assert not fields.same(one, Answer(value=2.5))
