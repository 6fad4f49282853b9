"""Scenarios as the record prints them: what each changes, which option leads then, and what every option pays."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shipworthy._answer_names import EVERY, Names
from shipworthy._scenario_words import Told, told
from shipworthy.assess import Assessment
from shipworthy.considerations.questions import Question
from shipworthy.decision import Change, Decision, Row, Scenario, Value
from shipworthy.errors import InputError
from shipworthy.record.answers import value_text
from shipworthy.scenario_answers import as_it_stands
from shipworthy.scenarios import Beside, against_now
from shipworthy.words import join, one_line

CHANGES_HEAD = ("Answer", "For", "As it stands", "Changed to")


@dataclass(frozen=True)
class Chapter:
    """One scenario."""

    name: str
    note: str
    changes: tuple[tuple[str, str, str, str], ...]
    """Answer, for which option, as it stands, changed to."""
    told: Told


def chapters(assessment: Assessment, beside: Sequence[Beside] | None = None) -> Iterator[Chapter]:
    """Every scenario of a decision, held against the answers as they stand; ``beside`` where that is known already."""
    known = against_now(assessment) if beside is None else beside
    for each, found in zip(assessment.decision.scenarios, known, strict=True):
        yield Chapter(each.name, each.note, tuple(changes(assessment, each)), told(found, assessment))


def changes(assessment: Assessment, scenario: Scenario) -> Iterator[tuple[str, str, str, str]]:
    """What a scenario changes, a line an answer, in words.

    >>> from datetime import date
    >>> from shipworthy.assess import assess
    >>> from shipworthy.examples import example
    >>> fewer = Scenario(name="Fewer", changes=(Change(answer="lead_time.events", value=30.0),))
    >>> next(changes(assess(example("churn"), on=date(2026, 11, 20), size=2), fewer))[2:]
    ('400 events a month (340 to 470)', '30 events a month')
    """
    names = Names(assessment.decision, EVERY)
    for each in scenario.changes:
        question = names.declared(each.answer)
        own = "all options" if each.option is None else names.option_name(each.option)
        yield names.label(each.answer), own, _stands(assessment, names, question, each), value_words(question, each.value, names.currency)  # fmt: skip


def changes_text(decision: Decision, scenario: Scenario) -> str:
    """A scenario on one line: what it changes, and to what."""
    names, told = Names(decision, EVERY), list[str]()
    for each in scenario.changes:
        own = "" if each.option is None else f" for “{names.option_name(each.option)}”"
        told.append(
            f"{names.label(each.answer)}{own}: {value_words(names.declared(each.answer), each.value, names.currency)}"
        )
    return "; ".join(told) + (f" ({scenario.note})" if scenario.note else "")


def _stands(assessment: Assessment, names: Names, question: Question, change: Change) -> str:
    try:
        names.question(change.answer)
    except InputError:
        return "not asked"
    groups = as_it_stands(assessment.world, change)
    texts = [(value_words(question, value, names.currency), whose) for value, whose in groups]
    if len(texts) == 1:
        return texts[0][0]
    return "; ".join(f"{text} ({join([one_line(name, 40) for name in whose])})" for text, whose in texts)


def value_words(question: Question, value: Value | None, currency: str) -> str:
    """A value in words; of a list how many rows it has."""
    if isinstance(value, tuple) and (question.kind == "rows" or any(isinstance(each, Row) for each in value)):
        return f"a list of {len(value)}"
    return value_text(question, value, currency)
