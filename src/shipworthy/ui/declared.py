"""The declaration of questions as the form wants it: sections, labels, units, choices and columns."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from shipworthy.considerations.base import Consideration
from shipworthy.considerations.questions import Question


def sections(
    consideration: Consideration, registry: Mapping[str, Consideration], currency: str
) -> list[dict[str, Any]]:
    """The declaration of a consideration's questions as the form wants it; what it reads from others comes last."""
    made = grouped(consideration.questions.values(), currency)
    others = [_question(registry, key) for key in consideration.shows]
    if any(others):
        shown = [_declared(question, currency) for question in others if question is not None]
        made.append({"key": "shown", "legend": "Asked elsewhere, used here", "questions": shown})
    return made


def grouped(questions: Iterable[Question], currency: str, *, long: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Questions by section; those named in ``long`` get a box of several lines."""
    made: dict[str, dict[str, Any]] = {}
    for question in questions:
        name = question.section
        place = made.setdefault(name, {"key": name, "legend": name, "questions": []})
        place["questions"].append({**_declared(question, currency), "multiline": question.name in long})
    return list(made.values())


def _question(registry: Mapping[str, Consideration], key: str) -> Question | None:
    consideration, _, name = key.partition(".")
    return registry[consideration].questions[name] if consideration in registry else None


def _declared(question: Question, currency: str) -> dict[str, Any]:
    return {
        "key": question.key,
        "kind": question.kind,
        "label": question.label,
        "unit": shown_unit(question.unit, currency),
        "help": question.help,
        "choices": _choices(question.choices),
        "columns": [_declared_column(column, currency) for column in question.columns],
        "per_option": question.per_option,
    }


def _choices(choices: Mapping[str, str] | None) -> list[dict[str, str]]:
    return [{"value": value, "label": label} for value, label in (choices or {}).items()]


def _declared_column(column: Mapping[str, Any], currency: str) -> dict[str, Any]:
    unit = shown_unit(unit_of(column), currency)
    return {**column, "unit": unit, "choices": _choices(column.get("choices"))}


def shown_unit(unit: str, currency: str) -> str:
    """The unit as it stands beside a box; shares are typed with their sign."""
    if unit == "share":
        return ""
    return currency + unit.removeprefix("money") if unit.startswith("money") else unit


def unit_of(column: Mapping[str, Any]) -> str:
    """The unit of a column of a list."""
    return str(column.get("unit") or ("share" if column.get("kind") in ("share", "chance") else ""))
