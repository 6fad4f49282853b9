"""What an inquiry adds to others that are done first: together with them less without it.

Samples of the same answer are one larger sample. What is held against the whole is a regression with as many columns: those
that the others do not show stand in it in another order of the draws, so that they tell nothing. What a column more makes of
the others, for good or bad, is then in both, and only what it tells is left. Before that all else that is uncertain is
averaged out of the payoffs.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from shipworthy._inquiry_worth import Telling, Told, chosen, places_of, plan_of, sizes_of, usual_cases
from shipworthy.calculators._rising import rising
from shipworthy.calculators.sample_information import Plan, SampleWorth, evsi_curve
from shipworthy.calculators.value_of_information import Groups, Worth, evppi_together, expected
from shipworthy.considerations.base import Array, World
from shipworthy.decision import Inquiry

_SEED = 13


@dataclass(frozen=True)
class Done:
    """An inquiry of a decision, what it tells of, and how many cases it has."""

    place: int
    told: tuple[Told, ...]
    inquiry: Inquiry
    cases: int | None = None


@dataclass(frozen=True, eq=False)
class Column:
    """What is seen of an answer in each draw: of scores only the order counts."""

    values: Array | Groups
    plan: Plan | None = None
    """The sample that shows it; none where it is known for certain."""
    cases: float = np.inf

    def pooled(self, other: "Column") -> "Column":
        """Two samples of one answer as one, in which cases that stray more count for less."""
        if self.plan is None or other.plan is None:
            return self if self.plan is None else other
        as_many = other.cases * self.plan.prior_size / other.plan.prior_size
        return Column(self.cases * self._mean() + as_many * other._mean(), self.plan, self.cases + as_many)

    def _mean(self) -> Array:
        """What a sample shows: of a pilot its share of yes."""
        assert self.plan is not None
        assert not isinstance(self.values, Groups)
        return np.asarray(self.values / (self.cases if self.plan.case_sd is None else 1.0), dtype=np.float64)

    def mixed(self) -> "Column":
        """The same in another order of the draws, so that it tells nothing."""
        size = self.values.index.size if isinstance(self.values, Groups) else self.values.size
        order = np.random.default_rng(_SEED).permutation(size)
        if isinstance(self.values, Groups):
            return Column(Groups(self.values.index[order], self.values.sizes))
        return Column(self.values[order])


Seen = Mapping[str, Column]
"""What is seen, by the dimension of the draws."""


def seen(world: World, done: Sequence[Done]) -> Seen:
    """What all that is done shows: what one of them tells for certain, and else the samples of it as one."""
    found: dict[str, Column] = {}
    for one in done:
        for told in one.told if one.inquiry.kind == "ask" or one.cases else ():
            column, dimension = _column(world, one, told), told.said.dimension
            found[dimension] = found[dimension].pooled(column) if dimension in found else column
    return found


def _column(world: World, done: Done, told: Told) -> Column:
    dimension = told.said.dimension
    if done.inquiry.kind == "ask":
        return Column(told.known if isinstance(told.known, Groups) else np.asarray(world.scores(dimension), np.float64))
    plan, cases = plan_of(world, done.inquiry, told)[0], float(done.cases or 0)
    dice = np.random.default_rng((_SEED, done.place, world.dimensions[dimension]))
    return Column(np.asarray(plan.shown(cases, dice), dtype=np.float64), plan, cases)


def worth(payoffs: Array, found: Seen) -> Worth:
    """Worth of seeing it before choosing; a sample of a single answer is added up instead of simulated [money]."""
    columns = list(found.values())
    if not columns:
        return Worth(0.0, 0.0, 0.0)
    if len(columns) == 1 and columns[0].plan is not None:
        curve = evsi_curve(payoffs, columns[0].plan, [round(columns[0].cases)])
        return Worth(float(curve.values[0]), curve.floor, curve.limit)
    return evppi_together(payoffs, *_parted(columns))


def _parted(columns: Sequence[Column]) -> tuple[list[Array], list[Groups]]:
    scores = [each.values for each in columns if not isinstance(each.values, Groups)]
    return scores, [each.values for each in columns if isinstance(each.values, Groups)]


def _certain(world: World, done: Sequence[Done]) -> Seen:
    """What would be seen if all were told for certain."""
    return seen(world, [replace(each, inquiry=each.inquiry.model_copy(update={"kind": "ask"})) for each in done])


def _averaged(payoffs: Array, known: Seen) -> Array:
    """Payoffs in which all is averaged out but what is known; of a single answer they are taken as they are."""
    return expected(payoffs, *_parted(list(known.values()))) if len(known) > 1 else payoffs


def together(payoffs: Array, world: World, done: Sequence[Done]) -> float:
    """Worth of all that is done, none where it cannot be measured; what several tell counts once [money]."""
    known, found = _certain(world, done), seen(world, done)
    floor = worth(payoffs, known).floor
    value = worth(_averaged(payoffs, known), found).value
    return value if value > floor else 0.0


def beside(payoffs: Array, world: World, mine: Done, others: Sequence[Done]) -> Iterator[Telling | None]:
    """What one inquiry adds to others that are done first, in steps: the last is the result.

    Raises
    ------
    InputError
        Where it is a sample, and an answer is of a kind that such a sample does not show.
    """
    inquiry = mine.inquiry
    pairs = [] if inquiry.kind == "ask" else [plan_of(world, inquiry, each) for each in mine.told]
    plans, assumed = [plan for plan, _ in pairs], tuple(taken for _, taken in pairs if taken)
    before, known = seen(world, others), {**_certain(world, [mine]), **_certain(world, others)}
    certain = seen(world, [*others, replace(mine, inquiry=inquiry.model_copy(update={"kind": "ask"}))])
    floor, payoffs = worth(payoffs, known).floor, _averaged(payoffs, known)
    yield None
    without = worth(payoffs, {**before, **{each: known[each].mixed() for each in known if each not in before}}).value
    limit = worth(payoffs, certain).value - without
    if limit <= floor:
        yield Telling(0.0, 0.0, inquiry.cases, None, assumed)
        return
    if inquiry.kind == "ask":
        yield Telling(limit, limit)
        return
    parts, usual = (
        {0.0: 0.0},
        usual_cases(
            [_after(plan, before.get(each.said.dimension)) for plan, each in zip(plans, mine.told, strict=True)]
        ),
    )
    for size in places_of(usual, inquiry.cases):
        yield None
        part = worth(payoffs, seen(world, [*others, replace(mine, cases=size)])).value - without
        parts[size / (size + usual)] = min(max(part if part > floor else 0.0, *parts.values()), limit)
    yield chosen(inquiry, _curve({**parts, 1.0: limit}, usual, sizes_of(plans, inquiry.cases)), assumed)


def _after(plan: Plan, column: Column | None) -> Plan:
    """The plan where what others show of the answer is known beforehand as well."""
    if column is None or column.plan is None:
        return plan
    return replace(plan, prior_size=plan.prior_size * (1 + column.cases / column.plan.prior_size))


def _curve(parts: Mapping[float, float], usual: float, sizes: Sequence[int]) -> SampleWorth:
    """The worth over the size through what was worked out: what little cases add is as much as they take from the variance."""
    through, asked = rising(list(parts), list(parts.values())), np.asarray(sizes, dtype=np.float64)

    def at(cases: object) -> Array:
        places = np.atleast_1d(np.asarray(cases, dtype=np.float64))
        return through(places / (places + usual))

    return SampleWorth(asked, at(asked), 0.0, parts[1.0], at)
