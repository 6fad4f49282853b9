"""The options' expected payoffs with an answer replaced, all else as uncertain as it is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from shipworthy._searching import Candidate, candidates
from shipworthy.assess import Assessment
from shipworthy.considerations.base import World
from shipworthy.considerations.evaluate import Run, paid, run, share_period
from shipworthy.decision import DO_NOTHING, RangeValue, SpreadValue
from shipworthy.moving import Movements

_TENTH = 0.1
"""How far a number that is certain is moved, in parts of it, to see whether it matters."""


@dataclass(frozen=True)
class Asked:
    """An answer to search, of all options or of one."""

    candidate: Candidate
    options: tuple[str, ...]
    """Options without phases whose answer is replaced."""
    owner: str
    """The option whose own answer it is, where options differ in it; else none."""

    @property
    def certain(self) -> bool:
        """Whether it is one number, or a spread between two."""
        candidate, value = self.candidate, self.candidate.value
        if isinstance(value, SpreadValue):
            return not (isinstance(value.p50, RangeValue) or isinstance(value.p95, RangeValue))
        if isinstance(value, RangeValue):
            return value.low == value.high
        return not (candidate.question.kind == "chance" and 0.0 < candidate.middle < 1.0)

    @property
    def plan(self) -> bool:
        """Whether it is a choice of the team: one number, that makes an option what it is or says how payoff is counted."""
        return self.certain and (bool(self.owner) or self.candidate.question.kind == "number")

    def likely(self, place: float) -> bool:
        """Whether a place is among those that are as likely as not, of an answer that is uncertain: 8 in 10 lie there."""
        value = self.candidate.value
        if isinstance(value, SpreadValue):
            value = value.p50
        if isinstance(value, RangeValue):
            return value.low <= place <= value.high
        return not self.certain  # of a yes or no: how likely it is


class Pinned:
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
    def whole(self) -> "Pinned":
        """The same with all draws."""
        return Pinned(self.assessment, self.assessment.world.size)

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

    def at(self, asked: Asked, place: float) -> dict[str, float]:
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

    def left(self, asked: Asked, movements: Movements) -> float:
        """What is left of the lead when an answer is moved as far as it may well be, a tenth where it is certain [money]."""
        if asked.certain:
            return self._moved(self.at(asked, _moved(asked.candidate)))
        options = [each.key for each in self.decision.options if {*each.phases, each.key} & {*asked.options}]
        return movements.left(asked.candidate.answer, options)

    def _moved(self, means: Mapping[str, float]) -> float:
        """The least lead where payoffs move as far as they did, to either side."""
        best = self.recommended
        stands = {key: self.as_is[key] + self.off[key] for key in means}
        moved = {key: mean - stands[key] for key, mean in means.items()}
        return min(stands[best] - stands[key] - abs(moved[best] - moved[key]) for key in means if key != best)


def leads(means: Mapping[str, float]) -> str:
    """The option that leads, doing nothing where it is as good."""
    return max(means, key=lambda option: (means[option], option == DO_NOTHING))


def lead(means: Mapping[str, float], option: str) -> float:
    """How far an option is ahead of the others [money]."""
    return means[option] - max(mean for other, mean in means.items() if other != option)


def _moved(candidate: Candidate) -> float:
    """A tenth away, within what is possible; from nought to the next place that is looked at."""
    if candidate.middle == 0.0 or candidate.widths:
        grid = candidate.grid()
        above = [place for place in grid if place > candidate.middle]
        return above[0] if above else max((each for each in grid if each < candidate.middle), default=candidate.middle)
    up, down = (candidate.middle + sign * _TENTH * abs(candidate.middle) for sign in (1, -1))
    return up if up <= candidate.far else down


def asked(pinned: Pinned) -> Iterator[Asked]:
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
                yield Asked(each, (option,), option)
            elif each.answer not in shared:
                shared.add(each.answer)
                yield Asked(each, tuple(pinned.base), "")
