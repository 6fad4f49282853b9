"""The world that a consideration is asked about: one set of draws for every question and option."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from shipworthy import draws
from shipworthy.considerations.questions import Question
from shipworthy.decision import (
    Answer,
    Decision,
    RangeValue,
    RequirementValue,
    Row,
    SpreadValue,
    Value,
    WeightsValue,
)
from shipworthy.estimate import Chance, Pool, Range, Weights, correlation_cholesky

if TYPE_CHECKING:
    from shipworthy.considerations.base import Consideration

Array = npt.NDArray[np.float64]
Draws = float | Array
Overrides = Mapping[tuple[str, str], Value | Array]


class World:
    """The draws of a decision: every answer as numbers, the same draw the same state of the world for all.

    Values are kept between edits in ``kept`` (a cache handed from one world to the next), so that an edit costs one
    answer's quantiles.
    """

    def __init__(
        self,
        decision: Decision,
        on: date,
        registry: "Mapping[str, Consideration]",
        *,
        size: int = draws.SIZE,
        kept: dict[Any, Any] | None = None,
        overrides: Overrides | None = None,
    ) -> None:
        self.decision, self.on, self.registry, self.size = decision, on, registry, size
        self.overrides = overrides or {}
        self.kept = {} if kept is None else kept
        self.fresh: dict[Any, Any] = {}
        self.dimensions = allotted(decision, registry)
        self._questions = {each.key: each for every in registry.values() for each in every.questions.values()}
        self._stated: dict[tuple[str, str], tuple[str, Value | None]] = {}

    def fork(self, overrides: Overrides) -> "World":
        """The same world with some answers replaced: for flip points, and for curves by an array that broadcasts."""
        other = object.__new__(World)
        other.__dict__ = {**self.__dict__, "overrides": {**self.overrides, **overrides}}
        return other

    def take_over(self, before: "World", touched: frozenset[str]) -> None:
        """Answers that were not touched since an earlier world say what they said."""
        self._stated.update({place: said for place, said in before._stated.items() if place[0] not in touched})

    def question(self, key: str) -> Question:
        """The declaration of ``consideration.question``."""
        return self._questions[key]

    def value(self, key: str, option: str) -> tuple[str, Any]:
        """State and value of an answer for one option: given, default or unknown."""
        if (key, option) in self.overrides:
            return "given", self.overrides[key, option]
        return self._cell(key, option) if "#" in key else self._resolved(key, option)

    def _cell(self, key: str, option: str) -> tuple[str, Any]:
        """State and value of a cell of a list, by its name."""
        question, _, cell = key.partition("#")
        state, rows = self._resolved(question, option)
        name, _, column = cell.rpartition(".")
        found = rows if isinstance(rows, tuple) else ()
        return state, next((row.cells.get(column) for row in found if isinstance(row, Row) and row.id == name), None)

    def _resolved(self, key: str, option: str) -> tuple[str, Value | None]:
        found = self._stated.get((key, option))
        if found is None:
            found = self._stated[key, option] = stated(self._questions[key], self.decision.answer(key), option)
        return found

    def asked(self, question: Question, option: str) -> bool:
        """Whether a question is asked at all for an option, given the choices that it hangs on."""
        for key, wanted in (question.when or {}).items():
            if key in self._questions:
                value = self.value(key, option)[1]
                if (value if isinstance(value, str) else "") not in wanted:
                    return False
        return True

    def stated(self, key: str, option: str) -> Value | None:
        """The value in the document, whatever stands in its place in this world."""
        return self._resolved(key, option)[1]

    def drawn(self, key: str, option: str, value: Any) -> Draws:
        """An uncertain value on the draws; a plain number stays a number."""
        if isinstance(value, float | int):
            return float(value)
        if isinstance(value, np.ndarray):
            return value
        name = self.dimension_name(key, option)
        mark = (name, id(value), self.dimensions[name], self.decision.seed, self.size, self._correlated(name))
        found = self.kept.get(mark)
        if found is None or found[0] is not value:
            found = self.kept[mark] = (value, self._compute(key, name, value))
        self.fresh[mark] = found
        return found[1]

    def drawn_cell(self, question: Question, option: str, row: Row, column: str) -> Draws | None:
        """A cell of a list on the draws, None where it is empty; a plain number stays a number, a chance comes or not."""
        value = self.overrides.get((cell_name(question.key, row, column), option), row.cells.get(column))
        if value is None or isinstance(value, np.ndarray):
            return value
        asked = question.column(column)
        if isinstance(value, float | int) and not (asked.kind == "chance" and 0 < value < 1):
            return float(value)
        name = cell_name(question.key, row, column, self.own_draws(question.key, option))
        place = self.dimensions.get(name)
        if place is None or not isinstance(value, float | int | RangeValue):
            raise TypeError(f"{name}: no draws for {type(value).__name__}")
        said = value if isinstance(value, float) else id(value)
        mark = (name, said, place, self.decision.seed, self.size, self._correlated(name))
        found = self.kept.get(mark)
        if found is None or not (found[0] is value or isinstance(value, float)):
            fitted: Chance | Range
            if isinstance(value, RangeValue):
                fitted = Range(value.low, value.likely, value.high, asked.lower, asked.upper)
            else:
                fitted = Chance(float(value))
            found = self.kept[mark] = (value, np.asarray(fitted.from_scores(self.scores(name)), dtype=np.float64))
        self.fresh[mark] = found
        return found[1]

    def once(self, make: Callable[..., Any], *draws: Draws) -> Any:
        """What a pure function gives for some draws, worked out once for all options that share them."""
        mark = (make, self.size, *(each if isinstance(each, float) else id(each) for each in draws))
        found = self.kept.get(mark)
        if found is None or any(a is not b for a, b in zip(found[0], draws, strict=True) if not isinstance(a, float)):
            found = self.kept[mark] = (draws, make(*draws))
        self.fresh[mark] = found
        return found[1]

    def scores(self, name: str) -> npt.NDArray[np.float32]:
        """Normal scores of a dimension, mixed with those of correlated answers."""
        group = self.groups.get(name)
        if group is None:
            return draws.scores(self.dimensions[name], size=self.size, seed=self.decision.seed)
        members, cholesky = group
        columns = [draws.scores(self.dimensions[each], size=self.size, seed=self.decision.seed) for each in members]
        row = cholesky[members.index(name)]
        return np.asarray(
            sum(weight * column for weight, column in zip(row, columns, strict=True) if weight), dtype=np.float32
        )

    def scored(self, key: str, option: str) -> npt.NDArray[np.float32]:
        """Normal scores of an answer for one option."""
        return self.scores(self.dimension_name(key, option))

    def _compute(self, key: str, name: str, value: Any) -> Array:
        question, z = self.question(key), self.scores(name)
        if isinstance(value, RangeValue):
            return Range(value.low, value.likely, value.high, question.lower, question.upper).from_scores(z)
        if isinstance(value, Chance | Weights | Pool):
            return np.asarray(value.from_scores(z), dtype=np.float64)
        raise TypeError(f"{key}: no draws for {type(value).__name__}")

    def dimension(self, key: str, option: str) -> int:
        """Which dimension of the draws an answer has for one option."""
        return self.dimensions[self.dimension_name(key, option)]

    def dimension_name(self, key: str, option: str) -> str:
        """What an answer's dimension is called: its key, and the option where that has draws of its own."""
        own = self.own_draws(key, option)
        return f"{key}@{own}" if own else key

    def own_draws(self, key: str, option: str) -> str:
        """The option, where it was declared to have draws of its own for this answer; else none."""
        answer = self.decision.answer(key)
        return option if answer is not None and answer.independent else ""

    def _correlated(self, name: str) -> Any:
        group = self.groups.get(name)
        return None if group is None else (tuple(group[0]), group[1].tobytes())

    @cached_property
    def groups(self) -> dict[str, tuple[list[str], Array]]:
        """Correlated answers: name -> (all names of its group, lower Cholesky factor)."""
        pairs = self.decision.correlations
        if not pairs:
            return {}
        members = sorted(
            {name for pair in pairs for name in (pair.first, pair.second)}, key=lambda name: self.dimensions[name]
        )
        matrix = np.eye(len(members))
        for pair in pairs:
            i, j = members.index(pair.first), members.index(pair.second)
            matrix[i, j] = matrix[j, i] = pair.rank
        labels = [f"“{self.question(name.partition('@')[0]).label}”" for name in members]
        factor = correlation_cholesky(matrix, labels)
        return dict.fromkeys(members, (members, factor))


class View:
    """What one consideration sees of the world for one option. Notes which answers it used and which were missing."""

    def __init__(self, world: World, consideration: str, option: str) -> None:
        self.world, self.consideration, self.option = world, consideration, option
        self.missing: dict[str, None] = {}
        self.used: dict[str, None] = {}

    def _key(self, name: str) -> str:
        return name if "." in name else f"{self.consideration}.{name}"

    def _value(self, name: str) -> tuple[str, Question, Value | None]:
        key = self._key(name)
        self.used[key] = None
        question = self.world.question(key)
        _, value = self.world.value(key, self.option)
        if value is None and not question.optional:
            self.missing[key] = None
        return key, question, value

    def number(self, name: str) -> Draws:
        """An answer as a number or as draws; its neutral value where it is unknown."""
        key, question, value = self._value(name)
        if value is None:
            return question.neutral
        if question.kind == "chance" and isinstance(value, float | int):
            return self.world.drawn(key, self.option, Chance(value)) if 0 < value < 1 else float(value)
        return self.world.drawn(key, self.option, value)

    def spread(self, name: str) -> tuple[Draws, Draws]:
        """An answer about cases: its median and its 95th percentile, each a number or draws."""
        key, _, value = self._value(name)
        if not isinstance(value, SpreadValue):
            return 0.0, 0.0
        p50 = self.world.drawn(key, self.option, value.p50)
        p95 = self.world.drawn(key, self.option, value.p95)
        if isinstance(p50, float) and isinstance(p95, float):
            return p50, max(p50, p95)
        return p50, self.world.once(np.maximum, p50, p95)

    def rows(self, name: str) -> "list[RowView]":
        """An answer that is a list; empty where it is unknown."""
        _, question, value = self._value(name)
        found = value if isinstance(value, tuple) else ()
        return [RowView(self, question, row) for row in found if isinstance(row, Row)]

    def word(self, name: str) -> str:
        """The choice made, or an empty text where it is unknown."""
        _, _, value = self._value(name)
        if isinstance(value, WeightsValue):
            return max(value.weights, key=lambda each: value.weights[each])
        return value if isinstance(value, str) else ""

    def picked(self, name: str) -> tuple[str, ...]:
        """Every choice made of several; none where it is unknown."""
        value = self._value(name)[2]
        return tuple(str(each) for each in value) if isinstance(value, tuple) else ()

    def text(self, name: str) -> str:
        """Words that were typed, or none."""
        return self.word(name).strip()

    def peek(self, name: str) -> str:
        """A choice that decides which questions are asked at all; not noted as missing where it is unknown."""
        key = self._key(name)
        if key.partition(".")[0] not in self.world.registry:
            return ""
        self.used[key] = None
        value = self.world.value(key, self.option)[1]
        return value if isinstance(value, str) else ""

    def requirement(self, name: str) -> RequirementValue:
        """The limit asked for, and with which confidence."""
        _, question, value = self._value(name)
        return value if isinstance(value, RequirementValue) else RequirementValue(limit=question.neutral)

    def need(self, name: str) -> None:
        """Note another consideration's answer as missing where it is: what is judged here hangs on its term."""
        key = self._key(name)
        if self.world.value(key, self.option)[1] is None:
            self.missing[key] = None

    def known(self, name: str) -> bool:
        """Whether an answer is there; noted as used, since the result hangs on it, but not as missing."""
        key = self._key(name)
        self.used[key] = None
        return self.world.value(key, self.option)[1] is not None


class RowView:
    """One row of a list, for one option: a task, a stage, a step."""

    def __init__(self, view: View, question: Question, row: Row) -> None:
        self.view, self.question, self.row = view, question, row

    @property
    def id(self) -> str:
        """What it is known by, wherever it stands in the list."""
        return self.row.id

    def known(self, column: str) -> bool:
        """Whether a cell is filled."""
        return self.row.cells.get(column) not in (None, "", ())

    def number(self, column: str, neutral: float = 0.0) -> Draws:
        """A cell as a number or as draws; what is neutral where it is empty."""
        found = self.view.world.drawn_cell(self.question, self.view.option, self.row, column)
        return neutral if found is None else found

    def word(self, column: str) -> str:
        """A cell of words or a choice; empty where it is not filled."""
        value = self.row.cells.get(column)
        return value.strip() if isinstance(value, str) else ""


def cell_name(key: str, row: Row, column: str, option: str = "") -> str:
    """What a cell of a list is called, in a document's dimensions and among flip points."""
    return f"{key}#{row.id}.{column}" + (f"@{option}" if option else "")


def stated(question: Question, answer: Answer | None, option: str) -> tuple[str, Value | None]:
    """State and value of one answer for one option, the declared default and the pool of several people included."""
    if answer is None:
        default = question.declared_default()
        return ("unknown", None) if default is None else ("default", default.value)
    if answer.state == "unknown":
        return "unknown", None
    value = answer.own(option)
    if value is None and answer.estimates and not (answer.differs and option in answer.by_option):
        pooled = [each.value for each in answer.estimates if isinstance(each.value, RangeValue)]
        if pooled:
            ranges = (Range(each.low, each.likely, each.high, question.lower, question.upper) for each in pooled)
            return answer.state, Pool(tuple(ranges))  # type: ignore[return-value]
    if value is None and not (answer.differs and option in answer.by_option):
        default = question.declared_default()
        if default is not None:
            return "default", default.value
    return ("unknown", None) if value is None else (answer.state, value)


def allotted(decision: Decision, registry: "Mapping[str, Consideration]") -> dict[str, int]:
    """Every question's dimension: as stored in the document, and the next free ones for the rest, in order."""
    numbers = dict(decision.dimensions)
    taken = set(numbers.values())
    free = (number for number in count() if number not in taken)
    wanted = [question.key for each in registry.values() for question in each.questions.values()]
    for consideration, answers in decision.answers.items():
        for name, answer in answers.items():
            if answer.independent:
                wanted += [f"{consideration}.{name}@{option.key}" for option in decision.options]
    wanted += [name for each in registry.values() for name in _cells(each, decision)]
    for name in wanted:
        if name not in numbers:
            numbers[name] = next(free)
    return numbers


def _cells(consideration: "Consideration", decision: Decision) -> Iterator[str]:
    """Names of the cells of a consideration's lists that are uncertain."""
    for question in consideration.questions.values():
        if question.kind != "rows":
            continue
        answer = decision.answer(question.key)
        options = [""] if answer is None or not answer.independent else [each.key for each in decision.options]
        chances = {str(each["key"]) for each in question.columns if each.get("kind") == "chance"}
        for value in (*_lists(question, answer), *consideration.stand_ins(question.name, decision)):
            for row in value:
                for column, cell in row.cells.items():
                    if isinstance(cell, RangeValue) or column in chances:
                        yield from (cell_name(question.key, row, column, option) for option in options)


def _lists(question: Question, answer: Answer | None) -> Iterator[tuple[Row, ...]]:
    """Every list that is said in an answer, or its default."""
    default = question.declared_default()
    values = [default.value if default else None]
    if answer is not None:
        values += [answer.value, *answer.by_option.values()]
    for value in values:
        if isinstance(value, tuple):
            yield tuple(row for row in value if isinstance(row, Row))
