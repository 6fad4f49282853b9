"""Waiting where service times vary less or more than exponentially: an approximation within its range, or a simulation.

Random arrivals at several servers, first come first served. ``cv`` is the standard deviation of the service time over
its mean: 0 where every request takes equally long, 1 where times are exponential (then
:mod:`shipworthy.calculators.queues` is exact), above 1 where some take very long.
"""

import heapq
import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shipworthy.calculators.queues import mmc_wait
from shipworthy.calculators.scale import servers_needed
from shipworthy.errors import InputError

Floats = npt.NDArray[np.float64]

_BATCHES = 20
_STUDENT = 2.093  # 97.5 % of Student's t with 19 degrees of freedom
_WARM_UP = 0.2  # share of the simulated requests that only fill the queue


def allen_cunneen(
    rate: npt.ArrayLike, service_seconds: npt.ArrayLike, cv: npt.ArrayLike, servers: npt.ArrayLike
) -> Floats:
    r"""Mean wait where service times vary at most exponentially (M/G/c, approximate).

    .. math:: W \approx \frac{1 + c_s^2}{2} \, W_{M/M/c}

    Exact for one server and for cv = 1. For cv = 0 it is too low: by some 15 % at 16 servers and a utilisation of 0.7.
    Not offered for cv above 1, where it is far too high (28 % there for gamma times of cv 3, more for others): use
    :func:`simulated_wait`.

    Parameters
    ----------
    rate : float or array
        Arrival rate [1/s].
    service_seconds : float or array
        Mean time of a request on a server [s].
    cv : float or array
        Coefficient of variation of the service time c_s [0..1].
    servers : float or array
        Servers [1].

    Returns
    -------
    float or array
        Mean wait [s]; nan where the system is overloaded.

    Raises
    ------
    InputError
        Where an argument is negative, or the coefficient of variation is above 1.

    Examples
    --------
    Every request takes a quarter second:

    >>> round(float(allen_cunneen(34, 0.25, 0, 10)), 4)
    0.0442

    References
    ----------
    Allen, A. O. (1990). Probability, Statistics, and Queueing Theory, 2nd ed., ch. 5.
    """
    variation = np.asarray(cv, dtype=np.float64)
    if variation.size and not (variation.min() >= 0 and variation.max() <= 1):
        raise InputError(
            f"Queue: service times with a coefficient of variation of {variation.min():g} to {variation.max():g}. This "
            "formula holds from 0 to 1; above, simulate."
        )
    return np.asarray(0.5 * (1.0 + variation * variation) * mmc_wait(rate, service_seconds, servers))[()]


def servers_needed_varying(
    rate: npt.ArrayLike,
    service_seconds: npt.ArrayLike,
    cv: npt.ArrayLike,
    wait_seconds: npt.ArrayLike,
    share: npt.ArrayLike,
) -> Floats:
    r"""Least number of servers with which at most a share of the requests waits too long, where service times vary.

    .. math:: W_{M/G/c} \approx \frac{1 + c_s^2}{2} \, W_{M/M/c}

    :func:`shipworthy.calculators.scale.servers_needed` with the accepted wait shortened by that factor. Exact for cv = 1,
    as good as :func:`allen_cunneen` below; above 1 a guess, to be held against :func:`simulated_wait`.

    Parameters
    ----------
    rate, service_seconds, wait_seconds, share : float or array
        As in :func:`shipworthy.calculators.scale.servers_needed` [1/s], [s], [s], [0..1).
    cv : float or array
        Coefficient of variation of the service time c_s [1].

    Returns
    -------
    float or array
        Whole servers [1], at least one.

    Raises
    ------
    InputError
        Where an argument is negative or not finite, or the share is 1 or more.

    Examples
    --------
    >>> [float(servers_needed_varying(34, 0.25, cv, 0.1, 0.95)) for cv in (0, 1, 3)]
    [11.0, 12.0, 14.0]

    References
    ----------
    Allen, A. O. (1990). Probability, Statistics, and Queueing Theory, 2nd ed., ch. 5.
    """
    variation = np.asarray(cv, dtype=np.float64)
    if variation.size and not variation.min() >= 0:
        raise InputError(f"Queue: a coefficient of variation of {variation.min():g} was found. It must be 0 or more.")
    shorter = np.asarray(wait_seconds, dtype=np.float64) / (0.5 * (1.0 + variation * variation))
    return servers_needed(rate, service_seconds, shorter, share)


@dataclass(frozen=True)
class SimulatedWait:
    """Waits of simulated requests, sorted.

    Attributes
    ----------
    waits
        Wait of each request [s], rising; empty where the system is overloaded.
    mean
        Mean wait [s]; nan where the system is overloaded.
    error
        Half the width of the 95 % confidence interval of the mean, from 20 batches [s].
    """

    waits: Floats
    mean: float
    error: float

    def exceeds(self, limit: float) -> float:
        """Share of the requests that wait longer than ``limit`` [0..1]; nan where the system is overloaded."""
        if not self.waits.size:
            return math.nan
        return 1.0 - float(np.searchsorted(self.waits, limit, side="right")) / self.waits.size

    def percentile(self, q: float) -> float:
        """The wait that a share ``q`` of the requests stays under [s]; nan where the system is overloaded."""
        return float(np.quantile(self.waits, q)) if self.waits.size else math.nan


def simulated_wait(
    rate: float, service_seconds: float, cv: float, servers: int, seed: int = 0, requests: int = 200_000
) -> SimulatedWait:
    r"""Waits at several servers for any variation of the service time, simulated request by request (M/G/c).

    .. math:: W_n = \max(0, \min_j F_j - A_n)

    with A the arrivals and F the times at which the servers become free. Service times are gamma distributed: constant
    for cv = 0, exponential for cv = 1, with a long tail above. The queue starts empty; the first fifth of the requests
    fills it and is not counted. Close to overload that is not enough, and the error says so only in part: above a
    utilisation of 0.98 ask for more requests.

    Parameters
    ----------
    rate : float
        Arrival rate [1/s].
    service_seconds : float
        Mean time of a request on a server [s].
    cv : float
        Coefficient of variation of the service time [1], 0 or more.
    servers : int
        Servers [1], at least 1.
    seed : int
        Seed of the draws.
    requests : int
        Requests that are simulated [1], at least 1,000; 200,000 take about a tenth of a second.

    Returns
    -------
    SimulatedWait
        Mean with its error, ``exceeds(limit)`` and ``percentile(q)``.

    Raises
    ------
    InputError
        Where an argument is negative, there is no server, or too few requests are asked for.

    Examples
    --------
    >>> found = simulated_wait(34, 0.25, 1.0, 10)
    >>> abs(found.mean - float(mmc_wait(34, 0.25, 10))) < 2 * found.error
    True

    References
    ----------
    Kiefer, J., Wolfowitz, J. (1955). On the theory of queues with many servers. Transactions of the American
    Mathematical Society 78(1), 1-18. Law, A. M. (2015). Simulation Modeling and Analysis, 5th ed., ch. 9 (batch means).
    """
    for label, value in (("arrival rate", rate), ("service time", service_seconds), ("coefficient of variation", cv)):
        if not 0 <= value < math.inf:
            raise InputError(f"Queue: the {label} is {value:g}. It must be 0 or more, and finite.")
    if servers < 1 or requests < 1000:
        raise InputError(f"Queue: found {servers} servers and {requests} requests. Give at least 1 and at least 1,000.")
    if rate * service_seconds >= servers:
        return SimulatedWait(np.empty(0), math.nan, math.nan)
    if rate == 0 or service_seconds == 0:
        return SimulatedWait(np.zeros(1), 0.0, 0.0)
    generator = np.random.default_rng(seed)
    arrive = np.cumsum(generator.exponential(1.0 / rate, requests))
    takes = np.full(requests, service_seconds)
    if cv > 0:
        takes = generator.gamma(1.0 / (cv * cv), service_seconds * cv * cv, requests)
    waits = np.array(_waits(arrive.tolist(), takes.tolist(), servers))[int(_WARM_UP * requests) :]
    means = np.array([part.mean() for part in np.array_split(waits, _BATCHES)])
    error = _STUDENT * float(means.std(ddof=1)) / math.sqrt(_BATCHES)
    return SimulatedWait(np.sort(waits), float(waits.mean()), error)


def _waits(arrive: list[float], takes: list[float], servers: int) -> list[float]:
    free = [0.0] * servers  # a heap: the server that is free first comes first
    replace, waits = heapq.heapreplace, []
    for moment, service in zip(arrive, takes, strict=True):
        start = free[0] if free[0] > moment else moment
        waits.append(start - moment)
        replace(free, start + service)
    return waits
