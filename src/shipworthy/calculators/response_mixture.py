"""Response time where uses go different ways: on the device or to the cloud, waiting for a server or not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from shipworthy.calculators._sums import search
from shipworthy.calculators.response import MixedResponse, Response, response_time
from shipworthy.errors import InputError

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Way:
    """A way that some of the uses go.

    Attributes
    ----------
    share
        Share of the uses that go it [0..1]; those of all ways add up to 1.
    time
        How long it takes.
    """

    share: npt.ArrayLike
    time: Response | MixedResponse


@dataclass(frozen=True)
class Mixture:
    r"""The response time of uses that go different ways.

    .. math:: P(X \le t) = \sum_i p_i \, P(X_i \le t)

    The percentile of the whole is not the mean of the ways' percentiles: if 2 in 100 go the slow way, half of the uses
    take no longer than half of those on the quick one, or hardly.

    Attributes
    ----------
    ways
        The ways, at least one.

    Raises
    ------
    InputError
        Where there is no way at all.

    Examples
    --------
    >>> from shipworthy.calculators.response import response_time
    >>> quick, slow = response_time([20], [30]), response_time([700], [900])
    >>> mixture = Mixture((Way(0.98, quick), Way(0.02, slow)))
    >>> round(float(mixture.percentile(0.5)), 1), round(float(mixture.share_within(100)), 2)
    (20.1, 0.98)

    References
    ----------
    Definition.
    """

    ways: Sequence[Way]

    def __post_init__(self) -> None:
        if not self.ways:
            raise InputError("Response time: no way was found that a use could go. Give at least one.")

    def share_within(self, limit: npt.ArrayLike) -> Floats:
        """Share of the uses that take no longer than ``limit`` [0..1]; ``limit`` in [ms]."""
        found: Floats = np.zeros(())
        for way in self.ways:
            found = found + np.asarray(way.share) * way.time.share_within(limit)
        return np.asarray(np.minimum(found, 1.0))[()]

    def percentile(self, q: float) -> Floats:
        """The time that a share ``q`` of the uses stays under [ms], by a bracketed search in :meth:`share_within`."""
        used = [way for way in self.ways if np.any(np.asarray(way.share) > 0)]
        ends = [way.time.percentile(q) for way in used]
        if len(used) == 1:
            return np.asarray(ends[0])[()]
        low = high = None
        for way, end in zip(used, ends, strict=True):
            there = np.asarray(way.share) > 0
            least, most = np.where(there, end, np.inf), np.where(there, end, 0.0)
            low = least if low is None else np.minimum(low, least)
            high = most if high is None else np.maximum(high, most)
        return np.asarray(search(self.share_within, np.asarray(q), np.asarray(low), np.asarray(high)))[()]


def then(time: Response | MixedResponse, p50: npt.ArrayLike, p95: npt.ArrayLike) -> Response | MixedResponse:
    r"""A response time with one more stage after it that is independent of the rest, such as the wait for a server.

    .. math:: X + Y = a + (X - a) + Y

    with a the shift of the fitted X; the rest of it is taken as a lognormal through its median and 95th percentile. Much
    quicker than fitting all stages anew where those are correlated. Against brute force the share in time is off by up
    to one point in 100 from the 95th percentile on, and by up to three around the median.

    Parameters
    ----------
    time : Response or MixedResponse
        What :func:`shipworthy.calculators.response.response_time` gave for the other stages [ms].
    p50, p95 : float or array
        Median and 95th percentile of the stage [ms].

    Returns
    -------
    Response or MixedResponse
        The time of all.

    Raises
    ------
    EstimateError, InputError
        As :func:`shipworthy.calculators.response.response_time`.

    Examples
    --------
    >>> whole = then(response_time([20, 60], [60, 90]), 180, 540)
    >>> round(float(whole.percentile(0.95))), round(float(response_time([20, 60, 180], [60, 90, 540]).percentile(0.95)))
    (631, 630)

    References
    ----------
    Arithmetic.
    """
    if isinstance(time, MixedResponse):
        return replace(time, warm=_then(time.warm, p50, p95), cold=_then(time.cold, p50, p95))
    return _then(time, p50, p95)


def _then(time: Response, p50: npt.ArrayLike, p95: npt.ArrayLike) -> Response:
    own = Response(np.zeros(()), time.mu, time.sigma, time.bend)
    both = response_time([own.percentile(0.5), p50], [own.percentile(0.95), p95])
    assert isinstance(both, Response)
    return replace(both, shift=np.asarray(both.shift + time.shift))
