"""The worth of knowing each answer: how long it takes, how exact it is, and what others give in the same time.

The reference is 2^20 draws of another Sobol sequence, with plain means of 512 bins of 2,048 draws: no curve, no step.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np
import numpy.typing as npt

from bench.measure import Row, at_most, median, shown, side_by_side, timed
from bench.voi_models import ANSWERS, TWELVE, gated, smooth, twelve
from shipworthy import draws
from shipworthy.calculators.sample_information import best_size, evsi_curve, measurement
from shipworthy.calculators.sensitivity import first_order_shares
from shipworthy.calculators.value_of_information import Worth, evppi_of_all, evppi_together, ranks

Floats = npt.NDArray[np.float64]
Model = Callable[[Floats], Floats]
SEEDS, TIMES, REFERENCE = range(1, 9), 40, 2**20
SMOOTH, GATES, ALL_MS, TIMES_BETTER, SAMPLE_MS = 0.3, 1.0, 60.0, 10.0, 25.0
SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)
_COUNTS = 0.01
"""Answers worth less than this part of EVPI are left out of the error: nobody gets nothing wrong."""


def rows() -> Iterator[Row]:
    """Time, error without and with gates, and the error of others in the same time."""
    draws.prepare()
    scores = np.stack([draws.scores(place).astype(np.float64) for place in range(ANSWERS)])
    payoffs, known = smooth(scores), [ranks(draws.scores(place)) for place in range(ANSWERS)]
    what = f"worth of knowing each of {ANSWERS} answers, five options, {draws.SIZE:,} draws"
    found = [timed(lambda: evppi_of_all(payoffs, known)) for _ in range(TIMES)]
    ordering = median([timed(lambda: [ranks(draws.scores(place)) for place in range(ANSWERS)]) for _ in range(5)])
    yield at_most(what, 1000 * median(found), ALL_MS, "ms", f"{shown(1000 * ordering)} ms more where draws are new")
    found = [timed(lambda: first_order_shares(payoffs[1], known)) for _ in range(TIMES)]
    yield Row(f"share of the variance of each of {ANSWERS} answers", f"{shown(1000 * median(found))} ms")
    found = [timed(lambda: evppi_together(payoffs, scores[[0, 1, 6]])) for _ in range(5)]
    yield Row("worth of three answers found out together", f"{shown(1000 * median(found))} ms")
    plan = measurement(np.exp(scores[0]), 30.0)
    found = [timed(lambda: best_size(evsi_curve(payoffs, plan, SIZES), 1.0)) for _ in range(TIMES)]
    what = f"worth of a sample of one answer at {len(SIZES)} sizes, and the best size"
    yield at_most(what, 1000 * median(found), SAMPLE_MS, "ms")
    for name, model, limit in (("smooth payoffs", smooth, SMOOTH), ("payoffs with gates", gated, GATES)):
        yield _error(name, model, limit)
    yield from _equal_time()


def _error(name: str, model: Model, limit: float) -> Row:
    exact, evpi = _reference(model, ANSWERS)
    off = np.stack([_values(_worths(model, _ours(seed, draws.SIZE, ANSWERS))) for seed in SEEDS]) - exact
    counted = 100 * off[:, exact > _COUNTS * evpi] / evpi
    more = f"{counted.shape[1]} answers, {len(SEEDS)} seeds, worst {shown(float(np.abs(counted).max()))} %"
    return at_most(f"error of that, {name}, in parts of EVPI", _rms(counted), limit, "%", more)


def _reference(model: Model, answers: int) -> tuple[Floats, float]:
    """Worth of each answer and of everything, by plain means of bins."""
    scores = _scipy(99, REFERENCE, answers)
    payoffs = model(scores)
    best = payoffs.mean(axis=1).max()
    found = []
    for each in scores:
        means = payoffs[:, np.argsort(each)].reshape(len(payoffs), 512, -1).mean(axis=2)
        found.append(means.max(axis=0).mean() - best)
    return np.array(found), float(payoffs.max(axis=0).mean() - best)


def _ours(seed: int, size: int, answers: int) -> Floats:
    return np.asarray(draws._make(seed, size, 0)[:answers], dtype=np.float64)


def _scipy(seed: int, size: int, answers: int) -> Floats:
    from scipy.special import ndtri
    from scipy.stats import qmc

    points = qmc.Sobol(answers, rng=seed).random(size)
    return np.asarray(ndtri(np.clip(points.T, 1e-10, 1 - 1e-10)))


def _numpy(seed: int, size: int, answers: int) -> Floats:
    return np.asarray(np.random.default_rng(seed).standard_normal((answers, size)))


def _openturns(seed: int, size: int, answers: int) -> Floats:
    import openturns  # type: ignore[import-untyped,unused-ignore]

    openturns.RandomGenerator.SetSeed(seed)
    normal = openturns.JointDistribution([openturns.Normal(0, 1)] * answers)
    points = openturns.LowDiscrepancyExperiment(openturns.SobolSequence(), normal, size)
    points.setRandomize(True)
    return np.ascontiguousarray(np.asarray(points.generate()).T)


def _worths(model: Model, scores: Floats) -> Sequence[Worth]:
    return evppi_of_all(model(scores), [ranks(each) for each in scores])


def _values(found: Sequence[Worth]) -> Floats:
    return np.array([each.value for each in found])


def _rms(off: Floats) -> float:
    return float(np.sqrt(np.mean(off**2)))


def _equal_time() -> Iterator[Row]:
    """Each gets as many draws as it can make and work out in the time that ours take; the estimator is the same."""
    exact, evpi = _reference(twelve, TWELVE)
    kept = _ours(1, draws.SIZE, TWELVE)
    known = [ranks(each) for each in kept.astype(np.float32)]

    def run() -> object:
        return evppi_of_all(twelve(kept), known)

    seconds = median([timed(run) for _ in range(TIMES)])

    def error(make: Callable[[int, int, int], Floats], size: int) -> float:
        return _rms(np.stack([_values(_worths(twelve, make(seed, size, TWELVE))) - exact for seed in SEEDS]) / evpi)

    ours = 100 * error(_ours, draws.SIZE)
    yield Row(
        f"twelve answers, draws kept: {draws.SIZE:,} draws in {shown(1000 * seconds)} ms",
        f"error {shown(ours)} % of EVPI",
    )
    for name, make in (("SciPy’s Sobol", _scipy), ("NumPy Monte Carlo", _numpy), ("OpenTURNS’ Sobol", _openturns)):
        size, spent = _affordable(make, run)
        theirs = 100 * error(make, size)
        more = f"error {shown(theirs)} %, {size:,} draws in {spent}"
        full = 100 * error(make, draws.SIZE)
        whole = median([timed(partial(_made, make, draws.SIZE)) for _ in range(5)])
        more += f"; {draws.SIZE:,} draws: {shown(full)} % in {shown(1000 * whole)} ms"
        ratio = theirs / ours
        met = ratio >= TIMES_BETTER if make is _scipy else None
        target = f"≥ {shown(TIMES_BETTER)} ×" if make is _scipy else ""
        yield Row(f"– {name} in the same time", f"{shown(ratio)} × our error ({more})", target, met)


def _affordable(make: Callable[[int, int, int], Floats], ours: Callable[[], object]) -> tuple[int, str]:
    """The most draws, a power of two from 256, made and worked out in the time that ours take; both in turns."""
    best = (0, "")
    for power in range(8, 20):
        size = 2**power
        run = partial(_made, make, size)
        mine, theirs = (1000 * median(found) for found in side_by_side(TIMES, ours, run))
        if best[0] and theirs > mine:
            return best
        best = (size, f"{shown(theirs)} against {shown(mine)} ms")
    return best


def _made(make: Callable[[int, int, int], Floats], size: int) -> Sequence[Worth]:
    return _worths(twelve, make(1, size, TWELVE))
