"""What if: a named set of changed answers, and two of them held against each other in the same draws.

A scenario stands in the document (:class:`shipworthy.decision.Scenario`). It is put into the answers by :func:`applied`,
held against another, or against the answers as they stand, by :func:`side_by_side`, and made from two documents by
:func:`from_changes`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from shipworthy._answer_names import EVERY, Names
from shipworthy.assess import Assessment, assess
from shipworthy.calculators.comparison import Difference, difference
from shipworthy.considerations import with_dimensions
from shipworthy.considerations.base import Array, Status
from shipworthy.considerations.show import Summary
from shipworthy.decision import Decision, Scenario
from shipworthy.errors import InputError
from shipworthy.scenario_answers import changed
from shipworthy.words import join, one_line


@dataclass(frozen=True)
class Applied:
    """A document with a scenario's answers in it."""

    decision: Decision
    problems: tuple[str, ...]
    """A sentence for each change that does not fit any more; the others are in the document."""


def applied(decision: Decision, scenario: Scenario, *, on: date | None = None) -> Applied:
    """Put a scenario's answers into a document, which stays as it is; every answer keeps its dimension of the draws.

    Parameters
    ----------
    decision : Decision
        The answers as they stand.
    scenario : Scenario
        What is changed: what is meant for all options first, then what is meant for one.
    on : date, optional
        Day on whose reference tables an answer has to fit; else the document's.

    Examples
    --------
    >>> from shipworthy.decision import Change
    >>> from shipworthy.examples import example
    >>> scenario = Scenario(name="Fewer", changes=(Change(answer="lead_time.events", value=30.0), Change(answer="gone.by", value=1.0)))
    >>> found = applied(example("churn"), scenario)
    >>> found.decision.answer("lead_time.events").value
    30.0
    >>> print(found.problems[0])
    “Fewer” leaves out “gone.by”: “gone.by” is not a question; name one like lead_time.persuasion.
    """
    made, problems = with_dimensions(decision), list[str]()
    names = Names(made, EVERY)
    for change in sorted(scenario.changes, key=lambda each: each.option is not None):
        try:
            made = changed(made, names, change, scenario.name, on or decision.as_of)
        except InputError as problem:
            own = "" if change.option is None else f" for “{one_line(names.option_name(change.option), 60)}”"
            what = f"“{one_line(scenario.name, 60)}” leaves out “{names.label(change.answer)}”{own}"
            why = str(problem).rstrip(".")
            problems.append(f"{what}: {why}" + ("" if why.endswith("?") else "."))
    return Applied(made, tuple(problems))


def named(decision: Decision, name: str) -> Scenario:
    """The scenario of this name, or of this place where several have it (``#2``); InputError with those that there are."""
    number = re.fullmatch(r"\s*#(\d{1,3})\s*", name)
    if number is not None and 1 <= int(number[1]) <= len(decision.scenarios):
        return decision.scenarios[int(number[1]) - 1]
    found = [place for place, each in enumerate(decision.scenarios) if _folded(each.name) == _folded(name)]
    exact = [place for place in found if decision.scenarios[place].name == name]
    if len(exact) == 1 or len(found) == 1:
        return decision.scenarios[exact[0] if len(exact) == 1 else found[0]]
    if found:
        places = join([f"#{place + 1}" for place in found], "or")
        raise InputError(f"“{one_line(name, 60)}” is the name of {len(found)} scenarios: say which, {places}")
    known = join([f"“{one_line(each.name, 60)}”" for each in decision.scenarios])
    there = f"there is {known}" if len(decision.scenarios) == 1 else f"there are {known}" if known else "it has none"
    raise InputError(f"“{one_line(name, 60)}” is no scenario of this decision; {there}")


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


@dataclass(frozen=True)
class Judged:
    """A consideration's status, and the probability that its requirements are met where there is one."""

    status: Status
    probability: float | None


@dataclass(frozen=True)
class Paid:
    """What one option pays and how it is judged, on one side."""

    payoff: Summary
    meets_all: str
    mark: str
    """Behind a figure that is without an answer."""
    findings: Mapping[str, Judged]
    meets_all_probability: float | None = None


@dataclass(frozen=True)
class Side:
    """One of two scenarios, assessed; holds no draws."""

    name: str
    """Empty for the answers as they stand."""
    recommended: str
    comparable: bool
    missing: tuple[str, ...]
    options: Mapping[str, Paid]
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Turned:
    """A consideration that judges an option differently on the two sides."""

    option: str
    consideration: str
    left: Judged
    right: Judged


@dataclass(frozen=True)
class Beside:
    """Two scenarios side by side; one of them may be the answers as they stand."""

    left: Side
    right: Side
    differences: Mapping[str, Difference]
    """By option: what it pays on the right less what it pays on the left, draw by draw [money]."""
    turned: tuple[Turned, ...]

    @property
    def same(self) -> bool:
        """Whether every payoff, status and probability is the same on both sides."""
        same = all(each.chance_equal == 1 for each in self.differences.values())
        return same and all(each == self.right.options[key] for key, each in self.left.options.items())


def what_if(assessment: Assessment, scenario: Scenario) -> tuple[Assessment, tuple[str, ...]]:
    """The assessment of a scenario, and what of it does not fit any more; what hangs on no changed answer is taken over.

    Draws are those of the assessment, which stays as it is.
    """
    found = applied(assessment.decision, scenario, on=assessment.on)
    singles = {key: each.runs[0] for key, each in assessment.options.items() if not each.option.phases}
    kept = {**assessment.world.kept, "last": (assessment.world, singles)}
    made = assess(found.decision, on=assessment.on, size=assessment.world.size, kept=kept, registry=assessment.registry)
    return made, found.problems


def side_by_side(assessment: Assessment, left: Scenario | None, right: Scenario | None) -> Beside:
    """Hold two scenarios against each other, draw by draw; None stands for the answers as they stand.

    Examples
    --------
    >>> from datetime import date
    >>> from shipworthy.assess import assess
    >>> from shipworthy.decision import Change
    >>> from shipworthy.examples import example
    >>> dear = Scenario(name="Dear", changes=(Change(answer="value_stream.running", value=9e4),))
    >>> found = side_by_side(assess(example("churn"), on=date(2026, 11, 20)), None, dear)
    >>> found.left.recommended, found.right.recommended, found.differences["do_nothing"].mean
    ('three_month_gap', 'do_nothing', 0.0)
    """
    first, paid = _side(assessment, left)
    second, others = _side(assessment, right)
    gained = {key: difference(others[key], paid[key]) for key in paid}
    return Beside(first, second, gained, tuple(_turned(first, second)))


def against_now(assessment: Assessment) -> tuple[Beside, ...]:
    """Every scenario of a decision on the right, the answers as they stand on the left."""
    return tuple(side_by_side(assessment, None, each) for each in assessment.decision.scenarios)


def _side(assessment: Assessment, scenario: Scenario | None) -> tuple[Side, dict[str, Array]]:
    """One side, and the payoff of each option in each draw."""
    found, problems = (assessment, ()) if scenario is None else what_if(assessment, scenario)
    paid = {key: np.asarray(each.payoff, dtype=np.float64) for key, each in found.options.items()}
    options = {
        key: Paid(
            each.summary,
            each.meets_all_words,
            each.mark,
            {name: Judged(finding.status, finding.probability) for name, finding in each.findings.items()},
            each.meets_all_probability,
        )
        for key, each in found.options.items()
    }
    name = "" if scenario is None else scenario.name
    return Side(name, found.recommended, found.comparable, found.missing, options, problems), paid


def _turned(left: Side, right: Side) -> Iterator[Turned]:
    for option, paid in left.options.items():
        for key, judged in paid.findings.items():
            other = right.options[option].findings[key]
            if judged.status != other.status:
                yield Turned(option, key, judged, other)
