"""Scale: uses a second at the peak, servers for a waiting time, their utilisation and cost.

Requests that come at random to servers with exponential service times are an M/M/c queue, see
:mod:`shipworthy.calculators.queues`, whose functions hold in seconds as they do in days. An overloaded system has no
waiting time: nan. Where service times vary otherwise, see :mod:`shipworthy.calculators.general_queues`.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from shipworthy.calculators._numbers import need_not_negative
from shipworthy.calculators._staffing import least_servers
from shipworthy.calculators.queues import erlang_c
from shipworthy.calculators.self_hosting import HOURS_PER_MONTH
from shipworthy.errors import InputError
from shipworthy.words import DAYS_A_MONTH

Floats = npt.NDArray[np.float64]

_SECONDS_A_DAY = 86_400.0


def peak_rate(users: npt.ArrayLike, uses_per_user_month: npt.ArrayLike, peak_factor: npt.ArrayLike = 1.0) -> Floats:
    r"""Uses a second in the busiest hour.

    .. math:: \lambda = \frac{N u f}{30.4 \cdot 86\,400}

    Parameters
    ----------
    users : float or array
        Users N [1].
    uses_per_user_month : float or array
        Uses of a user a month u [1/month].
    peak_factor : float or array
        How much more comes in the busiest hour than in the mean one f [1], see :func:`peak_factor`.

    Returns
    -------
    float or array
        Rate [1/s].

    Raises
    ------
    InputError
        Where an argument is negative.

    Examples
    --------
    A million users, 30 uses a month each, three times as many at the peak:

    >>> round(float(peak_rate(1e6, 30, 3)), 1)
    34.2

    References
    ----------
    Arithmetic.
    """
    people, uses = _checked(users, "number of users"), _checked(uses_per_user_month, "number of uses of a user")
    return np.asarray(people * uses * _checked(peak_factor, "peak factor") / (DAYS_A_MONTH * _SECONDS_A_DAY))[()]


def peak_factor(shares: Sequence[float]) -> float:
    r"""How much more comes in the busiest hour than in the mean hour of the day.

    .. math:: f = \frac{24 \max_h s_h}{\sum_h s_h}

    Parameters
    ----------
    shares : sequence of float
        What comes in each of the 24 hours of a day, in any unit [1].

    Returns
    -------
    float
        Factor, from 1 (even) to 24 (all in one hour) [1].

    Raises
    ------
    InputError
        Where there are not 24 numbers, one is negative or all are 0.

    Examples
    --------
    Eight busy hours, nothing else:

    >>> peak_factor([0] * 9 + [1] * 8 + [0] * 7)
    3.0

    References
    ----------
    Arithmetic.
    """
    hours = np.asarray(shares, dtype=np.float64)
    if hours.shape != (24,) or not (hours >= 0).all() or not 0 < hours.sum() < np.inf:
        raise InputError(
            f"Daily shape: found {hours.size} numbers that add up to {hours.sum():g}. Give 24, one for each hour from "
            "midnight on, none below 0 and not all 0."
        )
    return float(24.0 * hours.max() / hours.sum())


def concurrency(rate: npt.ArrayLike, seconds: npt.ArrayLike) -> Floats:
    r"""Requests that are under way at the same time, on average (Little's law).

    .. math:: L = \lambda W

    Parameters
    ----------
    rate : float or array
        Arrival rate λ [1/s].
    seconds : float or array
        Time that a request is under way W [s].

    Returns
    -------
    float or array
        Requests [1]. With the time on a server alone it is the offered load [erlang].

    Raises
    ------
    InputError
        Where an argument is negative.

    Examples
    --------
    >>> float(concurrency(34, 0.25))
    8.5

    References
    ----------
    Little, J. D. C. (1961). A proof for the queuing formula L = λW. Operations Research 9(3), 383-387.
    """
    return np.asarray(_checked(rate, "arrival rate") * _checked(seconds, "time of a request"))[()]


def utilisation(rate: npt.ArrayLike, service_seconds: npt.ArrayLike, servers: npt.ArrayLike) -> Floats:
    r"""Share of their time that the servers are busy; above 1 they are overloaded.

    .. math:: \rho = \lambda s / c

    Parameters
    ----------
    rate : float or array
        Arrival rate λ [1/s].
    service_seconds : float or array
        Mean time of a request on a server s [s].
    servers : float or array
        Servers c, or requests that they handle at a time in all [1]. Above 0.

    Returns
    -------
    float or array
        Utilisation [1].

    Raises
    ------
    InputError
        Where an argument is negative or there is no server.

    Examples
    --------
    >>> float(utilisation(34, 0.25, 10))
    0.85

    References
    ----------
    Cooper, R. B. (1981). Introduction to Queueing Theory, 2nd ed., ch. 3.
    """
    count = _checked(servers, "number of servers")
    if (count == 0).any():
        raise InputError("Servers: the number of servers is 0. It must be above 0.")
    return np.asarray(concurrency(rate, service_seconds) / count)[()]


def servers_needed(
    rate: npt.ArrayLike, service_seconds: npt.ArrayLike, wait_seconds: npt.ArrayLike, share: npt.ArrayLike
) -> Floats:
    r"""Least number of servers with which at most a share of the requests waits too long, in an M/M/c queue.

    .. math:: \min \{c : C(c, a)\, e^{-(c - a) t / s} \le 1 - q\}, \qquad a = \lambda s

    Solved for a fractional c by Newton's method from the heavy-traffic limit of Halfin and Whitt, with the uniform
    asymptotic expansion of the incomplete gamma function (Temme) for C, and rounded up; what lies as near to a whole
    number as a fiftieth of a server is decided by the exact formula. 2^14 draws take about 2 ms.

    Parameters
    ----------
    rate : float or array
        Arrival rate λ [1/s].
    service_seconds : float or array
        Mean time of a request on a server s [s].
    wait_seconds : float or array
        The longest wait for a server that is accepted t [s].
    share : float or array
        Share q of the requests that must not wait longer [0..1), 0.95 say. 0 asks only that the system is not
        overloaded.

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
    34 requests a second of a quarter second, 95 % of them to wait at most 0.1 s:

    >>> float(servers_needed(34, 0.25, 0.1, 0.95))
    12.0

    References
    ----------
    Halfin, S., Whitt, W. (1981). Heavy-traffic limits for queues with many exponential servers. Operations Research
    29(3), 567-588. Temme, N. M. (1979). The asymptotic expansion of the incomplete gamma functions. SIAM Journal on
    Mathematical Analysis 10(4), 757-766.
    """
    arrivals, time = _checked(rate, "arrival rate"), _checked(service_seconds, "service time")
    longest, kept = _checked(wait_seconds, "longest wait"), _checked(share, "share")
    if not (kept < 1).all():
        raise InputError(f"Servers: a share of {kept.max():g} was found. Give one below 1: nobody can promise all.")
    if not (np.isfinite(arrivals).all() and np.isfinite(time).all() and np.isfinite(longest).all()):
        raise InputError("Servers: a number without end was found. Give finite rates and times.")
    shape = np.broadcast_shapes(arrivals.shape, time.shape, longest.shape, kept.shape)
    with np.errstate(divide="ignore", invalid="ignore"):
        within = np.where(time > 0, longest / time, 0.0)
    load, within, allowed = (np.broadcast_to(part, shape).ravel() for part in (arrivals * time, within, 1.0 - kept))
    found = np.floor(load) + 1.0
    asked = (load > 0) & (allowed < 1)
    if asked.all():
        found = least_servers(load, within, allowed)
    elif asked.any():
        found[asked] = least_servers(load[asked], within[asked], allowed[asked])
    return np.asarray(found.reshape(shape))[()]


def wait_percentile(
    rate: npt.ArrayLike, service_seconds: npt.ArrayLike, servers: npt.ArrayLike, q: npt.ArrayLike
) -> Floats:
    r"""The wait for a server that a share of the requests stays under, in an M/M/c queue.

    .. math:: w_q = \max\left(0, \frac{s}{c - a} \ln \frac{C(c, a)}{1 - q}\right)

    Parameters
    ----------
    rate, service_seconds, servers : float or array
        As in :func:`utilisation` [1/s], [s], [1].
    q : float or array
        Share of the requests [0..1).

    Returns
    -------
    float or array
        Wait [s]; nan where the system is overloaded.

    Raises
    ------
    InputError
        Where an argument is negative, or the share is 1 or more.

    Examples
    --------
    >>> round(float(wait_percentile(34, 0.25, 10, 0.95)), 3)
    0.393

    References
    ----------
    Cooper (1981), ch. 3.
    """
    load, count, part = concurrency(rate, service_seconds), _checked(servers, "number of servers"), _checked(q, "share")
    if not (part < 1).all():
        raise InputError(f"Servers: a share of {part.max():g} was found. Give one below 1.")
    with np.errstate(divide="ignore", invalid="ignore"):
        wait = (
            np.asarray(service_seconds, dtype=np.float64) / (count - load) * np.log(erlang_c(load, count) / (1 - part))
        )
        return np.asarray(np.where(load < count, np.maximum(wait, 0.0), np.nan))[()]


def cost_month(servers: npt.ArrayLike, price_hour: npt.ArrayLike, fixed: npt.ArrayLike = 0.0) -> Floats:
    r"""Cost of servers that run around the clock.

    .. math:: K = 730\, c\, p + F

    Parameters
    ----------
    servers : float or array
        Servers c [1].
    price_hour : float or array
        Price of a server p [money/h].
    fixed : float or array
        What comes on top however many there are F [money/month].

    Returns
    -------
    float or array
        Cost [money/month].

    Raises
    ------
    InputError
        Where an argument is negative.

    Examples
    --------
    >>> float(cost_month(12, 0.5))
    4380.0

    References
    ----------
    Arithmetic.
    """
    count, price = _checked(servers, "number of servers"), _checked(price_hour, "price of a server")
    return np.asarray(HOURS_PER_MONTH * count * price + _checked(fixed, "fixed cost"))[()]


def _checked(value: npt.ArrayLike, name: str) -> Floats:
    return need_not_negative("Servers", name, value, known=True)
