"""Answers as a scenario has them: put into a document, read off two documents, and taken out again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from shipworthy import edits
from shipworthy._answer_names import Names
from shipworthy.considerations import registry
from shipworthy.considerations.base import World
from shipworthy.considerations.questions import Question
from shipworthy.considerations.world import cell_name, stated
from shipworthy.decision import DO_NOTHING, Answer, Change, Decision, Evidence, Row, Scenario, Value
from shipworthy.errors import InputError
from shipworthy.estimate import Pool
from shipworthy.words import one_line

CURRENCY = "value_stream.currency"
MOST_CHANGES = 100
MOST_CELLS = 12
"""Cells of one list that are kept one by one; where more changed, the whole list is."""


def changed(decision: Decision, names: Names, change: Change, source: str, on: date | None) -> Decision:
    """The document with one change in it.

    Raises
    ------
    InputError
        Where it does not fit: the question, the row, the option or the value is not possible any more.
    """
    key, _, cell = change.answer.partition("#")
    asked, question = names.question(change.answer), names.question(key)
    if key == CURRENCY:
        raise InputError("amounts in two currencies cannot be compared")
    if change.option is not None:
        _check_option(decision, question, change.option)
    try:
        asked.check(change.value)
    except InputError as problem:
        raise InputError(str(problem).removeprefix(f"{asked.label}: ")) from None
    answer = decision.answer(key)
    evidence = Evidence(kind="estimated", source=one_line(f"What if: {source}", 300))
    if cell:
        made = _with_cell(decision, question, answer, change, cell)
    elif change.option is None:
        made = (answer or Answer()).model_copy(update={"value": change.value, "differs": False})
    else:
        made = _with_own(decision, question, answer, change.option, change.value)
    if on is not None:
        for value in (made.value, *made.by_option.values()):
            if value is not None:
                registry()[question.consideration].check(question.name, value, on)
    return edits.with_answer(decision, key, made.model_copy(update={"state": "given", "evidence": evidence}))


def _check_option(decision: Decision, question: Question, option: str) -> None:
    found = next((each for each in decision.options if each.key == option), None)
    if found is None:
        raise InputError("that option is not there any more")
    if not question.per_option:
        raise InputError("options cannot differ in it; change it for all of them")
    if found.phases:
        raise InputError("that option is others in turn; change it for those")


def _with_own(decision: Decision, question: Question, answer: Answer | None, option: str, value: Value) -> Answer:
    """The answer with one option's own value; the others keep what they have, unknown where it is unknown."""
    if answer is None:
        default = question.declared_default()
        answer = Answer(value=default.value if default else None)
    own: dict[str, Value | None] = dict(answer.by_option) if answer.differs else {}
    if answer.state == "unknown":
        own = {each.key: None for each in decision.options}
    return answer.model_copy(update={"differs": True, "by_option": {**own, option: value}})


def _with_cell(decision: Decision, question: Question, answer: Answer | None, change: Change, cell: str) -> Answer:
    """The answer with one cell of its list changed, in every list that has the row or in one option's."""
    row, _, column = cell.rpartition(".")
    if change.option is not None:
        rows = _in_rows(stated(question, answer, change.option)[1], row, column, change.value)
        if rows is None:
            raise InputError("the list has no such row any more")
        return _with_own(decision, question, answer, change.option, rows)
    default = question.declared_default()
    before = answer or Answer(value=default.value if default else None)
    used = [stated(question, answer, key)[1] for key in _acting(decision, decision)]
    if all(_in_rows(each, row, column, change.value) is None for each in used):
        raise InputError("the list has no such row any more")
    value = before.value if before.value is not None else default.value if default else None
    own = {key: _in_rows(each, row, column, change.value) or each for key, each in before.by_option.items()}
    return before.model_copy(
        update={"value": _in_rows(value, row, column, change.value) or before.value, "by_option": own}
    )


def _in_rows(value: Any, name: str, column: str, cell: Any) -> tuple[Row, ...] | None:
    """A list with one cell changed; None where it is no list, or has no such row."""
    rows = [row for row in value if isinstance(row, Row)] if isinstance(value, tuple) else []
    if all(row.id != name for row in rows):
        return None
    return tuple(
        row.model_copy(update={"cells": {**row.cells, column: cell}}) if row.id == name else row for row in rows
    )


# ---- read off two documents


@dataclass(frozen=True)
class Kept:
    """A scenario made from what differs between two documents, and sentences on what it cannot hold."""

    scenario: Scenario
    left_out: tuple[str, ...]


def from_changes(before: Decision, after: Decision, name: str) -> Kept:
    """What was answered otherwise in one document than in another, as a scenario of the first.

    Only answers are kept, and only for options that both have: neither the options themselves nor the frame.

    Examples
    --------
    >>> from shipworthy.examples import example
    >>> old = example("churn")
    >>> from_changes(old, edits.say(old, "lead_time.events", 30.0), "Fewer").scenario.changes
    (Change(answer='lead_time.events', value=30.0, option=None),)
    """
    changes, left_out = list[Change](), list[str]()
    for consideration in registry().values():
        for question in consideration.questions.values():
            sides = before.answer(question.key), after.answer(question.key)
            if sides[0] is sides[1] or sides[0] == sides[1]:
                continue
            try:
                changes += _differing(before, after, question)
            except InputError as problem:
                left_out.append(f"“{consideration.name} › {question.label}” {problem}.")
    if len(changes) > MOST_CHANGES:
        raise InputError(f"{len(changes)} answers were changed: a scenario holds at most {MOST_CHANGES}")
    return Kept(Scenario(name=name, changes=tuple(changes)), tuple(left_out))


def _differing(before: Decision, after: Decision, question: Question) -> list[Change]:
    """What is said otherwise to one question; InputError, to stand behind its name, where a scenario cannot hold it."""
    old, new = before.answer(question.key), after.answer(question.key)
    acting = _acting(before, after)
    said = {each: (stated(question, old, each)[1], stated(question, new, each)[1]) for each in acting}
    differing = {each: pair for each, pair in said.items() if pair[0] != pair[1]}
    if not differing:
        return []
    if question.key == CURRENCY:
        raise InputError("is the same for all scenarios; it stays as it is now")
    for _, value in differing.values():
        if value is None:
            raise InputError("is not known now, which a scenario cannot say; it stays so")
        if isinstance(value, Pool):
            raise InputError("is what several people said, which a scenario cannot say; it stays so")
    values = [value for _, value in said.values()]
    if all(value == values[0] for value in values) and not (new is not None and new.differs):
        pair = next(iter(differing.values()))
        alike = all(each == pair[0] for each, _ in said.values())
        return list(_changes(question, pair if alike else (None, pair[1]), None))
    return [each for option, pair in differing.items() for each in _changes(question, pair, option)]


def _acting(before: Decision, after: Decision) -> list[str]:
    """Options of both that answers are given for."""
    there = {each.key for each in before.options}
    both = [each.key for each in after.options if each.key in there and not each.phases]
    return [key for key in both if key != DO_NOTHING] or [DO_NOTHING]


def _changes(question: Question, pair: tuple[Any, Any], option: str | None) -> Iterator[Change]:
    """One change, or a change for each cell where a list has the rows that it had."""
    old, new = pair
    cells = list(_cells(question, old, new)) if question.kind == "rows" else []
    if cells and len(cells) <= MOST_CELLS:
        yield from (Change(answer=name, value=value, option=option) for name, value in cells)
    else:
        yield Change(answer=question.key, value=new, option=option)


def _cells(question: Question, old: Any, new: Any) -> Iterator[tuple[str, Any]]:
    """Cells that differ; nothing where the rows themselves do, or where a cell was emptied."""
    if not isinstance(old, tuple) or [row.id for row in old] != [row.id for row in new]:
        return
    if any(row.cells.keys() - other.cells.keys() for row, other in zip(old, new, strict=True)):
        return
    for row, other in zip(old, new, strict=True):
        for column, value in other.cells.items():
            if row.cells.get(column) != value:
                yield cell_name(question.key, other, column), value


def restored(now: Decision, before: Decision, scenario: Scenario) -> Decision:
    """The document with the answers that a scenario changes as they stood in an earlier one; all else stays."""
    there, then = {each.key for each in now.options}, {each.key for each in before.options}
    for key in dict.fromkeys(each.answer.partition("#")[0] for each in scenario.changes):
        answer, current = before.answer(key), now.answer(key)
        if answer is not None:
            new = (
                {} if current is None else {name: each for name, each in current.by_option.items() if name not in then}
            )
            own = {name: each for name, each in answer.by_option.items() if name in there}
            answer = (
                answer.model_copy(update={"by_option": {**own, **new}})
                if {**own, **new} != answer.by_option
                else answer
            )
        now = edits.with_answer(now, key, answer)
    return now


def as_it_stands(world: World, change: Change) -> list[tuple[Any, list[str]]]:
    """What stands where a change goes, by the names of the options that have it; one entry where all have the same."""
    decision = world.decision
    single = [each for each in decision.options if not each.phases and each.key != DO_NOTHING] or list(decision.options)
    meant = [each for each in single if change.option is None] or [decision.option(change.option or DO_NOTHING)]
    groups: list[tuple[Any, list[str]]] = []
    for each in meant:
        value = world.value(change.answer, each.key)[1]
        same = next((found for found in groups if found[0] == value), None)
        if same is None:
            groups.append((value, [each.name]))
        else:
            same[1].append(each.name)
    return groups
