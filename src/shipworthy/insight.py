"""What could change the conclusion: flip points of the statuses."""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import Protocol

import numpy as np

from shipworthy._searching import TOLERANCE, Candidate, boundary, candidates
from shipworthy.considerations.base import FlipPoint, Status, World
from shipworthy.considerations.evaluate import Run, Standing, run, standings
from shipworthy.considerations.show import SIGNS
from shipworthy.decision import DO_NOTHING
from shipworthy.words import with_unit

_COARSE = 3e-3
_ONE_PLACE = 5e-3
"""Two changes that are no further apart, in parts of the value, are told as one."""

_SAID: tuple[Status, ...] = ("meets", "at_risk", "fails")


def flip_points(world: World, option: str) -> Iterator[list[tuple[str, FlipPoint]]]:
    """Where each answer, pinned to one value, changes the status of a consideration for one option.

    Yields the (consideration, flip point) pairs of one answer after the other, so that a screen stays alive in between.
    For each answer and consideration the change nearest to where the answer stands is found to one in a thousand (from at
    risk: the nearest to meeting and the nearest to failing), and where it is at risk beyond, the next change to three in
    a thousand, by bisection that looks where the share of draws that meet the requirement should pass its limit.

    Parameters
    ----------
    world : World
        The draws; 2^11 of them are enough.
    option : str
        Its key.
    """
    for lines in _searched(world, option):
        yield [(name, flip) for name, line in lines for flip in line.flips()]


def nearest_flips(world: World, option: str, most: int) -> dict[str, list[FlipPoint]]:
    """The nearest flip points of each consideration: those that :func:`flip_points` finds, without searching for the rest.

    Parameters
    ----------
    world, option
        As there.
    most : int
        How many are wanted of each consideration.
    """
    waiting: dict[str, list[_Line]] = {}
    for lines in _searched(world, option):
        for name, line in lines:
            waiting.setdefault(name, []).append(line)
    return {name: found for name, lines in waiting.items() if (found := _nearest(lines, most))}


def _nearest(lines: list["_Line"], most: int) -> list[FlipPoint]:
    found: list[FlipPoint] = []
    for line in sorted(lines, key=_Line.reach):
        within = found[most - 1].distance if len(found) >= most else math.inf
        found = nearest_first([*found, *line.flips(within)])
    return found[:most]


def _searched(world: World, option: str) -> Iterator[list[tuple[str, "_Line"]]]:
    """Answer by answer the considerations whose status it can change."""
    if option == DO_NOTHING:
        return
    base = run(world, option)
    here = standings(world, base)
    for candidate in candidates(world, option, base):
        yield list(_lines(world, option, base, here, candidate))


def _lines(
    world: World, option: str, base: Run, here: dict[str, Standing], candidate: Candidate
) -> Iterator[tuple[str, "_Line"]]:
    key = candidate.answer
    changed = frozenset((candidate.question.key,))
    now = {name: each.status for name, each in here.items()}
    grid = candidate.grid()
    seen = {candidate.middle: dict(here)} if isinstance(candidate.value, float | int) else {}

    def look(place: float, name: str, keep: bool = True) -> Standing:
        known = seen.setdefault(place, {}) if keep else dict(seen.get(place, {}))
        if name not in known:
            pinned = world.fork({(key, option): candidate.at(place)})
            only = None if place in grid else (name,)  # places on the grid are those that all look at
            with np.errstate(over="ignore"):  # a thousand times of anything may leave next to nothing of another
                known.update(standings(pinned, run(pinned, option, base, changed, only), only))
        return known[name]

    for name in now:
        if now[name] in _SAID:
            ends = {look(place, name).status for place in (grid[0], candidate.middle, grid[-1])}
            if ends != {now[name]}:
                places = _Seen(seen, name)
                yield name, _Line(candidate, grid, now[name], partial(look, name=name), places)


class _Look(Protocol):
    """A look at a place: the standing of one consideration there, which is kept or not."""

    def __call__(self, place: float, *, keep: bool = True) -> Standing: ...


@dataclass(frozen=True)
class _Seen:
    """Places at which a consideration was looked at already."""

    places: dict[float, dict[str, Standing]]
    name: str

    def between(self, low: float, high: float) -> list[float]:
        """Those between two others, from low to high."""
        return sorted(place for place, found in self.places.items() if low < place < high and self.name in found)


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


def along(flip: FlipPoint) -> str:
    """What else is taken to change with an answer, to stand at the end of its flip point; mostly nothing."""
    return f", with {flip.along}" if flip.along else ""


def standing(now: float, unit: str, flips_at: float) -> str:
    """Where an answer stands, to follow where it flips: `` (now 99.92 %)``; its unit was told there."""
    plain_unit = {"share": "share"}.get(unit, "money" if unit.startswith("money") else "")
    return f" (now {with_unit(now, plain_unit, beside=flips_at)})"


@dataclass(frozen=True)
class _Line:
    """The values of one answer with the standings of one consideration along them."""

    candidate: Candidate
    grid: list[float]
    now: Status
    at: "_Look"
    seen: _Seen

    def reach(self) -> tuple[float, float]:
        """Between which distances the nearest of its flip points is, as the places on the grid say."""
        cells = [cell for keep in self._changes() for cell in self._cells(keep)]
        ends = (sorted(map(self.candidate.distance, cell)) for cell in cells)
        return min(((low, high) for low, high in ends), default=(math.inf, math.inf))

    def _changes(self) -> Iterator[Callable[[Status, Status], bool]]:
        """Which changes are looked for."""
        if self.now != "at_risk":
            yield lambda start, end: start == self.now != end and end in _SAID
        for wanted in ("meets", "fails"):
            if wanted != self.now:
                yield lambda start, end, wanted=wanted: start != end == wanted  # type: ignore[misc]

    def flips(self, within: float = math.inf) -> Iterator[FlipPoint]:
        """The first change away from where it stands; where it is at risk, the nearest place where it meets, and fails.

        What is farther than ``within`` may be left out.
        """
        if self.now == "at_risk":
            for wanted in ("meets", "fails"):
                yield from self._to(wanted, within)
            return
        away = self._cells(lambda start, end: start == self.now != end and end in _SAID)
        yield from self._away(away, within) if away else self._to("fails" if self.now == "meets" else "meets", within)

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

    def _to(self, wanted: Status, within: float) -> list[FlipPoint]:
        """The nearest change to a status from any other."""
        nearest: list[FlipPoint] = []
        for start, end in self._cells(lambda start, end: start != end == wanted):
            if not self._beyond(start, end, min([within, *(each.distance for each in nearest)])):
                nearest = nearest_first([*nearest, self._flip(self._boundary(wanted, end, start)[0], end > start)])[:1]
        return nearest

    def _away(self, cells: list[tuple[float, float]], within: float) -> list[FlipPoint]:
        """The nearest change from the status that is to another, and, where it is at risk there, where it is the third."""
        nearest: list[tuple[FlipPoint, float]] = []
        for start, end in cells:
            if not self._beyond(start, end, min([within, *(each.distance for each, _ in nearest)])):
                flip = self._flip(self._boundary(self.now, start, end)[1], end > start)
                nearest = sorted([*nearest, (flip, end)], key=lambda each: each[0].distance)[:1]
        return [self._going_on(flip, end) if flip.status == "at_risk" else flip for flip, end in nearest]

    def _beyond(self, start: float, end: float, distance: float) -> bool:
        """Whether the change between two places, the first being the nearer one, is farther away than that."""
        middle = self.candidate.middle
        if distance >= 1 or middle == 0:
            return False
        if abs(end - middle) < abs(start - middle):
            start, end = end, start
        place = middle / (1 - distance) if (end > start) == (middle > 0) else middle * (1 - distance)
        if not min(start, end) < place < max(start, end):
            return self.candidate.distance(start) > distance
        return self.at(place, keep=False).status == self.at(start).status

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
            along=asked.question.along,
        )

    def _boundary(
        self, wanted: Status, inside: float, outside: float, tolerance: float = TOLERANCE
    ) -> tuple[float, float]:
        """The last place with a status (to meet or to fail) on the way to one without it, and the next beyond it."""

        def look(place: float) -> tuple[bool, float]:
            there = self.at(place)
            return there.status == wanted, there.to_meet if wanted == "meets" else there.to_fail

        if self.candidate.widths:
            return inside, outside
        low, high = sorted((inside, outside))
        between = self.seen.between(low, high)
        for place in between if inside < outside else between[::-1]:
            if self.at(place).status != wanted:
                outside = place
                break
            inside = place
        return boundary(look, inside, outside, tolerance)
