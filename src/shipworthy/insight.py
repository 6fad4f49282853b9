"""What could change the conclusion: flip points of the statuses."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from shipworthy.considerations.base import FlipPoint, Status, World
from shipworthy.considerations.evaluate import Run, Standing, run, standings
from shipworthy.considerations.questions import Question
from shipworthy.considerations.world import cell_name
from shipworthy.decision import DO_NOTHING, Cell, RangeValue, SpreadValue, Value
from shipworthy.words import one_line

_NUMERIC = ("estimate", "share", "money", "spread", "number", "chance")
_RANK: dict[Status, int] = {"meets": 3, "at_risk": 2, "fails": 1, "unknown": 0, "not_applicable": 0}
_TOLERANCE = 3e-4
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
        steps = (0.0, 0.05, 0.3, 1.0)
        below = [self.middle - (self.middle - self.low) * step for step in steps]
        above = [self.middle + _reach(self.high - self.middle, self.middle, step) for step in steps]
        return sorted(set(below + above))


def flip_points(world: World, option: str) -> Iterator[list[tuple[str, FlipPoint]]]:
    """Where each answer, pinned to one value, changes the status of a consideration for one option.

    Yields the (consideration, flip point) pairs of one answer after the other, so that a screen stays alive in between.
    For each answer and consideration the change nearest to where the answer stands is found to three in ten thousand, by
    bisection that looks where the share of draws that meet the requirement should pass its limit (ITP: Oliveira,
    Takahashi 2020, ACM Transactions on Mathematical Software 47(1)).

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
    now = {key: each.status for key, each in standings(world, base).items()}
    for candidate in _candidates(world, option, base):
        yield list(_flips_of(world, option, base, now, candidate))


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
                    what = next((each for each in row.cells.values() if isinstance(each, str)), row.id)
                    label = f"{one_line(what, 60)}: {column.label}"
                    yield _placed(cell_name(key, row, name), replace(column, name=question.name), label, cell)


def _placed(answer: str, question: Question, label: str, value: Value | Cell) -> _Candidate:
    middle = _middle(value.p50 if isinstance(value, SpreadValue) else value)
    low, high = question.search or (question.lower, question.upper)
    if low is None:
        low = middle - max(20 * abs(middle), 1.0)
    if high is None:
        high = middle + max(20 * abs(middle), 1.0)
    return _Candidate(answer, question, label, value, middle, min(low, middle), max(high, middle))


def _middle(value: Value | Cell) -> float:
    if isinstance(value, RangeValue):
        return value.likely
    return float(value) if isinstance(value, float | int) else math.nan


def _reach(span: float, middle: float, step: float) -> float:
    """Upwards, near steps are relative to the answer itself: a search range may be far wider than the answer."""
    return span if step == 1.0 else min(span, step * max(4 * abs(middle), span / 50))


def _flips_of(
    world: World, option: str, base: Run, now: dict[str, Status], candidate: _Candidate
) -> Iterator[tuple[str, FlipPoint]]:
    key = candidate.answer
    changed = frozenset((candidate.question.key,))
    seen: dict[float, dict[str, Standing]] = {}

    def look(place: float) -> dict[str, Standing]:
        if place not in seen:
            pinned = world.fork({(key, option): candidate.at(place)})
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
        changes = [(a, b) for a, b in pairwise(grid) if look(a)[name].status != look(b)[name].status]
        best = _nearest(changes, candidate.middle, now[name], lambda place, name=name: look(place)[name])  # type: ignore[misc]
        if best is not None:
            place, status, at_least = best
            yield (
                name,
                FlipPoint(
                    key,
                    candidate.label,
                    place,
                    candidate.question.unit,
                    status,
                    at_least,
                    candidate.distance(place),
                ),
            )


def _nearest(
    changes: list[tuple[float, float]], middle: float, now: Status, standing_at: Callable[[float], Standing]
) -> tuple[float, Status, bool] | None:
    """The change to report, refined: towards the best status that can be had, and of those the nearest."""
    found = []
    for below, above in changes:
        for inside, outside in ((above, below), (below, above)):
            wanted, beyond = standing_at(inside).status, standing_at(outside).status
            if wanted != now and (beyond == now or _RANK[wanted] > _RANK[beyond]) and wanted in _SAID:
                found.append(
                    (-max(_RANK[wanted], _RANK[now]), abs(inside - middle), beyond != now, inside, outside, wanted)
                )
    if not found:
        return None
    *_, inside, outside, wanted = min(found)
    return _edge(inside, outside, wanted, standing_at), wanted, inside > outside


def _edge(inside: float, outside: float, wanted: Status, standing_at: Callable[[float], Standing]) -> float:
    """The last place with the wanted status on the way to one without it, to three in ten thousand (ITP)."""
    beyond = standing_at(outside).status
    to_meet = wanted == "meets" or (wanted == "at_risk" and beyond == "meets")

    def left(place: float) -> float:
        return standing_at(place).to_meet if to_meet else standing_at(place).to_fail

    near, far = left(inside), left(outside)
    first = abs(outside - inside)
    width = _TOLERANCE * max(abs(inside), abs(outside), 1e-9)
    spare = width * 2.0 ** math.ceil(math.log2(max(first / width, 1.0)))
    while abs(inside - outside) > _TOLERANCE * max(abs(inside), abs(outside), 1e-9):
        half, span = (inside + outside) / 2, abs(inside - outside)
        there = (far * inside - near * outside) / (far - near) if near * far < 0 else half
        nudge = min(0.2 * span * span / first, abs(half - there))
        there += math.copysign(nudge, half - there)
        reach = max(spare - span / 2, 0.0)
        place = min(max(there, half - reach), half + reach)
        if standing_at(place).status == wanted:
            inside, near = place, left(place)
        else:
            outside, far = place, left(place)
        spare /= 2
    return inside
