"""What would change the recommendation: the values of leading answers at which another option leads."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise

import numpy as np

from shipworthy._searching import Candidate, boundary, candidates
from shipworthy.assess import FLIP_DRAWS, Assessment
from shipworthy.considerations.base import World
from shipworthy.considerations.evaluate import Run, paid, run, share_period
from shipworthy.decision import DO_NOTHING, RangeValue, SpreadValue
from shipworthy.moving import Movements

MOST = 10
"""Answers that are searched."""
_RANKING_DRAWS = 2**8
_TOLERANCE = 1e-2
"""Up to here places are looked at; from there a payoff is as good as a line."""
_DOUBT = 1e-2
"""Part of a place that it may be off by for want of draws; beyond it is looked at with all."""
_TENTH = 0.1
"""How far a number that is certain is moved, in parts of it, to see whether it matters."""


@dataclass(frozen=True)
class Turn:
    """A value of an answer from which on another option leads."""

    value: float
    leader: str
    """The option that leads then."""
    at_least: bool
    distance: float
    """How far that is from where the answer stands, in parts of the larger of the two [0..1]."""


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
    """The nearest below and the nearest above, where there are any; the nearer one first."""
    plan: bool = False
    """Whether it is a choice of the team rather than something that may turn out otherwise: one number, that makes an
    option what it is or says how payoff is counted."""

    @property
    def nearest(self) -> Turn | None:
        """The turn that is least far from where the answer stands."""
        return self.turns[0] if self.turns else None


_Look = Callable[[float], tuple[str, float]]


@dataclass(frozen=True)
class _Asked:
    """An answer to search, of all options or of one."""

    candidate: Candidate
    options: tuple[str, ...]
    """Options without phases whose answer is replaced."""
    owner: str


class Turning:
    """Where the recommendation turns, answer by answer.

    For each leading answer the value nearest to where it stands, on either side, at which another option has the highest
    expected payoff; all else is as uncertain as it is. An answer that all options share is replaced for all of them, one
    in which they differ for one option at a time. Those are searched in which the least of the lead is left: at their low
    and high value, or a tenth away where they are certain.

    Parameters
    ----------
    assessment : Assessment
        As it stands. 2^11 draws are used, and what they are off by as things stand is taken off.
    found : Movements, optional
        What moves it, where that is known already.
    most : int
        Answers that are searched.

    Examples
    --------
    >>> from datetime import date
    >>> from shipworthy.assess import assess
    >>> from shipworthy.examples import example
    >>> turning = Turning(assess(example("churn"), on=date(2026, 11, 20)), most=1)
    >>> (first,) = (each for each in turning.search() if each is not None)
    >>> first.label, first.nearest.leader, round(first.nearest.value, 2)
    ('Success of an intervention', 'do_nothing', 0.1)
    """

    def __init__(self, assessment: Assessment, found: Movements | None = None, most: int = MOST) -> None:
        self.assessment, self.most = assessment, most
        self.others = 0
        """Answers that were not searched; known once the search began."""
        self._found = found

    def search(self) -> Iterator[Searched | None]:
        """What is found, one answer after the other; now and then None, so that a screen stays alive in between."""
        if len(self.assessment.options) < 2 or not self.assessment.comparable:
            return
        ranked = list[tuple[float, int, _Asked]]()
        coarse, found = _Pinned(self.assessment, _RANKING_DRAWS), self._found or Movements(self.assessment)
        yield None
        for number, each in enumerate(_asked(coarse)):
            ranked.append((_left(each, coarse, found), number, each))
            yield None
        ranked.sort(key=lambda each: each[:2])
        self.others = max(len(ranked) - self.most, 0)
        fine = _Pinned(self.assessment, FLIP_DRAWS)
        for _, _, each in ranked[: self.most]:
            yield _searched(each, fine)


def turns(assessment: Assessment, most: int = MOST) -> list[Searched]:
    """All that the search of :class:`Turning` finds."""
    return [each for each in Turning(assessment, most=most).search() if each is not None]


class _Pinned:
    """The options' expected payoffs with an answer replaced."""

    def __init__(self, assessment: Assessment, size: int) -> None:
        decision, world = assessment.decision, assessment.world
        self.assessment, self.decision, self.recommended = assessment, decision, assessment.recommended
        if size >= world.size:
            self.world = world
            self.base = {each.option: each for result in assessment.options.values() for each in result.runs}
        else:
            self.world = World(decision, assessment.on, assessment.registry, size=size, kept=world.kept)
            self.base = {each.key: run(self.world, each.key) for each in decision.options if not each.phases}
            share_period(self.base)
        self.used = {key: frozenset().union(*(each.noted[1] for each in found.evaluations.values()))
                     for key, found in self.base.items()}  # fmt: skip
        self.as_is = self._means(self.base)
        whole = {key: each.summary.mean for key, each in assessment.options.items()}
        self.off = {key: 0.0 if size >= world.size else whole[key] - mean for key, mean in self.as_is.items()}

    @cached_property
    def whole(self) -> "_Pinned":
        """The same with all draws."""
        return _Pinned(self.assessment, self.assessment.world.size)

    def _means(self, runs: Mapping[str, Run], known: Mapping[str, float] | None = None) -> dict[str, float]:
        """Expected payoffs; those that are known are taken over where nothing of an option was run anew."""
        found = {}
        for option in self.decision.options:
            singles = option.phases or (option.key,)
            same = known is not None and all(runs[key] is self.base[key] for key in singles)
            found[option.key] = (
                known[option.key] if known and same else float(np.mean(paid([runs[key] for key in singles])))
            )
        return found

    def at(self, asked: _Asked, place: float) -> dict[str, float]:
        """Expected payoff of each option with an answer at one value."""
        candidate = asked.candidate
        world = self.world.fork({(candidate.answer, option): candidate.at(place) for option in asked.options})
        key = candidate.question.key
        changed = frozenset((key,))
        runs = {
            option: run(world, option, base, changed, only=())
            if option == DO_NOTHING or (option in asked.options and key in self.used[option])
            else base
            for option, base in self.base.items()
        }
        share_period(runs)
        return {option: mean + self.off[option] for option, mean in self._means(runs, self.as_is).items()}

    def lead(self, means: Mapping[str, float]) -> tuple[str, float]:
        """The option that leads, doing nothing where it is as good, and how far the recommended one is ahead of the others."""
        first = max(means, key=lambda option: (means[option], option == DO_NOTHING))
        others = max(mean for option, mean in means.items() if option != self.recommended)
        return first, means[self.recommended] - others


def _asked(pinned: _Pinned) -> Iterator[_Asked]:
    """Numeric answers that payoffs use: once where all options share one, else each option's own."""
    decision, shared = pinned.decision, set[str]()
    for option, base in pinned.base.items():
        if option == DO_NOTHING:
            continue
        for each in candidates(pinned.world, option, base, unsure=True):
            answer = decision.answer(each.question.key)
            if each.question.key not in pinned.used[option]:
                continue
            if answer is not None and answer.differs:
                yield _Asked(each, (option,), option)
            elif each.answer not in shared:
                shared.add(each.answer)
                yield _Asked(each, tuple(pinned.base), "")


def _left(asked: _Asked, pinned: _Pinned, found: Movements) -> float:
    """What is left of the lead when an answer is moved as far as it may well be [money]."""
    candidate = asked.candidate
    if _certain(candidate):
        means = pinned.at(asked, _moved(candidate))
        best = pinned.recommended
        moved = {key: mean - pinned.as_is[key] - pinned.off[key] for key, mean in means.items()}
        stands = {key: pinned.as_is[key] + pinned.off[key] for key in means}
        return min(stands[best] - stands[key] - abs(moved[best] - moved[key]) for key in means if key != best)
    options = [each.key for each in pinned.decision.options if {*each.phases, each.key} & {*asked.options}]
    return found.left(candidate.answer, options)


def _certain(candidate: Candidate) -> bool:
    value = candidate.value
    if isinstance(value, SpreadValue):
        return not (isinstance(value.p50, RangeValue) or isinstance(value.p95, RangeValue))
    if isinstance(value, RangeValue):
        return value.low == value.high
    return not (candidate.question.kind == "chance" and 0.0 < candidate.middle < 1.0)


def _moved(candidate: Candidate) -> float:
    """A tenth away, within what is possible; from nought to the next place that is looked at."""
    if candidate.middle == 0.0 or candidate.widths:
        grid = candidate.grid()
        above = [place for place in grid if place > candidate.middle]
        return above[0] if above else max((each for each in grid if each < candidate.middle), default=candidate.middle)
    up, down = (candidate.middle + sign * _TENTH * abs(candidate.middle) for sign in (1, -1))
    return up if up <= candidate.far else down


def _searched(asked: _Asked, pinned: _Pinned) -> Searched:
    candidate = asked.candidate
    grid = candidate.grid(near=False)  # payoffs move more evenly than shares of the draws do
    above = [place for place in grid if place >= candidate.middle]
    below = [place for place in grid if place <= candidate.middle][::-1]
    look = _look(asked, pinned)
    found = dict.fromkeys(turn for way in (below, above) for turn in _first(asked, way, look, pinned))
    return Searched(
        candidate.answer,
        candidate.label,
        candidate.question.unit,
        asked.owner,
        isinstance(candidate.value, SpreadValue),
        candidate.middle,
        grid[0],
        grid[-1],
        tuple(sorted(found, key=lambda turn: turn.distance)),
        _certain(candidate) and (bool(asked.owner) or candidate.question.kind == "number"),
    )


def _look(asked: _Asked, pinned: _Pinned) -> _Look:
    """Who leads with an answer at a place, and the recommended option's lead; each place is worked out once."""

    @cache
    def look(place: float) -> tuple[str, float]:
        with np.errstate(over="ignore", invalid="ignore"):
            return pinned.lead(pinned.at(asked, place))

    return look


def _first(asked: _Asked, way: list[float], look: _Look, pinned: _Pinned) -> Iterator[Turn]:
    """The first place on the way from where an answer stands at which another option leads."""
    candidate, stays = asked.candidate, pinned.recommended
    if look(way[0])[0] != stays:
        yield Turn(way[0], look(way[0])[0], True, 0.0)
        return
    for near, far in pairwise(way):
        if not np.isfinite(look(far)[1]):
            return
        if look(far)[0] != stays:
            place, leader = (far, look(far)[0]) if candidate.widths else _between(near, far, look, pinned, asked)
            yield Turn(place, leader, far > near, candidate.distance(place))
            return


def _between(near: float, far: float, look: _Look, pinned: _Pinned, asked: _Asked) -> tuple[float, str]:
    """The place between two where the lead ends, and who leads beyond; with all draws where the few could be off."""
    place, slope, leader = _ends(near, far, look, pinned.recommended)
    off = pinned.off[pinned.recommended] - pinned.off[leader]
    if abs(off) > _DOUBT * abs(slope * place):
        whole = _look(asked, pinned.whole)
        for part in (0.05, 1.0):
            start, end = place + part * (near - place), place + part * (far - place)
            if whole(start)[0] == pinned.recommended != whole(end)[0]:
                place, _, leader = _ends(start, end, whole, pinned.recommended)
                break
    return place, leader


def _ends(near: float, far: float, look: _Look, stays: str) -> tuple[float, float, str]:
    """Where the lead ends, by a line through two places that are close; how steep it is, and who leads beyond."""

    def holds(place: float) -> tuple[bool, float]:
        leader, lead = look(place)
        return leader == stays, lead

    inside, outside = boundary(holds, near, far, _TOLERANCE)
    (_, more), (leader, less) = look(inside), look(outside)
    if less >= more or inside == outside:
        return outside, 0.0, leader
    slope = (less - more) / (outside - inside)
    return inside - more / slope, slope, leader
