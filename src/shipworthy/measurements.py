"""New measurements from a table of text: a line an answer, with the columns answer, option (may be empty) and value.

Untrusted: every line is read by itself, a number is a number and nothing else, and each bad line is told in one sentence.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shipworthy._answer_names import Names
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
    try:
        text = data.decode("utf-8-sig") if isinstance(data, bytes) else data.removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise InputError("this is not text in UTF-8: save the table as CSV in UTF-8") from None
    head = text.partition("\n")[0]
    mark = max(",;\t", key=head.count)
    lines = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=mark)
    try:
        names = [each.strip().casefold() for each in next(lines, [])]
        missing = [each for each in ("answer", "value") if names.count(each) != 1]
        if missing or names.count("option") > 1:
            raise InputError(f"the first line has to name the columns {', '.join(_COLUMNS)}, each once")
        found = []
        for cells in lines:
            said = {name: cell.strip() for name, cell in zip(names, cells, strict=False) if name in _COLUMNS}
            if any(said.values()):
                found.append(Line(lines.line_num, said["answer"], said.get("option", ""), said.get("value", "")))
            if len(found) > MOST_LINES:
                raise InputError(f"there are more than {MOST_LINES:,} lines: keep those that matter")
    except csv.Error as problem:
        raise InputError(f"line {lines.line_num}: this cannot be read as a table ({problem})") from None
    return found


def measured(lines: Sequence[Line], decision: Decision) -> tuple[Mapping[tuple[str, str], float], dict[int, str]]:
    """Measurements as a decision understands them, by answer and option, and what is wrong with which line.

    An answer is named by its key (``lead_time.persuasion``) or its label, an option by its key or its name.
    """
    names = Names(decision)
    found: dict[tuple[str, str], float] = {}
    first: dict[tuple[str, str], int] = {}
    wrong: dict[int, str] = {}
    for line in lines:
        try:
            place, value = _understood(names, line)
            if place in found:
                raise InputError(f"the same answer and option stand in line {first[place]}: keep one of them")
        except InputError as problem:
            wrong[line.number] = f"line {line.number}: {problem}"
        else:
            found[place], first[place] = value, line.number
    return found, wrong


def _understood(names: Names, line: Line) -> tuple[tuple[str, str], float]:
    for what in _COLUMNS:
        if len(getattr(line, what)) > _LONGEST:
            raise InputError(f"the {what} has more than {_LONGEST:,} characters")
    if not line.answer:
        raise InputError("the answer is missing: name one like lead_time.persuasion")
    answer = names.find(line.answer)
    option = names.option(line.option) if line.option else ""
    if not line.value:
        raise InputError(f"{one_line(line.answer, 60)}: the value is missing: type a number, or leave the line out")
    question = names.question(answer)
    try:
        return (answer, option), names.number(question, line.value)
    except InputError as problem:
        said = str(problem).removeprefix(f"{question.label}: ")
        raise InputError(f"{one_line(line.answer, 60)}: {said}") from None
