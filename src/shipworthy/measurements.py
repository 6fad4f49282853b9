"""New measurements from a table of text: a line an answer, with the columns answer, option (may be empty) and value.

Untrusted: every line is read by itself, a number is a number and nothing else, and each bad line is told in one sentence.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shipworthy._answer_names import Names
from shipworthy._free_conditions import FreeCondition, conditions, folded
from shipworthy.decision import Decision
from shipworthy.errors import InputError
from shipworthy.words import one_line

MOST_LINES = 10_000
_COLUMNS = ("answer", "option", "value")
_LONGEST = 1_000


@dataclass(frozen=True)
class Line:
    """One measurement as it was written."""

    number: int
    answer: str
    option: str
    value: str


def read(data: bytes | str) -> list[Line]:
    """The lines of a table; fields are divided by commas, semicolons or tabs, as its first line is.

    Parameters
    ----------
    data : bytes or str
        UTF-8.

    Raises
    ------
    InputError
        Where it is no such table.

    Examples
    --------
    >>> read("answer,option,value\\nlead_time.persuasion,,70 days\\n")
    [Line(number=2, answer='lead_time.persuasion', option='', value='70 days')]
    """
    names, lines = _table(data)
    missing = [each for each in ("answer", "value") if names.count(each) != 1]
    if missing or names.count("option") > 1:
        raise InputError(f"the first line has to name the columns {', '.join(_COLUMNS)}, each once")
    found = []
    try:
        for cells in lines:
            if any(each.strip() for each in cells[len(names) :]):
                raise InputError(
                    f"line {lines.line_num}: there are more fields than columns: put a number with commas in quotes"
                )
            said = {name: cell.strip() for name, cell in zip(names, cells, strict=False) if name in _COLUMNS}
            if any(said.values()):
                found.append(Line(lines.line_num, said["answer"], said.get("option", ""), said.get("value", "")))
            if len(found) > MOST_LINES:
                raise InputError(f"there are more than {MOST_LINES:,} lines: keep those that matter")
    except csv.Error as problem:
        raise _unreadable(lines.line_num, problem) from None
    return found


def more_columns(data: bytes | str) -> tuple[str, ...]:
    """Columns of a table that are not looked at, by their names.

    >>> more_columns("answer,option,value,who")
    ('who',)
    """
    return tuple(each for each in _table(data)[0] if each and each not in _COLUMNS)


def _table(data: bytes | str) -> tuple[list[str], Any]:
    """The names of the columns, and the lines below them."""
    try:
        text = data.decode("utf-8-sig") if isinstance(data, bytes) else data.removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise InputError("this is not text in UTF-8: save the table as CSV in UTF-8") from None
    mark = max(",;\t", key=text.partition("\n")[0].count)
    lines = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=mark)
    try:
        return [each.strip().casefold() for each in next(lines, [])], lines
    except csv.Error as problem:
        raise _unreadable(lines.line_num, problem) from None


def _unreadable(line: int, problem: csv.Error) -> InputError:
    return InputError(f"line {line}: this cannot be read as a table ({problem})")


def measured(lines: Sequence[Line], decision: Decision) -> tuple[Mapping[tuple[str, str], float], dict[int, str]]:
    """Measurements as a decision understands them, by answer and option, and what is wrong with which line.

    An answer is named by its key (``lead_time.persuasion``) or its label, an option by its key or its name. A number that
    is no answer is named as the sentence does that would reopen the decision (“tokens a conversation exceed 9,000”).
    """
    names = Names(decision)
    free = conditions(decision, names)
    found: dict[tuple[str, str], float] = {}
    first: dict[tuple[str, str], int] = {}
    wrong: dict[int, str] = {}
    for line in lines:
        try:
            place, value = _understood(names, line, free)
            if place in found:
                raise InputError(f"the same answer and option stand in line {first[place]}: keep one of them")
        except InputError as problem:
            wrong[line.number] = f"line {line.number}: {problem}"
        else:
            found[place], first[place] = value, line.number
    return found, wrong


def _understood(names: Names, line: Line, free: Mapping[str, FreeCondition]) -> tuple[tuple[str, str], float]:
    for what in _COLUMNS:
        if len(getattr(line, what)) > _LONGEST:
            raise InputError(f"the {what} has more than {_LONGEST:,} characters")
    if not line.answer:
        raise InputError("the answer is missing: name one like lead_time.persuasion")
    asked = free.get(folded(line.answer))
    answer = names.find(line.answer) if asked is None else asked.key
    option = names.option(line.option) if line.option and asked is None else ""
    if not line.value:
        raise InputError(f"{one_line(line.answer, 60)}: the value is missing: type a number, or leave the line out")
    if asked is not None:
        if line.option:
            raise InputError(f"{one_line(line.answer, 60)}: this is no answer, so it is of no option: leave that empty")
        try:
            return (answer, ""), asked.number(line.value)
        except InputError as problem:
            raise InputError(f"{one_line(line.answer, 60)}: {problem}") from None
    question = names.question(answer)
    try:
        return (answer, option), names.number(question, line.value)
    except InputError as problem:
        said = str(problem).removeprefix(f"{question.label}: ")
        raise InputError(f"{one_line(line.answer, 60)}: {said}") from None
