"""An option's plan: from the rows that were typed to tasks on the draws, simulated, with dates and costs."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from shipworthy.calculators import schedule as calc
from shipworthy.calculators.pert import Classic, classic
from shipworthy.calculators.working_days import Calendar, Dates
from shipworthy.considerations.base import Draws, View
from shipworthy.considerations.deadline_templates import TEMPLATES, template
from shipworthy.considerations.show import mean
from shipworthy.considerations.world import RowView, cell_name
from shipworthy.decision import RangeValue
from shipworthy.errors import InputError
from shipworthy.estimate import Range
from shipworthy.words import one_line

_ON_TIME = 2**11
"""Draws with which a plan is simulated again for every task that is shortened."""


@dataclass(frozen=True)
class Plan:
    """A plan that was simulated."""

    found: calc.Schedule
    people: dict[str, int] | None
    hold: Draws
    calendar: Calendar
    cost: Draws
    textbook: Classic
    lived: bool

    @property
    def work(self) -> Draws:
        """When all is done, what holds up the whole plan included [working day]."""
        return self.found.finish + self.hold

    def launch(self, work: Draws) -> Draws:
        """Days from today until live, freezes included, for an end of the work [day]."""
        moment: Draws = self.calendar.live(self.calendar.moments(work))
        return moment

    def ready(self, due: float) -> float:
        """The most work that can be done and still go live by then [working day]."""
        return float(self.calendar.work(self.calendar.last_ready(due)))

    def gains(self, days: float = 5.0) -> dict[str, Draws]:
        """End of the work if a task took some days less, for every task that is ever critical, on the first draws."""
        tasks = [_first(task) for task in self.found.tasks]
        index = calc.criticality(self.found)
        hold = self.hold if isinstance(self.hold, float) else self.hold[:_ON_TIME]
        sooner = calc.shortened(tasks, self.people, days)
        return {key: finish + hold for key, finish in sooner.items() if index[key] > 0}

    def work_on_first_draws(self) -> Draws:
        """The end of the work on the same draws as :meth:`gains`."""
        return self.work[:_ON_TIME] if isinstance(self.work, np.ndarray) else self.work


def plan_of(view: View) -> Plan | None:
    """The plan of the option in view, simulated; none where no task is known.

    Raises
    ------
    InputError
        Where the plan is impossible, naming the task.
    """
    rows, started = _rows(view)
    calendar = _calendar(view)
    alike = mean(view.number("alike"))
    lived = started or view.word("ranges") == "lived"
    factor: Draws = 1.0 if lived else view.number("overrun")
    people, rates, from_day = _people(view, calendar)
    names = _names(rows)
    holds, hold = _risks(view, names)
    begin = _day(view.text("start"), "Work begins")
    first = float(calendar.work(max(calendar.offset(begin), 0))) if begin else 0.0
    tasks: list[calc.Task] = []
    cost: Draws = 0.0
    for row in rows:
        name, who = row.word("task") or row.id, row.word("who").casefold()
        if not row.known("days"):
            raise InputError(f"Task “{one_line(name, 60)}” has no working days yet: type how many it takes.")
        days = _stretched(_days(row, alike), factor)
        earliest = max(first, from_day.get(who, 0.0))
        after = tuple(_before(row.word("after"), names))
        tasks.append(calc.Task(row.id, days, after, who, holds.get(row.id, 0.0), earliest, name))
        cost = _plus(cost, row.number("cost"))
        rate = rates.get(who, 0.0)
        if np.any(rate):
            cost = _plus(cost, rate * days)
    if not tasks:
        return None
    found = calc.schedule(tasks, people)
    return Plan(found, people, hold, calendar, cost, _textbook(rows, found, first), lived)


def _rows(view: View) -> tuple[list[RowView], bool]:
    """The tasks that were typed, else those of the plan that the team starts from, and whether it is the latter."""
    start = view.peek("template")
    if view.known("plan") or start not in TEMPLATES:
        return view.rows("plan"), False
    question = view.world.question("deadline.plan")
    return [RowView(view, question, row) for row in template(start)], True


def _stretched(days: Draws, factor: Draws) -> Draws:
    return days if isinstance(factor, float) and factor == 1.0 else days * factor


def _plus(total: Draws, more: Draws) -> Draws:
    return total if isinstance(more, float) and more == 0 else total + more


def _first(task: calc.Task) -> calc.Task:
    """A task on the first draws only."""
    cut = (part[:_ON_TIME] if isinstance(part, np.ndarray) and part.ndim else part for part in (task.days, task.delay))
    days, delay = cut
    return calc.Task(task.key, days, task.after, task.who, delay, task.earliest, task.name)


def _calendar(view: View) -> Calendar:
    """When people work and what is frozen, counted from the day of the assessment."""
    closed: list[Dates] = []
    frozen: list[Dates] = []
    for place, row in enumerate(view.rows("freezes"), start=1):
        begin = _day(row.word("begin"), f"Times without work or launches, row {place}")
        if begin is None:
            continue
        end = _day(row.word("end"), f"Times without work or launches, row {place}") or begin
        if end < begin:
            raise InputError(
                f"Times without work or launches, row {place}: it ends on {end}, before it begins on {begin}."
            )
        (frozen if row.word("what") == "launch" else closed).append((begin, end))
    country = view.word("country")
    days = round(mean(view.number("days_a_week")))
    return Calendar(view.world.on, days, "" if country == "none" else country, tuple(closed), tuple(frozen))


def _day(text: str, where: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{where}: “{one_line(text)}” was found; a date like 2026-11-20 would do.") from None


def _people(view: View, calendar: Calendar) -> tuple[dict[str, int] | None, dict[str, Draws], dict[str, float]]:
    """How many there are of each, what a day of theirs costs, and from which working day on they are there."""
    counts: dict[str, int] = {}
    rates: dict[str, Draws] = {}
    begins: dict[str, float] = {}
    rows = view.rows("people")
    for row in rows:
        who = row.word("who").casefold()
        counts[who] = counts.get(who, 0) + round(mean(row.number("number", 1.0)))
        rates[who] = row.number("rate")
        begin = _day(row.word("start"), f"People, “{one_line(row.word('who'))}”")
        if begin is not None:
            begins[who] = float(calendar.work(max(calendar.offset(begin), 0)))
    return (counts if rows else None), rates, begins


def _names(rows: Sequence[RowView]) -> dict[str, str]:
    """Keys of the tasks by everything that they may be called: their id, their name, their place in the list."""
    found: dict[str, str] = {}
    for place, row in enumerate(rows, start=1):
        for name in (row.id, row.word("task").casefold(), str(place)):
            found.setdefault(name, row.id)
    return found


def _before(text: str, names: dict[str, str]) -> Iterator[str]:
    """Keys of the tasks that a task comes after; one that is not in the plan stays as it was typed."""
    for part in dict.fromkeys(each.strip() for each in re.split(r"[;\n]", text)):
        # a name may hold a comma, as in “Roll out, and watch”
        pieces = [part] if part.casefold() in names else [each.strip() for each in part.split(",")]
        yield from (names.get(each.casefold(), each) for each in pieces if each)


def _risks(view: View, names: dict[str, str]) -> tuple[dict[str, Draws], Draws]:
    """What risk events add to single tasks, and to the whole plan [working day]."""
    single: dict[str, Draws] = {}
    whole: Draws = 0.0
    for row in view.rows("risks"):
        added = row.number("chance") * row.number("delay")
        task = row.word("task")
        if not task:
            whole = whole + added
        elif task.casefold() in names:
            key = names[task.casefold()]
            single[key] = single.get(key, 0.0) + added
        else:
            what = one_line(row.word("what") or "A risk", 60)
            raise InputError(
                f"What may happen: “{what}” delays the task “{one_line(task, 60)}”, which is not in the plan."
            )
    return single, whole


def _days(row: RowView, alike: float) -> Draws:
    """How long a task takes as it was typed, its risk as alike to those of the others as was said [working day]."""
    world, question, option = row.view.world, row.question, row.view.option
    value, drawn = row.row.cells.get("days"), row.number("days")
    replaced = (cell_name(question.key, row.row, "days"), option) in world.overrides
    if alike <= 0 or replaced or not isinstance(value, RangeValue) or isinstance(drawn, float):
        return drawn
    answer = world.decision.answer(question.key)
    name = cell_name(question.key, row.row, "days", option if answer is not None and answer.independent else "")
    common = "deadline.alike"
    mark = (
        "alike",
        name,
        id(value),
        alike,
        world.dimensions[name],
        world.dimensions[common],
        world.decision.seed,
        world.size,
    )
    found = world.kept.get(mark)
    if found is None or found[0] is not value:
        scores = calc.alike_scores(world.scores(name), world.scores(common), min(alike, 1.0))
        days = Range(value.low, value.likely, value.high, 0.0).from_scores(scores)
        found = world.kept[mark] = (value, np.asarray(days, dtype=np.float64))
    world.fresh[mark] = found
    made: Draws = found[1]
    return made


def _textbook(rows: Sequence[RowView], found: calc.Schedule, first: float) -> Classic:
    """Classic PERT of the plan as it was typed, from the day on which work begins."""
    ranges = {}
    for row in rows:
        value = row.row.cells.get("days", 0.0)
        ends = (
            (value.low, value.likely, value.high) if isinstance(value, RangeValue) else (mean(row.number("days")),) * 3
        )
        ranges[row.id] = (float(ends[0]), float(ends[1]), float(ends[2]))
    path = classic(found.tasks, ranges)
    return Classic(first + path.mean, path.deviation, path.path)
