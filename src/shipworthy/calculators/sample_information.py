"""What a sample is worth: a pilot with so many users, or so many measurements of a time or a cost, and how many pay.

    pilot(rates)                     how much one more user tells of a share (a rate)
    measurement(values, case_sd)     how much one more measurement tells of a mean
    evsi_curve(...)                  worth over the size of the sample, at once
    evsi_of_pilot, evsi_of_measurement   worth of one chosen size, by simulating it
    best_size(curve, ...)            the size with the highest net worth

Knowing a sample is worth less than knowing the answer (EVPPI), and more cases are never worth less.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import numpy.typing as npt

from shipworthy.calculators._voi_fit import Floats
from shipworthy.calculators._voi_levels import by_level
from shipworthy.calculators._voi_payoffs import Differences, differences
from shipworthy.calculators._voi_plans import Plan as Plan
from shipworthy.calculators._voi_plans import checked_draws
from shipworthy.calculators._voi_plans import measurement as measurement
from shipworthy.calculators._voi_plans import pilot as pilot
from shipworthy.calculators._voi_preposterior import prior
from shipworthy.calculators.value_of_information import Worth, evppi, fit_ranked, noise_floors, ranks
from shipworthy.errors import InputError

_LARGEST = 10**9
_APART, _BETWEEN, _STEPS, _NEAR = 33, 257, 12, 1.1
"""Places first looked at for the best size, those read off between three of them, how often that is done at most, and the
ratio of neighbours that are near."""


@dataclass(frozen=True, eq=False)
class SampleWorth:
    """Worth over the size of a sample.

    Attributes
    ----------
    sizes
        Cases in the sample [1].
    values
        What each size is worth: rising, and at most ``limit`` [money].
    floor
        What draws alone could show where there is nothing to gain [money].
    limit
        Worth of knowing the answer itself (EVPPI) [money].
    at
        The worth of any sizes, for those who look in between.
    """

    sizes: Floats
    values: Floats
    floor: float
    limit: float
    at: Callable[[npt.ArrayLike], Floats]

    @property
    def measurable(self) -> bool:
        """Whether knowing the answer itself is worth more than the noise floor."""
        return self.limit > self.floor


@dataclass(frozen=True)
class BestSize:
    """The size of a sample that pays best.

    Attributes
    ----------
    size
        Cases; 0 where no sample pays [1].
    value, cost
        What it is worth and what it costs [money].
    """

    size: int
    value: float
    cost: float

    @property
    def net(self) -> float:
        """Worth less cost [money]."""
        return self.value - self.cost


def evsi_curve(payoffs: npt.ArrayLike, plan: Plan, sizes: npt.ArrayLike) -> SampleWorth:
    r"""Worth of a sample over its size, by adding up what it may show.

    .. math:: \mathrm{EVSI} = \sum_x \max\Bigl(0, \max_d \sum_k p_k\, P(x \mid \theta_k)\, g_d(\theta_k)\Bigr)

    where g_d is the curve of the difference between option d and the best along the answer, as :func:`evppi` fits it, the
    answer stands in some 320 places θ with chances p, and x is what the sample shows: a count that is binomial, or a mean
    that is normal about θ with the deviation of a case over √n. Nothing is asked of the answer's shape, or of the payoffs'.
    Counts stand one by one where 400 or fewer may come, else by cells and Molenaar's approximation; means stand by cells.

    Parameters
    ----------
    payoffs : array
        Payoff of each option in each draw, option × draw [money].
    plan : Plan
        From :func:`pilot` or :func:`measurement`.
    sizes : array
        Cases in the sample, 0 or more [1].

    Returns
    -------
    SampleWorth
        The worth of each size [money], rising, and at most that of knowing the answer.

    Examples
    --------
    A payoff of 100 z against 0, with prior knowledge worth 25 cases; 75 cases leave ρ² = 0.75 of it: 34.55 of 39.89.

    >>> from statistics import NormalDist
    >>> z = np.array([NormalDist().inv_cdf((i + 0.5) / 4096) for i in range(4096)])
    >>> found = evsi_curve([100 * z, 0 * z], measurement(z, 5.0), [0, 75])
    >>> found.values.round(1).tolist(), round(found.limit, 1)
    ([0.0, 34.5], 39.9)

    References
    ----------
    Raiffa, H., Schlaifer, R. (1961). Applied Statistical Decision Theory, ch. 4 and 5 (preposterior analysis).

    Molenaar, W. (1970). Approximations to the Poisson, Binomial and Hypergeometric Distribution Functions.
    """
    asked = _sizes(sizes)
    found = differences(payoffs)
    whole = evppi(payoffs, plan.ranks)
    before = prior(fit_ranked(found, [plan.ranks]), plan) if found.worth else None

    @cache
    def one(cases: float) -> float:
        return 0.0 if before is None else min(before.worth(plan, cases), whole.value)

    def at(cases: npt.ArrayLike) -> Floats:
        return np.array([one(float(each)) for each in _sizes(cases)])

    order = np.argsort(asked)
    values = np.empty(asked.shape)
    values[order] = np.maximum.accumulate(at(asked[order]))  # equal but for rounding
    return SampleWorth(asked, values, whole.floor, whole.value, at)


def evsi_of_pilot(payoffs: npt.ArrayLike, rates: npt.ArrayLike, size: int, *, seed: int = 7) -> Worth:
    """Worth of a pilot with so many users, by simulating it in each draw and regressing on how many said yes.

    Parameters
    ----------
    payoffs : array
        Payoff of each option in each draw, option × draw [money].
    rates : array
        Draws of the share of yes [0..1].
    size : int
        Users in the pilot [1].
    seed : int, optional
        Of the simulated pilots.

    Returns
    -------
    Worth
        Value, noise floor and EVPI [money]; never above the worth of knowing the rate itself.

    Examples
    --------
    >>> rates = np.random.default_rng(1).beta(3, 7, 2**12)
    >>> payoffs = [1000 * (rates - 0.3), 0 * rates]
    >>> found = evsi_of_pilot(payoffs, rates, 40)
    >>> found.measurable, found.value < evppi(payoffs, ranks(rates)).value
    (True, True)

    References
    ----------
    Strong, M., Oakley, J. E., Brennan, A., Breeze, P. (2015). Estimating the expected value of sample information using
    the probabilistic sensitivity analysis sample. Medical Decision Making 35(5), 570-583.
    """
    plan, share = pilot(rates), checked_draws(rates)
    cases = _whole(size)
    yes = np.random.default_rng(seed).binomial(cases, share)
    return _regressed(payoffs, yes.astype(np.float64), plan)


def evsi_of_measurement(
    payoffs: npt.ArrayLike, values: npt.ArrayLike, case_sd: float, size: int, *, seed: int = 7
) -> Worth:
    """Worth of so many measurements, by simulating their mean in each draw and regressing on it.

    Parameters
    ----------
    payoffs : array
        Payoff of each option in each draw, option × draw [money].
    values : array
        Draws of the mean over cases [any unit]; logarithms where cases spread lognormally.
    case_sd : float
        Standard deviation from case to case [same unit].
    size : int
        Measurements [1].
    seed : int, optional
        Of the simulated measurements.

    Returns
    -------
    Worth
        Value, noise floor and EVPI [money]; never above the worth of knowing the mean itself.

    Examples
    --------
    >>> values = np.random.default_rng(1).standard_normal(2**12)
    >>> found = evsi_of_measurement([100 * values, 0 * values], values, 5.0, 75)
    >>> found.measurable, bool(abs(found.value - 34.55) < 2)
    (True, True)

    References
    ----------
    Strong, Oakley, Brennan, Breeze (2015).
    """
    plan, mean = measurement(values, case_sd), checked_draws(values)
    cases = _whole(size)
    noise = np.random.default_rng(seed).standard_normal(mean.size) * (case_sd / np.sqrt(max(cases, 1)))
    return _regressed(payoffs, mean + noise if cases else np.zeros_like(mean), plan)


def _regressed(payoffs: npt.ArrayLike, summary: Floats, plan: Plan) -> Worth:
    """Worth of knowing a summary of the sample: one figure for each draw, with or without ties."""
    found = differences(payoffs)
    whole = evppi(payoffs, plan.ranks)
    if not found.worth or np.ptp(summary) == 0.0:
        return replace(whole, value=0.0)
    untied = np.unique(summary).size > summary.size // 2
    seen = evppi(payoffs, ranks(summary)) if untied else _levelled(found, summary)
    return replace(seen, value=min(seen.value, whole.value))


def _levelled(found: Differences, summary: Floats) -> Worth:
    curve, shares, noise = by_level(found.by_draw, found.squares, summary)
    value = float(np.maximum(curve.max(axis=1), 0.0) @ shares)
    return Worth(min(value, found.evpi), float(noise_floors(found, noise)), found.evpi)


def best_size(found: SampleWorth, each: float, fixed: float = 0.0) -> BestSize:
    """The size with the highest worth less cost, between the smallest and the largest size of a curve.

    Parameters
    ----------
    found : SampleWorth
        From :func:`evsi_curve`.
    each : float
        Cost of a case [money].
    fixed : float, optional
        Cost of sampling at all [money].

    Returns
    -------
    BestSize
        Size, worth and cost; size 0 where no sample pays, or the answer has no measurable value.

    Examples
    --------
    >>> from statistics import NormalDist
    >>> z = np.array([NormalDist().inv_cdf((i + 0.5) / 4096) for i in range(4096)])
    >>> curve = evsi_curve([100 * z, 0 * z], measurement(z, 5.0), [1, 10, 100, 1000])
    >>> best_size(curve, each=0.1).size, best_size(curve, each=0.1, fixed=50.0).size
    (53, 0)
    """
    if not (each >= 0 and fixed >= 0):
        raise InputError(f"Cost of a sample: {each:g} a case and {fixed:g} once were found. 0 or more would do.")
    if not found.sizes.size or not found.measurable:
        return BestSize(0, 0.0, 0.0)
    places = _first_places(found.sizes)
    if not places.size:
        return BestSize(0, 0.0, 0.0)
    for _ in range(_STEPS):
        nearer = np.setdiff1d(_nearer(places, found.at(places) - each * places), places)
        if not nearer.size:
            break
        places = np.union1d(places, nearer)
    at = int((found.at(places) - each * places).argmax())
    size = int(places[at])
    worth, cost = float(found.at([size])[0]), fixed + each * size
    return BestSize(size, worth, cost) if worth > cost else BestSize(0, 0.0, 0.0)


def _first_places(sizes: Floats) -> Floats:
    """Sizes to begin with: those of the curve where they are many, else some between them too."""
    low, high = max(float(sizes.min()), 1.0), float(sizes.max())
    apart = np.geomspace(low, high, _APART) if high >= low and sizes.size < _APART // 3 else sizes
    places = np.unique(np.rint(np.concatenate([apart, sizes])))
    return places[(places >= 1) & (places <= high)]


def _nearer(places: Floats, nets: Floats) -> Floats:
    """Sizes to look at next: the best of the parabola, in the logarithm of the size, through the best so far and its
    neighbours, and the middles between them while they are far apart."""
    at = int(nets.argmax())
    first = max(min(at - 1, places.size - 3), 0)
    near, left = np.log(places[first : first + 3]), nets[first : first + 3]
    low, best, high = places[max(at - 1, 0)], places[at], places[min(at + 1, places.size - 1)]
    looked = np.unique(np.rint(np.geomspace(low, high, _BETWEEN)))
    curve = np.polyfit(near - near.mean(), left, near.size - 1)
    turn = looked[np.polyval(curve, np.log(looked) - near.mean()).argmax()]
    if turn != best or high < _NEAR * low:
        return np.array([turn])
    return np.rint(np.sqrt([low * best, best * high]))


def _sizes(sizes: npt.ArrayLike) -> Floats:
    found = np.atleast_1d(np.asarray(sizes, dtype=np.float64))
    if found.size and not (found.min() >= 0 and found.max() <= _LARGEST):
        raise InputError(f"Size of a sample: {found.min():g} to {found.max():g} was found. From 0 to 10^9 would do.")
    return found


def _whole(size: int) -> int:
    return int(_sizes(size)[0])
