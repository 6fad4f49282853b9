"""The options side by side: what each pays, how much more than another in the same draw, which requirement is missed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from shipworthy.assess import Assessment, differences
from shipworthy.calculators.comparison import Binding, Difference, Requirement, binding, difference
from shipworthy.considerations.base import Array, Evaluation, View


@dataclass(frozen=True, eq=False)
class Asked:
    """A requirement of one option: what it is called, and whether it is met in each draw."""

    consideration: str
    label: str
    met: Requirement


@dataclass(frozen=True)
class Missed:
    """How often a requirement of an option is missed."""

    consideration: str
    label: str
    how_often: Binding


@dataclass(frozen=True, eq=False)
class Comparing:
    """What stands beside each other."""

    payoffs: Mapping[str, Array]
    """Payoff of each option that can be compared in each draw, in the options' order [money]."""
    leading: str
    ahead: Mapping[str, Difference]
    """What the leading option pays more than each of the others, the closest first."""
    missed: Mapping[str, tuple[Missed, ...]]
    """By option, its requirements that are missed at all, the one missed most often first."""

    @property
    def next_best(self) -> str | None:
        """The option that comes next in expected payoff; None where there is no other."""
        return next(iter(self.ahead), None)


def comparing(assessment: Assessment) -> Comparing:
    """Hold the options against each other, draw by draw.

    Examples
    --------
    >>> from datetime import date
    >>> from shipworthy.assess import assess
    >>> from shipworthy.examples import example
    >>> found = comparing(assess(example("churn"), on=date(2026, 11, 20)))
    >>> found.leading, found.next_best, found.ahead[found.next_best].mean > 0
    ('three_month_gap', 'do_nothing', True)
    """
    size, leading = assessment.world.size, assessment.recommended
    compared = [key for key in assessment.options if key in {*assessment.compared, leading}]
    payoffs = {key: assessment.options[key].paid(size) for key in compared}
    ahead = {key: difference(differences(assessment, leading, key), 0.0) for key in compared if key != leading}
    missed = {key: tuple(_missed(list(requirements(assessment, key)))) for key in compared}
    return Comparing(payoffs, leading, dict(sorted(ahead.items(), key=lambda each: each[1].mean)), missed)


def requirements(assessment: Assessment, option: str) -> Iterator[Asked]:
    """Every requirement that concerns an option, by its phases where it has any."""
    result = assessment.options[option]
    for key in assessment.registry:
        held: list[tuple[str, Evaluation]]
        if key in result.together:
            held = [(result.runs[0].option, result.together[key])]
        else:
            held = [(run.option, run.evaluations[key]) for run in result.runs if run.evaluations[key].applies]
        for owner, evaluation in held:
            view = View(assessment.world, key, owner)
            phase = f" ({assessment.decision.option(owner).name})" if len(held) > 1 else ""
            for name, margin in evaluation.margins.items():
                label = assessment.world.question(f"{key}.{name}").label + phase
                met = Requirement(np.greater_equal(margin, 0.0), view.requirement(name).confidence)
                yield Asked(assessment.registry[key].name, label, met)


def _missed(asked: list[Asked]) -> Iterator[Missed]:
    named = {str(number): each for number, each in enumerate(asked)}
    for number, found in binding({number: each.met.met for number, each in named.items()}).items():
        if found.missed > 0:
            yield Missed(named[number].consideration, named[number].label, found)
