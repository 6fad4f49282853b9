"""Ways to find out as a list of the form: the document's values as they stand in the boxes, and what was typed taken over."""

import re
from collections.abc import Hashable, Mapping, Sequence

from shipworthy._answer_names import Names
from shipworthy.assess import Assessment
from shipworthy.considerations.questions import Question
from shipworthy.deciding import uncertain
from shipworthy.decision import Inquiry, Row, Value
from shipworthy.errors import InputError
from shipworthy.ui.lines import Cells, Lines, Taken, take
from shipworthy.words import box_text, one_line, parse_number

MOST = 50
_MOST_ANSWERS = 20
_LONGEST = 3_650
KINDS = {"ask": "asking", "pilot": "a pilot", "measure": "measuring"}
_HELP = (
    "A line for each. Asking: a call, a quote, a legal opinion, and then it is known. A pilot: each user says yes or no, which "
    "shows a share. Measuring: a time, a cost, a number. Several answers that one of them tells of are separated by “;”. "
    "Cases: users or measurements; empty for the number that pays best. Costs: 2k, or 2k + 6 a case; 0 where it costs nothing. "
    "One case is off by: how far one case usually is from the average, in the answer’s unit. First: yes, it is done "
    "before we choose, and its days delay every launch; no, it is weighed here and delays nothing yet."
)
_TEXT = {"kind": "text"}
_A_CASE = re.compile(r"\b(a|per|each|every)?\s*(case|user|measurement|one|each)s?\s*$", re.IGNORECASE)
_NOTHING = ("nothing", "none", "free")


class Answers:
    """What uncertain answers are called in the list, both ways: by their label alone where only one has it."""

    def __init__(self, assessment: Assessment) -> None:
        self.names = Names(assessment.decision)
        self.known: dict[str, str] = {}
        lists: dict[str, int] = {}
        for said, _ in uncertain(assessment):
            self.known.setdefault(f"{said.consideration} › {said.label}", said.answer)
            whole, _, cell = said.answer.partition("#")
            lists[whole] = lists.get(whole, 0) + bool(cell)
        for whole, cells in lists.items():
            if cells > 1:
                owner = assessment.registry[whole.partition(".")[0]].name
                self.known.setdefault(f"{owner} › {assessment.world.question(whole).label} (all of the list)", whole)
        short = [name.rpartition(" › ")[2] for name in self.known]
        self.called = {
            answer: last if short.count(last) == 1 else name
            for (name, answer), last in zip(self.known.items(), short, strict=True)
        }
        self._by_text = {_folded(name): answer for name, answer in self.known.items()}
        self._by_text.update({_folded(name): answer for answer, name in self.called.items()})

    @property
    def suggestions(self) -> list[str]:
        """What may be typed."""
        return list(self.called.values())

    def text(self, answers: Sequence[str]) -> str:
        """Answers as they stand in a box."""
        return "; ".join(self.called.get(each) or self.names.label(each) for each in answers)

    def find(self, text: str) -> tuple[str, ...]:
        """The answers that are meant; InputError where one is not found."""
        if _folded(text) in self._by_text:  # a row of a list may have “;” in its name
            return (self._by_text[_folded(text)],)
        parts = [each for each in text.split(";") if each.strip()]
        found = (self._by_text.get(_folded(each)) or self.names.find(each) for each in parts)
        return tuple(dict.fromkeys(found))

    def unit(self, answer: str) -> str:
        """The unit in which an answer is typed."""
        return self.names.declared(answer).unit


def questions(answers: Answers) -> tuple[Question, ...]:
    """The list that is asked."""
    columns = (
        {"key": "name", "label": "How", **_TEXT},
        {"key": "answers", "label": "What it tells", "suggestions": answers.suggestions, **_TEXT},
        {"key": "kind", "label": "Kind", "kind": "choice", "choices": KINDS},
        {"key": "cases", "label": "Cases", **_TEXT},
        {"key": "strays", "label": "One case is off by", **_TEXT},
        {"key": "costs", "label": "Costs", **_TEXT},
        {"key": "days", "label": "Days", **_TEXT},
        {"key": "first", "label": "First?", "kind": "choice", "choices": {"no": "no", "yes": "yes"}},
    )
    return (
        Question(
            "find_out", "inquiries", "How we would find out", "rows", "Ways to find out", columns=columns, help=_HELP
        ),
    )


def rows(inquiries: Sequence[Inquiry], answers: Answers) -> tuple[Row, ...]:
    """The inquiries as lines of the list."""
    return tuple(
        Row(id=f"r{number}", cells={name: cell for name, cell in _cells(each, answers).items() if cell})
        for number, each in enumerate(inquiries, start=1)
    )


def _cells(inquiry: Inquiry, answers: Answers) -> dict[str, str]:
    strays = inquiry.strays
    return {
        "name": inquiry.name,
        "answers": answers.text(inquiry.answers),
        "kind": inquiry.kind,
        "cases": f"{inquiry.cases:,}" if inquiry.cases else "",
        "strays": "" if strays is None else box_text(strays, unit=answers.unit(inquiry.answers[0])),
        "costs": _costs_text(inquiry),
        "days": box_text(inquiry.days, unit="days") if inquiry.days else "",
        "first": "yes" if inquiry.first else "no",
    }


def _costs_text(inquiry: Inquiry) -> str:
    """``2000 + 6 a case``."""
    once = [box_text(inquiry.once)] if inquiry.once or (inquiry.free and not inquiry.each) else []
    return " + ".join(once + ([f"{box_text(inquiry.each)} a case"] if inquiry.each else []))


def taken(value: Value | None, answers: Answers, stood: Mapping[str, Inquiry] | None = None) -> Taken[Inquiry]:
    """The inquiries that were typed; ``stood`` is what the lines said before, by their ids."""
    return take(value, _Inquiries(answers), stood or {})


class _Inquiries(Lines[Inquiry]):
    """The lines of the list."""

    most, beside = MOST, ("kind", "first")

    def __init__(self, answers: Answers) -> None:
        self.answers = answers

    def read(self, cells: Cells, before: Inquiry | None) -> Inquiry:
        """What a line says."""
        return _inquiry(cells, self.answers)

    def same(self, thing: Inquiry) -> Hashable:
        """Their names are told apart."""
        return _folded(thing.name)

    def twice(self, thing: Inquiry, row: int) -> str:
        """That the name is taken."""
        return f"one is called “{one_line(thing.name)}” already, in row {row}: type another name"


def _inquiry(cells: Cells, answers: Answers) -> Inquiry:
    name, told = one_line(cells.get("name", "").strip(), 120), cells.get("answers", "")
    if not name:
        raise InputError("type how it would be found out, like A call with sales")
    asked = answers.find(told) if told.strip(" ;") else ()
    if not asked:
        raise InputError(f"type what “{one_line(name)}” tells, like {_like(answers)}")
    if len(asked) > _MOST_ANSWERS:
        raise InputError(f"it tells of {len(asked)} answers: name at most {_MOST_ANSWERS}")
    once, each = _costs(costs := cells.get("costs", ""))
    return Inquiry(
        name=name,
        answers=asked,
        kind=cells.get("kind") or "ask",  # type: ignore[arg-type]
        cases=_cases(cells.get("cases", "")),
        strays=_number(cells.get("strays", ""), "One case is off by", answers.unit(asked[0])),
        once=once,
        each=each,
        free=bool(costs.strip()) and not once and not each,
        days=_days(cells),
        first=cells.get("first") == "yes",
    )


def _like(answers: Answers) -> str:
    return f"“{next(iter(answers.suggestions), 'Persuasion')}”"


def _cases(text: str) -> int | None:
    if not text.strip():
        return None
    number = parse_number(text)
    if not 1 <= number <= 10**9 or number != round(number):
        raise InputError(f"Cases: {box_text(number)} was found; type a whole number from 1 on, or nothing for the best")
    return int(number)


def _days(cells: Cells) -> float:
    days = _number(cells.get("days", ""), "Days", "days") or 0.0
    if days > _LONGEST:
        raise InputError(f"Days: {box_text(days)} was found; type at most {_LONGEST:,}")
    return days


def _costs(text: str) -> tuple[float, float]:
    """What it costs once and what each case costs: ``2k``, ``6 a case``, ``2k + 6 a case``; ``nothing``."""
    if text.strip().casefold() in _NOTHING:
        return 0.0, 0.0
    found: dict[bool, list[tuple[str, float]]] = {True: [], False: []}
    for part in filter(str.strip, text.split("+")):
        number = _A_CASE.sub("", part)
        found[number != part].append((part.strip(), _number(number, "Costs", "money") or 0.0))
    once, each = found[False], found[True]
    if len(once) == 2 and not each:
        both = f"{once[0][0]} + {once[1][0]}"
        raise InputError(f"Costs: type {one_line(both, 60)} a case, or {sum(cost for _, cost in once):,.12g}")
    if len(once) > 1 or len(each) > 1:
        raise InputError("Costs: type one amount, and one a case, like 2k + 6 a case")
    return sum(cost for _, cost in once), sum(cost for _, cost in each)


def _number(text: str, label: str, unit: str) -> float | None:
    if not text.strip():
        return None
    try:
        number = parse_number(text, unit=unit)
    except InputError as problem:
        raise InputError(f"{label}: {problem}") from None
    if number < 0:
        raise InputError(f"{label}: {box_text(number)} was found; type 0 or more")
    return number


def _folded(text: str) -> str:
    return " ".join(text.replace(">", "›").strip(" “”\"'").casefold().split())
