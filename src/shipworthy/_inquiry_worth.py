"""What an inquiry tells of uncertain answers, and what choosing after it is worth."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from shipworthy.calculators._rising import rising
from shipworthy.calculators.sample_information import (
    Plan,
    SampleWorth,
    best_size,
    evsi_curve,
    measurement,
    pilot,
)
from shipworthy.calculators.value_of_information import Groups, Ranks, Worth, evppi_together, expected
from shipworthy.considerations.base import Array, View, World
from shipworthy.considerations.questions import Question
from shipworthy.deciding import Uncertain
from shipworthy.decision import Inquiry, RangeValue, Row, SpreadValue, Value
from shipworthy.errors import InputError
from shipworthy.estimate import Pool, lognormal_parameters
from shipworthy.words import one_line

_NEARLY = 0.95
"""Of what knowing the answer itself is worth: with that, cases that cost nothing are enough."""
_ALL = 0.98
"""Of what knowing the answer itself is worth: more cases need not be looked at."""
_FLAT = 99.0
"""Cases beyond which nothing more is seen, in those that what is known beforehand counts for."""
_LEAST, _MOST, _SHOWN = 20, 10**9, 13
_SHARP = (0.3, 0.55, 0.8)
"""How sharply a sample that tells of several answers shows them where it is worked out [correlation]; between them the worth
is read off."""
_FEWER = 2**12
"""Draws that are enough for the part of the worth that a sample of a size brings, which is taken of the whole."""
_SEED = 11


@dataclass(frozen=True, eq=False)
class Told:
    """An answer of which an inquiry tells, with the order of its draws."""

    said: Uncertain
    known: Ranks | Groups


@dataclass(frozen=True, eq=False)
class Shown:
    """An answer and so many cases that tell of it; without a plan it is told for certain."""

    told: Told
    plan: Plan | None = None
    cases: float = np.inf


@dataclass(frozen=True)
class Assumed:
    """How far one case strays from the mean, taken where nobody said it."""

    label: str
    strays: float
    unit: str


@dataclass(frozen=True)
class Curve:
    """Worth and cost of a sample over its size."""

    sizes: tuple[int, ...]
    worths: tuple[float, ...]
    """Rising [money]."""
    costs: tuple[float, ...]
    """Once and for each case, without waiting [money]."""


@dataclass(frozen=True)
class Telling:
    """What an inquiry tells is worth, before anything is paid for it."""

    worth: float
    """[money]"""
    limit: float
    """Worth of knowing its answers for certain [money]."""
    cases: int | None = None
    """How many there are, or the number that pays best; 0 where none is worth what it costs."""
    curve: Curve | None = None
    assumed: tuple[Assumed, ...] = ()


def known_afterwards(payoffs: Array, world: World, told: Sequence[Told]) -> Telling:
    """Worth of knowing all of these answers, none where it cannot be measured."""
    worth = _together(payoffs, world, [Shown(each) for each in told])
    value = worth.value if worth.measurable else 0.0
    return Telling(value, value)


def sampled(payoffs: Array, world: World, told: Sequence[Told], inquiry: Inquiry) -> Iterator[Telling | None]:
    """Worth of a pilot or of measurements, in steps: the last is the result.

    Raises
    ------
    InputError
        Where an answer is of a kind that such a sample does not show.
    """
    plans, assumed = [], []
    for each in told:
        plan, taken = plan_of(world, inquiry, each)
        plans.append(plan)
        assumed += [taken] if taken else []
    if len(told) == 1:
        found = evsi_curve(payoffs, plans[0], sizes_of(plans, inquiry.cases))
        if found.measurable:
            yield chosen(inquiry, _widened(found, plans, inquiry.cases), tuple(assumed))
            return
    elif (whole := known_afterwards(payoffs, world, told).worth) > 0:
        few = expected(payoffs, [_seen(world, Shown(each), payoffs.shape[1]) for each in told])[:, :_FEWER]
        certain = max(float(few.max(axis=0).mean() - few.mean(axis=1).max()), 1e-9)
        usual, parts = usual_cases(plans), {0.0: 0.0}
        for size in places_of(usual, inquiry.cases):
            yield None
            seen = [Shown(each, plan, size) for each, plan in zip(told, plans, strict=True)]
            part = whole * min(_together(few, world, seen).value / certain, 1.0)
            parts[_sharpness(size, usual)] = max(part, *parts.values())
        curve = _joint({**parts, 1.0: whole}, usual, sizes_of(plans, inquiry.cases))
        yield chosen(inquiry, curve, tuple(assumed))
        return
    yield Telling(0.0, 0.0, inquiry.cases, None, tuple(assumed))


def _together(payoffs: Array, world: World, found: Sequence[Shown]) -> Worth:
    scores = [_seen(world, each, payoffs.shape[1]) for each in found if isinstance(each.told.known, Ranks)]
    return evppi_together(payoffs, scores, [each.told.known for each in found if isinstance(each.told.known, Groups)])


def _seen(world: World, found: Shown, draws: int) -> Array:
    """What is found out in each of the first draws: the answer itself, or what the cases would show. Only the order counts."""
    if found.plan is None:
        return np.asarray(world.scores(found.told.said.dimension)[:draws], dtype=np.float64)
    return found.plan.shown(
        found.cases, np.random.default_rng((_SEED, world.dimensions[found.told.said.dimension])), draws
    )


def usual_cases(plans: Sequence[Plan]) -> float:
    """What is known of the answers beforehand, as if so many cases had been seen."""
    return float(np.exp(np.mean([np.log(max(plan.prior_size, 1e-9)) for plan in plans])))


def _sharpness(cases: float, usual: float) -> float:
    return float(np.sqrt(cases / (cases + usual)))


def places_of(usual: float, cases: int | None) -> list[int]:
    """Sizes that are worked out, the one that was asked for among them."""
    sizes = {max(1, round(usual * each**2 / (1.0 - each**2))) for each in _SHARP}
    return sorted({*sizes, *([cases] if cases else [])})


def _joint(parts: Mapping[float, float], usual: float, sizes: Sequence[int]) -> SampleWorth:
    """A curve over the size through what was worked out at a few sharpnesses, rising as that does."""
    through = rising(list(parts), list(parts.values()))
    asked = np.asarray(sizes, dtype=np.float64)

    def at(cases: object) -> Array:
        places = np.atleast_1d(np.asarray(cases, dtype=np.float64))
        return through(np.sqrt(places / (places + usual)))

    return SampleWorth(asked, at(asked), 0.0, parts[1.0], at)


def chosen(inquiry: Inquiry, found: SampleWorth, assumed: tuple[Assumed, ...]) -> Telling:
    """What a sample tells with the number of cases that was asked for, or else with the one that pays best."""
    cases = inquiry.cases if inquiry.cases is not None else _best(found, inquiry.each)
    worth = float(found.at([cases])[0]) if cases else 0.0
    costs = tuple(inquiry.once + inquiry.each * float(size) for size in found.sizes)
    curve = Curve(tuple(int(each) for each in found.sizes), tuple(found.values.tolist()), costs)
    return Telling(worth, found.limit, cases, curve, assumed)


def _best(found: SampleWorth, each: float) -> int:
    """The number of cases that pays best; where a case costs nothing, the smallest that tells nearly all."""
    if each > 0:
        return best_size(found, each).size
    few, many = 0, int(found.sizes.max())
    enough = _NEARLY * found.at([many])[0]
    while many - few > 1:
        middle = round((max(few, 1) * many) ** 0.5) if many > 2 * few + 2 else (few + many) // 2
        few, many = (few, middle) if found.at([middle])[0] >= enough else (middle, many)
    return many


def _widened(found: SampleWorth, plans: Sequence[Plan], cases: int | None) -> SampleWorth:
    """A curve that goes on to where a sample tells nearly all: where an answer is skewed that is beyond what its variance says."""
    for times in (10.0, 100.0, 1000.0):
        if found.values[-1] >= _ALL * found.limit:
            break
        sizes = np.asarray(sizes_of(plans, cases, times), dtype=np.float64)
        found = replace(found, sizes=sizes, values=np.maximum.accumulate(found.at(sizes)))
    return found


def sizes_of(plans: Sequence[Plan], cases: int | None, times: float = 1.0) -> list[int]:
    """Sizes to look at: 1, 2, 5, 10 and so on until nothing more is seen, and the one that was asked for."""
    flat = min(max(*(times * _FLAT * plan.prior_size for plan in plans), float(_LEAST)), float(_MOST))
    top = max(flat, float(cases or 0))
    series = [step * 10**power for power in range(10) for step in (1, 2, 5)]
    end = next((place for place, size in enumerate(series) if size >= top), len(series) - 1)
    return sorted({*series[max(0, end + 1 - _SHOWN) : end + 1], *([cases] if cases else [])})


def plan_of(world: World, inquiry: Inquiry, told: Told) -> tuple[Plan, Assumed | None]:
    """How much a case tells of an answer, and what was taken for granted for that."""
    said, name = told.said, f"“{one_line(told.said.label, 80)}”"
    if isinstance(told.known, Groups):
        raise InputError(
            f"{name} comes or it does not, once: no number of cases shows it. Say that it is known afterwards"
        )
    question, value = _asked(world, said)
    if isinstance(value, SpreadValue) and inquiry.kind == "measure":
        return _spread_plan(world, said, question, value, told.known), None
    if not isinstance(value, RangeValue | Pool):
        what = "measurements do" if inquiry.kind == "measure" else "a pilot does"
        raise InputError(f"{name} is no number with a range: {what} not show it. Say that it is known afterwards")
    drawn = _draws(world, said, question, value)
    if inquiry.kind == "pilot":
        if question.unit != "share" or drawn.min() < 0 or drawn.max() > 1:
            raise InputError(f"{name} is no share of users: a pilot does not show it. Choose measurements instead")
        return pilot(drawn), None
    strays = inquiry.strays
    taken = None
    if strays is None:
        strays = abs(value.likely if isinstance(value, RangeValue) else float(np.median(drawn))) or float(drawn.std())
        taken = Assumed(said.label, strays, question.unit)
    if not strays:
        return Plan(told.known, 1e-9, drawn, 0.0), taken
    return measurement(drawn, strays), taken


def _spread_plan(world: World, said: Uncertain, question: Question, value: SpreadValue, known: Ranks) -> Plan:
    """Cases that differ as a lognormal: n of them show their typical case and how far they are apart.

    The mean of n logarithms strays by sigma / √n, the logarithm of their spread by 1 / √(2 n); both hang on one score, so
    what they tell of it adds up. One or two cases hardly show how far cases are apart: there it is too much.
    """
    typical, rare = (_draws(world, said, question, part) for part in (value.p50, value.p95))
    mu, sigma = lognormal_parameters(np.maximum(typical, 1e-12), np.maximum(rare, typical))
    apart = float(np.mean(sigma))
    seen = float(np.var(mu) + 2.0 * np.var(sigma))
    size = max(apart**2 / seen, 1e-9) if seen and apart else 1e-9
    return Plan(known, size, np.asarray(world.scores(said.dimension), dtype=np.float64), float(np.sqrt(size)))


def _draws(world: World, said: Uncertain, question: Question, value: Value | Pool | None) -> Array:
    scores = world.scores(said.dimension)
    if isinstance(value, Pool):
        return np.asarray(value.from_scores(scores), dtype=np.float64)
    if not isinstance(value, RangeValue):
        return np.full(scores.size, float(value) if isinstance(value, float | int) else 0.0)
    fitted = question.fitted(value)
    return np.asarray(fitted if isinstance(fitted, float) else fitted.from_scores(scores), dtype=np.float64)


def _asked(world: World, said: Uncertain) -> tuple[Question, Value | Pool | None]:
    """The declaration behind an uncertain answer or cell, and its value for an option that it concerns."""
    key, _, cell = said.answer.partition("#")
    question = world.question(key)
    if not cell:
        return question, world.value(key, said.option)[1]
    row, _, column = cell.rpartition(".")
    rows = world.value(key, said.option)[1] or world.registry[question.consideration].stand_in(
        question.name, View(world, question.consideration, said.option)
    )
    found = (each for each in rows if isinstance(each, Row) and each.id == row)
    return question.column(column), next((each.cells.get(column) for each in found), None)
