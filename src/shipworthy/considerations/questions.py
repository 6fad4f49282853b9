"""How a question is declared, once: a field of a pydantic model with its label, unit, bounds and kind.

The question form, the record, the JSON Schema and the words of an error are all made from the declaration.
Defaults stand in the reference table ``defaults`` with their source, date and how far they were checked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from pydantic import BaseModel, Field

from shipworthy.decision import RangeValue, RequirementValue, Row, SpreadValue, Value, WeightsValue
from shipworthy.errors import EstimateError, InputError
from shipworthy.estimate import Range, Spread
from shipworthy.reference import loader as reference
from shipworthy.words import box_text, one_line

Kind = Literal[
    "estimate", "spread", "number", "share", "money", "date", "choice", "choices", "chance", "text", "rows", "requirement"
]  # fmt: skip

_LARGEST = 1e15
_WIDEST = 1e6  # p95 over p50: what grows with the square of a spread would no longer be a number

Estimate: TypeAlias = float | RangeValue | None
SpreadAnswer: TypeAlias = SpreadValue | None
Number: TypeAlias = float | None
Chance: TypeAlias = float | None
Choice: TypeAlias = str | WeightsValue | None
Choices: TypeAlias = tuple[str, ...] | None
Text: TypeAlias = str | None
Date: TypeAlias = str | None
Requirement: TypeAlias = RequirementValue | None
Rows: TypeAlias = tuple[Row, ...] | None


@dataclass(frozen=True)
class Default:
    """A declared default and where it comes from."""

    value: Value
    source: str
    as_of: str
    checked: str


@dataclass(frozen=True)
class Question:
    """One thing that a consideration asks, as the form, the record and the calculators see it."""

    consideration: str
    name: str
    section: str
    kind: Kind
    label: str
    unit: str = ""
    help: str = ""
    lower: float | None = None
    upper: float | None = None
    per_option: bool = False
    choices: Mapping[str, str] | None = None
    when: Mapping[str, tuple[str, ...]] | None = None
    default: Value | None = None
    neutral: float = 0.0
    optional: bool = False
    search: tuple[float, float] | None = None
    columns: tuple[Mapping[str, Any], ...] = ()
    at_least: bool = True
    along: str = ""
    """What else is taken to change where other values of it are tried, to follow on “with”; mostly nothing."""

    @property
    def key(self) -> str:
        """``consideration.question``, the question's name everywhere in a document."""
        return f"{self.consideration}.{self.name}"

    def declared_default(self) -> Default | None:
        """The default of the reference table, else the one declared in place, else None."""
        return _default(self)

    def _find_default(self) -> Default | None:
        table = reference.load("defaults")
        if self.key in table:
            row = table[self.key]
            return Default(_table_value(self, row), row.source, row.as_of.isoformat(), row.checked)
        if self.default is None:
            return None
        return Default(self.default, "starting point of this workbook", "2026-11-20", "judgement")

    def column(self, name: str) -> "Question":
        """A column of a list as a question of its own."""
        return _columns(self)[name]

    def cell_label(self, row: Row, column: str) -> str:
        """What a cell of a list is called where people read it: what the row is about, and the column."""
        what = next((each for each in row.cells.values() if isinstance(each, str) and each), row.id)
        return f"{one_line(what, 60)}: {self.column(column).label}"

    def check(self, value: Value, where: str = "") -> None:
        """Refuse a value that this question cannot have, in words that begin with its label."""
        where = where or self.label
        try:
            _CHECKS[self.kind](self, value)
        except InputError as problem:
            raise InputError(f"{where}: {problem}") from None

    def fitted(self, value: float | RangeValue) -> float | Range:
        """The number, or the distribution through low, likely and high within this question's bounds."""
        if isinstance(value, RangeValue):
            return Range(value.low, value.likely, value.high, self.lower, self.upper)
        return value


_DEFAULTS: dict[int, tuple[Question, Default | None]] = {}


def _default(question: Question) -> Default | None:
    """A question's default, looked up once: always the same object, so that draws made from it are found again."""
    known = _DEFAULTS.get(id(question))
    if known is None or known[0] is not question:
        known = _DEFAULTS[id(question)] = (question, question._find_default())
    return known[1]


def _ask(kind: Kind, label: str, **rest: Any) -> Any:
    meta = {"kind": kind, "label": label, **rest}
    return Field(
        default=None, title=label, description=rest.get("help") or None, json_schema_extra={"shipworthy": meta}
    )


def estimate(label: str, *, unit: str, **rest: Any) -> Any:
    """A quantity that the team does not know exactly."""
    return _ask("estimate", label, unit=unit, **rest)


def share(label: str, **rest: Any) -> Any:
    """A share of something, 0 to 100 %."""
    return _ask("share", label, unit="share", **{"lower": 0.0, "upper": 1.0, **rest})


def money(label: str, *, per: str = "", **rest: Any) -> Any:
    """An amount of money in the decision's currency; ``per`` says per what (``" a month"``)."""
    return _ask("money", label, unit=f"money{per}", **{"lower": 0.0, **rest})


def spread(label: str, *, unit: str, **rest: Any) -> Any:
    """What differs from case to case: typical, and what one case in twenty exceeds."""
    return _ask("spread", label, unit=unit, lower=0.0, **rest)


def number(label: str, *, unit: str, **rest: Any) -> Any:
    """A number that is known or chosen, not estimated."""
    return _ask("number", label, unit=unit, **rest)


def choice(label: str, choices: Mapping[str, str], **rest: Any) -> Any:
    """One of several answers."""
    return _ask("choice", label, choices=dict(choices), **rest)


def choices(label: str, choices: Mapping[str, str], **rest: Any) -> Any:
    """Any number of several answers."""
    return _ask("choices", label, choices=dict(choices), **rest)


def chance(label: str, **rest: Any) -> Any:
    """A yes or no whose probability is asked."""
    return _ask("chance", label, unit="share", lower=0.0, upper=1.0, **rest)


def text(label: str, **rest: Any) -> Any:
    """Words."""
    return _ask("text", label, **rest)


def date(label: str, **rest: Any) -> Any:
    """A day of the calendar."""
    return _ask("date", label, **rest)


def requirement(label: str, *, unit: str, **rest: Any) -> Any:
    """A limit that an option should meet, and the confidence that the team asks for."""
    return _ask("requirement", label, unit=unit, **rest)


def rows(label: str, columns: tuple[Mapping[str, Any], ...], **rest: Any) -> Any:
    """A list of things with the same columns."""
    return _ask("rows", label, columns=columns, **rest)


def declared(consideration: str, model: type[BaseModel]) -> dict[str, Question]:
    """The questions of a model, in order, by name."""
    found = {}
    for name, field in model.model_fields.items():
        extra = field.json_schema_extra
        if isinstance(extra, dict) and isinstance(extra.get("shipworthy"), dict):
            meta: dict[str, Any] = dict(extra["shipworthy"])  # type: ignore[arg-type]
            found[name] = Question(consideration=consideration, name=name, **{"section": "", **meta})
    return found


def _table_value(question: Question, row: reference.Row) -> Value:
    """The default in a row of the table: one number, a range, a spread or a limit."""
    only, typical = row.get("value"), row.get("p50")
    if question.kind == "requirement":
        return RequirementValue(limit=row.number("value"))
    if question.kind == "spread" and typical is not None:
        return SpreadValue(p50=typical, p95=row.number("p95"))
    if only is not None:
        return only
    if question.kind == "number":
        return row.number("likely")
    return RangeValue(low=row.number("low"), likely=row.number("likely"), high=row.number("high"))


def _bounds(question: Question, value: float) -> None:
    if abs(value) > _LARGEST:
        raise EstimateError(f"{value:g} is too large to compute with; type at most {_LARGEST:g}")
    for bound, wrong, word in (
        (question.lower, value < (question.lower or 0), "least"),
        (question.upper, value > (question.upper or 0), "most"),
    ):
        if bound is not None and wrong:
            shown, limit = box_text(value, unit=question.unit), box_text(bound, unit=question.unit)
            raise EstimateError(f"{shown} is outside what is possible; type at {word} {limit}")


def _check_number(question: Question, value: Value) -> None:
    if not isinstance(value, float | int):
        raise InputError("a number is needed" + (" (it is written as text)" if isinstance(value, str) else ""))
    _bounds(question, value)


def _check_range(question: Question, value: Value) -> None:
    if not isinstance(value, RangeValue):
        return _check_number(question, value)
    for part in (value.low, value.likely, value.high):
        _bounds(question, part)
    question.fitted(value)


def _check_spread(question: Question, value: Value) -> None:
    if not isinstance(value, SpreadValue):
        raise InputError("two numbers are needed: the typical one, and the one that 1 in 20 exceeds")
    typical, rare = (
        part if isinstance(part, RangeValue) else RangeValue(low=part, likely=part, high=part)
        for part in (value.p50, value.p95)
    )
    for part in (typical, rare):
        _check_range(question, part)
    for which in ("low", "likely", "high"):
        found = Spread(getattr(typical, which), getattr(rare, which))
        if found.p95 > _WIDEST * found.p50:
            raise EstimateError(
                f"the typical one ({found.p50:g}) and the one that 1 in 20 exceeds ({found.p95:g}) are too far apart to "
                "compute with; bring them closer together"
            )


def _check_choice(question: Question, value: Value) -> None:
    names = list(question.choices or ())
    picked = value.weights if isinstance(value, WeightsValue) else (value,)
    for each in picked:
        if each not in names:
            raise InputError(f"“{one_line(str(each), 60)}” is not one of the choices: {', '.join(names[:12])}")
    if isinstance(value, WeightsValue) and not sum(value.weights.values()) > 0:
        raise InputError("at least one choice needs a weight above 0")


def _check_choices(question: Question, value: Value) -> None:
    if not isinstance(value, tuple):
        raise InputError("a list of choices is needed")
    for each in value:
        _check_choice(question, each if isinstance(each, str) else "")


def _check_text(question: Question, value: Value) -> None:
    if not isinstance(value, str):
        raise InputError("a text is needed")


def _check_date(question: Question, value: Value) -> None:
    from datetime import date

    try:
        date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise InputError("a date like 2026-11-20 is needed") from None


def _check_requirement(question: Question, value: Value) -> None:
    if not isinstance(value, RequirementValue):
        raise InputError("a limit and a confidence are needed")
    _bounds(question, value.limit)


def _check_rows(question: Question, value: Value) -> None:
    if not isinstance(value, tuple):
        raise InputError("a list of rows is needed")
    columns = _columns(question)
    seen: set[str] = set()
    for place, row in enumerate(value, start=1):
        if not isinstance(row, Row):
            raise InputError("a list of rows is needed")
        if row.id in seen:
            raise InputError(f"two rows have the id “{row.id}”: give each its own")
        seen.add(row.id)
        for name, cell in row.cells.items():
            if name not in columns:
                raise InputError(f"row {place} has a column “{name}”, which is not asked for")
            columns[name].check(cell, f"row {place}, {columns[name].label}")


_COLUMNS: dict[int, tuple[Question, dict[str, Question]]] = {}


def _columns(question: Question) -> dict[str, Question]:
    known = _COLUMNS.get(id(question))
    if known is None or known[0] is not question:
        made = {str(column["key"]): _column(question, column) for column in question.columns}
        known = _COLUMNS[id(question)] = (question, made)
    return known[1]


def _column(question: Question, column: Mapping[str, Any]) -> Question:
    """A column of a list as a question of its own."""
    kind = column.get("kind", "text")
    least = 0.0 if kind in ("share", "chance", "money", "spread") else None
    most = 1.0 if kind in ("share", "chance") else None
    return Question(
        question.consideration,
        str(column["key"]),
        question.section,
        kind,
        str(column.get("label", column["key"])),
        unit=str(column.get("unit", "share" if most else "")),
        lower=column.get("lower", least),
        upper=column.get("upper", most),
        choices=column.get("choices"),
        search=column.get("search"),
    )


_CHECKS = {
    "estimate": _check_range, "share": _check_range, "money": _check_range, "spread": _check_spread,
    "number": _check_number, "chance": _check_number, "choice": _check_choice, "choices": _check_choices,
    "text": _check_text, "date": _check_date, "requirement": _check_requirement, "rows": _check_rows,
}  # fmt: skip
