"""Crews: the people who share a name in a plan, each from a day on and for a part of their time, on draws.

Whoever is free takes the next task of theirs. Several who work alike are held as the times at which they are free, in
order; where some work a part of their time only, the task goes to whoever is done with it first.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

import numpy as np
import numpy.typing as npt

Draws = float | npt.NDArray[np.float64]


@dataclass(frozen=True)
class Person:
    """Somebody who works on tasks, one at a time.

    Parameters
    ----------
    start : float, optional
        From which working day on [working day].
    share : float, optional
        Part of the time that is worked on the plan: with half of it a task takes twice as long [0..1].
    """

    start: float = 0.0
    share: float = 1.0


@dataclass
class Crew:
    """People of one name, and when each is free.

    Parameters
    ----------
    people : sequence of Person
        At least one.
    most : int
        How many tasks are theirs: no more people than that ever have something to do.

    Examples
    --------
    Two people, one of them from day 6 on, and three tasks of four days each:

    >>> crew = Crew([Person(), Person(6.0)], 3)
    >>> [tuple(float(each) for each in crew.take(0.0, 4.0)) for _ in range(3)]
    [(0.0, 4.0), (4.0, 8.0), (6.0, 10.0)]

    One who works all of the time and one who works half of it: the second task is done first by the second person.

    >>> crew = Crew([Person(), Person(share=0.5)], 2)
    >>> [tuple(float(each) for each in crew.take(0.0, days)) for days in (10.0, 4.0)]
    [(0.0, 10.0), (0.0, 8.0)]
    """

    people: Sequence[Person]
    most: int
    shares: list[float] = field(init=False)
    free: list[Draws] = field(init=False)

    def __post_init__(self) -> None:
        ranked = sorted(self.people, key=lambda each: (-each.share, each.start))
        kept = [each for _, alike in groupby(ranked, lambda one: one.share) for each in list(alike)[: self.most]]
        self.shares, self.free = [each.share for each in kept], [each.start for each in kept]

    @property
    def alone(self) -> bool:
        """Whether there is only one, whose tasks follow each other."""
        return len(self.free) == 1

    def take(self, ready: Draws, days: Draws, delay: Draws = 0.0) -> tuple[Draws, Draws]:
        """Somebody takes a task: when it starts and when it is done [working day].

        Parameters
        ----------
        ready : float or array
            From when on it could start [working day].
        days : float or array
            What it takes somebody who works on it all of the time [working day].
        delay : float or array, optional
            What is added, however much of the time is worked; whoever took it waits as well [working day].
        """
        if len(set(self.shares)) > 1:
            return self._first_done(ready, days, delay)
        start = later(ready, self.free[0])
        finish = plus(start + slowed(days, self.shares[0]), delay)
        self.free = _taken(self.free, start, finish)
        return start, finish

    def _first_done(self, ready: Draws, days: Draws, delay: Draws) -> tuple[Draws, Draws]:
        """The task goes to whoever is done with it first; of those who would be at the same time, to who was free last."""
        start, done, free = later(ready, self.free[0]), None, self.free[0]
        who: npt.ArrayLike = 0
        for place, (until, share) in enumerate(zip(self.free, self.shares, strict=True)):
            begins = later(ready, until)
            ends = begins + slowed(days, share)
            if done is None:
                done = ends
                continue
            better = np.less(ends, done) | (np.equal(ends, done) & np.greater(until, free))
            start, done, free, who = (
                np.where(better, new, old)
                for new, old in ((begins, start), (ends, done), (until, free), (place, who))
            )  # fmt: skip
        finish = plus(np.asarray(done), delay)
        self.free = [np.where(np.equal(who, place), finish, until) for place, until in enumerate(self.free)]
        return start, finish


def heads(number: float, start: float = 0.0) -> list[Person]:
    """So many people as persons: the whole ones, and one who works the rest of the number.

    >>> heads(2.5)
    [Person(start=0.0, share=1.0), Person(start=0.0, share=1.0), Person(start=0.0, share=0.5)]
    >>> heads(0.0)
    []
    """
    whole = int(number + 1e-9)
    rest = number - whole
    return [Person(start)] * whole + ([Person(start, rest)] if rest > 1e-9 else [])


def later(one: Draws, other: Draws) -> Draws:
    """The later of two moments, none before 0."""
    if isinstance(one, float | int) and one == 0:
        return other
    if isinstance(other, float | int) and other == 0:
        return one
    found: Draws = np.maximum(one, other)
    return found


def latest(moments: Iterable[Draws]) -> Draws:
    """The latest of several moments; 0 of none."""
    found: Draws = 0.0
    for each in moments:
        found = later(found, each)
    return found


def slowed(days: Draws, share: float) -> Draws:
    """What a task takes somebody who works on it a part of the time."""
    return days if share == 1.0 else days / share


def plus(moment: Draws, delay: Draws) -> Draws:
    """A moment with a delay added; a plain 0 costs nothing."""
    return moment if isinstance(delay, float | int) and delay == 0 else moment + delay


def _taken(pool: list[Draws], start: Draws, finish: Draws) -> list[Draws]:
    """When each of the people is free again, the first to be so in front; the task went to who was free last before it."""
    found: list[Draws] = []
    for here, following in pairwise(pool):
        other = np.where(np.less_equal(following, start), here, following)
        found.append(np.minimum(other, finish))
        finish = np.maximum(other, finish)
    return [*found, finish]
