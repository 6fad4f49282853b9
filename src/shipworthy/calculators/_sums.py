"""Sums of lognormal spreads: the bent, shifted lognormal that stands for one. Used by the response time.

The sum's mean, variance and third central moment give a shifted lognormal. Its score is then bent by ``k h(z)``, with k
the logarithm of how much larger the excess kurtosis of the sum is than the shifted lognormal's.
"""

import math
from collections.abc import Callable, Sequence
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt

from shipworthy.calculators.spreads import Z95, lognormal_from_percentiles
from shipworthy.errors import InputError

Floats = npt.NDArray[np.float64]

#: The widest stage that is accepted, as p95 over p50: beyond, its fourth moment is no number to work with.
WIDEST_RATIO = 1e4

# h: how a sum of lognormals departs from the shifted lognormal of its first three moments, as a shift of the standard
# score for each unit of k. Fitted by least squares to the convolution of 2,000 sums of two to eight stages with p95/p50
# from 1.2 to 6 and medians up to a thousandfold apart; constant beyond the range of the fit.
_BEND = (0.2101, 0.0298, -0.2169, 0.0583)
_FROM, _TO = -0.3, 3.1
_NODES = 7  # values of what correlated stages have in common
_MOST_BEND = 1.5  # the bent score keeps rising: its slope stays above 0.64
_BLOCK = 16_384  # draws that are worked on at a time


def fit_sum(p50s: Sequence[npt.ArrayLike], p95s: Sequence[npt.ArrayLike], correlation: float) -> Floats:
    """Shift, mu, sigma and bend of the sum, in this order, worked out block by block of the draws."""
    if len(p50s) != len(p95s) or len(p50s) == 0:
        raise InputError(
            f"Response time: found {len(p50s)} medians and {len(p95s)} 95th percentiles. Give at least one stage, and "
            "one of each for every stage."
        )
    if not 0 <= correlation <= 1:
        raise InputError(f"Response time: a correlation of {correlation:g} was found. Give one from 0 to 1.")
    medians = [np.asarray(p50, dtype=np.float64) for p50 in p50s]
    sigmas = [log_spread(low, np.asarray(high, dtype=np.float64)) for low, high in zip(medians, p95s, strict=True)]
    shape = np.broadcast_shapes(*(part.shape for part in (*medians, *sigmas)))
    flat = [part.ravel() if part.size == 1 else np.broadcast_to(part, shape).ravel() for part in (*medians, *sigmas)]
    found, count = np.empty((4, int(np.prod(shape)))), len(medians)
    room = np.empty(
        (2 * count + 11, min(_BLOCK, found.shape[1]) + 72)
    )  # no power of two apart: they would share cache lines
    for start in range(0, found.shape[1], _BLOCK):
        out = found[:, start : start + _BLOCK]
        own = [part if part.size == 1 else part[start : start + _BLOCK] for part in flat]
        _shifted_lognormal(own[:count], own[count:], correlation, out, room[:, : out.shape[1]])
    return found.reshape((4, *shape))


def log_spread(median: Floats, high: Floats) -> Floats:
    """Standard deviation of the logarithm of a stage; what is impossible is refused, quickly where all is well."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.asarray(high / median)
        sigma = np.asarray(np.log(ratio) / Z95)
    if ratio.size and not (ratio.min() >= 1 and ratio.max() <= WIDEST_RATIO and median.min() > 0):
        sigma = lognormal_from_percentiles(median, high)[1]
        widest = float(np.exp(Z95 * np.max(sigma)))
        if widest > WIDEST_RATIO * (1 + 1e-9):
            raise InputError(
                f"Response time: found a stage whose 95th percentile is {widest:,.0f} times its median. Give one of at "
                f"most {WIDEST_RATIO:,.0f} times; what is that rare is a cold start or an outage, not a stage."
            )
    return np.asarray(sigma)


def score(q: npt.ArrayLike) -> Floats | float:
    """Standard normal score of a share; loads no scipy for a single one."""
    share = np.asarray(q, dtype=np.float64)
    if not ((share >= 0) & (share <= 1)).all():
        raise InputError(f"Percentile: a share of {share.flat[0]:g} was found. Give shares from 0 to 1 (0.95 for p95).")
    if share.ndim == 0 and 0 < share < 1:
        return NormalDist().inv_cdf(float(share))
    from scipy.special import ndtri

    return np.asarray(ndtri(share), dtype=np.float64)[()]


def bent(z: Floats | float) -> Floats:
    """The cubic h of the score, constant beyond the range of its fit."""
    inside = np.minimum(np.maximum(z, _FROM), _TO)
    a, b, c, d = _BEND
    return np.asarray(a + inside * (b + inside * (c + inside * d)))[()]


def unbent(scores: Floats, bend: Floats) -> Floats:
    """The z whose z + bend h(z) is the score, by Newton's method, which is done after three to four steps."""
    if not np.any(bend):
        return scores
    low, high = _FROM + bend * bent(_FROM), _TO + bend * bent(_TO)
    goal = np.minimum(np.maximum(scores, low), high)
    z = goal - bend * bent(goal)
    a, b, c, d = _BEND
    for _ in range(8):
        off = z + bend * (a + z * (b + z * (c + z * d))) - goal
        z = np.minimum(np.maximum(z - off / (1 + bend * (b + z * (2 * c + 3 * d * z))), _FROM), _TO)
        if not np.max(np.abs(off), initial=0.0) > 1e-7:  # the step just made squares what is left
            break
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(goal == scores, z, z + (scores - goal)))


def search(curve: Callable[[Floats], Floats], share: Floats, low: Floats, high: Floats) -> Floats:
    """Where a rising curve passes the share, between ``low`` and ``high``.

    Illinois (an end that stays twice counts half) on the logarithm of what is above, against the logarithm of the time:
    there a tail is nearly straight, so that three to five steps do.
    """
    low, high, share = (np.array(a, dtype=np.float64) for a in np.broadcast_arrays(low, high, share))
    with np.errstate(divide="ignore", invalid="ignore"):
        goal = np.log1p(-share)
        left, right = np.log(low), np.log(high)

    def off(place: Floats) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(goal - np.log(np.maximum(1.0 - curve(place), 1e-300)))

    below, above = off(low), off(high)
    found = np.where(below >= 0, low, high)
    done = ~((below < 0) & (above > 0) & (low > 0) & np.isfinite(high))
    last = np.zeros(found.shape)
    for _ in range(80):
        if done.all():
            break
        with np.errstate(divide="ignore", invalid="ignore"):
            guess = right - above * (right - left) / (above - below)
        guess = np.where((guess > left) & (guess < right), guess, 0.5 * (left + right))
        place = np.exp(guess)
        miss = off(place)
        side = np.where(miss >= 0, 1.0, -1.0)
        again = np.where(side == last, 0.5, 1.0)
        above, below = np.where(miss >= 0, miss, again * above), np.where(miss >= 0, again * below, miss)
        left, right, last = np.where(miss >= 0, left, guess), np.where(miss >= 0, guess, right), side
        found = np.where(done, found, place)
        done = done | (np.abs(miss) <= 1e-9) | ~(right - left > 1e-12)
    return np.asarray(found)[()]


def _shifted_lognormal(
    medians: list[Floats], sigmas: list[Floats], correlation: float, out: Floats, room: Floats
) -> None:
    """Fit one block of the draws: shift, mu, sigma and bend into the rows of ``out``. ``room`` is scratch space."""
    count = len(medians)
    means, grown, (mean, variance, third, fourth, *work) = room[:count], room[count : 2 * count], room[2 * count :]
    for median, sigma, part, u in zip(medians, sigmas, means, grown, strict=True):
        np.multiply(sigma, sigma, out=u)
        np.exp(u, out=u)
        np.sqrt(u, out=part)
        part *= median
        u -= 1.0
    _cumulants(means, grown, room[2 * count :])
    if correlation > 0:
        _correlate(means, grown, sigmas, correlation, room[2 * count :])
    _root(variance, third, work)
    root, scale, extra = work[0], work[1], work[2]
    with np.errstate(divide="ignore", invalid="ignore"):
        scale /= root
        scale[~(root > 0)] = 0.0
        np.subtract(mean, scale, out=out[0])
        root *= root
        _excess(root, extra)
        if correlation > 0:
            np.divide(_correlated_excess(means, mean, sigmas, correlation), extra, out=fourth)
        else:
            fourth /= variance
            fourth /= variance
            fourth /= extra
        np.log(fourth, out=fourth)
        root += 1.0
        np.log(root, out=root)  # sigma²
        np.sqrt(root, out=out[2])
        root *= 0.5
        np.log(scale, out=scale)
        np.subtract(scale, root, out=out[1])
    np.maximum(fourth, 0.0, out=fourth)
    np.minimum(fourth, _MOST_BEND, out=out[3])
    out[3][~np.isfinite(out[3])] = 0.0


def _cumulants(means: Floats, grown: Floats, rows: Floats) -> None:
    """Mean, variance, third central moment and fourth cumulant of the sum of independent stages, into four rows."""
    mean, variance, third, fourth, each, step, extra, *_ = rows
    rows[:4] = 0.0
    for part, u in zip(means, grown, strict=True):
        mean += part
        np.multiply(part, part, out=each)
        each *= u
        variance += each
        _excess(u, extra)
        extra *= each
        extra *= each
        fourth += extra
        np.add(u, 3.0, out=step)
        step *= u
        step *= part
        step *= each
        third += step


def _excess(grown: npt.NDArray[Any], out: npt.NDArray[Any]) -> None:
    """Excess kurtosis of a lognormal with exp(sigma²) = 1 + u: u (16 + 15 u + 6 u² + u³)."""
    np.add(grown, 6.0, out=out)
    out *= grown
    out += 15.0
    out *= grown
    out += 16.0
    out *= grown


def _root(variance: Floats, third: Floats, work: list[Floats]) -> None:
    """The first row: sqrt(exp(sigma²) - 1) of the lognormal with that skewness; the second: the standard deviation.

    It is the root of t³ + 3t = skewness. One step of Newton's method makes up for what a small skewness loses in the
    logarithm.
    """
    t, deviation, skewness, cube, *_ = work
    np.sqrt(variance, out=deviation)
    np.multiply(variance, deviation, out=skewness)
    with np.errstate(divide="ignore", invalid="ignore"):
        np.divide(third, skewness, out=skewness)
    skewness[~(variance > 0)] = 0.0
    np.multiply(skewness, 0.5, out=t)
    np.multiply(t, t, out=cube)
    cube += 1.0
    np.sqrt(cube, out=cube)
    cube += t
    np.log(cube, out=cube)
    cube /= 3.0
    np.exp(cube, out=cube)
    np.divide(1.0, cube, out=t)
    np.subtract(cube, t, out=t)
    np.multiply(t, t, out=cube)
    cube += 3.0
    skewness -= cube * t
    cube -= 2.0
    cube *= 3.0
    skewness /= cube
    t += skewness
    np.maximum(t, 0.0, out=t)


def _correlate(means: Floats, grown: Floats, sigmas: list[Floats], correlation: float, rows: Floats) -> None:
    """Variance and third central moment, in place, of the sum of stages that are all correlated alike.

    With d_ij = exp(r s_i s_j) - 1: sum of m_i m_j d_ij, and of 3 m_i (sum_j m_j d_ij)² + m_i m_j m_k d_ij d_jk d_ki.
    """
    count, (_, variance, third, _, near, inner, step, *_) = len(means), rows
    joint = np.empty((count, count, means.shape[1]))
    for i in range(count):
        joint[i, i] = grown[i]
        for j in range(i):
            np.multiply(sigmas[i], sigmas[j], out=joint[i, j])
            joint[i, j] *= correlation
            np.exp(joint[i, j], out=joint[i, j])
            joint[i, j] -= 1.0
            joint[j, i] = joint[i, j]
    variance[:] = third[:] = 0.0
    joint *= means[:, None]  # row j, column i: m_j d_ji, so that a product of three holds each mean once
    for i in range(count):
        np.sum(joint[:, i], axis=0, out=near)
        np.multiply(near, means[i], out=step)
        variance += step
        step *= near
        step *= 3.0
        third += step
        for j in range(i + 1):
            np.multiply(joint[i, 0], joint[0, j], out=inner)
            for k in range(1, count):
                np.multiply(joint[i, k], joint[k, j], out=step)
                inner += step
            inner *= joint[j, i]
            third += inner if i == j else 2.0 * inner


def _correlated_excess(means: Floats, mean: Floats, sigmas: list[Floats], correlation: float) -> Floats:
    """Excess kurtosis of the sum: the moments given what the stages have in common, over seven values of that.

    In single precision, since only the logarithm is wanted; what is too wide for that gets nan.
    """
    nodes, weights = np.polynomial.hermite_e.hermegauss(_NODES)
    weight, place = (each.astype(np.float32)[:, None] for each in (weights / weights.sum(), nodes))
    given = np.zeros((4, _NODES, means.shape[1]), dtype=np.float32)
    first, second, third, fourth = given
    part, power = np.empty_like(first), np.empty_like(first)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        for each, sigma in zip(means, sigmas, strict=True):
            square = sigma * sigma
            base = (each / mean * np.exp(-0.5 * correlation * square)).astype(np.float32)
            u = (np.exp((1.0 - correlation) * square) - 1.0).astype(np.float32)
            shape = np.empty_like(u)
            _excess(u, shape)
            np.multiply(place, (math.sqrt(correlation) * sigma).astype(np.float32), out=part)
            np.exp(part, out=part)
            part *= base
            first += part
            np.multiply(part, part, out=power)
            power *= u
            second += power
            part *= power
            part *= u * (u + 3.0)
            third += part
            power *= power
            power *= shape
            fourth += power
        first -= 1.0
        away = first * first
        spread = (weight * (second + away)).sum(axis=0)
        fourth += second * (3.0 * second + 6.0 * away) + first * (4.0 * third + away * first)
        return np.asarray((weight * fourth).sum(axis=0) / (spread * spread) - 3.0, dtype=np.float64)
