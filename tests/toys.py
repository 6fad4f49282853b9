"""Considerations that exist for tests only."""

from pydantic import BaseModel

from shipworthy.considerations import questions as ask
from shipworthy.considerations.base import Consideration, Evaluation, View, Words
from shipworthy.decision import RangeValue, RequirementValue


class OppositeQuestions(BaseModel):
    """One quantity, and two limits that pull in opposite directions."""

    size: ask.Estimate = ask.estimate("Size", unit="", default=RangeValue(low=-1.0, likely=0.0, high=1.0))
    large: ask.Requirement = ask.requirement("Large enough", unit="", default=RequirementValue(limit=0.0))
    small: ask.Requirement = ask.requirement("Small enough", unit="", default=RequirementValue(limit=0.0))


class Opposites(Consideration):
    """Two requirements of which exactly one is met in every draw."""

    key, order = "opposites", 50
    name, title, lead = "Opposites", "Can it be both?", "It cannot."
    Questions = OppositeQuestions

    def evaluate(self, view: View) -> Evaluation:
        """Margins of opposite sign."""
        size = view.number("size")
        result = Evaluation(figures={"size": size})
        result.margins = {
            "large": size - view.requirement("large").limit,
            "small": view.requirement("small").limit - size,
        }
        return result

    def words(self, view: View, evaluation: Evaluation) -> Words:
        """Nothing to say."""
        return Words("One or the other.")


class DueQuestions(BaseModel):
    """A date after which every day costs."""

    day: ask.Requirement = ask.requirement(
        "Live by", unit="days", at_least=False, default=RequirementValue(limit=100.0)
    )


class DueDate(Consideration):
    """A legal date: live by day 100, or 7000 at once and 10 a day, whoever does nothing too."""

    key, order = "due", 900
    name, title, lead = "Due date", "Is it there in time?", "The law does not wait."
    Questions = DueQuestions
    judges_nothing = True

    def evaluate(self, view: View) -> Evaluation:
        """The date and what missing it costs."""
        return Evaluation(terms={"date_day": view.requirement("day").limit, "date_once": 7000.0, "date_a_day": 10.0})

    def judge(self, view: View, result: Evaluation, terms: object) -> None:
        """Days left when it is live; never where nothing is done."""
        live = view.number("value_stream.live") if view.option != "do_nothing" else float("inf")
        result.margins["day"] = view.requirement("day").limit - live

    def words(self, view: View, evaluation: Evaluation) -> Words:
        """Nothing to say."""
        return Words("In time, or not.")


class PlanQuestions(BaseModel):
    """A list of tasks, and one quantity."""

    tasks: ask.Rows = ask.rows(
        "Tasks",
        (
            {"key": "name", "label": "Task", "kind": "text"},
            {"key": "days", "label": "Days", "kind": "estimate", "unit": "days", "lower": 0.0},
        ),
        section="Plan",
        help="What has to be done, one after the other.",
    )
    slack: ask.Estimate = ask.estimate(
        "Days to spare", unit="days", lower=0.0, section="Plan", help="Until it is needed."
    )
    enough: ask.Requirement = ask.requirement(
        "Days left", unit="days", section="Plan", help="At the end.", default=RequirementValue(limit=0.0)
    )


class Plan(Consideration):
    """Another package's consideration: tasks in a row against the days to spare. It puts nothing into the joint model."""

    key, order = "toy_plan", 350
    name, title, lead = "Toy plan", "Is there time for all of it?", "Every task takes its days."
    Questions = PlanQuestions

    def evaluate(self, view: View) -> Evaluation:
        """Days left after the likely days of all tasks."""
        tasks = view.world.value("toy_plan.tasks", view.option)[1]
        days = 0.0
        for row in tasks if isinstance(tasks, tuple) else ():
            cell = row.cells.get("days", 0.0)
            days += cell.likely if isinstance(cell, RangeValue) else float(cell)
        left = view.number("slack") - days
        return Evaluation(figures={"left": left}, margins={"enough": left - view.requirement("enough").limit})

    def words(self, view: View, evaluation: Evaluation) -> Words:
        """Days that are left."""
        return Words(f"{len(view.world.value('toy_plan.tasks', view.option)[1] or ())} tasks.")
