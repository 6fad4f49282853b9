"""What would change the recommendation: the values of leading answers at which another option leads."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np

from shipworthy._pinned import Asked, Pinned, asked, lead, leads
from shipworthy._searching import Pauses, boundary_steps
from shipworthy.assess import FLIP_DRAWS, Assessment
from shipworthy.decision import SpreadValue
from shipworthy.moving import Movements

MOST = 10
"""Answers that are searched, at least."""
NEAR = 0.5
"""How far the other answers are looked at where nothing turns among those: at half, and at twice where they stand."""
_RANKING_DRAWS = 2**8
_TOLERANCE = 1e-2
"""Up to here places are looked at; from there a payoff is as good as a line."""
_DOUBT = 1e-2
"""Part of a place that it may be off by for want of draws; beyond it is looked at with all."""


@dataclass(frozen=True)
class Turn:
    """A value of an answer from which on another option leads."""

    value: float
    leader: str
    """The option that leads then."""
    at_least: bool
    distance: float
    """How far that is from where the answer stands, in parts of the larger of the two; nought where the option leads
    already at the likely value, and the recommended one only because it may turn out otherwise."""
    until: float | None = None
    """Up to where the option leads, of one that leads from the likely value up and down; else it does to the end."""


@dataclass(frozen=True)
class Searched:
    """One answer, searched for values at which another option has the highest expected payoff."""

    answer: str
    """``consideration.question``, or the name of a cell of a list."""
    label: str
    unit: str
    owner: str
    """The option whose own answer it is, where options differ in it; else none."""
    typical: bool
    """Whether the values are those of the typical case: an answer about cases keeps how far they stray."""
    here: float
    """Where the answer stands."""
    low: float
    high: float
    """Between which values was looked."""
    turns: tuple[Turn, ...]
    """The nearest below and the nearest above, where there are any; the nearer one first. Just the one where another
    option leads at the likely value."""
    plan: bool = False
    """Whether it is a choice of the team rather than something that may turn out otherwise: one number, that makes an
    option what it is or says how payoff is counted."""
    along: str = ""
    """What else is taken to change with it, to follow on “with”; mostly nothing."""

    @property
    def nearest(self) -> Turn | None:
        """The turn that is least far from where the answer stands."""
        return self.turns[0] if self.turns else None


class Turning:
    """Where the recommendation turns, answer by answer.

    For each leading answer the value nearest to where it stands, on either side, at which another option has the highest
    expected payoff; all else is as uncertain as it is. An answer that all options share is replaced for all of them, one
    in which they differ for one option at a time. Those are searched in which the least of the lead is left: at their low
    and high value, or a tenth away where they are certain. All others that may turn out otherwise are looked at where they
    are as far from where they stand as the nearest change that was found, on either side; one in which another option leads
    there is searched too. So the nearest of all is found, but for one that comes and goes within that distance.

    Parameters
    ----------
    assessment : Assessment
        As it stands. 2^11 draws are used, and what they are off by as things stand is taken off.
    found : Movements, optional
        What moves it, where that is known already.
    most : int
        Answers that are searched, beside those that turn sooner.

    Examples
    --------
    >>> from datetime import date
    >>> from shipworthy.assess import assess
    >>> from shipworthy.examples import example
    >>> turning = Turning(assess(example("churn"), on=date(2026, 11, 20)), most=1)
    >>> searched = [each for each in turning.search() if each is not None]
    >>> searched[0].label, searched[0].nearest.leader, round(searched[0].nearest.value, 2)
    ('Success of an intervention', 'do_nothing', 0.1)
    >>> nearest = min(searched, key=lambda each: each.nearest.distance)
    >>> nearest.label, nearest.nearest.leader, round(nearest.nearest.value)
    ('Persuasion: first talk to decision', 'do_nothing', 85)
    """

    def __init__(self, assessment: Assessment, found: Movements | None = None, most: int = MOST) -> None:
        self.assessment, self.most = assessment, most
        self.others = 0
        """Answers that were not searched; known once the search is over."""
        self._found = found

    def search(self) -> Iterator[Searched | None]:
        """What is found, one answer after the other; now and then None, so that a screen stays alive in between."""
        if len(self.assessment.options) < 2 or not self.assessment.comparable:
            return
        coarse, movements = Pinned(self.assessment, _RANKING_DRAWS), self._found or Movements(self.assessment)
        yield None
        ranked, self.others = list[tuple[float, int, Asked]](), 0
        for number, each in enumerate(asked(coarse)):
            ranked.append((coarse.left(each, movements), number, each))
            yield None
        ranked.sort(key=lambda each: each[:2])
        fine, nearest = Pinned(self.assessment, FLIP_DRAWS), math.inf
        for place, (left, _, each) in enumerate(ranked):
            if place < self.most or _sooner(each, left, nearest, coarse):
                found = yield from _searched(each, fine)
                if found.nearest is not None and not found.plan:
                    nearest = min(nearest, found.nearest.distance)
                yield found
            else:
                self.others += 1
                yield None


def turns(assessment: Assessment, most: int = MOST) -> list[Searched]:
    """All that the search of :class:`Turning` finds."""
    return [each for each in Turning(assessment, most=most).search() if each is not None]


def _sooner(asked: Asked, left: float, nearest: float, coarse: Pinned) -> bool:
    """Whether another option leads where an answer is no farther from where it stands than the nearest change that was
    found. Where it is uncertain and its low and high value leave some of the lead, none does between them."""
    if asked.plan:
        return False
    sure = 0.0 < left < math.inf and not asked.certain
    places = asked.candidate.at_distance(NEAR if math.isinf(nearest) else nearest)
    look = _look(asked, coarse)
    return any(leads(look(place)) != coarse.recommended for place in places if not (sure and asked.likely(place)))


def _searched(asked: Asked, pinned: Pinned) -> Pauses[Searched]:
    candidate = asked.candidate
    grid = candidate.grid(near=False)  # payoffs move more evenly than shares of the draws do
    below = [place for place in grid if place <= candidate.middle][::-1]
    above = [place for place in grid if place >= candidate.middle]
    if leads(_look(asked, pinned)(candidate.middle)) != pinned.recommended:
        pinned = pinned.whole
        yield None
    way = _Way(asked, pinned)
    if way.leader == pinned.recommended:
        found = [(yield from way.turn(below)), (yield from way.turn(above))]
    else:
        found = [(yield from way.already(below, above))]
    return Searched(
        candidate.answer,
        candidate.label,
        candidate.question.unit,
        asked.owner,
        isinstance(candidate.value, SpreadValue),
        candidate.middle,
        grid[0],
        grid[-1],
        tuple(sorted(filter(None, found), key=lambda turn: turn.distance)),
        asked.plan,
        candidate.question.along,
    )


_Look = Callable[[float], Mapping[str, float]]


def _look(asked: Asked, pinned: Pinned) -> _Look:
    """Expected payoffs with an answer at a place; each place is worked out once."""

    @cache
    def look(place: float) -> Mapping[str, float]:
        with np.errstate(over="ignore", invalid="ignore"):
            return pinned.at(asked, place)

    return look


class _Way:
    """The values of one answer, from where it stands on: how long the option that leads there goes on to lead."""

    def __init__(self, asked: Asked, pinned: Pinned) -> None:
        self.asked, self.pinned, self.candidate = asked, pinned, asked.candidate
        self.look = _look(asked, pinned)
        self.leader = leads(self.look(asked.candidate.middle))

    def turn(self, places: list[float]) -> Pauses[Turn | None]:
        """The first place on a way at which another option leads."""
        end = yield from self._end(places)
        if end is None:
            return None
        _, place, leader = end
        return Turn(place, leader, place > places[0], self.candidate.distance(place))

    def already(self, below: list[float], above: list[float]) -> Pauses[Turn]:
        """Between which places the option leads that does at the likely value, and is not the recommended one."""
        low, high = (yield from self._end(below)), (yield from self._end(above))
        if low is None and high is not None:
            return Turn(high[0], self.leader, False, 0.0)
        until = None if low is not None and high is None else above[-1] if high is None else high[0]
        return Turn(below[-1] if low is None else low[0], self.leader, True, 0.0, until)

    def _end(self, places: list[float]) -> Pauses[tuple[float, float, str] | None]:
        """The last place at which the leader leads, the first beyond it, and who leads there; None where it goes on to."""
        for near, far in pairwise(places):
            means = self.look(far)
            if not math.isfinite(lead(means, self.leader)):
                return None
            if leads(means) != self.leader:
                if self.candidate.widths:
                    return near, far, leads(means)
                place, leader = yield from self._between(near, far)
                return place, place, leader
            yield None
        return None

    def _between(self, near: float, far: float) -> Pauses[tuple[float, str]]:
        """The place between two where the lead ends, and who leads beyond; with all draws where the few could be off."""
        place, slope, leader = yield from self._ends(near, far, self.look)
        off = self.pinned.off[self.leader] - self.pinned.off[leader]
        if abs(off) > _DOUBT * abs(slope * place):
            whole = _look(self.asked, self.pinned.whole)
            for part in (0.05, 1.0):
                start, end = place + part * (near - place), place + part * (far - place)
                first = leads(whole(start))
                yield None
                if first == self.leader != leads(whole(end)):
                    place, _, leader = yield from self._ends(start, end, whole)
                    break
                yield None
        return place, leader

    def _ends(self, near: float, far: float, look: _Look) -> Pauses[tuple[float, float, str]]:
        """Where the lead ends, by a line through two places that are close; how steep it is, and who leads beyond."""

        def holds(place: float) -> tuple[bool, float]:
            means = look(place)
            return leads(means) == self.leader, lead(means, self.leader)

        inside, outside = yield from boundary_steps(holds, near, far, _TOLERANCE)
        (_, more), (_, less), leader = holds(inside), holds(outside), leads(look(outside))
        if less >= more or inside == outside:
            return outside, 0.0, leader
        slope = (less - more) / (outside - inside)
        return inside - more / slope, slope, leader
