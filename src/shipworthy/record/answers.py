"""Questions and answers as the record prints them: every value in words, with the evidence that it stands on."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shipworthy.assess import Assessment
from shipworthy.considerations.base import Consideration
from shipworthy.considerations.questions import Question
from shipworthy.decision import (
    DO_NOTHING,
    Answer,
    Option,
    RangeValue,
    RequirementValue,
    Row,
    SpreadValue,
    WeightsValue,
)
from shipworthy.reference.loader import CHECKED
from shipworthy.words import box_text, join, percent
from shipworthy.words import day as day


@dataclass(frozen=True)
class Told:
    """One answer: of all options, or of those named. A list of rows comes as a small table."""

    text: str
    options: str = ""
    known: bool = True
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Asked:
    """One question with what was said to it."""

    key: str
    label: str
    help: str
    told: tuple[Told, ...]
    state: str
    mark: str
    evidence: tuple[str, ...]
    people: tuple[tuple[str, str], ...]


def exact(number: float, unit: str = "") -> str:
    """A number to twelve digits, its thousands grouped.

    >>> exact(2500), exact(0.3, "share"), exact(0.0125)
    ('2,500', '30 %', '0.0125')
    """
    text = box_text(number, unit=unit)
    whole, point, fraction = text.partition(".")
    return f"{int(whole):,}{point}{fraction}" if re.fullmatch(r"-?\d{4,}", whole) else text


def sections(assessment: Assessment, consideration: Consideration) -> list[tuple[str, list[Asked]]]:
    """A consideration's questions with their answers by section, those left out that no option is asked."""
    found: dict[str, list[Asked]] = {}
    options = _asked_options(assessment, consideration)
    for question in consideration.questions.values():
        concerned = [option for option in options if assessment.world.asked(question, option.key)]
        if concerned:
            found.setdefault(question.section, []).append(_asked(assessment, question, concerned))
    return list(found.items())


def _asked_options(assessment: Assessment, consideration: Consideration) -> list[Option]:
    """Options that stand for themselves, and doing nothing where it is judged or is all there is."""
    single = [option for option in assessment.decision.options if not option.phases]
    acting = [option for option in single if option.key != DO_NOTHING or consideration.judges_nothing]
    return acting or single


def _asked(assessment: Assessment, question: Question, options: list[Option]) -> Asked:
    answer = assessment.decision.answer(question.key)
    state, mark = _state(assessment, question, options, answer)
    people = tuple(
        (each.who, value_text(question, each.value, assessment.currency()))
        for each in (answer.estimates if answer is not None else ())
    )
    return Asked(
        question.key,
        question.label,
        question.help,
        tuple(_told(assessment, question, options)),
        state,
        mark,
        tuple(_evidence(question, answer, mark)),
        people,
    )


def _told(assessment: Assessment, question: Question, options: list[Option]) -> Iterator[Told]:
    """The answer, once where it is the same for all options, else once for each group of options that share it."""
    groups: list[tuple[Any, list[str]]] = []
    for option in options:
        value = assessment.world.value(question.key, option.key)[1]
        same = next((names for found, names in groups if found == value), None)
        if same is None:
            groups.append((value, [option.name]))
        else:
            same.append(option.name)
    answer = assessment.decision.answer(question.key)
    single = len(groups) == 1 and not (answer and answer.differs)
    for value, names in groups:
        shown = "" if single else "all options" if len(groups) == 1 and len(names) > 1 else join(names)
        if isinstance(value, tuple) and value and isinstance(value[0], Row):
            yield Told("", shown, True, *_rows(question, value, assessment.currency()))
        else:
            yield Told(value_text(question, value, assessment.currency()), shown, value is not None)


def value_text(question: Question, value: Any, currency: str) -> str:
    """A value in words, exact to twelve digits: ``61 days``, ``42 % (34 % to 50 %)``.

    >>> from shipworthy.considerations.questions import Question
    >>> gap = Question("lead_time", "gap", "", "estimate", "Gap", unit="days")
    >>> value_text(gap, RangeValue(low=55.0, likely=61.0, high=70.0), "EUR")
    '61 days (55 to 70)'
    """
    unit = question.unit
    if value is None:
        return "none" if question.optional else "not known yet"
    if isinstance(value, str):
        return (question.choices or {}).get(value, value)
    if isinstance(value, WeightsValue):
        total = sum(value.weights.values()) or 1.0
        named = question.choices or {}
        return ", ".join(f"{named.get(key, key)} {percent(share / total)}" for key, share in value.weights.items())
    if isinstance(value, RequirementValue):
        way = "at least" if question.at_least else "at most"
        sure = exact(value.confidence, "share")
        return f"{way} {_united(value.limit, unit, currency)}, with {sure} confidence"
    if isinstance(value, tuple):
        return join([(question.choices or {}).get(str(each), str(each)) for each in value]) or "none"
    return _quantity(value, unit, currency)


def _quantity(value: Any, unit: str, currency: str) -> str:
    if isinstance(value, RangeValue):
        low, high = exact(value.low, unit), exact(value.high, unit)
        return f"{_united(value.likely, unit, currency)} ({low} to {high})"
    if isinstance(value, SpreadValue):
        return f"typically {_quantity(value.p50, unit, currency)}; 1 in 20 above {_quantity(value.p95, unit, currency)}"
    if isinstance(value, float | int):
        return _united(value, unit, currency)
    return "the pool of what several people said"


def _united(number: float, unit: str, currency: str) -> str:
    text = exact(number, unit)
    if unit == "share":
        return text
    if unit.startswith("money"):
        return f"{text} {currency}{unit.removeprefix('money')}"
    return "1 day" if (text, unit) == ("1", "days") else f"{text} {unit}".strip()


def _rows(question: Question, rows: Any, currency: str) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    columns = {str(column["key"]): column for column in question.columns}
    names = list(columns) or list(dict.fromkeys(name for row in rows for name in row.cells))
    head = tuple(str(columns.get(name, {}).get("label", name)) for name in names)
    body = []
    for row in rows:
        cells = ((row.cells.get(name), columns.get(name, {})) for name in names)
        body.append(tuple(_cell(cell, column, currency) for cell, column in cells))
    return head, tuple(body)


def _cell(cell: Any, column: Mapping[str, Any], currency: str) -> str:
    """A cell in words: of a choice what the screen says, not its code."""
    named = column.get("choices") or {}
    if cell is None:
        return "–"
    if isinstance(cell, str):
        return str(named.get(cell, cell))
    if isinstance(cell, tuple):
        return join([str(named.get(str(each), each)) for each in cell])
    return _quantity(cell, str(column.get("unit", "")), currency)


_KINDS = {"measured": "measured", "quoted": "quoted", "estimated": "estimated", "default": "default, confirmed"}


def _state(assessment: Assessment, question: Question, options: list[Option], answer: Answer | None) -> tuple[str, str]:
    """The state in words, and its mark: given, default or unknown."""
    states = {assessment.world.value(question.key, option.key)[0] for option in options}
    if "default" in states:
        return "default, not confirmed", "default"
    if states == {"unknown"}:
        return ("left open" if question.optional else "not known yet"), "none" if question.optional else "unknown"
    return _KINDS[answer.evidence.kind if answer is not None else "estimated"], "given"


def _evidence(question: Question, answer: Answer | None, mark: str) -> Iterator[str]:
    """Who said it and on what ground; for a declared default its source, its date and how far it was checked."""
    default = question.declared_default()
    if answer is not None:
        said = answer.evidence
        if said.who:
            yield f"by {said.who}"
        if said.source:
            yield said.source
        if said.note:
            yield said.note
        if said.at is not None:
            yield day(said.at)
    elif mark == "default" and default is not None:
        checked = CHECKED.get(default.checked, default.checked)
        yield f"{default.source} · {checked} · as of {day(date.fromisoformat(default.as_of))}"
