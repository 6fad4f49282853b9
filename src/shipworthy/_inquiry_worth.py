"""What an inquiry tells of uncertain answers, and what choosing after it is worth."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from shipworthy.calculators.sample_information import (
    Plan,
    SampleWorth,
    best_size,
    evsi_curve,
    evsi_of_pilot,
    measurement,
    pilot,
)
from shipworthy.calculators.value_of_information import Groups, Ranks, Worth, evppi_together
from shipworthy.considerations.base import Array, View, World
from shipworthy.considerations.questions import Question
from shipworthy.deciding import Uncertain
from shipworthy.decision import Inquiry, RangeValue, Row, SpreadValue, Value
from shipworthy.errors import InputError
from shipworthy.estimate import Pool, lognormal_parameters
from shipworthy.words import one_line

_NEARLY = 0.95
"""Of what knowing the answer itself is worth: with that, cases that cost nothing are enough."""
_FLAT = 99.0
"""Cases beyond which nothing more is seen, in those that what is known beforehand counts for."""
_LEAST, _MOST, _SHOWN = 20, 10**9, 13
_JOINT = 6
"""Sizes at which a sample that tells of several answers is worked out; between them the worth is read off."""
_FEWER = 2**12
"""Draws that are enough for the part of the worth that a sample of a size brings, which is taken of the whole."""
_SIMULATED = 10**6
_SEED = 11


@dataclass(frozen=True, eq=False)
class Told:
    """An answer of which an inquiry tells, with the order of its draws."""

    said: Uncertain
    known: Ranks | Groups


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
    rough: bool
    """Whether hits are so rare at some of the sizes that the worth there may be off by a third."""


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
    worth = _together(payoffs, world, [(each, 1.0) for each in told])
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
        plan, taken = _plan(world, inquiry, each)
        plans.append(plan)
        assumed += [taken] if taken else []
    whole = known_afterwards(payoffs, world, told)
    if not whole.worth:
        yield Telling(0.0, 0.0, inquiry.cases, None, tuple(assumed))
        return
    sizes = _sizes(plans, inquiry.cases)
    if len(told) == 1:
        found = evsi_curve(payoffs, plans[0], sizes)
    else:
        few = np.unique(np.rint(np.geomspace(1, sizes[-1], _JOINT)))
        parts = []
        for size in [np.inf, *few]:
            pairs = [(each, _sharpness(plan, size)) for each, plan in zip(told, plans, strict=True)]
            parts.append(_together(payoffs[:, :_FEWER], world, pairs).value)
            yield None
        shares = np.maximum.accumulate(parts[1:]) / max(parts[0], 1e-9)
        found = _joint(few, np.minimum(shares, 1.0) * whole.worth, sizes, plans, whole.worth)
    yield _chosen(payoffs, world, told, inquiry, found, tuple(assumed))


def blurred(world: World, told: Sequence[Told], inquiry: Inquiry, cases: int | None) -> list[tuple[Told, float]]:
    """The answers with how sharply the inquiry shows each: its correlation to what is found [0..1]."""
    if inquiry.kind == "ask":
        return [(each, 1.0) for each in told]
    return [(each, _sharpness(_plan(world, inquiry, each)[0], float(cases or 0))) for each in told]


def together(payoffs: Array, world: World, pairs: Sequence[tuple[Told, float]]) -> float:
    """Worth of several inquiries that are all done before the choice; none where it cannot be measured [money]."""
    sharpest: dict[str, tuple[Told, float]] = {}
    for each, sharpness in pairs:
        before = sharpest.get(each.said.dimension)
        if before is None or before[1] < sharpness:
            sharpest[each.said.dimension] = (each, sharpness)
    worth = _together(payoffs, world, list(sharpest.values()))
    return worth.value if worth.measurable else 0.0


def _together(payoffs: Array, world: World, pairs: Sequence[tuple[Told, float]]) -> Worth:
    size = payoffs.shape[1]
    scores = [_seen(world, each, sharpness)[:size] for each, sharpness in pairs if isinstance(each.known, Ranks)]
    return evppi_together(payoffs, scores, [each.known for each, _ in pairs if isinstance(each.known, Groups)])


def _seen(world: World, told: Told, sharpness: float) -> Array:
    """What is found out, as a normal score that strays from the answer's own."""
    score = np.asarray(world.scores(told.said.dimension), dtype=np.float64)
    if sharpness >= 1.0:
        return score
    noise = np.random.default_rng((_SEED, world.dimensions[told.said.dimension])).standard_normal(score.size)
    return np.asarray(sharpness * score + np.sqrt(1.0 - sharpness**2) * noise)


def _sharpness(plan: Plan, size: float) -> float:
    return 1.0 if np.isinf(size) else float(np.sqrt(size / (size + plan.prior_size)))


def _joint(few: Array, values: Array, sizes: Sequence[int], plans: Sequence[Plan], limit: float) -> SampleWorth:
    """A curve over the size through a few points, read off between them."""
    asked = np.asarray(sizes, dtype=np.float64)

    def at(cases: object) -> Array:
        places = np.atleast_1d(np.asarray(cases, dtype=np.float64))
        return np.interp(np.log(np.maximum(places, 1.0)), np.log(few), values)

    rarer = [plan.rarer for plan in plans if plan.rarer is not None]
    rare = asked * min(rarer, default=np.inf) < 10.0
    return SampleWorth(asked, at(asked), 0.0, limit, rare, at)


def _chosen(
    payoffs: Array,
    world: World,
    told: Sequence[Told],
    inquiry: Inquiry,
    found: SampleWorth,
    assumed: tuple[Assumed, ...],
) -> Telling:
    cases = inquiry.cases if inquiry.cases is not None else _best(found, inquiry.each)
    worth = float(found.at([cases])[0]) if cases else 0.0
    costs = tuple(inquiry.once + inquiry.each * float(size) for size in found.sizes)
    rough = bool(found.rare.any())
    curve = Curve(tuple(int(each) for each in found.sizes), tuple(found.values.tolist()), costs, rough)
    if len(told) == 1 and inquiry.kind == "pilot" and cases and cases <= _SIMULATED:
        rates = _draws(world, told[0].said, *_asked(world, told[0].said))
        if cases * min(rates.mean(), 1 - rates.mean()) < 10.0:  # a count that is rare is no normal one: it is simulated
            worth = min(evsi_of_pilot(payoffs, rates, cases).value, found.limit)
    return Telling(worth, found.limit, cases, curve, assumed)


def _best(found: SampleWorth, each: float) -> int:
    """The number of cases that pays best; where a case costs nothing, the smallest that tells nearly all."""
    if each > 0:
        return best_size(found, each).size
    places = np.unique(np.rint(np.geomspace(1.0, found.sizes.max(), 257)))
    enough = found.at(places) >= _NEARLY * found.at([found.sizes.max()])[0]
    return int(places[enough.argmax()])


def _sizes(plans: Sequence[Plan], cases: int | None) -> list[int]:
    """Sizes to look at: 1, 2, 5, 10 and so on until nothing more is seen, and the one that was asked for."""
    flat = min(max(*(_FLAT * plan.prior_size for plan in plans), float(_LEAST)), float(_MOST))
    top = max(flat, float(cases or 0))
    series = [step * 10**power for power in range(10) for step in (1, 2, 5)]
    end = next((place for place, size in enumerate(series) if size >= top), len(series) - 1)
    return sorted({*series[max(0, end + 1 - _SHOWN) : end + 1], *([cases] if cases else [])})


def _plan(world: World, inquiry: Inquiry, told: Told) -> tuple[Plan, Assumed | None]:
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
        return Plan(told.known, 1e-9), taken
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
    if not seen or not apart:
        return Plan(known, 1e-9)
    return Plan(known, max(apart**2 / seen, 1e-9))


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
