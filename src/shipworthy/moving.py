"""What moves a payoff: what is expected with each answer at its low, its likely and its high value, widest first."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from shipworthy.assess import Assessment
from shipworthy.calculators.sensitivity import Bar, Share, conditional_means_of_all, first_order_shares
from shipworthy.calculators.value_of_information import Groups, Known
from shipworthy.considerations.base import Array, View, World
from shipworthy.considerations.questions import Question
from shipworthy.deciding import FEWEST, Uncertain, uncertain
from shipworthy.decision import DO_NOTHING, Cell, RangeValue, Row, SpreadValue, Value
from shipworthy.estimate import Pool

TENTHS = (0.1, 0.5, 0.9)
_MEASURABLE = 0.01
"""Part of the standard deviation: what an answer moves less than that, draws alone might show."""
Three = tuple[Value, Value, Value]


@dataclass(frozen=True)
class Move:
    """One uncertain answer, and what it does to a payoff."""

    answer: str
    """``consideration.question``, or the name of a cell of a list."""
    label: str
    consideration: str
    question: Question
    """What is asked; a column of a list as a question of its own."""
    owner: str
    """The option whose values these are, where options differ in the answer; else none."""
    unconfirmed: bool
    """Whether it is a default that nobody has confirmed."""
    values: Three
    """The answer at its low, its likely and its high value; of a chance no, how likely it is, and yes."""
    bar: Bar
    """What is expected then [money]."""
    share: Share
    """The part of the ups and downs that it carries by itself."""

    @property
    def chance(self) -> bool:
        """Whether it is a yes or no."""
        return self.question.kind == "chance"


@dataclass(frozen=True)
class Moving:
    """What moves the payoff of an option, or what it pays more than another."""

    option: str
    other: str
    """The option whose payoff is taken off; none where the payoff itself is meant."""
    mean: float
    """What is expected as the answers stand [money]."""
    moves: tuple[Move, ...]
    """Answers that move it, the one that moves it most first."""


class Movements:
    """Expected payoffs of all options with each uncertain answer at its low, its likely and its high value.

    Parameters
    ----------
    assessment : Assessment
        Its draws are used as they are: nothing is worked out again.

    Examples
    --------
    >>> from datetime import date
    >>> from shipworthy.assess import assess
    >>> from shipworthy.examples import example
    >>> found = Movements(assess(example("churn"), on=date(2026, 11, 20)))
    >>> found.of("three_month_gap").moves[0].label
    'Success of an intervention'
    """

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment
        self.names = tuple(assessment.options)
        size = assessment.world.size
        self.payoffs: Mapping[str, Array] = {key: each.paid(size) for key, each in assessment.options.items()}
        found = list(uncertain(assessment)) if size >= FEWEST else []
        found = [each for each in found if not (isinstance(each[1], Groups) and each[1].sizes.size < 2)]
        self.answers: tuple[Uncertain, ...] = tuple(each for each, _ in found)
        self._known: tuple[Known, ...] = tuple(known for _, known in found)
        self.means: Array = conditional_means_of_all(np.stack([*self.payoffs.values()]), self._known)
        """Answer × option × (low, likely, high) [money]."""
        self.expected = np.array([each.summary.mean for each in assessment.options.values()])

    @property
    def next_best(self) -> str:
        """The option with the highest expected payoff but for the recommended one; none where there is no other."""
        others = [each for key, each in self.assessment.options.items() if key != self.assessment.recommended]
        return max(others, key=lambda each: each.summary.mean).key if others else ""

    def left(self, answer: str, options: Collection[str]) -> float:
        """The least that is left of the recommended option's lead where an answer is at its low or its high value, and
        only the payoff of some options moves with it; infinite where the answer is certain [money]."""
        best = self.names.index(self.assessment.recommended)
        moved = np.array([name in options for name in self.names])
        rows = [place for place, each in enumerate(self.answers) if each.answer == answer]
        if not rows or len(self.names) < 2:
            return float("inf")
        means = np.where(moved[:, None], self.means[rows][..., [0, 2]], self.expected[:, None])
        others = np.delete(means, best, axis=1).max(axis=1)
        return float((means[:, best] - others).min())

    def of(self, option: str, other: str = "") -> Moving:
        """What moves the payoff of an option, or what it pays more than another."""
        world = self.assessment.world
        payoff, means = self.payoffs[option], self.means[:, self.names.index(option)]
        if other:
            payoff, means = payoff - self.payoffs[other], means - self.means[:, self.names.index(other)]
        used = {key for name in (option, other) if name for key in self.assessment.options[name].answers(world)}
        places = [place for place, each in enumerate(self.answers) if each.answer.partition("#")[0] in used]
        shares = first_order_shares(payoff, [self._known[place] for place in places])
        found = [(self.answers[place], share, means[place]) for place, share in zip(places, shares, strict=True)]
        moves = [
            _move(world, each, share, Bar(each.answer, *map(float, at)), (option, other)) for each, share, at in found
        ]
        scale = _MEASURABLE * float(payoff.std())
        kept = (each for each in moves if each is not None and each.bar.swing > scale)
        ordered = sorted(kept, key=lambda each: -each.bar.swing)
        return Moving(option, other, float(payoff.mean()), tuple(ordered))


def _move(world: World, each: Uncertain, share: Share, bar: Bar, options: tuple[str, str]) -> Move | None:
    key = each.answer.partition("#")[0]
    own = each.dimension.partition("@")[2]
    stored = world.decision.answer(key)
    differs = stored is not None and stored.differs
    looked = [own] if own else [*(single for name in options if name for single in _singles(world, name)), each.option]
    for option in looked:
        question, value = _value(world, each.answer, option)
        values = None if question is None else three(question, value)
        if question is not None and values is not None:
            owner = option if own or differs else ""
            return Move(
                each.answer, each.label, each.consideration, question, owner, each.unconfirmed, values, bar, share
            )
    return None


def _singles(world: World, option: str) -> tuple[str, ...]:
    """An option, or its phases."""
    return world.decision.option(option).phases or (option,)


def _value(world: World, answer: str, option: str) -> tuple[Question | None, Value | Cell | Pool | None]:
    """An answer's value for an option, or that of a cell of a list, also where the list only stands in."""
    key, _, cell = answer.partition("#")
    question, value = world.question(key), world.value(key, option)[1]
    if not cell:
        return question, value
    if option == DO_NOTHING:
        return None, None
    name, _, column = cell.rpartition(".")
    view = View(world, question.consideration, option)
    rows = value or world.registry[question.consideration].stand_in(question.name, view)
    row = next((each for each in rows or () if isinstance(each, Row) and each.id == name), None)
    return (None, None) if row is None else (question.column(column), row.cells.get(column))


def three(question: Question, value: object) -> Three | None:
    """An uncertain value at p10, p50 and p90, each certain: what can be said in an answer instead; else None.

    >>> from shipworthy.considerations import registry
    >>> three(registry()["value_stream"].questions["value"], RangeValue(low=1.0, likely=2.0, high=4.0))
    (1.0, 2.0, 4.0)
    """
    if isinstance(value, Pool):
        low, likely, high = (value.quantile(share) for share in TENTHS)
        return low, likely, high
    if isinstance(value, RangeValue):
        return (value.low, value.likely, value.high) if value.low < value.high else None
    if isinstance(value, SpreadValue):
        places = [_spread(value, place) for place in ("low", "likely", "high")]
        return (places[0], places[1], places[2]) if places[0] != places[2] else None
    if question.kind == "chance" and isinstance(value, float) and 0 < value < 1:
        return 0.0, value, 1.0
    return None


def _spread(value: SpreadValue, place: str) -> SpreadValue:
    """A spread with both its numbers at the same place of their ranges: they come from the same draws."""
    typical, rare = (getattr(each, place) if isinstance(each, RangeValue) else each for each in (value.p50, value.p95))
    return SpreadValue(p50=typical, p95=max(typical, rare))
