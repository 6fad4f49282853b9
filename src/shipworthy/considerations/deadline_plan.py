"""An option's plan: from the rows that were typed to tasks on the draws, simulated, with dates and costs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from shipworthy.calculators import schedule as calc
from shipworthy.calculators.crews import Person, heads
from shipworthy.calculators.pert import Classic, classic
from shipworthy.calculators.working_days import Calendar, Dates
from shipworthy.considerations.base import Draws, View
from shipworthy.considerations.deadline_templates import TEMPLATES, template
from shipworthy.considerations.row_names import named
from shipworthy.considerations.show import mean
from shipworthy.considerations.world import RowView, cell_name
from shipworthy.decision import RangeValue
from shipworthy.errors import InputError
from shipworthy.estimate import Range
from shipworthy.words import one_line

_ON_TIME = 2**11
"""Draws with which a plan is simulated again for every task that is shortened."""

_MOST_HEADS = 500
Lacking = dict[str, str]
"""Sentences about what is not typed yet, by the question that it is asked in."""


@dataclass(frozen=True)
class Plan:
    """A plan that was simulated."""

    found: calc.Schedule
    staff: "Staff"
    hold: Draws
    calendar: Calendar
    costs: dict[str, Draws]
    textbook: Classic
    lived: bool
    first: float
    """When work begins [working day]."""
    passed: date | None
    """The day on which work was to begin, where that has passed."""
    lacking: Lacking

    @property
    def work(self) -> Draws:
        """When all is done, what holds up the whole plan included [working day]."""
        return self.found.finish + self.hold

    @property
    def cost(self) -> Draws:
        """What it costs once: all tasks, and the people for the days that tasks take [money]."""
        total: Draws = 0.0
        for each in self.costs.values():
            total = _plus(total, each)
        return total

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
        sooner = calc.shortened(tasks, self.staff.people, days)
        return {key: finish + hold for key, finish in sooner.items() if index[key] > 0}

    def work_on_first_draws(self) -> Draws:
        """The end of the work on the same draws as :meth:`gains`."""
        return self.work[:_ON_TIME] if isinstance(self.work, np.ndarray) else self.work


@dataclass
class Staff:
    """Those who are named in a plan: everybody as persons, what a day of theirs costs, and how their names are spelled."""

    people: dict[str, list[Person]] | None = None
    rates: dict[str, Draws] = field(default_factory=dict)
    numbers: dict[str, float] = field(default_factory=dict)
    spelled: dict[str, str] = field(default_factory=dict)

    def key(self, name: str) -> str:
        """The name as it was first spelled: the same people, whatever the letters' size."""
        return self.spelled.setdefault(name.casefold(), name)


@dataclass(frozen=True)
class Names:
    """Keys of the tasks by everything that they may be called: their id, their name, their place in the list."""

    keys: dict[str, str]
    twice: dict[str, str]

    def find(self, text: str, where: str) -> Iterator[str]:
        """Keys of the tasks that are named in a text; a name that is not in the plan stays as it was typed."""
        for name in dict.fromkeys(named(text, self.keys)):
            said = self.twice.get(name.casefold())
            if said is not None:
                raise InputError(
                    f"Two tasks are called “{one_line(said, 60)}”, and {where} one of them: give each its own name, so that it "
                    "is clear which is meant."
                )
            yield self.keys.get(name.casefold(), name)


def plan_of(view: View) -> Plan | None:
    """The plan of the option in view, simulated; none where no task is known.

    Raises
    ------
    InputError
        Where the plan is impossible, naming the task.
    """
    rows, started = _rows(view)
    lacking: Lacking = {}
    calendar = _calendar(view, lacking)
    alike = mean(view.number("alike"))
    lived = started or view.word("ranges") == "lived"
    factor: Draws = 1.0 if lived else view.number("overrun")
    staff = _staff(view, calendar, lacking)
    names = _names(rows)
    holds, hold = _risks(view, names, lacking)
    begin = _day(view.text("start"), "Work begins")
    first = float(calendar.work(max(calendar.offset(begin), 0))) if begin else 0.0
    tasks: list[calc.Task] = []
    costs: dict[str, Draws] = {}
    for place, row in enumerate(rows, start=1):
        name, who = row.word("task") or f"row {place}", staff.key(row.word("who"))
        if not row.known("days"):
            raise InputError(f"Task “{one_line(name, 60)}” has no working days yet: type how many it takes.")
        days = _stretched(_days(row, alike), factor)
        after = tuple(dict.fromkeys(names.find(row.word("after"), f"“{one_line(name, 60)}” comes after")))
        tasks.append(calc.Task(row.id, days, after, who, holds.get(row.id, 0.0), first, name))
        rate = staff.rates.get(who, 0.0)
        costs[row.id] = _plus(row.number("cost"), rate * days) if np.any(rate) else row.number("cost")
    if not tasks:
        return None
    found = calc.schedule(tasks, staff.people)
    passed = begin if begin is not None and begin < view.world.on else None
    return Plan(found, staff, hold, calendar, costs, _textbook(rows, found, first), lived, first, passed, lacking)


def _rows(view: View) -> tuple[list[RowView], bool]:
    """The tasks that were typed, else those of the plan that the team starts from, and whether it is the latter."""
    start = view.peek("template")
    if view.known("plan") or start not in TEMPLATES:
        return _typed(view.rows("plan")), False
    question = view.world.question("deadline.plan")
    return [RowView(view, question, row) for row in template(start)], True


def _typed(rows: Sequence[RowView]) -> list[RowView]:
    """The rows in which something was typed."""
    return [row for row in rows if any(map(row.known, row.row.cells))]


def _stretched(days: Draws, factor: Draws) -> Draws:
    return days if isinstance(factor, float) and factor == 1.0 else days * factor


def _plus(total: Draws, more: Draws) -> Draws:
    return total if isinstance(more, float) and more == 0 else total + more


def _first(task: calc.Task) -> calc.Task:
    """A task on the first draws only."""
    cut = (part[:_ON_TIME] if isinstance(part, np.ndarray) and part.ndim else part for part in (task.days, task.delay))
    days, delay = cut
    return calc.Task(task.key, days, task.after, task.who, delay, task.earliest, task.name)


def _calendar(view: View, lacking: Lacking) -> Calendar:
    """When people work and what is frozen, counted from the day of the assessment."""
    closed: list[Dates] = []
    frozen: list[Dates] = []
    for place, row in enumerate(_typed(view.rows("freezes")), start=1):
        where = f"Times without work or launches, row {place}"
        begin = _day(row.word("begin"), where)
        if begin is None:
            lacking.setdefault("deadline.freezes", f"{where}: type its first day.")
            continue
        end = _day(row.word("end"), where) or begin
        if end < begin:
            raise InputError(f"{where}: it ends on {end}, before it begins on {begin}.")
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


def _staff(view: View, calendar: Calendar, lacking: Lacking) -> Staff:
    """How many there are of each, from when on, and what a day of theirs costs on average."""
    staff = Staff()
    paid: dict[str, float] = {}
    for place, row in enumerate(_typed(view.rows("people")), start=1):
        if not row.known("who"):
            lacking.setdefault("deadline.people", f"People, row {place}: type who it is, as in the plan.")
            continue
        staff.people = staff.people or {}
        who, number = staff.key(row.word("who")), mean(row.number("number", 1.0))
        begin = _day(row.word("start"), f"People, “{one_line(who)}”")
        start = float(calendar.work(max(calendar.offset(begin), 0))) if begin is not None else 0.0
        staff.people.setdefault(who, []).extend(heads(min(number, _MOST_HEADS), start))
        staff.numbers[who] = staff.numbers.get(who, 0.0) + number
        if row.known("rate") and number > 0:
            before, paid[who] = paid.get(who, 0.0), paid.get(who, 0.0) + number
            rate = row.number("rate")
            # several rows of one name are several people: the average of those whose cost is known
            staff.rates[who] = (staff.rates[who] * before + rate * number) / paid[who] if before else rate
    return staff


def _names(rows: Sequence[RowView]) -> Names:
    """What the tasks of a plan may be called; a name goes before an id and a place in the list."""
    called = [(row.word("task"), row.id) for row in rows if row.known("task")]
    plain = [name.casefold() for name, _ in called]
    keys: dict[str, str] = {}
    for name, key in [*called, *((row.id, row.id) for row in rows)]:
        keys.setdefault(name.casefold(), key)
    for place, row in enumerate(rows, start=1):
        keys.setdefault(str(place), row.id)
    return Names(keys, {name.casefold(): name for name, _ in called if plain.count(name.casefold()) > 1})


def _risks(view: View, names: Names, lacking: Lacking) -> tuple[dict[str, Draws], Draws]:
    """What risk events add to single tasks, and to the whole plan [working day]."""
    single: dict[str, Draws] = {}
    whole: Draws = 0.0
    for place, row in enumerate(_typed(view.rows("risks")), start=1):
        what = f"“{one_line(row.word('what'), 60)}”" if row.known("what") else f"row {place}"
        for column, hint in (("chance", "its chance, such as 20 %"), ("delay", "by how many working days it delays")):
            if not row.known(column):
                lacking.setdefault("deadline.risks", f"What may happen, {what}: type {hint}.")
        added = row.number("chance") * row.number("delay")
        task = row.word("task")
        if not task:
            whole = whole + added
            continue
        for key in names.find(task, f"{what} delays"):
            if key not in names.keys.values():
                raise InputError(
                    f"What may happen: {what} delays the task “{one_line(key, 60)}”, which is not in the plan."
                )
            single[key] = single.get(key, 0.0) + added
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
