"""Schedules: when a plan of tasks is done, simulated on draws.

A task starts when those before it are done and somebody is free, and takes an uncertain time. Adding up the likely
durations along the longest path is too hopeful wherever paths meet, because the latest of them decides (merge bias):
:func:`schedule` simulates the whole network in every draw; :func:`shipworthy.calculators.pert.classic` is the textbook
sum beside it. Time is in working days; :mod:`shipworthy.calculators.working_days` turns them into dates.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from shipworthy.calculators.crews import Crew, Person, heads, later, latest, plus
from shipworthy.errors import InputError
from shipworthy.words import join, one_line

Floats = npt.NDArray[np.float64]
Draws = float | Floats
People = Mapping[str, int | Sequence[Person]]


@dataclass(frozen=True)
class Task:
    """One task of a plan.

    Parameters
    ----------
    key : str
        What other tasks call it.
    days : float or array
        How long it takes [working day].
    after : tuple of str, optional
        Keys of the tasks that must be done before.
    who : str, optional
        Who does it; tasks with the same name share those people. Empty: nobody has to be free for it.
    delay : float or array, optional
        What risk events add, its people being held up as well [working day].
    earliest : float or array, optional
        It cannot start before [working day].
    name : str, optional
        What people call it; the key where there is none.
    """

    key: str
    days: Draws
    after: tuple[str, ...] = ()
    who: str = ""
    delay: Draws = 0.0
    earliest: Draws = 0.0
    name: str = ""

    @property
    def label(self) -> str:
        """How an error names it."""
        return f"Task “{one_line(self.name or self.key, 60)}”"


@dataclass(frozen=True)
class Schedule:
    """When every task starts and is done, in the order in which they were simulated.

    Parameters
    ----------
    tasks : tuple of Task
        In an order in which every task follows those that it waits for.
    starts, finishes : tuple of (float or array)
        Of each task [working day].
    finish : float or array
        When all are done [working day].
    holds_up : tuple of tuple of int
        For each task, places of those that may have to wait for it: by the plan, or for its people.
    """

    tasks: tuple[Task, ...]
    starts: tuple[Draws, ...]
    finishes: tuple[Draws, ...]
    finish: Draws
    holds_up: tuple[tuple[int, ...], ...]


def alike_scores(own: npt.ArrayLike, common: npt.ArrayLike, alike: float) -> Floats:
    r"""Normal scores of a task's duration that share one cause with all other tasks.

    .. math:: z = \sqrt{\rho}\, z_\text{common} + \sqrt{1 - \rho}\, z_\text{own}

    Any two tasks then have the correlation ρ, and each alone keeps its own distribution.

    Parameters
    ----------
    own, common : float or array
        Independent standard normal scores, the second the same for all tasks [1].
    alike : float
        How alike the risks of the tasks are: correlation of any two scores [0..1].

    Returns
    -------
    float or array
        Standard normal scores [1].

    Raises
    ------
    InputError
        Where ``alike`` is not a share.

    Examples
    --------
    >>> float(alike_scores(1.0, 2.0, 0.0)), float(alike_scores(1.0, 2.0, 1.0)), round(float(alike_scores(1.0, 2.0, 0.36)), 6)
    (1.0, 2.0, 2.0)

    References
    ----------
    Vasicek, O. (1987), Probability of loss on loan portfolio: the one-factor Gaussian copula.
    """
    if not 0 <= alike <= 1:
        raise InputError(f"How alike the risks are: {alike:g} was found; a share from 0 to 1 (100 %) would do.")
    mixed = np.multiply(common, math.sqrt(alike)) + np.multiply(own, math.sqrt(1 - alike))
    return np.asarray(mixed)[()]


def schedule(tasks: Sequence[Task], people: People | None = None) -> Schedule:
    r"""Simulate a plan: when every task starts and is done, in each draw.

    .. math:: s_i = \max(e_i,\; \max_{j \in \text{before}(i)} f_j,\; \text{first of its people free}), \qquad
              f_i = s_i + d_i + \text{delay}_i

    Tasks are taken in the order in which they are listed, each after those that it waits for, and whoever is named
    works on one at a time in that order; of several who are free it is taken by the one who was free last, and where
    some work a part of their time only, by whoever is done with it first. Nobody slips
    a later task in while an earlier one that is theirs waits for others. (A serial schedule without filling of gaps:
    list tasks in the order in which people should take them.)

    Parameters
    ----------
    tasks : sequence of Task
        The plan.
    people : mapping of str to (int or sequence of Person), optional
        How many there are of each that is named, or each of them with the day from which on they are there and the
        part of their time that they work; without it, one of each.

    Returns
    -------
    Schedule
        Starts and finishes of all tasks [working day].

    Raises
    ------
    InputError
        Naming the task: where it waits for itself (a circle), for a task that is not there, for people that are not
        there, or where its duration is no number of days.

    Examples
    --------
    One person builds (10 days) and reviews (5) while labelling takes 12: done on day 17.

    >>> found = schedule([Task("build", 10.0, who="Ann"), Task("label", 12.0), Task("review", 5.0, ("build", "label"), "Ann")])
    >>> [float(each) for each in found.finishes], float(found.finish)
    ([10.0, 12.0, 17.0], 17.0)

    References
    ----------
    MacCrimmon, K. R., Ryavec, C. A. (1964). An analytical study of the PERT assumptions. Operations Research 12(1).
    Kolisch, R. (1996). Serial and parallel resource-constrained project scheduling methods revisited. EJOR 90(2).
    """
    line = ordered(tasks)
    crews = _crews(line, people)
    done: dict[str, Draws] = {}
    starts: list[Draws] = []
    for task in line:
        start = later(task.earliest, latest(done[each] for each in task.after))
        crew = crews.get(task.who)
        # what is added goes on the start at once, so that a finish is the very number that the next one starts at
        if crew is None:
            finish = plus(start + task.days, task.delay)
        else:
            start, finish = crew.take(start, task.days, task.delay)
        starts.append(start)
        done[task.key] = finish
    waited_for = {each for task in line for each in task.after}
    end = latest(finish for key, finish in done.items() if key not in waited_for)
    return Schedule(tuple(line), tuple(starts), tuple(done.values()), end, _holds_up(line, crews))


def ordered(tasks: Sequence[Task]) -> list[Task]:
    """The tasks in an order in which each follows those that it waits for, as close to the listed one as can be.

    Raises
    ------
    InputError
        Naming the task that waits for itself, for a task that is not there, has no number of days, or comes twice.

    Examples
    --------
    >>> [task.key for task in ordered([Task("b", 1.0, ("a",)), Task("a", 1.0), Task("c", 1.0)])]
    ['a', 'b', 'c']
    """
    known = {task.key: task for task in tasks}
    for place, task in enumerate(tasks):
        if known[task.key] is not task:
            raise InputError(f"{task.label} is there twice (the second is task {place + 1}): give each its own name.")
        for what, value in (("takes", task.days), ("is held up by", task.delay), ("starts at", task.earliest)):
            if not (np.min(value) >= 0 and np.max(value) < np.inf):
                raise InputError(f"{task.label} {what} {np.min(value):g} days: 0 days or more would do.")
        for each in task.after:
            if each not in known:
                raise InputError(
                    f"{task.label} comes after “{one_line(each, 60)}”, which is not in the plan: add that task, or take it out here."
                )
    line: dict[str, Task] = {}
    for task in tasks:
        _place(task, known, line)
    return list(line.values())


def criticality(found: Schedule) -> dict[str, float]:
    """Share of the draws in which a task is critical: one day more of it makes the whole plan a day later.

    A chain of tasks is followed backwards from the last finish, through those that the plan or the people made wait,
    each starting exactly when the one before was done.

    Parameters
    ----------
    found : Schedule
        The simulated plan.

    Returns
    -------
    dict of str to float
        Criticality index by the task's key [0..1].

    Examples
    --------
    >>> criticality(schedule([Task("a", np.array([1.0, 3.0])), Task("b", 2.0), Task("c", 1.0, ("a", "b"))]))
    {'a': 0.5, 'b': 0.5, 'c': 1.0}

    References
    ----------
    Van Slyke, R. M. (1963). Monte Carlo methods and the PERT problem. Operations Research 11(5).
    """
    flags: dict[int, npt.NDArray[np.bool_]] = {}
    for place in reversed(range(len(found.tasks))):
        finish = found.finishes[place]
        flag = np.equal(finish, found.finish)
        for other in found.holds_up[place]:
            flag = flag | (np.equal(found.starts[other], finish) & flags[other])
        flags[place] = flag
    return {task.key: _share(flags[place]) for place, task in enumerate(found.tasks)}


def shortened(tasks: Sequence[Task], people: People | None = None, days: float = 5.0) -> dict[str, Draws]:
    """When all is done if one task took some days less, for every task, each simulated again.

    Parameters
    ----------
    tasks, people
        As for :func:`schedule`.
    days : float, optional
        By how much the task is shortened, at most to nothing [working day]. A week where it is not said.

    Returns
    -------
    dict of str to (float or array)
        Finish of the plan by the key of the task that was shortened [working day].

    Examples
    --------
    Ten and eight days side by side: a week off the longer buys two days.

    >>> {key: float(finish) for key, finish in shortened([Task("a", 10.0), Task("b", 8.0)]).items()}
    {'a': 8.0, 'b': 10.0}
    """
    line = ordered(tasks)
    found: dict[str, Draws] = {}
    for place, task in enumerate(line):
        shorter = replace(task, days=np.maximum(np.subtract(task.days, days), 0.0))
        found[task.key] = schedule([*line[:place], shorter, *line[place + 1 :]], people).finish
    return found


def latest_start(finish: npt.ArrayLike, due: float, confidence: float) -> float:
    r"""The latest start with which a plan is still done in time with the confidence asked for.

    .. math:: s = D - q_c(F)

    Holds where the plan moves as a whole, so that starting a day later ends it a day later in every draw.

    Parameters
    ----------
    finish : float or array
        When it is done if work starts at 0 [working day].
    due : float
        When it has to be done [working day].
    confidence : float
        Share of the draws that should be in time [0..1].

    Returns
    -------
    float
        [working day]; below 0 where it is too late already.

    Examples
    --------
    >>> latest_start(np.array([10.0, 20.0, 30.0, 40.0, 50.0]), 60.0, 0.8)
    20.0
    """
    values = np.sort(np.atleast_1d(np.asarray(finish, dtype=np.float64)))
    place = min(max(math.ceil(confidence * values.size - 1e-9) - 1, 0), values.size - 1)
    return float(due - values[place])


def _place(task: Task, known: Mapping[str, Task], line: dict[str, Task]) -> None:
    """Put a task into the line after those that it waits for; walks a stack, so that long chains do no harm."""
    stack: list[tuple[Task, Iterable[str]]] = [(task, iter(task.after))]
    waiting = {task.key: None}
    while stack:
        here, rest = stack[-1]
        before = next((each for each in rest if each not in line), None)
        if before is None:
            line.setdefault(here.key, here)
            waiting.pop(here.key, None)
            stack.pop()
        elif before in waiting:
            circle = [*list(waiting)[list(waiting).index(before) :], before]
            names = join([f"“{one_line(known[each].name or each, 60)}”" for each in reversed(circle)], "then")
            raise InputError(
                f"{known[before].label} waits for itself: {names}. Take one of these out of what comes before."
            )
        else:
            waiting[before] = None
            stack.append((known[before], iter(known[before].after)))


def _crews(line: Sequence[Task], people: People | None) -> dict[str, Crew]:
    """Everybody who is named, as those who share the name."""
    crews: dict[str, Crew] = {}
    for task in line:
        if not task.who or task.who in crews:
            continue
        found = 1 if people is None else people.get(task.who)
        if found is None:
            raise InputError(
                f"{task.label} has nobody to do it: there is no “{one_line(task.who, 60)}” among the people. "
                "Add at least one, or name somebody else."
            )
        theirs = sum(each.who == task.who for each in line)
        members = heads(min(found, theirs)) if isinstance(found, int) else found
        if not members or min(each.share for each in members) <= 0:
            raise InputError(
                f"{task.label} has nobody to do it: “{one_line(task.who, 60)}” has 0 people. "
                "Type how many there are, such as 1 or 0.5, or name somebody else."
            )
        crews[task.who] = Crew(members, theirs)
    return crews


def _holds_up(line: Sequence[Task], crews: Mapping[str, Crew]) -> tuple[tuple[int, ...], ...]:
    places = {task.key: place for place, task in enumerate(line)}
    found: list[dict[int, None]] = [{} for _ in line]
    last: dict[str, list[int]] = {}
    for place, task in enumerate(line):
        for key in task.after:
            found[places[key]][place] = None
        if task.who:
            before = last.setdefault(task.who, [])
            # one person's tasks form a chain; among several, any earlier one may be what is waited for
            for each in before[-1:] if crews[task.who].alone else before:
                found[each][place] = None
            before.append(place)
    return tuple(tuple(each) for each in found)


def _share(flags: npt.NDArray[np.bool_]) -> float:
    return float(np.count_nonzero(flags) / np.size(flags))
