"""Response time: how long a use takes when its stages follow each other, each with a median and a 95th percentile.

A stage (network up, queue, inference, network down …) is a lognormal spread. What half or 99 % of the uses stay under
is *never* the sum of the stages' percentiles: they are not all slow at once. Inside the draws the sum is a shifted
lognormal with the sum's mean, variance and skewness, bent to its fourth moment (:func:`response_time`); on the panel
it is convolved or sampled, see :mod:`shipworthy.calculators.response_curve`. Times are in milliseconds throughout, but
any one unit does.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shipworthy.calculators._sums import bent, fit_sum, score, search, unbent
from shipworthy.calculators.spreads import normal_cdf
from shipworthy.errors import InputError

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ColdStart:
    """One more stage that a share of the uses goes through, as when a server has to be started first.

    Attributes
    ----------
    share
        Share of the uses that meet a cold start [0..1].
    p50, p95
        What half and 95 % of the cold starts stay under [ms].
    """

    share: npt.ArrayLike
    p50: npt.ArrayLike
    p95: npt.ArrayLike


@dataclass(frozen=True)
class Response:
    """A response time as a bent, shifted lognormal; what :func:`response_time` fits. Each field is an array or a number.

    Attributes
    ----------
    shift
        Where the lognormal part begins [ms]; below 0 where the sum is less skewed than a lognormal.
    mu, sigma
        Mean and standard deviation of the logarithm of the rest [ln ms].
    bend
        How far the score is bent to the fourth moment [1]; 0 is no bend.
    """

    shift: Floats
    mu: Floats
    sigma: Floats
    bend: Floats

    def percentile(self, q: npt.ArrayLike) -> Floats:
        """The time that a share ``q`` of the uses stays under [ms]; the inverse of :meth:`share_within`."""
        z = score(q)
        with np.errstate(invalid="ignore", over="ignore"):
            stretch = np.where(self.sigma > 0, self.sigma * (z + self.bend * bent(z)), 0.0)
            return np.asarray(np.maximum(self.shift + np.exp(self.mu + stretch), 0.0))[()]

    def share_within(self, limit: npt.ArrayLike) -> Floats:
        """Share of the uses that take no longer than ``limit`` [0..1]; ``limit`` in [ms]."""
        longest = np.asarray(limit, dtype=np.float64)
        with np.errstate(divide="ignore", invalid="ignore"):
            scores = np.asarray((np.log(np.maximum(longest - self.shift, 0.0)) - self.mu) / self.sigma)
        certain = ~(self.sigma > 0)
        if certain.any():  # a step at the total
            total = self.shift + np.exp(self.mu)
            scores = np.where(certain, np.where(longest >= total * (1 - 1e-12), np.inf, -np.inf), scores)
        share = normal_cdf(unbent(scores, self.bend))
        return np.asarray(np.where(longest < 0, 0.0, share) if (longest < 0).any() else share)[()]


@dataclass(frozen=True)
class MixedResponse:
    """A response time of which a share of the uses goes through a cold start.

    Attributes
    ----------
    warm, cold
        The response time without and with a cold start.
    share
        Share of the uses that meet one [0..1].
    """

    warm: Response
    cold: Response
    share: Floats

    def share_within(self, limit: npt.ArrayLike) -> Floats:
        """Share of the uses that take no longer than ``limit`` [0..1]; ``limit`` in [ms]."""
        warm, cold = self.warm.share_within(limit), self.cold.share_within(limit)
        return np.asarray(warm + self.share * (cold - warm))[()]

    def percentile(self, q: npt.ArrayLike) -> Floats:
        """The time that a share ``q`` of the uses stays under [ms], by a bracketed search in :meth:`share_within`."""
        asked = np.asarray(q, dtype=np.float64)
        ends = self.warm.percentile(asked), self.cold.percentile(asked)
        quick, late = asked < 1 - self.share, 1 - asked < self.share
        with np.errstate(divide="ignore", invalid="ignore"):
            fast = np.where(quick, np.minimum(asked / (1 - self.share), 1.0), 1.0)
            slow = np.where(late, np.maximum(1 - (1 - asked) / self.share, 0.0), 0.0)
        low = np.maximum(np.minimum(*ends), np.where(late, self.cold.percentile(slow), 0.0))
        high = np.minimum(np.maximum(*ends), np.where(quick, self.warm.percentile(fast), np.inf))
        return search(self.share_within, asked, np.minimum(low, high), high)


def response_time(
    p50s: Sequence[npt.ArrayLike],
    p95s: Sequence[npt.ArrayLike],
    correlation: float = 0.0,
    cold: ColdStart | None = None,
) -> Response | MixedResponse:
    r"""The time that stages take one after the other, fast enough for the inside of the draws.

    .. math:: x_q = a + e^{\mu + \sigma (z_q + k\, h(z_q))}, \qquad
              k = \ln \frac{\text{excess kurtosis of the sum}}{\text{that of the shifted lognormal}}

    with a, μ and σ from the sum's mean, variance and third central moment, z_q the standard normal score and h a cubic
    that was fitted to convolutions of independent stages. Stages may be correlated as much one with another (the normal
    scores of their times, Gaussian copula): the moments are then those of the correlated sum. Exact for one stage.

    Against convolutions of six stages with p95/p50 from 1.2 to 6 and medians up to a thousandfold apart, none of them
    in the fit, the largest and the root mean square error (in brackets those of Fenton-Wilkinson's two moments):

    ============  ==========================  ==========================
    correlation   p95                         p99
    ============  ==========================  ==========================
    0             1.5, 0.5 % (11.6, 3.4 %)    1.6, 0.4 % (11.8, 4.2 %)
    0.25          1.2, 0.4 % (9.0, 2.4 %)     1.0, 0.3 % (9.8, 2.7 %)
    0.5           0.8, 0.2 % (7.0, 1.9 %)     0.6, 0.2 % (8.4, 2.2 %)
    0.75          1.9, 0.6 % (5.5, 1.7 %)     2.0, 0.8 % (7.4, 2.1 %)
    ============  ==========================  ==========================

    The median is off by up to 3.5 %. With p95/p50 up to 10, p95 and p99 are off by up to 9 %. Far below the median it
    is no guide where one wide stage rules: the 10th percentile can be off by a quarter. Six stages on 2^14 draws take
    1 ms, 4 ms where they are correlated.

    Parameters
    ----------
    p50s, p95s : sequence of (float or array)
        Median and 95th percentile of each stage [ms]. A stage of length zero (both 0) changes nothing.
    correlation : float
        Correlation of the stages' normal scores, the same for each pair [0..1].
    cold : ColdStart, optional
        One more stage for a share of the uses.

    Returns
    -------
    Response or MixedResponse
        With ``percentile(q)`` and ``share_within(limit)``, each the other's inverse.

    Raises
    ------
    EstimateError
        Where a percentile is negative or not finite, p95 is below p50, or p50 is 0 and p95 is not.
    InputError
        Where the two lists differ in length or are empty, a p95 is more than 10,000 times its p50, or the correlation
        or the share of cold starts is not a share.

    Examples
    --------
    >>> found = response_time([20, 60, 180], [60, 90, 540])
    >>> round(float(found.percentile(0.95))), round(float(found.share_within(500)), 3)
    (630, 0.891)

    References
    ----------
    Fenton, L. F. (1960). The sum of log-normal probability distributions in scatter transmission systems. IRE
    Transactions on Communications Systems 8(1), 57-67. Cornish, E. A., Fisher, R. A. (1938). Moments and cumulants in
    the specification of distributions. Revue de l'Institut International de Statistique 5(4), 307-320 (the idea of
    bending the score).
    """
    warm = Response(*fit_sum(p50s, p95s, correlation))
    if cold is None:
        return warm
    share = cold_share(cold)
    slow = Response(*fit_sum([*p50s, cold.p50], [*p95s, cold.p95], correlation))
    return MixedResponse(warm, slow, share)


def sum_percentile(
    p50s: Sequence[npt.ArrayLike],
    p95s: Sequence[npt.ArrayLike],
    q: npt.ArrayLike,
    correlation: float = 0.0,
    cold: ColdStart | None = None,
) -> Floats:
    r"""The time that a share of the uses stays under, for stages that follow each other.

    .. math:: P(X_1 + \dots + X_n \le x_q) = q

    Parameters
    ----------
    p50s, p95s : sequence of (float or array)
        Median and 95th percentile of each stage [ms].
    q : float or array
        The share of the uses [0..1], 0.95 for the p95.
    correlation, cold
        As in :func:`response_time`, which says how exact this is.

    Returns
    -------
    float or array
        Time [ms].

    Examples
    --------
    The three p99s add up to 1,052 ms; 99 % of the uses take no more than

    >>> round(float(sum_percentile([20, 60, 180], [60, 90, 540], 0.99)))
    939

    References
    ----------
    As :func:`response_time`.
    """
    return response_time(p50s, p95s, correlation, cold).percentile(q)


def share_within(
    p50s: Sequence[npt.ArrayLike],
    p95s: Sequence[npt.ArrayLike],
    limit: npt.ArrayLike,
    correlation: float = 0.0,
    cold: ColdStart | None = None,
) -> Floats:
    r"""Share of the uses that take no longer than a limit, for stages that follow each other.

    .. math:: P(X_1 + \dots + X_n \le t)

    Not to be confused with the chance that the 95th percentile is under the limit: that one is a share of the draws,
    this one a share of the uses within each draw.

    Parameters
    ----------
    p50s, p95s : sequence of (float or array)
        Median and 95th percentile of each stage [ms].
    limit : float or array
        The longest time that is accepted t [ms].
    correlation, cold
        As in :func:`response_time`, which says how exact this is.

    Returns
    -------
    float or array
        Share [0..1].

    Examples
    --------
    >>> round(float(share_within([20, 60, 180], [60, 90, 540], 500)), 3)
    0.891

    References
    ----------
    As :func:`response_time`.
    """
    return response_time(p50s, p95s, correlation, cold).share_within(limit)


def transfer_time(
    payload: npt.ArrayLike, bandwidth: npt.ArrayLike, round_trip: npt.ArrayLike = 0.0, round_trips: npt.ArrayLike = 0.5
) -> Floats:
    r"""Time that a payload takes over a network, one way.

    .. math:: T = n R + \frac{8 D}{B}

    A connection that stands needs half a round trip each way; a new one needs two or three more (look-up of the name,
    TCP, TLS), to be counted once. Slow start and losses are not in it: a large payload on a long, fresh connection
    takes longer.

    Parameters
    ----------
    payload : float or array
        Size D [kB], of 1,000 bytes.
    bandwidth : float or array
        Bandwidth B in that direction [Mbit/s]. Above 0.
    round_trip : float or array
        Round trip R [ms]; its median gives the stage's median, its p95 the stage's p95.
    round_trips : float or array
        Round trips that are needed n [1].

    Returns
    -------
    float or array
        Time [ms].

    Raises
    ------
    InputError
        Where an argument is negative, or the bandwidth is 0.

    Examples
    --------
    A frame of 100 kB over 10 Mbit/s with a round trip of 50 ms:

    >>> float(transfer_time(100, 10, 50))
    105.0

    References
    ----------
    Kurose, J. F., Ross, K. W. (2021). Computer Networking: A Top-Down Approach, 8th ed., ch. 1.4.
    """
    size, speed, trip, trips = (np.asarray(a, dtype=np.float64) for a in (payload, bandwidth, round_trip, round_trips))
    for label, value in (("payload [kB]", size), ("round trip [ms]", trip), ("number of round trips", trips)):
        if not (value >= 0).all():
            raise InputError(f"Network: the {label} is {value.min():g}. It must be 0 or more.")
    if not (speed > 0).all():
        raise InputError(f"Network: the bandwidth [Mbit/s] is {speed.min():g}. It must be above 0.")
    return np.asarray(trips * trip + 8.0 * size / speed)[()]


def cold_share(cold: ColdStart) -> Floats:
    """The share of cold starts, checked [0..1]."""
    share = np.asarray(cold.share, dtype=np.float64)
    bad = ~((share >= 0) & (share <= 1))
    if bad.any():
        raise InputError(f"Cold starts: a share of {share[bad][0]:g} was found. Give one from 0 to 1 (100 %).")
    return share
