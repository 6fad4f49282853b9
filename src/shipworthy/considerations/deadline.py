"""Deadline: when each option is live, the chance of being in time, what decides the date and what missing it costs."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar

import numpy as np

from shipworthy.calculators.joint import DateCost, date_cost
from shipworthy.considerations import deadline_figures, deadline_words
from shipworthy.considerations.base import Consideration, Draws, Evaluation, Figure, Terms, View, Words
from shipworthy.considerations.deadline_plan import plan_of
from shipworthy.considerations.deadline_questions import DATED, OWED, Questions
from shipworthy.considerations.deadline_templates import TEMPLATES, template
from shipworthy.considerations.deadline_words import days_to, spelled, typical
from shipworthy.considerations.show import mean, missing_words, money
from shipworthy.decision import DO_NOTHING, Decision, RangeValue, Row, Value
from shipworthy.errors import InputError
from shipworthy.words import percent

_MOST_DAYS = 10_000
_LONG = {"plan": "days", "risks": "delay"}
"""Columns of working days, by their list."""


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

    no_case = "There is no date to meet."

    def check(self, name: str, value: Any, on: date) -> None:
        """A date that has passed cannot be met any more, nor can work begin on it; no task takes forty years."""
        if name in ("date", "start") and isinstance(value, str):
            day = date.fromisoformat(value)
            if name == "date" and day <= on:
                raise InputError(f"{spelled(day)} has passed: type a date after {spelled(on)}")
            if day < on:
                raise InputError(
                    f"{spelled(day)} has passed: leave it empty if work goes on already, and type only what is left of it"
                )
        for place, row in enumerate(value if name in _LONG else (), start=1):
            found = row.cells.get(_LONG[name], 0.0)
            most = found.high if isinstance(found, RangeValue) else found
            if isinstance(most, float | int) and most > _MOST_DAYS:
                label = self.questions[name].column(_LONG[name]).label
                raise InputError(
                    f"row {place}, {label}: {most:,.0f} working days were found; type at most {_MOST_DAYS:,}"
                )

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
        """Simulate the plan; one that cannot be carried out never goes live, and a sentence says why."""
        try:
            plan = plan_of(view)
            launch: Draws = plan.launch(plan.work) if plan is not None else 0.0
        except InputError as problem:
            result.notes["impossible"] = str(problem)
            result.terms.update(launch=0.0, one_off=0.0, gate_open=0.0)
            return
        if plan is None:
            view.missing["deadline.plan"] = None
            return
        for question, sentence in plan.lacking.items():
            view.missing[question] = None
            result.notes.setdefault("problem", sentence)
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
        if "impossible" in result.notes:
            result.margins["in_time"] = float("-inf")
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
        for key, each in reversed(list(found.items())):
            if "impossible" in each.notes and not first.missing:
                first.notes.update(impossible=each.notes["impossible"], impossible_phase=key)
                first.margins = {"in_time": float("-inf")}
        return first

    def words(self, view: View, result: Evaluation) -> Words:
        """The chance of being in time, when it is live, what decides that, and what would help."""
        if view.option == DO_NOTHING:
            return Words(deadline_words.nothing(view, result))
        if result.missing:
            problem = result.notes.get("problem")
            return Words(str(problem) if problem else missing_words(view, result, "when it is live"))
        return Words(deadline_words.headline(view, result), tuple(deadline_words.detail(view, result)))

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
            if any(
                np.any(np.isfinite(each.figures["live"])) for each in evaluations.values() if "live" in each.figures
            ):
                yield deadline_figures.finish(view, evaluations)
            if "plan" in result.notes and "phases" not in result.notes:
                yield deadline_figures.gantt(view, result)
