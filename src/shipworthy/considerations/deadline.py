"""Deadline: when each option is live, the chance of being in time, what decides the date and what missing it costs."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, ClassVar

import numpy as np

from shipworthy.calculators.joint import DateCost, date_cost
from shipworthy.calculators.schedule import criticality, latest_start
from shipworthy.considerations import deadline_figures
from shipworthy.considerations.base import Consideration, Draws, Evaluation, Figure, Terms, View, Words
from shipworthy.considerations.deadline_plan import Plan, plan_of
from shipworthy.considerations.deadline_questions import DATED, OWED, Questions
from shipworthy.considerations.deadline_templates import TEMPLATES, template
from shipworthy.considerations.show import mean, missing_words, money, quantiles, summary
from shipworthy.decision import DO_NOTHING, Decision, Row, Value
from shipworthy.errors import InputError
from shipworthy.words import join, percent, plain

_SHOWN = 3
_WEEK = 5.0


class Deadline(Consideration):
    """Launch, one-off cost and the cost of the date; the plan simulated, task by task."""

    key, order = "deadline", 700
    name = "Deadline"
    title = "Will it be live in time?"
    lead = "A plan that adds up its likely durations is late most of the time: where paths meet, the latest decides."
    formula = (
        "done = the longest way through the tasks, people shared, in every draw; live = done in working days, as a day of the "
        "calendar; cost of the date = once + days late × cost a day"
    )
    source = (
        "Simulated task network: MacCrimmon, Ryavec (1964); criticality: Van Slyke (1963); classic PERT beside it: Malcolm et "
        "al. (1959). Holidays: the holidays package. Overruns: see the default's source."
    )
    Questions = Questions
    shows = ("value_stream.live", "value_stream.one_off")
    judges_nothing = True
    stands_with: ClassVar[Mapping[str, Mapping[str, Value]]] = {"plan": {"ranges": "lived"}}

    def check(self, name: str, value: Any, on: date) -> None:
        """A date that has passed cannot be met any more."""
        if name == "date" and isinstance(value, str) and date.fromisoformat(value) <= on:
            raise InputError(f"{spelled(date.fromisoformat(value))} has passed: type a date after {spelled(on)}")

    def stand_ins(self, name: str, decision: Decision) -> Iterator[tuple[Row, ...]]:
        """The plans that options start from."""
        answer = decision.answer("deadline.template") if name == "plan" else None
        for value in (answer.value, *answer.by_option.values()) if answer is not None else ():
            if isinstance(value, str) and value in TEMPLATES:
                yield template(value)

    def stand_in(self, name: str, view: View) -> tuple[Row, ...]:
        """The tasks of the plan that an option starts from."""
        start = view.peek("template") if name == "plan" else ""
        return template(start) if start in TEMPLATES else ()

    def evaluate(self, view: View) -> Evaluation:
        """The date and its cost; launch and one-off cost where there is a plan."""
        kind, nothing = view.word("kind"), view.option == DO_NOTHING
        planned = view.word("planned") == "yes" and not nothing
        dated = kind in (OWED if nothing else DATED)
        result = Evaluation(applies=dated or planned)
        if dated:
            due = view.text("date")
            if due:
                day = max((date.fromisoformat(due) - view.world.on).days, 0)
                result.notes["due"], result.notes["passed"] = date.fromisoformat(due), due < view.world.on.isoformat()
                terms = {"date_day": float(day), "date_once": view.number("once"), "date_a_day": view.number("a_day")}
                result.terms.update(terms)
        if planned:
            self._plan(view, result)
        return result

    def _plan(self, view: View, result: Evaluation) -> None:
        """Simulate the plan; what is impossible about it is kept as a sentence."""
        try:
            plan = plan_of(view)
            launch: Draws = plan.launch(plan.work) if plan is not None else 0.0
        except InputError as problem:
            result.notes["problem"] = str(problem)
            plan = None
        if plan is None:
            view.missing["deadline.plan"] = None
            return
        result.notes["plan"] = plan
        result.terms["launch"], result.terms["one_off"] = launch, plan.cost

    def judge(self, view: View, result: Evaluation, terms: Terms) -> None:
        """Days in hand when it is live."""
        if view.option != DO_NOTHING and view.peek("planned") != "yes":
            view.need("value_stream.live")
        live: Draws = float("inf")
        if view.option != DO_NOTHING:
            live = terms.get("launch", 0.0) + terms.get("repair_days", 0.0)
            gate = terms.get("gate_open", 1.0)
            if not (isinstance(gate, float) and gate > 0):
                live = np.where(np.asarray(gate) > 0, live, np.inf)
        result.figures["live"] = live
        result.notes["period"] = terms.get("period", 365.0 * mean(view.number("value_stream.period")))
        if "date_day" in result.terms:
            late = live - result.terms["date_day"]
            result.margins["in_time"] = view.requirement("in_time").limit - late
            result.figures["cost"] = self._cost(view, result, live)

    def _cost(self, view: View, result: Evaluation, live: Draws) -> Draws:
        """What missing the date costs over the period, discounted."""
        terms = result.terms
        cost = DateCost(mean(terms["date_day"]), terms["date_once"], terms["date_a_day"])
        return date_cost(live, cost, mean(result.notes["period"]), mean(view.number("value_stream.discount_rate")))

    def together(self, found: Mapping[str, Evaluation]) -> Evaluation | None:
        """Of several phases, the first that is live meets the date."""
        results = list(found.values())
        first = replace(results[0], figures=dict(results[0].figures), notes=dict(results[0].notes))
        first.missing = tuple(dict.fromkeys(name for each in results for name in each.missing))
        first.used = frozenset().union(*(each.used for each in results))
        if not all("live" in each.figures for each in results):
            return first
        for name, nearest in (("live", np.minimum), ("cost", np.minimum)):
            if all(name in each.figures for each in results):
                values = [each.figures[name] for each in results]
                first.figures[name] = values[0]
                for value in values[1:]:
                    first.figures[name] = nearest(first.figures[name], value)
        if "in_time" in first.margins:
            best = first.margins["in_time"]
            for each in results[1:]:
                best = np.maximum(best, each.margins["in_time"])
            first.margins = {"in_time": best}
        first.notes["phases"] = {key: each.figures["live"] for key, each in found.items()}
        return first

    def words(self, view: View, result: Evaluation) -> Words:
        """The chance of being in time, when it is live, what decides that, and what would help."""
        if view.option == DO_NOTHING:
            return Words(self._nothing(view, result))
        if result.missing:
            problem = result.notes.get("problem")
            return Words(str(problem) if problem else missing_words(view, result, "when it is live"))
        return Words(self._headline(view, result), tuple(self._detail(view, result)))

    def _nothing(self, view: View, result: Evaluation) -> str:
        if "due" not in result.notes:
            return missing_words(view, result, "what doing nothing costs")
        said = f"Doing nothing misses {spelled(result.notes['due'])}"
        cost = mean(result.figures["cost"])
        return (
            f"{said} and costs {money(view, cost)} over the period."
            if cost > 0
            else f"{said}; no cost of that is named."
        )

    def _headline(self, view: View, result: Evaluation) -> str:
        half = days_to(view, typical(result.figures["live"], 0.5))
        if "due" not in result.notes:
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
        return f"{rare} by {due}: in half of them it takes until {half}, {plain(late)} days late."

    def _detail(self, view: View, result: Evaluation) -> Iterator[str]:
        live, phases = result.figures["live"], result.notes.get("phases")
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
            yield from self._plan_words(view, result, plan)
        if "cost" in result.figures and np.any(result.figures["cost"]):
            cost, a_day = mean(result.figures["cost"]), mean(result.terms["date_a_day"])
            day = f" Each day late costs {money(view, a_day)}." if a_day > 0 else ""
            yield f"Missing the date costs {money(view, cost)} on average over all cases.{day}"

    def _plan_words(self, view: View, result: Evaluation, plan: Plan) -> Iterator[str]:
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
            yield from self._start_words(view, result, plan)
        if plan.lived:
            yield "The ranges are what such tasks took, so nothing is added for overruns."
        else:
            over = summary(view.number("overrun"))
            most = f", and in 1 case of 10 {plain(over.p90)} times or more" if not over.certain else ""
            yield f"Such plans take {plain(over.p50)} times what was planned{most}; that is in these numbers."

    def _start_words(self, view: View, result: Evaluation, plan: Plan) -> Iterator[str]:
        due = plan.ready(mean(result.terms["date_day"]) + view.requirement("in_time").limit)
        confidence = view.requirement("in_time").confidence
        spare = latest_start(plan.work, due, confidence)
        wanted = f"To be in time with {percent(confidence)} confidence"
        if spare >= 1:
            yield f"{wanted}, work can begin {plain(np.floor(spare))} working days later than planned at most."
        elif spare < 0:
            yield f"{wanted}, work would have had to begin {plain(np.ceil(-spare))} working days earlier than planned."
        textbook = plan.textbook.chance(due)
        chance = mean(np.less_equal(plan.work, due))
        if textbook - chance >= 0.02:
            yield (
                f"Classic PERT, which adds up the longest path alone, would say {percent(textbook)} instead of {percent(chance)}: "
                "it knows no other path, no shared people and no overrun."
            )

    def table(
        self, evaluations: Mapping[str, Evaluation], view: Callable[[str], View]
    ) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
        """Chance of being in time, when it is live, and what missing the date costs."""
        rows: list[tuple[str, ...]] = []
        for option, result in evaluations.items():
            if "live" not in result.figures or result.missing:
                continue
            seen, live = view(option), result.figures["live"]
            chance = percent(mean(np.greater_equal(result.margins["in_time"], 0.0))) if result.margins else "–"
            dates = (days_to(seen, typical(live, share)) for share in (0.5, 0.8, 0.95))
            cost = money(seen, mean(result.figures["cost"])) if "cost" in result.figures else "–"
            rows.append((option, chance, *dates, cost))
        return ("In time", "Live by, 1 in 2", "Live by, 4 in 5", "Live by, 19 in 20", "Cost of missing it"), rows

    def figures(self, view: View, evaluations: Mapping[str, Evaluation]) -> Iterator[Figure]:
        """When every option is live against the date, and the plan of the one in view."""
        result = evaluations.get(view.option)
        if result is not None and "live" in result.figures and not result.missing:
            yield deadline_figures.finish(view, evaluations)
            if "plan" in result.notes and "phases" not in result.notes:
                yield deadline_figures.gantt(view, result)


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
    return spelled(view.world.on + timedelta(days=min(int(np.ceil(moment - 1e-9)), 300_000)))


def typical(values: Draws, share: float) -> float:
    """A quantile over the draws, infinite ones allowed."""
    return quantiles(np.asarray(values, dtype=np.float64).reshape(-1), (share,))[0]
