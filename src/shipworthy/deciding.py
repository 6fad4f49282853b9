"""What a team looks at before it commits: the options under several attitudes, and what to find out first."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from shipworthy import draws
from shipworthy.assess import Assessment
from shipworthy.calculators.comparison import Choices, Requirement, Standing, choices, compare
from shipworthy.calculators.value_of_information import Groups, Ranks, Worth, evpi, evppi_of_all, groups, ranks
from shipworthy.comparing import requirements
from shipworthy.considerations.base import View, World
from shipworthy.considerations.questions import Question
from shipworthy.considerations.world import cell_name
from shipworthy.decision import DO_NOTHING, RangeValue, Row, SpreadValue, WeightsValue
from shipworthy.estimate import Pool

FEWEST = 256
"""Draws below which nothing is said about the worth of finding out."""


@dataclass(frozen=True)
class ToFindOut:
    """An answer that is still uncertain, and what it would be worth to know it before committing."""

    answer: str
    """``consideration.question``, or the name of a cell of a list."""
    label: str
    consideration: str
    worth: Worth
    unconfirmed: bool
    """Whether it is a default that nobody has confirmed."""


@dataclass(frozen=True)
class Deciding:
    """The options among each other, and what to find out first."""

    options: tuple[str, ...]
    """Those of which something is known."""
    standings: dict[str, Standing]
    choices: dict[str, str | None]
    """Which option each attitude would take: expected, requirements_first, robust, risk_averse."""
    disagreeing: tuple[str, ...]
    """Attitudes that would not take the recommended option."""
    everything: float
    """Worth of knowing everything (EVPI) [money]."""
    found: tuple[ToFindOut, ...]
    """Every answer that is uncertain, the most worth first."""
    unknown: tuple[str, ...]
    """Labels of answers that are not known at all: they come first, without a figure."""

    @property
    def measurable(self) -> tuple[ToFindOut, ...]:
        """Those whose worth is above what draws alone could show."""
        return tuple(each for each in self.found if each.worth.measurable)


def deciding(assessment: Assessment) -> Deciding:
    """Compare the options and rank what is uncertain by what it is worth to know.

    Examples
    --------
    >>> from datetime import date
    >>> from shipworthy.assess import assess
    >>> from shipworthy.examples import example
    >>> found = deciding(assess(example("churn"), on=date(2026, 11, 20)))
    >>> found.choices["expected"], found.measurable[0].consideration
    ('three_month_gap', 'Intervention lead time')
    """
    names = tuple(key for key in assessment.options if key in {*assessment.compared, assessment.recommended})
    size = assessment.world.size
    payoffs = np.array([assessment.options[name].paid(size) for name in names])
    standings = dict(zip(names, compare(payoffs), strict=True))
    chosen = choices(payoffs, [_required(assessment, name) for name in names])
    chosen = replace(chosen, expected=names.index(assessment.recommended))  # of equals, the one that is recommended
    unknown = tuple(dict.fromkeys(assessment.world.question(key).label for key in assessment.missing))
    if size < FEWEST:
        return Deciding(names, standings, _named(chosen, names), chosen.disagreeing, 0.0, (), unknown)
    found = list(uncertain(assessment))
    worths = evppi_of_all(payoffs, [known for _, known in found])
    ranked = sorted(
        (ToFindOut(each.answer, each.label, each.consideration, worth, each.unconfirmed) for (each, _), worth in zip(found, worths, strict=True)),
        key=lambda each: (not each.worth.measurable, -each.worth.value),
    )  # fmt: skip
    return Deciding(names, standings, _named(chosen, names), chosen.disagreeing, evpi(payoffs), tuple(ranked), unknown)


def _required(assessment: Assessment, option: str) -> list[Requirement]:
    """The requirements of an option; what is not known is not met as surely as asked."""
    found = [each.met for each in requirements(assessment, option)]
    return [*found, Requirement(False)] if assessment.options[option].unknown else found


def _named(chosen: Choices, names: tuple[str, ...]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for attitude in ("expected", "requirements_first", "robust", "risk_averse"):
        number = getattr(chosen, attitude)
        found[attitude] = None if number is None else names[number]
    return found


@dataclass(frozen=True)
class Uncertain:
    """An answer that is still uncertain: one dimension of the draws."""

    answer: str
    """``consideration.question``, or the name of a cell of a list."""
    label: str
    consideration: str
    unconfirmed: bool
    dimension: str
    """Name of the dimension: the answer, and the option where that has draws of its own."""
    option: str
    """An option whose answer it is."""


def uncertain(assessment: Assessment) -> Iterator[tuple[Uncertain, Ranks | Groups]]:
    """Every answer whose draws are in the payoffs, once for each dimension of the draws, with the order of its draws."""
    world, seen = assessment.world, set[int]()
    for option in assessment.options:
        states = assessment.options[option].answers(world) if option != DO_NOTHING else {}
        for key in states:
            question = world.question(key)
            for name, label, chance in _dimensions(world, question, option):
                place = world.dimensions.get(name)
                if place is None or place in seen:
                    continue
                seen.add(place)
                owner = world.registry[question.consideration].name
                said = Uncertain(name.partition("@")[0], label, owner, states[key] == "default", name, option)
                yield said, _known(world, name, place, chance)


def _dimensions(world: World, question: Question, option: str) -> Iterator[tuple[str, str, float | None]]:
    """Names of an answer's dimensions that are uncertain, what they are called, and the chance where it is yes or no."""
    value = world.value(question.key, option)[1]
    if question.kind == "rows":
        rows = value or world.registry[question.consideration].stand_in(
            question.name, View(world, question.consideration, option)
        )
        for row in rows or ():
            yield from _cells(world, question, option, row)
        return
    name = world.dimension_name(question.key, option)
    if isinstance(value, RangeValue | Pool):
        if not isinstance(value, RangeValue) or value.low < value.high:
            yield name, question.label, None
    elif isinstance(value, SpreadValue):
        if isinstance(value.p50, RangeValue) or isinstance(value.p95, RangeValue):
            yield name, question.label, None
    elif isinstance(value, WeightsValue):
        yield name, question.label, None
    elif question.kind == "chance" and isinstance(value, float) and 0 < value < 1:
        yield name, question.label, value


def _cells(world: World, question: Question, option: str, row: Row) -> Iterator[tuple[str, str, float | None]]:
    own = world.own_draws(question.key, option)
    for column, cell in row.cells.items():
        asked = question.column(column)
        label = question.cell_label(row, column)
        if isinstance(cell, RangeValue) and cell.low < cell.high:
            yield cell_name(question.key, row, column, own), label, None
        elif asked.kind == "chance" and isinstance(cell, float) and 0 < cell < 1:
            yield cell_name(question.key, row, column, own), label, cell


def _known(world: World, name: str, place: int, chance: float | None) -> Ranks | Groups:
    """The draws in the order of an answer, or by yes and no."""
    if chance is not None:
        from shipworthy.estimate import Chance

        return groups(np.asarray(Chance(chance).from_scores(world.scores(name))))
    if name in world.groups:  # mixed with others: its order is its own
        return ranks(world.scores(name))
    return _order(place, world.size, world.decision.seed)


@lru_cache(maxsize=512)
def _order(place: int, size: int, seed: int) -> Ranks:
    """The order of the draws of a dimension: the same for every decision of this seed."""
    return ranks(draws.scores(place, size=size, seed=seed))
