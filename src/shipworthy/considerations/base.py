"""What a consideration is: its questions, what it computes on the draws, what it says, shows and charts."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import BaseModel

from shipworthy.considerations.questions import Question, declared
from shipworthy.considerations.world import Array, Draws, RowView, View, World
from shipworthy.decision import Decision, Row, Value

__all__ = [
    "Array",
    "Consideration",
    "Draws",
    "Evaluation",
    "Figure",
    "FlipPoint",
    "Listing",
    "RowView",
    "Status",
    "Terms",
    "View",
    "Words",
    "World",
]

_TOGETHER: Mapping[str, Callable[[Draws, Draws], Draws]] = {
    "gate_open": np.multiply, "repair_cost": np.add, "repair_days": np.maximum
}  # fmt: skip
"""Terms that several may put: every gate has to be open, every repair is paid, repairs go on side by side."""

Status = Literal["meets", "at_risk", "fails", "unknown", "not_applicable"]


@dataclass
class Terms:
    """What considerations put into the joint model for one option; each term has one owner, gates and repairs several.

    Money is in the decision's currency. A term that nobody owns keeps its neutral value.
    """

    values: dict[str, Draws] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    missing: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def put(self, owner: str, terms: Mapping[str, Draws], missing: Iterable[str] = ()) -> None:
        """Enter a consideration's terms; a later one may take a term over from an earlier one. Gates and repairs add up."""
        self.missing[owner] = tuple(missing)
        for name, value in terms.items():
            joined = name in _TOGETHER and name in self.values
            self.values[name] = _TOGETHER[name](self.values[name], value) if joined else value
            self.owners[name] = owner

    def get(self, name: str, neutral: float) -> Draws:
        """A term, or its neutral value."""
        return self.values.get(name, neutral)

    def lacking(self, *names: str) -> Iterator[str]:
        """Answers that the owners of these terms were missing."""
        for owner in dict.fromkeys(self.owners[name] for name in names if name in self.owners):
            yield from self.missing.get(owner, ())


@dataclass
class Evaluation:
    """What a consideration computed for one option, on the draws."""

    margins: dict[str, Draws] = field(default_factory=dict)
    terms: dict[str, Draws] = field(default_factory=dict)
    figures: dict[str, Draws] = field(default_factory=dict)
    notes: dict[str, Any] = field(default_factory=dict)
    applies: bool = True
    missing: tuple[str, ...] = ()
    used: frozenset[str] = frozenset()
    noted: tuple[tuple[str, ...], frozenset[str]] = ((), frozenset())
    """What was missing and used before it was judged: judging is done anew each time."""


@dataclass(frozen=True)
class FlipPoint:
    """The value of one answer at which a status changes."""

    answer: str
    label: str
    value: float
    unit: str
    status: Status
    at_least: bool
    distance: float = 0.0
    """How far that is from where the answer stands, in parts of the larger of the two [0..1]."""
    then: float | None = None
    """Where it is at risk from the value on: the value further on from which it fails, or meets."""
    then_status: Status | None = None
    here: float | None = None
    """Where the answer stands: the number, the likely value, the typical case."""
    along: str = ""
    """What else is taken to change with it, to follow on “with”; mostly nothing."""


@dataclass(frozen=True)
class Listing:
    """A list to follow, such as obligations or questions for counsel, or a text to take over as it stands."""

    title: str
    items: tuple[str, ...]
    text: bool = False
    """Whether the items are the lines of one text."""


@dataclass(frozen=True)
class Words:
    """A finding in sentences: the headline, what binds, what else to know; and lists to follow."""

    headline: str
    detail: tuple[str, ...] = ()
    lists: tuple[Listing, ...] = ()


@dataclass(frozen=True)
class Figure:
    """A chart as plotly JSON with the table that says the same, and a sentence for those who cannot see it."""

    key: str
    title: str
    plotly: dict[str, Any]
    alt: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        """plotly.js reads a little markup in texts, links among it: names that somebody typed are shown as they stand."""
        object.__setattr__(self, "plotly", lettered(self.plotly))


_MARKUP = re.compile(r"<(?!br>|/?b>|extra></extra>|/extra>)")


def lettered(part: Any) -> Any:
    """A part of a figure with every sign that would begin markup of its own shown as a sign."""
    if isinstance(part, str):
        return _MARKUP.sub("&lt;", part) if "<" in part else part
    if isinstance(part, dict):
        return {key: lettered(each) for key, each in part.items()}
    if isinstance(part, list | tuple) and any(isinstance(each, str | dict | list | tuple) for each in part):
        return [lettered(each) for each in part]
    return part


class Consideration(ABC):
    """One lens. A module declares the questions, computes on the draws, and says in words what follows."""

    key: ClassVar[str]
    name: ClassVar[str]
    title: ClassVar[str]
    lead: ClassVar[str]
    order: ClassVar[int] = 1000
    Questions: ClassVar[type[BaseModel]]
    formula: ClassVar[str] = ""
    source: ClassVar[str] = ""
    shows: ClassVar[tuple[str, ...]] = ()
    """Questions of other considerations that this one reads and shows."""
    judges_nothing: ClassVar[bool] = False
    """Whether its requirements concern "do nothing" too (a legal date does)."""

    completes_terms: ClassVar[bool] = False
    """Whether judging it changes terms, so that payoffs need it."""

    charts_failing: ClassVar[bool] = False
    """Whether the record charts every option that fails, not the one in view alone."""

    no_case: ClassVar[str] = ""
    """What is said of an option that it does not concern."""

    stands_with: ClassVar[Mapping[str, Mapping[str, Value]]] = {}
    """What else is true of a list that stands in, by its question: answers that go along when it is copied."""

    @cached_property
    def questions(self) -> dict[str, Question]:
        """Its questions by name, in the order in which they are asked."""
        return declared(self.key, self.Questions)

    def stand_ins(self, name: str, decision: Decision) -> Iterator[tuple[Row, ...]]:
        """Lists that stand in where a question about rows has no answer: their cells need dimensions too."""
        return iter(())

    def stand_in(self, name: str, view: View) -> tuple[Row, ...]:
        """The list that stands in for an option where a question about rows has no answer; it can be copied and changed."""
        return ()

    @abstractmethod
    def evaluate(self, view: View) -> Evaluation:
        """Terms of the joint model and figures, on the draws; margins (met where at least 0) that need no other terms."""

    def check(self, name: str, value: Value, on: date) -> None:
        """Refuse an answer for reasons that its declaration cannot know; InputError in words."""
        return None

    def judge(self, view: View, result: Evaluation, terms: Terms) -> None:
        """Margins and figures that need the terms of all considerations, after every one was evaluated."""
        return None

    def together(self, found: Mapping[str, Evaluation]) -> Evaluation | None:
        """What it makes of an option's phases together, by their options; None where each phase is judged by itself."""
        return None

    @abstractmethod
    def words(self, view: View, evaluation: Evaluation) -> Words:
        """The finding in sentences."""

    def table(
        self, evaluations: Mapping[str, Evaluation], view: Callable[[str], View]
    ) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
        """Columns, and a row an option, of the numbers that matter."""
        return (), []

    def early_figure(self, view: View, key: str) -> Figure | None:
        """The chart of that key where it needs no assessment: a screen draws it while the rest is worked out."""
        return None

    def figures(self, view: View, evaluations: Mapping[str, Evaluation]) -> Iterator[Figure]:
        """Charts for the option in view."""
        return iter(())
