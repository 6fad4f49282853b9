"""What the deadline says: the chance of being in time, when it is live, what decides that, and what would help."""

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np

from shipworthy.calculators.schedule import criticality, latest_start
from shipworthy.considerations.base import Draws, Evaluation, View
from shipworthy.considerations.deadline_plan import Plan
from shipworthy.considerations.show import begins_later, mean, missing_words, money, quantiles, summary
from shipworthy.words import join, one_line, percent, plain

_SHOWN = 3
_WEEK = 5.0
_FAR = 36_500
_LONG_AGO = 2_500.0


def nothing(view: View, result: Evaluation) -> str:
    """What doing nothing misses."""
    if "due" not in result.notes:
        return missing_words(view, result, "what doing nothing costs")
    said = f"Doing nothing misses {spelled(result.notes['due'])}"
    cost = mean(result.figures["cost"])
    return (
        f"{said} and costs {money(view, cost)} over the period." if cost > 0 else f"{said}; no cost of that is named."
    )


def headline(view: View, result: Evaluation) -> str:
    """Whether it is in time, or until when it takes."""
    if "impossible" in result.notes:
        phase = result.notes.get("impossible_phase")
        of = f"“{view.world.decision.option(phase).name}”: " if phase else ""
        return f"{of}{result.notes['impossible']}"
    half = days_to(view, typical(result.figures["live"], 0.5))
    if "due" not in result.notes:
        if half == "never":
            return "There is no date to meet, but something else keeps it from going live."
        return f"Live by {half} in half of the cases; there is no date to meet."
    due = spelled(result.notes["due"])
    if result.notes["passed"]:
        return f"The date, {due}, has passed; live by {half} in half of the cases."
    chance = mean(np.greater_equal(result.margins["in_time"], 0.0))
    if chance >= 0.5:
        return f"Live by {due} in {percent(chance)} of the cases."
    late = typical(result.figures["live"], 0.5) - mean(result.terms["date_day"])
    if not np.isfinite(late):
        return f"Something else keeps it from going live, so {due} is missed."
    rare = "Never live" if chance == 0 else f"Live in only {percent(chance)} of the cases"
    how = f"{plain(late)} days late" if late < _FAR else "more than 100 years late"
    return f"{rare} by {due}: in half of them it takes until {half}, {how}."


def detail(view: View, result: Evaluation) -> Iterator[str]:
    """When it is live and why, and what missing the date costs."""
    live, phases = result.figures["live"], result.notes.get("phases")
    if "impossible" in result.notes:
        part = "this part " if "impossible_phase" in result.notes else "it "
        yield f"Such a plan cannot be carried out: until it is put right, {part}never goes live and brings nothing."
    if later := begins_later(view):
        yield later
    if phases:
        names = [
            f"“{view.world.decision.option(key).name}” by {days_to(view, typical(each, 0.5))}"
            for key, each in phases.items()
        ]
        yield f"In half of the cases {join(names, 'and')}; the first to be live counts for the date."
    half, eight, rare = (days_to(view, typical(live, share)) for share in (0.5, 0.8, 0.95))
    if half != rare:
        yield f"In half of the cases live by {half}, in 80 of 100 by {eight}, in 95 of 100 by {rare}."
    plan: Plan | None = result.notes.get("plan")
    if plan is not None and not phases:
        yield from _plan_words(view, result, plan)
    if "cost" in result.figures and np.any(result.figures["cost"]):
        cost, a_day = mean(result.figures["cost"]), mean(result.terms["date_a_day"])
        day = f" Each day late costs {money(view, a_day)}." if a_day > 0 else ""
        yield f"Missing the date costs {money(view, cost)} on average over all cases.{day}"


def _plan_words(view: View, result: Evaluation, plan: Plan) -> Iterator[str]:
    names = {task.key: f"“{task.name}”" for task in plan.found.tasks}
    long = {task.key: mean(task.days) for task in plan.found.tasks}
    ranked = sorted(criticality(plan.found).items(), key=lambda item: (-item[1], -long[item[0]]))
    decisive = [f"{names[key]} in {percent(share)}" for key, share in ranked[:_SHOWN] if share >= 0.05]
    yield f"What decides the date most often: {join(decisive)} of the cases."
    before = mean(plan.work_on_first_draws())
    gains = sorted(((before - mean(after), key) for key, after in plan.gains(_WEEK).items()), reverse=True)
    bought = [f"{names[key]} {plain(gain)}" for gain, key in gains[:_SHOWN] if gain >= 0.05]
    if bought:
        yield f"A week less of one task brings the end forward by these working days: {join(bought)}."
    if "due" in result.notes:
        yield from _start_words(view, result, plan)
    if plan.passed is not None:
        yield f"“Work begins”, {spelled(plan.passed)}, has passed: the plan is counted from today."
    yield _textbook_words(view, result, plan)
    yield from _cost_words(view, plan, names)
    yield from _part_time_words(plan)
    if plan.lived:
        yield "The ranges are what such tasks took, so nothing is added for overruns."
    else:
        over = summary(view.number("overrun"))
        most = f", and in 1 case of 10 {plain(over.p90)} times or more" if not over.certain else ""
        yield f"Such plans take {plain(over.p50)} times what was planned{most}; that is in these numbers."


def _due(view: View, result: Evaluation, plan: Plan) -> float:
    """The most work that can be done and still be in time [working day]."""
    latest = mean(result.terms["date_day"]) + view.requirement("in_time").limit
    return plan.ready(latest - view.world.decision.delay)


def _start_words(view: View, result: Evaluation, plan: Plan) -> Iterator[str]:
    confidence = view.requirement("in_time").confidence
    spare = latest_start(plan.work, _due(view, result, plan), confidence)
    wanted = f"To be in time with {percent(confidence)} confidence"
    days = int(np.floor(spare)) if spare >= 0 else int(np.ceil(-spare))
    begin = plan.first + (days if spare >= 0 else -days)
    later = timedelta(days=int(np.ceil(view.world.decision.delay)))
    day = f" on {spelled(plan.calendar.start_of(begin) + later)}" if begin > -_LONG_AGO else ""
    many = f"{plain(days)} working day{'' if days == 1 else 's'}"
    if days == 0:
        yield f"{wanted}, work has to begin as planned,{day}."
    elif spare > 0:
        yield f"{wanted}, work can begin{day} at the latest, {many} later than planned."
    elif begin >= 0:
        yield f"{wanted}, work has to begin{day}, {many} earlier than planned."
    else:
        yield f"{wanted}, work would have had to begin{day}, {many} earlier than planned."


def _textbook_words(view: View, result: Evaluation, plan: Plan) -> str:
    """Classic PERT beside the simulation, always."""
    said = "Classic PERT, which adds up the longest path alone, would say"
    if "due" in result.notes:
        due = _due(view, result, plan)
        told, ours = percent(plan.textbook.chance(due)), percent(mean(np.less_equal(plan.work, due)))
        what = "by the date"
    else:
        end = typical(plan.launch(plan.textbook.mean), 0.5) + view.world.decision.delay
        told, ours = days_to(view, end), days_to(view, typical(result.figures["live"], 0.5))
        what = "in half of the cases"
    beside = f"{told} too" if told == ours else f"{told} instead of {ours}"
    return (
        f"{said} {beside} ({what}): it takes that path for the whole plan, and knows no shared people and no overrun."
    )


def _cost_words(view: View, plan: Plan, names: dict[str, str]) -> Iterator[str]:
    costs = {key: mean(cost) for key, cost in plan.costs.items()}
    if not any(costs.values()):
        return
    most = [f"{names[key]} {money(view, costs[key])}" for key in sorted(costs, key=lambda key: -costs[key])[:_SHOWN] if costs[key] > 0]  # fmt: skip
    more = "" if len(most) >= sum(cost > 0 for cost in costs.values()) else ", most of it for"
    yield f"The tasks cost {money(view, sum(costs.values()))} once{more or ':'} {join(most)}."


def _part_time_words(plan: Plan) -> Iterator[str]:
    """How people who work a part of their time are counted."""
    used = {task.who for task in plan.found.tasks}
    for who, number in plan.staff.numbers.items():
        part = number % 1
        if who not in used or part < 1e-9 or part > 1 - 1e-9:
            continue
        name = one_line(who, 60)
        if number < 1:
            yield f"{plain(number)} of “{name}”: a task takes {plain(1 / number)} times as long as for somebody who works on it all of the time."
        else:
            whole = "one who works" if number < 2 else f"{int(number)} who work"
            yield (
                f"{plain(number, digits=3)} of “{name}” are counted as {whole} all of the time and one who works {percent(part)} of it: "
                "a task goes to whoever is done with it first."
            )


def spelled(day: date) -> str:
    """A day as it stands in a sentence.

    >>> spelled(date(2027, 2, 20))
    '20 February 2027'
    """
    return f"{day.day} {day:%B %Y}"


def days_to(view: View, moment: float) -> str:
    """The day on whose morning something is there that is ready so many days from the assessment's."""
    if not np.isfinite(moment):
        return "never"
    if moment > _FAR:
        return f"some day after {(view.world.on + timedelta(days=_FAR)).year}"
    return spelled(view.world.on + timedelta(days=int(np.ceil(moment - 1e-9))))


def typical(values: Draws, share: float) -> float:
    """A quantile over the draws, infinite ones allowed."""
    return quantiles(np.asarray(values, dtype=np.float64).reshape(-1), (share,))[0]
