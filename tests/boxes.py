"""What the tests of boxes share: questions of every kind, values there and back."""

from typing import Any

import pytest
from decisions import assessed, decision

from shipworthy.considerations.questions import Question
from shipworthy.decision import (
    Value,
)
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
    """A question of this kind."""
    return Question("toy", "asked", "A section", kind, "Asked", unit=unit, **rest)


def back(question: Question, value: Value) -> Value | None:
    """The value, put into boxes and read from them again."""
    return fields.parse(question, fields.fields(question, value))


def close(value: Any) -> Any:
    """To the twelve digits that a box shows."""
    return pytest.approx(value, rel=1e-11, abs=1e-300)


COLUMNS = (
    {"key": "name", "label": "Step", "kind": "text"},
    {"key": "days", "label": "Takes", "kind": "estimate", "unit": "days"},
    {"key": "part", "label": "Part", "kind": "share"},
    {"key": "way", "label": "Way", "kind": "choice", "choices": {"x": "X", "y": "Y"}},
)


def shown_of(answers: dict[str, Any], key: str, option: str = "a", **rest: Any) -> dict[str, Any]:
    """What the form is told of an answer."""
    world = assessed(decision("a b", answers)).world
    return fields.answer_fields(world, world.question(key), option, **rest)
