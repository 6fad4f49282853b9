"""Scenarios as a form: a line a changed answer, the document's scenarios as they stand in the boxes, and back."""

import re
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from shipworthy._answer_names import EVERY, Names
from shipworthy.assess import Assessment
from shipworthy.considerations.questions import Question
from shipworthy.decision import (
    Change,
    Decision,
    RangeValue,
    RequirementValue,
    Row,
    Scenario,
    SpreadValue,
    Value,
)
from shipworthy.errors import InputError
from shipworthy.record.what_if import value_words
from shipworthy.scenario_answers import MOST_CHANGES, as_it_stands, changed
from shipworthy.ui import fields
from shipworthy.ui.days import any_day
from shipworthy.ui.lines import Cells, Lines, Stated, Taken, take
from shipworthy.words import box_text, one_line, split_range

MOST_LINES, MOST_SCENARIOS, MOST_NAME = 200, 20, 120
HELP = (
    "A line a changed answer; lines of one name are one scenario, and a line without a name goes with the one above. Changed "
    "to: 9,000 or 30 % or 2 weeks; 5 to 10 to 20 for a range; 60 to 90 where cases differ (typical, and what 1 in 20 exceeds)."
)
_YES_NO = {"yes": "100 %", "y": "100 %", "no": "0 %", "n": "0 %"}
_RARE = re.compile(r"^(?:typically\s+)?(?P<p50>.+?)\s*[,;]?\s*1 in 20\s+(?:is\s+)?(?:above|over|exceeds?)\s+(?P<p95>.+)$", re.IGNORECASE)  # fmt: skip
_SURE = re.compile(r"^(?:at (?:least|most)\s+)?(?P<limit>.*?)(?:,\s*(?:with\s+)?(?P<sure>[\d.]+\s?%)\s+(?:sure|confidence))?$", re.IGNORECASE)  # fmt: skip


def question(decision: Decision) -> Question:
    """The list: which scenario, which answer, for which option, changed to what."""
    names = Names(decision, EVERY)
    options = {each.key: each.name for each in decision.options if not each.phases}
    columns = (
        {"key": "name", "label": "Scenario", "kind": "text", "suggestions": [each.name for each in decision.scenarios]},
        {"key": "answer", "label": "Answer", "kind": "text", "suggestions": list(names.labels.values())},
        {"key": "value", "label": "Changed to", "kind": "text"},
        {"key": "option", "label": "For", "kind": "choice", "choices": {"all": "all options", **options}},
    )
    return Question("what_if", "scenarios", "Scenarios", "rows", "What if …", columns=columns, help=HELP)


class Line(NamedTuple):
    """One line of the list: a changed answer of a scenario; none of one that changes nothing."""

    name: str
    change: Change | None
    note: str
    """The scenario's, which goes with its lines where they are called anew."""


def lines(made: Sequence[Scenario]) -> tuple[Line, ...]:
    """Scenarios as the lines that say them."""
    found = list[Line]()
    for each in made:
        found += [Line(each.name, change, each.note) for change in each.changes or (None,)]
    return tuple(found)


def stated(decision: Decision) -> Stated:
    """The document's scenarios as they stand in the boxes."""
    names, things = _Short(decision), lines(decision.scenarios)
    found = ({"name": each.name, **_cells(names, each.change)} for each in things)
    return Stated(
        tuple(
            Row(id=f"r{place}", cells={name: text for name, text in cells.items() if text})
            for place, cells in enumerate(found, start=1)
        ),
        things,
    )


class _Short(Names):
    """Names, and short ones where no two answers have them."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(decision, EVERY)
        tails = {key: label.partition(" › ")[2] for key, label in self.labels.items()}
        count = Counter(tail.casefold() for tail in tails.values())
        self.short = {key: tail for key, tail in tails.items() if count[tail.casefold()] == 1}


def _cells(names: _Short, change: Change | None) -> dict[str, str]:
    if change is None:
        return {}
    return {
        "answer": names.short.get(change.answer) or names.label(change.answer),
        "option": change.option or "all",
        "value": box(names.declared(change.answer), change.value, names.currency),
    }


def box(asked: Question, value: Value, currency: str) -> str:
    """A value as it stands in one box; what can be typed there is read back as it was.

    >>> box(Question("a", "b", "", "estimate", "B", unit="days"), RangeValue(low=5.0, likely=10.0, high=20.0), "EUR")
    '5 to 10 to 20'
    """
    texts = {name: str(text) for name, text in fields.fields(asked, value).items() if isinstance(text, str)}
    if isinstance(value, RangeValue):
        return " to ".join(texts.values())
    if isinstance(value, SpreadValue):
        parts = [text.replace("  ", "; ") for text in texts.values()]
        return " to ".join(parts) if not any(";" in part for part in parts) else ", 1 in 20 above ".join(parts)
    if isinstance(value, RequirementValue):
        return f"{texts['limit']}, {texts['confidence']} sure"
    if isinstance(value, float | int):
        return next(iter(texts.values()))
    if asked.kind == "choices" and isinstance(value, tuple):
        return "; ".join((asked.choices or {}).get(str(each), str(each)) for each in value)
    return value if isinstance(value, str) and asked.kind != "choice" else value_words(asked, value, currency)


def typed(
    assessment: Assessment, value: Value | None, stood: Mapping[str, Line] | None = None
) -> tuple[tuple[Scenario, ...], Taken[Line]]:
    """The scenarios that were typed, and what counts of the lines; ``stood`` is what they said before, by their ids."""
    found, before = take(value, _Reader(assessment), stood or {}), assessment.decision.scenarios
    changes, notes = dict[str, list[Change]](), dict[str, str]()
    for each in found.things:
        changes.setdefault(each.name, []).extend([each.change] if each.change else [])
        notes[each.name] = notes.get(each.name) or each.note
    if len(changes) == len(before):  # one that is called anew has that of its place
        notes = {name: notes[name] or old.note for name, old in zip(changes, before, strict=True)}
    notes |= {each.name: each.note for each in before}
    made = tuple(Scenario(name=name, changes=tuple(each), note=notes[name]) for name, each in changes.items())
    return made, found


class _Reader(Lines[Line]):
    """Reads lines; one that says what the document says is that change again, whatever could not be typed in a box."""

    most, beside = MOST_LINES, ("option",)

    def __init__(self, assessment: Assessment) -> None:
        self.assessment, self.names = assessment, _Short(assessment.decision)
        stood = [change for each in assessment.decision.scenarios for change in each.changes]
        self.stood = {tuple(sorted(_cells(self.names, each).items())): each for each in stood}
        self.name = ""
        """The scenario that a line without a name goes with."""
        self.called = dict[str, str]()
        """Names as they were typed first, by their folded ones."""

    def read(self, cells: Cells, before: Line | None) -> Line:
        """What a line says."""
        self.name = " ".join(cells.get("name", self.name).split())[:MOST_NAME]
        if not self.name:
            raise InputError("the scenario has no name: type one like “Half as much use”")
        self.name = self.called.setdefault(self.name.casefold(), self.name)
        return Line(self.name, self._change(cells), before.note if before else "")

    def check(self, thing: Line, found: Sequence[Line]) -> None:
        """At most so many scenarios, each with at most so many changes."""
        own = [each for each in found if each.name == thing.name]
        if not own and len({each.name for each in found}) >= MOST_SCENARIOS:
            raise InputError(f"{MOST_SCENARIOS} scenarios are there already; remove one first")
        if len(own) >= MOST_CHANGES:
            raise InputError(f"a scenario changes at most {MOST_CHANGES} answers")

    def same(self, thing: Line) -> Hashable:
        """A scenario changes an answer of an option once."""
        return (thing.name, thing.change.answer, thing.change.option) if thing.change else None

    def twice(self, thing: Line, row: int) -> str:
        """That the scenario changes this already."""
        name = one_line(thing.name, 60)
        return f"“{name}” changes this already, in row {row}: keep one line, or type another name"

    def again(self, before: Line) -> Iterator[Line]:
        """The change as it was: in the scenario that is named now, or else in that of before."""
        if self.name:
            yield before._replace(name=self.name)
        yield before

    def _change(self, cells: Cells) -> Change:
        """The change that a line says."""
        said = {"answer": "", "option": "all", **cells}
        known = self.stood.get(tuple(sorted((name, text) for name, text in said.items() if name != "name")))
        if known is not None:
            return known
        if not said["answer"]:
            raise InputError("type which answer is another: a label like Persuasion")
        key = self.names.find(said["answer"])
        if not said.get("value"):
            raise InputError("type what it is changed to")
        option = None if said["option"] == "all" else self.names.option(said["option"])
        value = self._value(self.names.question(key), said["value"], Change(answer=key, value=0.0, option=option))
        change = Change(answer=key, value=value, option=option)
        changed(self.assessment.decision, self.names, change, "", self.assessment.on)  # refuses what cannot be
        return change

    def _value(self, asked: Question, text: str, place: Change) -> Value:
        boxes = self._boxes(asked, text, place)
        if asked.kind == "rows":
            raise InputError("this is a whole list: name one of its cells, such as a task’s work")
        found = fields.parse(asked, boxes)
        if found is None:
            raise InputError("type what it is changed to")
        return found

    def _boxes(self, asked: Question, text: str, place: Change) -> dict[str, Any]:
        """What was typed into one box, in the boxes that the question has."""
        if asked.kind in ("estimate", "share", "money"):
            return {"likely": self._bare(asked, text)}
        if asked.kind == "spread":
            return dict(zip(("p50", "p95"), self._two(asked, text), strict=True))
        if asked.kind == "requirement":
            found = _SURE.match(text)
            limit, sure = (text, None) if found is None else (found["limit"], found["sure"])
            return {"limit": self._bare(asked, limit), "confidence": sure or self._sure(place)}
        if asked.kind == "choice":
            return {"value": _chosen(asked, text)}
        if asked.kind == "choices":
            whole = {each.casefold() for each in (asked.choices or {}).values()}
            several = [text] if text.casefold() in whole else text.split(";" if ";" in text else ",")
            parts = [each.strip() for each in several if each.strip()]
            return {"values": [_chosen(asked, each) for each in parts]}
        if asked.kind == "date":
            return {"value": any_day(text, self.assessment.decision, self.assessment.on).isoformat()}
        if asked.kind == "chance":
            return {"value": _YES_NO.get(text.casefold(), text)}
        return {"value": text if asked.kind == "text" else self._bare(asked, text)}

    def _bare(self, asked: Question, text: str) -> str:
        """What was typed without the unit behind it, where that is not part of a number."""
        unit = self.names.unit(asked)
        long = unit and not unit.endswith("days") and text.casefold().endswith(unit.casefold())
        return text[: -len(unit)].strip() if long else text

    def _two(self, asked: Question, text: str) -> list[str]:
        found = _RARE.match(text)
        parts = list(found.groups()) if found else split_range(text)
        if len(parts) != 2:
            raise InputError("type two numbers: the typical one, and the one that 1 in 20 exceeds, like 60 to 90")
        return fields.with_suffix([self._bare(asked, each) for each in parts])

    def _sure(self, place: Change) -> str:
        """The confidence that is asked for as it stands."""
        stands = as_it_stands(self.assessment.world, place)[0][0]
        return box_text(stands.confidence, unit="share") if isinstance(stands, RequirementValue) else ""


def _chosen(asked: Question, text: str) -> str:
    """The key of a choice, from its key or its label, or the beginning of one label alone."""
    wanted, choices = text.casefold(), asked.choices or {}
    for key, label in choices.items():
        if wanted in (key.casefold(), label.casefold()):
            return key
    near = [key for key, label in choices.items() if label.casefold().startswith(wanted)]
    if len(near) == 1:
        return near[0]
    labels = "; ".join(one_line(each, 60) for each in choices.values())
    raise InputError(f"“{one_line(text)}” is none of the choices: {labels}")
