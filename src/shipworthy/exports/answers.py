"""The answers as CSV, for a spreadsheet: a line a number, a range or a text, with the evidence that it stands on."""

import csv
import io
import re
from collections.abc import Iterator
from typing import Any

from shipworthy.assess import Assessment
from shipworthy.considerations.questions import Question
from shipworthy.decision import DO_NOTHING, Answer, Option, RangeValue
from shipworthy.exports.leaves import Leaf, leaves
from shipworthy.reference.loader import CHECKED

COLUMNS = (
    "answer", "consideration", "question", "option", "state", "value", "low", "likely", "high", "unit",
    "evidence", "who", "source", "note",
)  # fmt: skip
_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20"
_BEGINS = re.compile(rf"^[\s\ufeff\u200b\x00-\x1f]*[{_SIGNS}]|^[\t\r\n]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_WITHIN = re.compile(rf"([;\t\r\n]\s*)(?=[{_SIGNS}])")
"""What a spreadsheet that divides cells elsewhere would take for the beginning of a formula."""


def answers(assessment: Assessment) -> str:
    r"""The answers to every question that an option is asked, as CSV (RFC 4180).

    The first column names the answer as everywhere else (``lead_time.gap``). A range has low, likely and high; what is
    one number or a text has a value. Shares are 0 to 1. Texts that a spreadsheet would take for a formula begin with an
    apostrophe; numbers are plain numbers.

    >>> from datetime import date
    >>> from shipworthy.assess import assess
    >>> from shipworthy.examples import example
    >>> said = answers(assess(example("churn"), on=date(2026, 11, 20)))
    >>> said.splitlines()[0].split(",")[:5]
    ['answer', 'consideration', 'question', 'option', 'state']
    """
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for consideration in assessment.registry.values():
        for question in consideration.questions.values():
            for line in _lines(assessment, consideration.name, question):
                writer.writerow([cell(each) for each in line])
    return target.getvalue()


def cell(value: Any) -> str:
    """A cell: a number as it is, a text that no spreadsheet takes for a formula.

    >>> cell("=1+1"), cell(-5.0), cell("12 o'clock"), cell(None), cell("a;=b")
    ("'=1+1", '-5', "12 o'clock", '', "a;'=b")
    """
    if value is None:
        return ""
    if isinstance(value, float | int):
        return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))
    text = _CONTROLS.sub("\ufffd", str(value))
    text = _WITHIN.sub(r"\1'", text)
    return f"'{text}" if _BEGINS.match(text) else text


def _lines(assessment: Assessment, consideration: str, question: Question) -> Iterator[tuple[Any, ...]]:
    answer = assessment.decision.answer(question.key)
    for names, state, value in _groups(assessment, question):
        evidence = _evidence(question, answer, state)
        for leaf in leaves(question, value):
            yield _line(assessment, (consideration, question, names), leaf, (state, *evidence))
    for each in answer.estimates if answer is not None else ():
        said = each.evidence
        for leaf in leaves(question, each.value):
            told = ("one person's estimate", said.kind, each.who, said.source, said.note)
            yield _line(assessment, (consideration, question, ""), leaf, told)


def _line(
    assessment: Assessment, place: tuple[str, Question, str], leaf: Leaf, told: tuple[str, ...]
) -> tuple[Any, ...]:
    consideration, question, names = place
    state, *evidence = told
    label = f"{question.label} › {leaf.label}" if leaf.label else question.label
    numbers = _numbers(leaf)
    unit = leaf.question.unit
    unit = assessment.currency() + unit.removeprefix("money") if unit.startswith("money") else unit
    return (question.key, consideration, label, names, state, *numbers, unit, *evidence)


def _numbers(leaf: Leaf) -> tuple[Any, ...]:
    """Value, low, likely and high; of these, what there is."""
    value = leaf.value
    if isinstance(value, RangeValue):
        return (None, value.low, value.likely, value.high)
    if isinstance(value, tuple):
        named = leaf.question.choices or {}
        return ("; ".join(named.get(str(each), str(each)) for each in value), None, None, None)
    if isinstance(value, str):
        return ((leaf.question.choices or {}).get(value, value), None, None, None)
    if value is None or isinstance(value, float | int):
        return (value, None, None, None)
    return ("the pool of what several people said", None, None, None)


def _groups(assessment: Assessment, question: Question) -> Iterator[tuple[str, str, Any]]:
    """State and value, once where it is one for all, else an option at a time, each with its name."""
    options = list(_asked(assessment, question))
    said = [assessment.world.value(question.key, each.key) for each in options]
    answer = assessment.decision.answer(question.key)
    if said and all(each == said[0] for each in said) and not (answer is not None and answer.differs):
        options = options[:1]
    alone = len(options) < len(said) or len(said) == 1
    for option, (state, value) in zip(options, said, strict=False):
        yield "" if alone else option.name, "left open" if value is None and question.optional else state, value


def _asked(assessment: Assessment, question: Question) -> Iterator[Option]:
    """Options that stand for themselves and are asked; doing nothing where it is judged, or is all there is."""
    judged = assessment.registry[question.consideration].judges_nothing
    single = [each for each in assessment.decision.options if not each.phases]
    acting = [each for each in single if each.key != DO_NOTHING or judged] or single
    return (each for each in acting if assessment.world.asked(question, each.key))


def _evidence(question: Question, answer: Answer | None, state: str) -> tuple[str, str, str, str]:
    """Kind, who, source and note; for a declared default where it comes from and how far that was checked."""
    default = question.declared_default()
    if answer is not None and (answer.state != "default" or default is None):
        said = answer.evidence
        kind = "" if state in ("unknown", "left open") else said.kind
        return kind, said.who, said.source, said.note
    if default is None or state != "default":
        return "", "", "", ""
    return "default", "", default.source, f"{CHECKED.get(default.checked, default.checked)}; as of {default.as_of}"
