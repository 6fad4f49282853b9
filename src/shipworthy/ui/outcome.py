"""The outcome as a form: its questions, the document's values as they stand in the boxes, and what was typed taken over."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from shipworthy import forecasts, triggers
from shipworthy._answer_names import Names
from shipworthy._trigger_words import SIDES, answer, older, row
from shipworthy.assess import Assessment
from shipworthy.considerations.questions import Question
from shipworthy.decision import Condition, Decision, Forecast, Outcome, Row, Signature, Trigger, Value, Voice, now
from shipworthy.errors import InputError
from shipworthy.record.outcome import answer_text, came_box, expected_text
from shipworthy.reference import loader as reference
from shipworthy.ui.days import any_day, typed_day
from shipworthy.ui.lines import Cells, Lines, Stated, Taken, counting, rows_of, take
from shipworthy.words import box_text, join, one_line

MOST_ROWS = 50
_NAMED = 3
"""Answers that are named in a sentence."""
VOICES = ("consulted", "informed", "dissent")
WHATS = {
    "answer": "an answer", "starts": "a duty starts", "changes": "a duty or licence changes",
    "older": "a table is older than", "on": "a day has come",
}  # fmt: skip
CAME = "What came of it"
WATCHED = (
    "What a machine can watch: “shipworthy recheck” holds it against new numbers, the tables and the date of that day. "
    "Of what differs from case to case, the typical one counts."
)
JUDGED = (
    "Whatever else would reopen it, for people to judge. Of a number that is no answer, such as “tokens a conversation exceed "
    "9,000”, “shipworthy recheck” asks for a line of that name in the measurements."
)
_TEXT = {"kind": "text"}
_WHO = {"key": "who", "label": "Name", **_TEXT}


def questions(assessment: Assessment) -> tuple[Question, ...]:
    """What is asked of the outcome; what came is asked once something was expected."""
    decision, names = assessment.decision, Names(assessment.decision)
    options = {each.key: each.name for each in decision.options}
    said = ({**_WHO}, {"key": "text", "label": "In their own words", **_TEXT})
    asked = (
        Question("outcome", "chosen", "What was decided", "choice", "Chosen option", choices=options),
        Question("outcome", "reasons", "What was decided", "text", "Why", help="In the words of those who decide."),
        Question(
            "outcome", "conditions", "What was decided", "rows", "Conditions that must come true",
            columns=(
                {"key": "text", "label": "Condition", **_TEXT}, {"key": "owner", "label": "Who sees to it", **_TEXT},
                {"key": "by", "label": "By", "kind": "date"}, {"key": "done", "label": "Done on", "kind": "date"},
            ),
        ),
        Question("outcome", "triggers", "What would reopen it", "rows", "Look at it again when", columns=_columns(names, options),
                 help=WATCHED),
        Question("outcome", "reopen", "What would reopen it", "rows", "Reopen when", columns=({"key": "text", "label": "What would reopen it", **_TEXT},),
                 help=JUDGED),
        Question("outcome", "signatures", "Who answers for it", "rows", "Signed by", columns=(_WHO, {"key": "role", "label": "Role", **_TEXT})),
        Question("outcome", "consulted", "Who answers for it", "rows", "Asked before it was decided", columns=said),
        Question("outcome", "informed", "Who answers for it", "rows", "Told of it", columns=said),
        Question("outcome", "dissent", "Who answers for it", "rows", "Disagreed", columns=said),
    )  # fmt: skip
    if not decision.outcome.forecasts:
        return asked
    came = Question(
        "outcome", "forecasts", CAME, "rows", "Expected then, and what came",
        columns=(
            {"key": "answer", "label": "Answer", "read_only": True, **_TEXT},
            {"key": "expected", "label": "Expected then", "read_only": True, **_TEXT},
            {"key": "came", "label": "Came", **_TEXT}, {"key": "on", "label": "Known on", "kind": "date"},
        ),
        help="Fill in what came, when it is known; for a chance, yes or no. What was expected stays as it was.",
    )  # fmt: skip
    return (*asked, came)


def _columns(names: Names, options: Mapping[str, str]) -> tuple[Mapping[str, Any], ...]:
    duties = [each.key for each in reference.load("duties")]
    known = [*names.labels.values(), *duties, *reference.names()]
    return (
        {"key": "what", "label": "What", "kind": "choice", "choices": WHATS},
        {"key": "name", "label": "Answer, duty, licence or table", "suggestions": known, **_TEXT},
        {"key": "side", "label": "Is", "kind": "choice", "choices": SIDES},
        {"key": "value", "label": "Value, days or date", **_TEXT},
        {"key": "option", "label": "For", "kind": "choice", "choices": options},
    )


def values(outcome: Outcome) -> dict[str, Value | None]:
    """What was said to the questions that are no lists."""
    return {"chosen": outcome.chosen, "reasons": outcome.reasons or None}


def lists(decision: Decision) -> dict[str, Stated]:
    """The lists of the outcome as they stand in the boxes."""
    outcome, names = decision.outcome, Names(decision)
    cells: dict[str, Callable[[Any], Cells]] = {
        "reopen": lambda text: {"text": text},
        "conditions": lambda each: _cells(each, ("text", "owner", "by", "done")),
        "signatures": lambda each: _cells(each, ("who", "role")),
        "triggers": lambda each: _trigger_cells(names, each),
        "forecasts": lambda each: _forecast_cells(names, each),
        **dict.fromkeys(VOICES, lambda each: _cells(each, ("who", "text"))),
    }
    things = {name: getattr(outcome, name) for name in cells}
    return {name: Stated(_rows(map(made, things[name])), things[name]) for name, made in cells.items()}


def _rows(things: Iterable[Cells], first: int = 1) -> tuple[Row, ...]:
    return tuple(
        Row(id=f"r{number}", cells={name: cell for name, cell in cells.items() if cell})
        for number, cells in enumerate(things, start=first)
    )


def _cells(thing: Any, names: Sequence[str]) -> dict[str, str]:
    return {name: str(getattr(thing, name) or "") for name in names}


def _trigger_cells(names: Names, trigger: Trigger) -> dict[str, str]:
    cells = {"what": trigger.kind, "name": trigger.row or trigger.table, "option": trigger.option or ""}
    if trigger.kind == "on":
        return {**cells, "value": str(trigger.day)}
    if trigger.kind == "older":
        return {**cells, "value": box_text(trigger.value or 0.0)}
    if trigger.kind == "answer":
        unit = names.declared(trigger.answer).unit
        value = box_text(trigger.value or 0.0, unit=unit)
        return {**cells, "name": names.label(trigger.answer), "side": trigger.side, "value": value}
    return cells


def _forecast_cells(names: Names, forecast: Forecast) -> dict[str, str]:
    came = came_box(names, forecast)
    return {
        "answer": answer_text(names, forecast),
        "expected": expected_text(names, forecast),
        "came": {"1": "yes", "0": "no"}.get(came, came) if forecast.chance else came,
        "on": str(forecast.came_on or ""),
    }


def changed(assessment: Assessment, name: str, value: Value | None) -> Outcome:
    """The outcome with a question answered anew that is no list."""
    if name == "chosen":
        return _chosen(assessment, str(value) if value else None)
    return assessment.decision.outcome.model_copy(update={name: value or ""})


def typed(
    assessment: Assessment, name: str, value: Value | None, stood: Mapping[str, Any], today: date
) -> tuple[Outcome, Taken[Any]]:
    """The outcome with a list as it was typed, and what counts of its lines; ``stood`` is what they said before, by their ids."""
    if name == "forecasts":
        return _came(assessment, value, today)
    taken = take(value, _Lines(_reader(assessment, name, today), name), stood)
    return assessment.decision.outcome.model_copy(update={name: taken.things}), taken


class _Lines(Lines[Any]):
    """The lines of one list of the outcome."""

    most = MOST_ROWS

    def __init__(self, read: Callable[[Cells], Any], name: str) -> None:
        self._read, self.name = read, name

    def read(self, cells: Cells, before: Any) -> Any:
        """What a line says."""
        return self._read(cells)

    def same(self, thing: Any) -> Hashable:
        """Two triggers are not the same."""
        return _essence(thing) if self.name == "triggers" else None


def _chosen(assessment: Assessment, option: str | None) -> Outcome:
    """Another option chosen: what is expected of its answers is kept, to be held against what comes."""
    outcome = assessment.decision.outcome
    if option == outcome.chosen:
        return outcome
    decided = (outcome.decided_at or now()) if option else None
    outcome = outcome.model_copy(update={"chosen": option, "decided_at": decided})
    return forecasts.kept(outcome, forecasts.expected(assessment, option) if option else ())


def _reader(assessment: Assessment, name: str, today: date) -> Callable[[Cells], Any]:
    outcome = assessment.decision.outcome
    if name == "conditions":
        return _condition
    if name == "reopen":
        return lambda cells: cells.get("text", "")[:300]
    if name in VOICES:
        return lambda cells: Voice(who=_named(cells), text=cells.get("text", ""))
    if name == "signatures":
        known = {each.who: each for each in outcome.signatures}
        return lambda cells: _signed(cells, known)
    stood = {_essence(each): each for each in outcome.triggers}

    def trigger(cells: Cells) -> Trigger:
        made = _trigger(assessment, cells, today)
        return stood.get(_essence(made), made)

    return trigger


def _condition(cells: Cells) -> Condition:
    by, done = (typed_day(cells.get(name)) for name in ("by", "done"))
    return Condition(text=cells.get("text", ""), owner=cells.get("owner", "")[:300], by=by, done=done)


def _signed(cells: Cells, known: Mapping[str, Signature]) -> Signature:
    who, role = _named(cells), cells.get("role", "")[:300]
    return known[who].model_copy(update={"role": role}) if who in known else Signature(who=who, role=role, at=now())


def _named(cells: Cells) -> str:
    if not cells.get("who"):
        raise InputError("the name is missing: type who it is")
    return cells["who"][:300]


def _essence(trigger: Trigger) -> tuple[object, ...]:
    """What makes two triggers the same, whenever and why they were written."""
    return tuple(
        getattr(trigger, each) for each in ("kind", "answer", "side", "value", "option", "table", "row", "day")
    )


def _trigger(assessment: Assessment, cells: Cells, today: date) -> Trigger:
    what, name, value = (cells.get(each, "") for each in ("what", "name", "value"))
    if not what:
        raise InputError("choose what it is: an answer, a duty, a table, a day")
    if what != "on" and not name:
        raise InputError(
            f"type which: {'a label like Persuasion' if what == 'answer' else 'a name like EU-AIA-86 or gpus'}"
        )
    if what in ("answer", "older", "on") and not value:
        raise InputError(
            f"type {'the day' if what == 'on' else 'the number of days' if what == 'older' else 'the value'}"
        )
    if what == "on":
        return Trigger(kind="on", day=any_day(value, assessment.decision, today), since=today)
    if what == "older":
        return older(name, value, on=today)
    if what != "answer":
        return row(name, what == "changes", on=today)
    side = cells.get("side") or "above"
    return answer(assessment.decision, name, side, value, option=cells.get("option", ""), on=today)


_YES_NO = {"yes": 1.0, "y": 1.0, "1": 1.0, "no": 0.0, "n": 0.0, "0": 0.0}


def _came(assessment: Assessment, value: Value | None, today: date) -> tuple[Outcome, Taken[Any]]:
    """What came, line by line; a line that is removed takes nothing back but what came."""
    outcome, names, problem = assessment.decision.outcome, Names(assessment.decision), ""
    typed_rows = {row.id: row.cells for row in rows_of(value)}
    lines = list[Row]()
    for place, before in enumerate(outcome.forecasts):
        cells = typed_rows.get(f"r{place + 1}", {})
        said = {name: text for name in ("came", "on") if (text := str(cells.get(name, "")))}
        try:
            came = _number(names, before, said["came"]) if "came" in said else None
            outcome = forecasts.with_came(outcome, place, came, typed_day(said.get("on")) or before.came_on or today)
            shown = _forecast_cells(names, outcome.forecasts[place])
        except InputError as wrong:
            problem = problem or f"row {place + 1} {counting(before.came is not None)}: {wrong}"
            shown = {**_forecast_cells(names, before), "came": "", "on": "", **said}
        lines += _rows([shown], place + 1)
    return outcome, Taken(tuple(lines), problem=problem)


def _number(names: Names, forecast: Forecast, text: str) -> float:
    if forecast.chance:
        if text.strip().casefold() not in _YES_NO:
            raise InputError(f"“{one_line(text)}” is neither yes nor no")
        return _YES_NO[text.strip().casefold()]
    question = names.question(forecast.answer)
    try:
        return names.number(question, text)
    except InputError as problem:
        raise InputError(str(problem).removeprefix(f"{question.label}: ")) from None


def proposed(assessment: Assessment) -> Outcome:
    """The outcome with triggers from where the recommendation turns, and from the flip points of the chosen option, or of
    the one that leads.

    Raises
    ------
    InputError
        Where there is nothing to propose.
    """
    decision = assessment.decision
    option = decision.outcome.chosen or assessment.recommended
    have = decision.outcome.triggers
    known = {(each.answer, each.option) for each in have}
    found = (*triggers.turned(assessment), *triggers.proposed(assessment, option))
    new = {(each.answer, each.option): each for each in reversed(found) if (each.answer, each.option) not in known}
    if not new:
        raise InputError(_nothing(assessment, option))
    return decision.outcome.model_copy(update={"triggers": (*have, *list(new.values())[::-1])[:MOST_ROWS]})


def _nothing(assessment: Assessment, option: str) -> str:
    """Why there is nothing to propose, and what to do first."""
    outcome, name = assessment.decision.outcome, one_line(assessment.decision.option(option).name, 60)
    if not assessment.comparable:
        asked = [f"“{one_line(assessment.world.question(key).label, 60)}”" for key in assessment.missing[:_NAMED]]
        first = f"answer {join(asked)} first" if asked else "say first what the options bring"
        return f"Nothing can be compared yet, so no answer is known to turn anything: {first}, or write what would reopen it"
    more = " that is not watched already" if outcome.triggers else ""
    said = f"o single answer{more} makes “{name}” worse"
    if outcome.chosen is None:
        return (
            f"Nothing is chosen, and n{said}, which leads: choose what was decided first, or write what would reopen it"
        )
    return f"N{said}: write what would reopen it"


def expected_now(assessment: Assessment) -> Outcome:
    """The outcome with what is expected today of the chosen option's answers, in the place of what was expected before."""
    outcome = assessment.decision.outcome
    if outcome.chosen is None:
        raise InputError("Choose an option first: what is expected is kept for the one that was chosen")
    return forecasts.kept(outcome, forecasts.expected(assessment, outcome.chosen))


def kept_words(decision: Decision) -> str:
    """What was kept of what is expected, and where what came is entered."""
    outcome = decision.outcome
    name, count = (
        one_line(decision.option(outcome.chosen or "").name, 60),
        sum(each.came is None for each in outcome.forecasts),
    )
    if not count:
        return f"Nothing that “{name}” stands on is uncertain: there is nothing to keep."
    return (
        f"Kept what we expect today of {count} answer{'' if count == 1 else 's'} that “{name}” stands on. What comes is "
        f"entered under “{CAME}”, when it is known."
    )


def reopening(assessment: Assessment) -> list[str]:
    """What reopens the decision on the day that counts, and what can never be judged, in sentences."""
    try:
        found = triggers.recheck(assessment.decision, on=assessment.on)
    except InputError as problem:  # a file that was written by hand
        return [str(problem)]
    return [
        f"{each.what.removeprefix('Reopen when ')}: {each.reason}"
        for each in found
        if each.reopens or each.state == "cannot"
    ]
