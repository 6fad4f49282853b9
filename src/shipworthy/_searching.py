"""Between which values of an answer to look for a change, and where between two values it comes."""

import math
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias, TypeVar

from shipworthy.considerations.base import World
from shipworthy.considerations.evaluate import Run
from shipworthy.considerations.questions import Question
from shipworthy.considerations.world import cell_name
from shipworthy.decision import Cell, RangeValue, SpreadValue, Value
from shipworthy.estimate import Pool

T = TypeVar("T")
_NUMERIC = ("estimate", "share", "money", "spread", "number", "chance")
_FAR = 1e3
"""Up to how many times of where an answer stands is looked, where nothing bounds it."""
_BITS = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 16.0, 32.0, 64.0)
"""Widths that numbers come in: there is nothing between them to look at."""
TOLERANCE = 1e-3
"""Of a place, in parts of it."""


@dataclass(frozen=True)
class Candidate:
    """One numeric answer of one option, or cell of a list: where it stands, and between which values to look."""

    answer: str
    question: Question
    label: str
    value: Value | Cell
    middle: float
    low: float
    high: float
    far: float
    """Where to look last, beyond what is likely."""

    @property
    def widths(self) -> list[float]:
        """The only values there are, where it has just a few; else none."""
        return [each for each in _BITS if self.low <= each <= self.high] if self.question.unit == "bits" else []

    def at(self, place: float) -> Value:
        """The answer pinned to one value; a spread keeps the ratio of its percentiles."""
        if isinstance(self.value, SpreadValue):
            rare = _middle(self.value.p95)
            return SpreadValue(p50=place, p95=place * rare / self.middle if self.middle > 0 else place)
        return place

    def distance(self, place: float) -> float:
        """How far a value is from where the answer stands, in parts of the answer."""
        return abs(place - self.middle) / max(abs(self.middle), abs(place), 1e-12)

    def at_distance(self, distance: float) -> list[float]:
        """The places that are so far from where the answer stands, below and above; ends of what is looked at where those
        are nearer, none where there is no place so near."""
        if self.widths:
            return [place for place in self.widths if 0 < self.distance(place) <= distance]
        if distance >= 1.0:
            return [self.low, self.far]
        found = sorted((self.middle * (1 - distance), self.middle / (1 - distance)))
        low, high = max(found[0], self.low), min(found[1], self.far)
        return [place for place in (low, high) if place != self.middle]

    def grid(self, *, near: bool = True) -> list[float]:
        """Places to look at, from low to high: finer near where the answer stands; ``near=False``: fewer of them."""
        if self.widths:
            return sorted({*self.widths, self.middle})
        steps = (0.0, 0.05, 0.3, 1.0) if near else (0.0, 0.3, 1.0)
        below = [self.middle - (self.middle - self.low) * step for step in steps]
        above = [self.middle + _reach(self.high - self.middle, self.middle, step) for step in steps]
        return sorted({*below, *above, self.far})


def candidates(world: World, option: str, base: Run, *, unsure: bool = False) -> list[Candidate]:
    """Numeric answers, and cells of lists, that an option's figures use.

    Of cells those whose column says between which values to look; ``unsure``: those with a range too.
    """
    used = {key for result in base.evaluations.values() for key in result.used}
    found = []
    for consideration in world.registry.values():
        for question in consideration.questions.values():
            if question.key not in used or question.kind not in _NUMERIC:
                continue
            if question.kind == "number" and question.search is None:
                continue
            value = world.value(question.key, option)[1]
            if isinstance(value, Pool):
                value = RangeValue(low=value.quantile(0.1), likely=value.quantile(0.5), high=value.quantile(0.9))
            if isinstance(value, float | int | RangeValue | SpreadValue):
                found.append(_placed(question.key, question, question.label, value))
    return found + list(_cells(world, option, used, unsure))


def _cells(world: World, option: str, used: set[str], unsure: bool) -> Iterator[Candidate]:
    for key in sorted(used):
        question = world.question(key)
        rows = world.value(key, option)[1] if question.kind == "rows" else ()
        for row in rows or ():
            for name, cell in row.cells.items():
                column = question.column(name)
                wanted = column.search is not None or (unsure and isinstance(cell, RangeValue))
                if wanted and isinstance(cell, float | int | RangeValue):
                    label = question.cell_label(row, name)
                    yield _placed(cell_name(key, row, name), replace(column, name=question.name), label, cell)


def _placed(answer: str, question: Question, label: str, value: Value | Cell) -> Candidate:
    middle = _middle(value.p50 if isinstance(value, SpreadValue) else value)
    low, high = question.search or (question.lower, question.upper)
    if low is None:
        low = middle - max(20 * abs(middle), 1.0)
    if high is None:
        high = middle + max(20 * abs(middle), 1.0)
    far = _FAR * abs(middle) if question.upper is None and question.kind != "share" else high
    low, high = min(low, middle), max(high, middle)
    return Candidate(answer, question, label, value, middle, low, high, max(high, far))


def _middle(value: Value | Cell) -> float:
    if isinstance(value, RangeValue):
        return value.likely
    return float(value) if isinstance(value, float | int) else math.nan


def _reach(span: float, middle: float, step: float) -> float:
    """Upwards, near steps are relative to the answer itself: a search range may be far wider than the answer."""
    return span if step == 1.0 else min(span, step * max(4 * abs(middle), span / 50))


Pauses: TypeAlias = Generator[None, None, T]
"""Work that pauses now and then, so that a screen stays alive, and gives what was found in the end."""


def boundary(
    look: Callable[[float], tuple[bool, float]], inside: float, outside: float, tolerance: float = TOLERANCE
) -> tuple[float, float]:
    """The last place where something holds on the way to one where it does not, and the next beyond it.

    By bisection that looks where the distance to the change should be nought (ITP: Oliveira, Takahashi 2020, ACM
    Transactions on Mathematical Software 47(1)).

    Parameters
    ----------
    look : callable
        At a place: whether it holds, and how far it is from changing.
    inside, outside : float
        Where it holds, and where it does not.
    tolerance : float
        Of the place, in parts of it.

    Examples
    --------
    >>> [round(place, 2) for place in boundary(lambda place: (place < 2.0, 2.0 - place), 0.0, 9.0)]
    [2.0, 2.0]
    """
    steps = boundary_steps(look, inside, outside, tolerance)
    while True:
        try:
            next(steps)
        except StopIteration as over:
            place: tuple[float, float] = over.value
            return place


def boundary_steps(
    look: Callable[[float], tuple[bool, float]], inside: float, outside: float, tolerance: float = TOLERANCE
) -> Pauses[tuple[float, float]]:
    """The same, with a pause after each look."""
    near, far = look(inside)[1], look(outside)[1]
    first = abs(outside - inside)
    width = tolerance * max(abs(inside), abs(outside), 1e-9)
    spare = width * 2.0 ** math.ceil(math.log2(max(first / width, 1.0)))
    while abs(inside - outside) > tolerance * max(abs(inside), abs(outside), 1e-9):
        half, span = (inside + outside) / 2, abs(inside - outside)
        there = (far * inside - near * outside) / (far - near) if near * far < 0 else half
        nudge = min(0.2 * span * span / first, abs(half - there))
        there += math.copysign(nudge, half - there)
        reach = max(spare - span / 2, 0.0)
        place = min(max(there, half - reach), half + reach)
        holds, left = look(place)
        if holds:
            inside, near = place, left
        else:
            outside, far = place, left
        spare /= 2
        yield None
    return inside, outside
