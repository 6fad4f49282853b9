"""Spreads: what differs from case to case, described by the value that half and that 95 % of the cases stay under.

A spread is lognormal. It is never drawn: within a draw it is integrated to a share (:func:`lognormal_cdf`) or a
percentile (:func:`lognormal_percentile`). Several spreads that follow each other add up by matched moments
(:func:`sum_of_lognormals`). A spread of length zero is written ``p50 = p95 = 0`` or ``mu = -inf``; it changes nothing.
"""

import math
from collections.abc import Sequence
from functools import cache
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from shipworthy.errors import EstimateError, InputError

Floats = npt.NDArray[np.float64]

#: Standard normal 95th percentile.
Z95 = NormalDist().inv_cdf(0.95)

#: The widest spread that is accepted, as the standard deviation of the logarithm: p95 at 2 × 10^14 times p50.
WIDEST_SIGMA = 20.0

# Below this a spread has no width worth integrating: all cases are alike.
_NO_SIGMA = 1e-9

# The table of the normal distribution function: nodes a 256th apart, from where it is 0 to where it is 1 in a double.
_STEPS, _LOWEST, _HIGHEST = 256, -38, 9


@cache
def _normal_table() -> tuple[Floats, Floats]:
    nodes = np.arange(_LOWEST * _STEPS, _HIGHEST * _STEPS + 1) / _STEPS
    area = 0.5 * np.array([math.erfc(place) for place in (-nodes / math.sqrt(2)).tolist()])
    density = np.exp(-0.5 * nodes * nodes) / math.sqrt(2 * math.pi)
    area[0], area[-1], density[0], density[-1] = 0.0, 1.0, 0.0, 0.0  # exactly nothing and exactly all at the ends
    return area, density


def normal_cdf(z: npt.ArrayLike) -> Floats:
    r"""Standard normal distribution function, fast on arrays.

    .. math:: \Phi(z) \approx \Phi_i + \varphi_i\, d\, (1 - z_i d / 2 + (z_i^2 - 1) d^2 / 6), \quad d = z - z_i

    the Taylor series about the nearest of a table's nodes. Absolute error below 1e-12; exactly 0 below -38 and
    exactly 1 above 9. About twice as fast as ``scipy.special.ndtr`` on 16,384 unordered values, and loads no scipy.

    Parameters
    ----------
    z : float or array
        Standard score [1].

    Returns
    -------
    float or array
        Probability of staying at or below ``z`` [0..1]; nan where ``z`` is nan.

    Examples
    --------
    >>> round(float(normal_cdf(1.6448536269514722)), 10)
    0.95

    References
    ----------
    Abramowitz, M., Stegun, I. A. (1964). Handbook of Mathematical Functions, 26.2.
    """
    scores = np.asarray(z, dtype=np.float64)
    return normal_cdf_of_own(np.array(scores, ndmin=1)).reshape(scores.shape)[()]


def normal_cdf_of_own(z: Floats) -> Floats:
    """:func:`normal_cdf` of an array with at least one dimension that the caller gives up: it is overwritten."""
    area, density = _normal_table()
    np.maximum(z, _LOWEST, out=z)
    np.minimum(z, _HIGHEST, out=z)
    node = z * _STEPS
    np.rint(node, out=node)
    with np.errstate(invalid="ignore"):
        index = node.astype(np.intp)
    index -= _LOWEST * _STEPS
    node *= 1.0 / _STEPS
    z -= node
    result = node * node
    result -= 1.0
    result *= z
    result *= 1.0 / 3.0
    result -= node
    result *= z
    result *= 0.5
    result += 1.0
    result *= z
    result *= density.take(index, mode="clip")
    result += area.take(index, mode="clip")
    return result


def lognormal_from_percentiles(p50: npt.ArrayLike, p95: npt.ArrayLike) -> tuple[Floats, Floats]:
    r"""Parameters of the lognormal spread with the given median and 95th percentile.

    .. math:: \mu = \ln p_{50}, \qquad \sigma = \ln(p_{95} / p_{50}) / z_{0.95}, \quad z_{0.95} = 1.6449

    Parameters
    ----------
    p50 : float or array
        What half of the cases stay under [any unit, for example days]. 0 is a spread of length zero.
    p95 : float or array
        What 95 % of the cases stay under [same unit]. Not below ``p50``; 0 where ``p50`` is 0.

    Returns
    -------
    tuple of float or array
        ``mu`` and ``sigma``, mean and standard deviation of the logarithm; (-inf, 0) for length zero.

    Raises
    ------
    EstimateError
        Where a percentile is negative or not finite, p95 is below p50, p50 is 0 and p95 is not, or p95 is more than
        10^14 times p50. (Where both are draws of an estimate, pass ``np.maximum(p50, p95)`` as p95.)

    Examples
    --------
    >>> mu, sigma = lognormal_from_percentiles(60, 120)
    >>> round(float(mu), 4), round(float(sigma), 4)
    (4.0943, 0.4214)

    References
    ----------
    Johnson, N. L., Kotz, S., Balakrishnan, N. (1994). Continuous Univariate Distributions, vol. 1, ch. 14.
    """
    median, high = np.asarray(p50, dtype=np.float64), np.asarray(p95, dtype=np.float64)
    sigma = _sigma(median, high)
    with np.errstate(divide="ignore"):
        return np.log(median), sigma


def lognormal_moments(mu: npt.ArrayLike, sigma: npt.ArrayLike) -> tuple[Floats, Floats]:
    r"""Mean and variance of a lognormal spread.

    .. math:: m = e^{\mu + \sigma^2 / 2}, \qquad v = m^2 (e^{\sigma^2} - 1)

    Parameters
    ----------
    mu, sigma : float or array
        Mean and standard deviation of the logarithm [ln unit]. ``sigma`` at most 20.

    Returns
    -------
    tuple of float or array
        Mean [unit] and variance [unit²]; both 0 where ``mu`` is -inf.

    Examples
    --------
    >>> mean, variance = lognormal_moments(0.0, 1.0)
    >>> round(float(mean), 4), round(float(variance), 4)
    (1.6487, 4.6708)

    References
    ----------
    Johnson, Kotz, Balakrishnan (1994), ch. 14.
    """
    place, width = np.asarray(mu, dtype=np.float64), np.asarray(sigma, dtype=np.float64)
    check_sigma(width)
    mean = np.exp(place + 0.5 * width * width)
    return mean, mean * mean * np.expm1(width * width)


def sum_of_lognormals(p50s: Sequence[npt.ArrayLike], p95s: Sequence[npt.ArrayLike]) -> tuple[Floats, Floats]:
    r"""The lognormal spread that stands for the sum of independent spreads: same mean, same variance.

    .. math:: \sigma^2 = \ln(1 + V / M^2), \qquad \mu = \ln M - \sigma^2 / 2

    with M and V the sums of the means and of the variances (Fenton-Wilkinson). Exact for one spread. Against the
    convolution, for 400 sums of two to four spreads whose medians differ up to tenfold, the share within a time is off
    by at most 0.04 (median 0.010) where each p95 is up to twice its p50, 0.09 (0.016) up to three times and 0.15
    (0.035) up to five times; the sum's 95th percentile by at most 1.3 %, 1.4 % and 7.1 %. It is worst where a wide
    spread meets a narrow one of the same length. Up to ten times the share can be off by 0.33: better state one spread
    for the whole.

    Parameters
    ----------
    p50s, p95s : sequence of (float or array)
        Median and 95th percentile of each spread [one unit]. Spreads of length zero change nothing.

    Returns
    -------
    tuple of float or array
        ``mu`` and ``sigma`` of the sum; (-inf, 0) where every spread has length zero, or there is none.

    Raises
    ------
    EstimateError
        As :func:`lognormal_from_percentiles`.
    InputError
        Where the two lists differ in length.

    Examples
    --------
    >>> mu, sigma = sum_of_lognormals([5, 45], [15, 90])
    >>> round(float(lognormal_percentile(0.95, mu, sigma)), 1)
    97.0

    References
    ----------
    Fenton, L. F. (1960). The sum of log-normal probability distributions in scatter transmission systems. IRE
    Transactions on Communications Systems 8(1), 57-67.
    """
    if len(p50s) != len(p95s):
        raise InputError(
            f"Spreads: found {len(p50s)} medians and {len(p95s)} 95th percentiles. Give one of each for every spread."
        )
    mean = variance = np.zeros(())
    for p50, p95 in zip(p50s, p95s, strict=True):
        median = np.asarray(p50, dtype=np.float64)
        sigma = _sigma(median, np.asarray(p95, dtype=np.float64))
        growth = np.exp(0.5 * sigma * sigma)
        part = median * growth
        mean = mean + part
        variance = variance + part * part * (growth * growth - 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        squared = np.where(mean > 0, np.log1p(variance / (mean * mean)), 0.0)
        return np.log(mean) - 0.5 * squared, np.sqrt(squared)


def lognormal_cdf(x: npt.ArrayLike, mu: npt.ArrayLike, sigma: npt.ArrayLike) -> Floats:
    r"""Share of cases at or below a value.

    .. math:: F(x) = \Phi((\ln x - \mu) / \sigma)

    Parameters
    ----------
    x : float or array
        The value [unit].
    mu, sigma : float or array
        Mean and standard deviation of the logarithm [ln unit]. ``sigma = 0``: all cases alike, a step at exp(mu).
        ``mu = -inf``: length zero, a step at 0.

    Returns
    -------
    float or array
        Share [0..1].

    Examples
    --------
    >>> round(float(lognormal_cdf(120, *lognormal_from_percentiles(60, 120))), 6)
    0.95

    References
    ----------
    Johnson, Kotz, Balakrishnan (1994), ch. 14.
    """
    value, place, width = (np.asarray(a, dtype=np.float64) for a in (x, mu, sigma))
    with np.errstate(divide="ignore", invalid="ignore"):
        above = np.log(np.maximum(value, 0.0)) - place
        spread = normal_cdf(above / np.maximum(width, _NO_SIGMA))
    certain = np.isneginf(place) | (width <= _NO_SIGMA)
    if certain.any():
        step = np.where(np.isneginf(place), value >= 0, above >= 0)
        spread = np.where(certain & ~np.isnan(value), step, spread)
    return spread[()]


def lognormal_percentile(q: npt.ArrayLike, mu: npt.ArrayLike, sigma: npt.ArrayLike) -> Floats:
    r"""The value that a share ``q`` of the cases stays under.

    .. math:: x = e^{\mu + \sigma \Phi^{-1}(q)}

    Parameters
    ----------
    q : float or array
        Share [0..1].
    mu, sigma : float or array
        Mean and standard deviation of the logarithm [ln unit].

    Returns
    -------
    float or array
        Value [unit]; inf for ``q = 1`` unless ``sigma`` is 0.

    Examples
    --------
    >>> round(float(lognormal_percentile(0.95, *lognormal_from_percentiles(60, 120))), 6)
    120.0

    References
    ----------
    Johnson, Kotz, Balakrishnan (1994), ch. 14.
    """
    from scipy.special import ndtri

    place, width = np.asarray(mu, dtype=np.float64), np.asarray(sigma, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        stretch = np.where(width > 0, width * ndtri(np.asarray(q, dtype=np.float64)), 0.0)
        return np.where(np.isneginf(place), 0.0, np.exp(place + stretch))[()]


def check_sigma(sigma: Floats) -> None:
    """Refuse a spread that is negative or too wide to have a mean that a double can hold."""
    if sigma.size and (sigma.max() > WIDEST_SIGMA or sigma.min() < 0):
        raise EstimateError(
            f"Spread: the standard deviation of its logarithm is {sigma.min():g} to {sigma.max():g}, but can be 0 to "
            f"{WIDEST_SIGMA:g}. Give a 95th percentile that is at least the median and no more than 10^14 times it."
        )


def _sigma(p50: Floats, p95: Floats) -> Floats:
    """Standard deviation of the logarithm, with impossible pairs refused in words."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(p50 > 0, p95 / p50, 1.0)
    bad = ~((p50 >= 0) & (ratio >= 1) & (ratio <= 1e14) & (p95 < np.inf) & ((p50 > 0) | (p95 == 0)))
    if bad.any():
        first = tuple(np.argwhere(bad)[0])
        low, high = np.broadcast_arrays(p50, p95)
        found = f"Spread: found a median (p50) of {low[first]:g} and a 95th percentile (p95) of {high[first]:g}. "
        if low[first] == 0 and high[first] > 0:
            raise EstimateError(
                found + "A median of 0 means no time at all: give a small median above 0, or 0 for both."
            )
        raise EstimateError(found + "Both must be 0 or more and finite, and p95 from p50 up to 10^14 times p50.")
    return np.log(ratio) / Z95
