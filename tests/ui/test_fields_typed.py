"""Answers as people type them, and what is refused, in plain words."""

from typing import Any

import pytest
from boxes import COLUMNS, KINDS, UNITS, ask, close, shown_of
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.considerations.questions import Question
from shipworthy.decision import (
    Answer,
    Evidence,
    RangeValue,
    RequirementValue,
    Row,
)
from shipworthy.errors import InputError
from shipworthy.ui import fields

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
