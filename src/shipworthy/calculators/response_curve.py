"""Response time on the panel: one state of the world, worked out finely.

Independent stages are convolved (:func:`convolved`, exact but for its grid), correlated ones are drawn
(:func:`sampled`). Both take floats and give a :class:`Curve`; inside the draws use
:func:`shipworthy.calculators.response.response_time`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shipworthy.calculators._sums import log_spread
from shipworthy.calculators.response import ColdStart, cold_share
from shipworthy.calculators.spreads import normal_cdf
from shipworthy.errors import InputError

Floats = npt.NDArray[np.float64]

_CELLS = 2**16
_FAR = 4.75  # standard score up to which a stage is kept: one use in a million is beyond
_DRAWS = 2**18


@dataclass(frozen=True)
class Curve:
    """Share of the uses that take no longer than each of a rising list of times.

    Attributes
    ----------
    times
        Rising [ms].
    share
        Share of the uses up to each [0..1].
    """

    times: Floats
    share: Floats

    def percentile(self, q: npt.ArrayLike) -> Floats:
        """The time that a share ``q`` of the uses stays under [ms]. Good up to 0.9999; beyond, the end of the curve."""
        asked = np.asarray(q, dtype=np.float64)
        if not ((asked >= 0) & (asked <= 1)).all():
            raise InputError(f"Percentile: a share of {asked.flat[0]:g} was found. Give shares from 0 to 1.")
        return np.asarray(np.interp(asked, self.share, self.times))[()]

    def share_within(self, limit: npt.ArrayLike) -> Floats:
        """Share of the uses that take no longer than ``limit`` [0..1]; ``limit`` in [ms]."""
        return np.asarray(np.interp(np.asarray(limit, dtype=np.float64), self.times, self.share, left=0.0, right=1.0))[
            ()
        ]


def convolved(p50s: Sequence[float], p95s: Sequence[float], cold: ColdStart | None = None) -> Curve:
    r"""The time that independent stages take one after the other, by convolution on a grid.

    .. math:: f = f_1 * f_2 * \dots * f_n

    by the fast Fourier transform on 65,536 cells, which end where one use in a million is beyond. Within 0.2 % of brute
    force (10^7 draws) at p50, p95 and p99 for six stages with p95/p50 from 1.2 to 6. A stage with p95/p50 above 100 is
    coarse: its median may be less than a cell.

    Parameters
    ----------
    p50s, p95s : sequence of float
        Median and 95th percentile of each stage [ms].
    cold : ColdStart, optional
        One more stage for a share of the uses.

    Returns
    -------
    Curve
        With ``percentile(q)`` and ``share_within(limit)``.

    Raises
    ------
    EstimateError, InputError
        As :func:`shipworthy.calculators.response.response_time`.

    Examples
    --------
    >>> curve = convolved([20, 60, 180], [60, 90, 540])
    >>> round(float(curve.percentile(0.95))), round(float(curve.share_within(500)), 3)
    (629, 0.892)

    References
    ----------
    Grübel, R., Hermesmeier, R. (1999). Computation of compound distributions I: aliasing errors and exponential
    tilting. ASTIN Bulletin 29(2), 197-214.
    """
    medians, sigmas = _stages(p50s, p95s)
    if cold is None:
        return _convolved(medians, sigmas, None, 0.0)
    share = float(cold_share(cold))
    more, wide = _stages([*p50s, float(np.asarray(cold.p50))], [*p95s, float(np.asarray(cold.p95))])
    return _convolved(medians, sigmas, (more[-1], wide[-1]), share)


def sampled(
    p50s: Sequence[float],
    p95s: Sequence[float],
    correlation: float | npt.ArrayLike = 0.0,
    cold: ColdStart | None = None,
    scores: npt.ArrayLike | None = None,
    seed: int = 0,
) -> Curve:
    r"""The time that correlated stages take one after the other, by draws with a Gaussian copula.

    .. math:: X_i = e^{\mu_i + \sigma_i (L z)_i}, \qquad L L^T = R

    with z independent normal scores. Where none are given, 2^18 seeded ones are drawn, spread evenly in the direction in
    which the sum grows fastest: p95 and p99 then
    repeat to 0.2 % from seed to seed for six stages with p95/p50 up to 6.

    Parameters
    ----------
    p50s, p95s : sequence of float
        Median and 95th percentile of each stage [ms].
    correlation : float or array
        Correlation of the stages' normal scores: one for every pair [0..1], or a matrix (with cold starts: their stage
        is the last row).
    cold : ColdStart, optional
        One more stage for a share of the uses.
    scores : array, optional
        Independent standard normal scores, a row a draw and a column a stage (with cold starts: one more) [1].
    seed : int
        Seeds the draws where no scores are given.

    Returns
    -------
    Curve
        With ``percentile(q)`` and ``share_within(limit)``.

    Raises
    ------
    EstimateError, InputError
        As :func:`shipworthy.calculators.response.response_time`; also where the correlations do not go together or the
        scores have another number of columns.

    Examples
    --------
    >>> round(float(sampled([20, 60, 180], [60, 90, 540], 0.5).percentile(0.99)), -1)
    990.0

    References
    ----------
    Nelsen, R. B. (2006). An Introduction to Copulas, 2nd ed., ch. 2.3.
    """
    share = 0.0 if cold is None else float(cold_share(cold))
    extra = [] if cold is None else [(float(np.asarray(cold.p50)), float(np.asarray(cold.p95)))]
    medians, sigmas = _stages([*p50s, *(low for low, _ in extra)], [*p95s, *(high for _, high in extra)])
    factor = _factor(correlation, len(medians))
    z = _spread_out(medians, sigmas, factor, seed) if scores is None else np.asarray(scores, dtype=np.float64)
    if z.ndim != 2 or z.shape[1] != len(medians) or len(z) == 0:
        raise InputError(
            f"Response time: scores of shape {z.shape} were found. Give {len(medians)} columns, one a stage."
        )
    times = medians * np.exp(sigmas * (z @ factor.T))
    if cold is None:
        total = np.sort(times.sum(axis=1))
        return Curve(total, (np.arange(len(total)) + 0.5) / len(total))
    warm = times[:, :-1].sum(axis=1)
    both, weight = np.concatenate([warm, warm + times[:, -1]]), np.repeat([1 - share, share], len(warm)) / len(warm)
    order = np.argsort(both)
    return Curve(both[order], np.cumsum(weight[order]) - 0.5 * weight[order])


def _stages(p50s: Sequence[float], p95s: Sequence[float]) -> tuple[Floats, Floats]:
    medians, high = np.array(p50s, dtype=np.float64), np.array(p95s, dtype=np.float64)
    if medians.shape != high.shape or medians.ndim != 1 or medians.size == 0:
        raise InputError(
            f"Response time: found {len(p50s)} medians and {len(p95s)} 95th percentiles. Give at least one stage, and "
            "one number of each for every stage."
        )
    return medians, log_spread(medians, high)


def _convolved(medians: Floats, sigmas: Floats, cold: tuple[float, float] | None, share: float) -> Curve:
    fixed = float(medians[sigmas == 0].sum())
    moving = [(m, s) for m, s in zip(medians.tolist(), sigmas.tolist(), strict=True) if s > 0]
    every = moving if cold is None else [*moving, cold]
    if not every:
        return Curve(np.array([fixed, fixed]), np.array([0.0, 1.0]))
    means = [m * np.exp(0.5 * s * s) for m, s in every]
    deviation = float(np.sqrt(sum(mean * mean * np.expm1(s * s) for mean, (_, s) in zip(means, every, strict=True))))
    top = sum(means) + 6 * deviation + max(m * np.exp(_FAR * s) for m, s in every)
    step = top / _CELLS
    edges = (np.arange(_CELLS + 1) - 0.5) * step
    with np.errstate(divide="ignore"):
        logs = np.log(np.maximum(edges, 0.0))

    def transform(median: float, sigma: float) -> npt.NDArray[np.complex128]:
        below = normal_cdf((logs - np.log(median)) / sigma) if sigma > 0 else (edges >= median).astype(np.float64)
        return np.asarray(np.fft.rfft(np.diff(below), 2 * _CELLS))

    product = np.ones(_CELLS + 1, dtype=np.complex128)
    for stage in moving:
        product *= transform(*stage)
    if cold is not None and cold[0] > 0:
        product *= 1 - share + share * transform(*cold)
    within = np.cumsum(np.fft.irfft(product, 2 * _CELLS)[:_CELLS])
    return Curve(fixed + np.append(0.0, edges[1:]), np.append(0.0, np.maximum.accumulate(np.clip(within, 0.0, 1.0))))


def _factor(correlation: float | npt.ArrayLike, count: int) -> Floats:
    """L with L Lᵀ the correlation matrix; it may be singular, as where all stages move together."""
    given = np.asarray(correlation, dtype=np.float64)
    matrix = np.where(np.eye(count, dtype=bool), 1.0, given) if given.ndim == 0 else given
    if given.ndim == 0 and not 0 <= given <= 1:
        raise InputError(f"Response time: a correlation of {float(given):g} was found. Give one from 0 to 1.")
    if matrix.shape != (count, count) or not np.allclose(matrix, matrix.T) or not np.allclose(np.diag(matrix), 1.0):
        raise InputError(f"Response time: the correlations must be a symmetric table of {count} by {count} with ones.")
    values, vectors = np.linalg.eigh(matrix)
    if values.min() < -1e-9:
        raise InputError(
            "Response time: these correlations do not go together (no times can move like that). Make them weaker."
        )
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0.0)))


def _spread_out(medians: Floats, sigmas: Floats, factor: Floats, seed: int) -> Floats:
    """Normal scores, stratified along the direction in which the sum grows fastest."""
    from scipy.special import ndtri

    generator = np.random.default_rng(seed)
    z = generator.standard_normal((_DRAWS, len(medians)))
    way = np.zeros(len(medians))
    for _ in range(4):  # the direction at the point two deviations out, where the tail is
        way = (medians * np.exp(sigmas * (factor @ (2.0 * way))) * sigmas) @ factor
        length = float(np.linalg.norm(way))
        if length == 0:
            return z
        way = way / length
    even = ndtri((np.arange(_DRAWS) + generator.random(_DRAWS)) / _DRAWS)
    z += np.outer(even - z @ way, way)
    return z
