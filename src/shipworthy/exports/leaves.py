"""An answer taken apart into what stands in one cell: numbers, ranges and texts, each with the words that lead to it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from shipworthy.considerations.questions import Question
from shipworthy.decision import RequirementValue, Row, SpreadValue, WeightsValue


@dataclass(frozen=True)
class Leaf:
    """One part of an answer: where it stands, what leads to it in words, the question it answers, and its value."""

    place: str
    label: str
    question: Question
    value: Any


def leaves(question: Question, value: Any) -> Iterator[Leaf]:
    """The parts of a value in order; a value of one part is that part, an empty list has none.

    >>> from shipworthy.decision import SpreadValue
    >>> from shipworthy.considerations.questions import Question
    >>> asked = Question("lead_time", "persuasion", "", "spread", "Persuasion", unit="days")
    >>> [(each.label, each.value) for each in leaves(asked, SpreadValue(p50=60.0, p95=90.0))]
    [('typical', 60.0), ('1 in 20 above', 90.0)]
    """
    if isinstance(value, SpreadValue):
        yield Leaf("p50", "typical", question, value.p50)
        yield Leaf("p95", "1 in 20 above", question, value.p95)
    elif isinstance(value, RequirementValue):
        yield Leaf("limit", "limit", question, value.limit)
        yield Leaf("confidence", "confidence", _share(question), value.confidence)
    elif isinstance(value, WeightsValue):
        whole = sum(value.weights.values()) or 1.0
        for key, weight in value.weights.items():
            yield Leaf(key, (question.choices or {}).get(key, key), _share(question), weight / whole)
    elif isinstance(value, tuple) and all(isinstance(each, Row) for each in value):
        for place, row in enumerate(value, start=1):
            yield from _row(question, place, row)
    else:
        yield Leaf("", "", question, value)


def row_name(place: int, row: Row) -> str:
    """What a row is called in words: its first text, else its number."""
    named = next((cell for cell in row.cells.values() if isinstance(cell, str) and cell.strip()), "")
    return f"“{named}”" if named else f"row {place}"


def _row(question: Question, place: int, row: Row) -> Iterator[Leaf]:
    for name, cell in row.cells.items():
        column = question.column(name)
        for leaf in leaves(column, cell):
            inner = f".{leaf.place}" if leaf.place else ""
            words = " › ".join(part for part in (row_name(place, row), column.label, leaf.label) if part)
            yield Leaf(f"{row.id}.{name}{inner}", words, leaf.question, leaf.value)


def _share(question: Question) -> Question:
    return replace(question, kind="share", unit="share", choices=None)
