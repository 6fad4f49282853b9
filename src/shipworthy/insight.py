"""What could change the conclusion: flip points of the statuses."""

import math
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from shipworthy.considerations.base import FlipPoint, Status, World
from shipworthy.considerations.evaluate import Run, Standing, run, standings
from shipworthy.considerations.questions import Question
from shipworthy.considerations.show import SIGNS
from shipworthy.considerations.world import cell_name
from shipworthy.decision import DO_NOTHING, Cell, RangeValue, SpreadValue, Value
from shipworthy.words import with_unit

_NUMERIC = ("estimate", "share", "money", "spread", "number", "chance")
_TOLERANCE, _COARSE = 1e-3, 3e-3
_FAR = 1e3
"""Up to how many times of where an answer stands is looked, where nothing bounds it."""
_BITS = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 16.0, 32.0, 64.0)
"""Widths that numbers come in: there is nothing between them to look at."""
_ONE_PLACE = 5e-3
"""Two changes that are no further apart, in parts of the value, are told as one."""

_SAID: tuple[Status, ...] = ("meets", "at_risk", "fails")


@dataclass(frozen=True)
class _Candidate:
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

    def grid(self) -> list[float]:
        """Places to look at, from low to high: finer near where the answer stands."""
        if self.widths:
            return sorted({*self.widths, self.middle})
        steps = (0.0, 0.05, 0.3, 1.0)
        below = [self.middle - (self.middle - self.low) * step for step in steps]
        above = [self.middle + _reach(self.high - self.middle, self.middle, step) for step in steps]
        return sorted({*below, *above, self.far})


def flip_points(world: World, option: str) -> Iterator[list[tuple[str, FlipPoint]]]:
    """Where each answer, pinned to one value, changes the status of a consideration for one option.

    Yields the (consideration, flip point) pairs of one answer after the other, so that a screen stays alive in between.
    For each answer and consideration the change nearest to where the answer stands is found to one in a thousand (from at
    risk: the nearest to meeting and the nearest to failing), and where it is at risk beyond, the next change to three in
    a thousand, by bisection that looks where the share of draws that meet the requirement should pass its limit (ITP:
    Oliveira, Takahashi 2020, ACM Transactions on Mathematical Software 47(1)).

    Parameters
    ----------
    world : World
        The draws; 2^11 of them are enough.
    option : str
        Its key.
    """
    if option == DO_NOTHING:
        return
    base = run(world, option)
    here = standings(world, base)
    for candidate in _candidates(world, option, base):
        yield list(_flips_of(world, option, base, here, candidate))


def _candidates(world: World, option: str, base: Run) -> list[_Candidate]:
    used = {key for result in base.evaluations.values() for key in result.used}
    found = []
    for consideration in world.registry.values():
        for question in consideration.questions.values():
            if question.key not in used or question.kind not in _NUMERIC:
                continue
            if question.kind == "number" and question.search is None:
                continue
            value = world.value(question.key, option)[1]
            if isinstance(value, float | int | RangeValue | SpreadValue):
                found.append(_placed(question.key, question, question.label, value))
    return found + list(_cells(world, option, used))


def _cells(world: World, option: str, used: set[str]) -> Iterator[_Candidate]:
    """Cells of lists whose column says between which values to look."""
    for key in sorted(used):
        question = world.question(key)
        rows = world.value(key, option)[1] if question.kind == "rows" else ()
        for row in rows or ():
            for name, cell in row.cells.items():
                column = question.column(name)
                if column.search is not None and isinstance(cell, float | int | RangeValue):
                    label = question.cell_label(row, name)
                    yield _placed(cell_name(key, row, name), replace(column, name=question.name), label, cell)


def _placed(answer: str, question: Question, label: str, value: Value | Cell) -> _Candidate:
    middle = _middle(value.p50 if isinstance(value, SpreadValue) else value)
    low, high = question.search or (question.lower, question.upper)
    if low is None:
        low = middle - max(20 * abs(middle), 1.0)
    if high is None:
        high = middle + max(20 * abs(middle), 1.0)
    far = _FAR * abs(middle) if question.upper is None and question.kind != "share" else high
    low, high = min(low, middle), max(high, middle)
    return _Candidate(answer, question, label, value, middle, low, high, max(high, far))


def _middle(value: Value | Cell) -> float:
    if isinstance(value, RangeValue):
        return value.likely
    return float(value) if isinstance(value, float | int) else math.nan


def _reach(span: float, middle: float, step: float) -> float:
    """Upwards, near steps are relative to the answer itself: a search range may be far wider than the answer."""
    return span if step == 1.0 else min(span, step * max(4 * abs(middle), span / 50))


def _flips_of(
    world: World, option: str, base: Run, here: dict[str, Standing], candidate: _Candidate
) -> Iterator[tuple[str, FlipPoint]]:
    key = candidate.answer
    changed = frozenset((candidate.question.key,))
    now = {name: each.status for name, each in here.items()}
    seen = {candidate.middle: here} if isinstance(candidate.value, float | int) else {}

    def look(place: float) -> dict[str, Standing]:
        if place not in seen:
            pinned = world.fork({(key, option): candidate.at(place)})
            with np.errstate(over="ignore"):  # a thousand times of anything may leave next to nothing of another
                seen[place] = standings(pinned, run(pinned, option, base, changed))
        return seen[place]

    grid = candidate.grid()
    ends = look(grid[0]), look(candidate.middle), look(grid[-1])
    moved = [
        name
        for name in now
        if len({end[name].status for end in ends} | {now[name]}) > 1 and now[name] in ("meets", "at_risk", "fails")
    ]
    for name in moved:
        line = _Line(candidate, grid, now[name], lambda place, name=name: look(place)[name], seen.keys())  # type: ignore[misc]
        for flip in line.flips():
            yield name, flip


def nearest_first(flips: Iterable[FlipPoint]) -> list[FlipPoint]:
    """Flip points by how little the answer has to move, in parts of where it stands: the one rule of what is nearest.

    The screen, the command line and the record list them in this order, and the first of all an option's flip points
    is the one thing that could change what is said of it.
    """
    return sorted(flips, key=lambda flip: (flip.distance, flip.answer, flip.status))


def going_on(flip: FlipPoint, currency: str = "") -> str:
    """What follows on being at risk, to stand behind a flip point: ``, fails at 81 days or more``; mostly nothing."""
    if flip.then is None or flip.then_status is None:
        return ""
    first, place = (with_unit(each, flip.unit, currency=currency, beside=flip.here) for each in (flip.value, flip.then))
    word = SIGNS[flip.then_status][1]
    return (
        f", {word} just beyond" if place == first else f", {word} at {place} or {'more' if flip.at_least else 'less'}"
    )


def standing(now: float, unit: str, flips_at: float) -> str:
    """Where an answer stands, to follow where it flips: `` (now 99.92 %)``; its unit was told there."""
    plain_unit = {"share": "share"}.get(unit, "money" if unit.startswith("money") else "")
    return f" (now {with_unit(now, plain_unit, beside=flips_at)})"


@dataclass(frozen=True)
class _Line:
    """The values of one answer with the standings of one consideration along them."""

    candidate: _Candidate
    grid: list[float]
    now: Status
    at: Callable[[float], Standing]
    seen: Collection[float]
    """Places that were looked at already."""

    def flips(self) -> Iterator[FlipPoint]:
        """The first change away from where it stands; where it is at risk, the nearest place where it meets, and fails."""
        if self.now == "at_risk":
            for wanted in ("meets", "fails"):
                yield from self._to(wanted)
        else:
            yield from self._away() or self._to("fails" if self.now == "meets" else "meets")

    def _cells(self, keep: Callable[[Status, Status], bool]) -> list[tuple[float, float]]:
        """Neighbouring places, going from the first to the second, between whose statuses there is such a change:
        the nearest above and the nearest below where the answer stands."""
        middle, found = self.candidate.middle, dict[bool, tuple[float, float, float]]()
        for low, high in pairwise(self.grid):
            for start, end in ((low, high), (high, low)):
                near = min(abs(low - middle), abs(high - middle))
                side = low >= middle
                if keep(self.at(start).status, self.at(end).status) and near < found.get(side, (math.inf,))[0]:
                    found[side] = (near, start, end)
        return [(start, end) for _, start, end in found.values()]

    def _to(self, wanted: Status) -> list[FlipPoint]:
        """The nearest change to a status from any other."""
        cells = self._cells(lambda start, end: start != end == wanted)
        found = [self._flip(self._boundary(wanted, end, start)[0], end > start) for start, end in cells]
        return nearest_first(found)[:1]

    def _away(self) -> list[FlipPoint]:
        """The nearest change from the status that is to another, and, where it is at risk there, where it is the third."""
        found = []
        for start, end in self._cells(lambda start, end: start == self.now != end and end in _SAID):
            first = self._boundary(self.now, start, end)[1]
            flip = self._flip(first, end > start)
            found.append(self._going_on(flip, end) if flip.status == "at_risk" else flip)
        return nearest_first(found)[:1]

    def _going_on(self, flip: FlipPoint, end: float) -> FlipPoint:
        """The flip point with where, further on, being at risk ends on the other side."""
        rest = [place for place in self.grid if (place > end if flip.at_least else place < end)]
        other: Status = "fails" if self.now == "meets" else "meets"
        for before, after in pairwise([flip.value, end, *(rest if flip.at_least else rest[::-1])]):
            beyond = self.at(after).status
            if beyond == "at_risk":
                continue
            if beyond != other:
                break
            place = self._boundary(other, after, before, _COARSE)[0]
            if abs(place - flip.value) <= _ONE_PLACE * max(abs(place), abs(flip.value)):
                return self._flip(place, flip.at_least)
            return replace(flip, then=place, then_status=other)
        return flip

    def _flip(self, place: float, at_least: bool) -> FlipPoint:
        asked = self.candidate
        return FlipPoint(
            asked.answer,
            asked.label,
            place,
            asked.question.unit,
            self.at(place).status,
            at_least,
            asked.distance(place),
            here=asked.middle,
        )

    def _boundary(
        self, wanted: Status, inside: float, outside: float, tolerance: float = _TOLERANCE
    ) -> tuple[float, float]:
        """The last place with a status (to meet or to fail) on the way to one without it, and the next beyond it (ITP)."""

        def left(place: float) -> float:
            return self.at(place).to_meet if wanted == "meets" else self.at(place).to_fail

        if self.candidate.widths:
            return inside, outside
        low, high = sorted((inside, outside))
        for place in sorted((each for each in self.seen if low < each < high), reverse=inside > outside):
            if self.at(place).status != wanted:
                outside = place
                break
            inside = place
        near, far = left(inside), left(outside)
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
            if self.at(place).status == wanted:
                inside, near = place, left(place)
            else:
                outside, far = place, left(place)
            spare /= 2
        return inside, outside
